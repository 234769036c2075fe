"""Labs as notebooks; that one runs as a whole: tests/labs/test_labs.py.

Those of docs/notebooks are read here, not run.
"""

import base64
import builtins
import importlib.util
import io
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
from IPython.core.inputtransformer2 import TransformerManager
from IPython.display import Audio
from scipy.io import wavfile

from mitseq.errors import MitseqError
from mitseq.slides.notebooks import (
    MOST_EACH,
    MOST_TOGETHER,
    faults,
    first_cells,
    index_of,
    main,
    notebook_of,
    repository_of,
    tidy,
    write,
)

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ROOT / "docs" / "notebooks"
LABS = sorted((ROOT / "labs").glob("*.py"))
REPOSITORY = repository_of(ROOT / "setup.cfg")

LAB = '''"""Lab 1: a lab.

Minutes: about 2 on two cores.
Expect: a 2.
"""

# %% [markdown]
# # A title

# %%
x = 1

# %% tags=["active-ipynb"]
# print("result", x + 1)

# %% tags=["active-py"]
if __name__ == "__main__":
    raise SystemExit("not in a notebook")

# %% [markdown]
# ## 5 Try yourself
'''


@pytest.fixture
def lab(tmp_path):
    path = tmp_path / "labs" / "01_a.py"
    path.parent.mkdir()
    path.write_text(LAB)
    return path


def test_a_notebook_has_a_button_an_install_cell_and_the_lab(lab):
    book = notebook_of(lab)
    nbformat.validate(book)
    assert [cell.source for cell in book.cells] == [
        *first_cells("01_a", None),
        "```text\nLab 1: a lab.\n\nMinutes: about 2 on two cores.\n```",
        "# A title",
        "x = 1",
        'print("result", x + 1)',
        "**To compare with**: a 2.",
        "## 5 Try yourself",
    ]
    assert book.metadata.kernelspec.name == "python3"
    assert [cell.id for cell in book.cells[:2]] == ["cell-00", "cell-01"]


def test_the_repository_is_the_one_that_setup_names(tmp_path):
    setup = tmp_path / "setup.cfg"
    setup.write_text(
        "[metadata]\nproject_urls =\n    Lecture = http://example.org\n"
        "    Tracker = https://github.com/some/thing/issues\n"
    )
    assert repository_of(setup) is None
    with setup.open("a") as file:
        file.write("    Source = https://github.com/some/thing.git\n")
    assert repository_of(setup) == "some/thing"
    setup.write_text("[metadata]\nurl = https://github.com/some/thing.py/\n")
    assert repository_of(setup) == "some/thing.py"


def test_the_button_opens_what_is_published_or_says_what_to_upload():
    published, _ = first_cells("01_a", "some/thing")
    assert published.endswith(
        "](https://colab.research.google.com/github/some/thing/blob/main/docs/"
        "notebooks/01_a.ipynb)"
    )
    not_yet, _ = first_cells("01_a", None)
    assert "](https://colab.research.google.com/#upload=true)" in not_yet
    assert "this notebook" in not_yet and "the wheel" in not_yet


def install(monkeypatch, folder, repository=None):
    """Runs the install cell in a folder; returns what it installs."""
    installed = []

    class Shell:
        def run_line_magic(self, name, line):
            assert (name, line) == ("pip", 'install --quiet "{what}"')
            installed.append(space["what"])

    space = {"get_ipython": Shell}
    monkeypatch.chdir(folder)
    _, cell = first_cells("01_a", repository)
    exec(TransformerManager().transform_cell(cell), space)
    return installed


@pytest.mark.parametrize("repository", [None, "some/thing"])
def test_where_mitseq_is_installed_the_cell_does_nothing(
    monkeypatch, tmp_path, repository
):
    assert install(monkeypatch, tmp_path, repository) == []


@pytest.mark.parametrize("repository", [None, "some/thing"])
def test_elsewhere_it_takes_the_checkout_or_a_wheel(
    monkeypatch, tmp_path, repository
):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    for version in ("1.0", "1.1"):
        wheel = tmp_path / f"mitseq-{version}-py3-none-any.whl"
        wheel.touch()
    assert install(monkeypatch, tmp_path, repository) == [f"{wheel}[labs]"]
    notebooks = tmp_path / "docs" / "notebooks"
    notebooks.mkdir(parents=True)
    (tmp_path / "mitseq" / "slides").mkdir(parents=True)
    assert install(monkeypatch, notebooks, repository) == [f"{tmp_path}[labs]"]


def test_with_neither_it_takes_the_repository_or_says_what_to_do(
    monkeypatch, tmp_path
):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="mitseq: put its wheel"):
        install(monkeypatch, tmp_path)
    assert install(monkeypatch, tmp_path, "some/thing") == [
        "mitseq[labs] @ git+https://github.com/some/thing"
    ]


# What a run adds


def test_they_are_run_and_written_with_their_outputs(
    lab, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)  # no setup.cfg is here
    main("labs", "out", "01")
    path = tmp_path / "out" / "01_a.ipynb"
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    outputs = [o for c in book.cells if "outputs" in c for o in c.outputs]
    assert [o.text for o in outputs] == ["result 2\n"]
    assert faults(path.read_text(), lab) == []
    assert "about 2 |" in (tmp_path / "out" / "README.md").read_text()
    with pytest.raises(MitseqError, match="no lab '77'"):
        main("labs", "out", "77")


SHOWS = """
# %% tags=["active-ipynb"]
# import sys, time
# from IPython.display import HTML
# from mitseq.progress import show_progress, Work
# with show_progress(), Work("waiting", 2) as work:
#     for i in range(3):
#         work.update(i)
#         time.sleep(0.6)
# print("done")
# object()

# %% [markdown]
# ## 5 Try"""


def test_what_differs_from_run_to_run_is_not_written(lab, tmp_path):
    lab.write_text(LAB.replace("\n# %% [markdown]\n# ## 5 Try", SHOWS))
    write([lab], tmp_path)
    book = nbformat.read(tmp_path / "01_a.ipynb", as_version=4)
    done, shown = book.cells[-3].outputs
    assert done.text == "done\n"
    assert shown.data["text/plain"] == "<object>"
    assert book.metadata.language_info == {"name": "python"}
    assert all(cell.metadata == {} for cell in book.cells)


def test_a_sound_is_kept_short_and_low(lab):
    """30 seconds of a' in stereo become 20 of them, a third of the size."""
    t = np.arange(30 * 44_100) / 44_100
    tone = 0.9 * np.sin(2 * np.pi * 440 * t)
    player = Audio(np.stack([tone, tone]), rate=44_100)
    book, codes = executed(lab)
    codes[1].outputs.append(
        nbformat.v4.new_output(
            "execute_result",
            {"text/html": player._repr_html_()},
            execution_count=2,
        )
    )
    tidy(book)
    page = codes[1].outputs[0].data["text/html"]
    (code,) = re.findall(r"data:audio/wav;base64,([^\"]+)\"", page)
    rate, sound = wavfile.read(io.BytesIO(base64.b64decode(code)))
    assert (rate, sound.shape, sound.dtype) == (11_025, (220_500,), "int16")
    spectrum = abs(np.fft.rfft(sound))
    assert spectrum.argmax() / 20 == 440
    assert len(page) < 600_000


def test_a_lab_that_warns_is_not_written(lab, tmp_path):
    text = LAB.replace(
        "x = 1", "import sys\n\nprint(1, file=sys.stderr)\nx = 1"
    )
    lab.write_text(text)
    with pytest.raises(MitseqError, match=r"01_a.py .*cell 2 warns: '1\\n'"):
        write([lab], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def executed(lab):
    """The lab's notebook as if it had been run."""
    book = notebook_of(lab)
    codes = [cell for cell in book.cells if cell.cell_type == "code"]
    for number, cell in enumerate(codes, 1):
        cell.execution_count = number
    return book, codes


def prints(text, name="stdout"):
    return nbformat.v4.new_output("stream", name=name, text=text)


@pytest.mark.parametrize(
    "spoil, fault",
    [
        (lambda book, codes: None, None),
        (lambda book, codes: book.cells.pop(), "are not those of 01_a.py"),
        (lambda book, codes: codes[1].update(source="x = 2"), "not those of"),
        (lambda book, codes: codes[1].update(id="other"), "not those of"),
        (
            lambda book, codes: codes[1].metadata.update(execution={}),
            "not those of",
        ),
        (
            lambda book, codes: book.metadata.language_info.update(version=3),
            "metadata",
        ),
        (
            lambda book, codes: codes[2].update(execution_count=None),
            r"not run in order, once each: \[1, 2, None\]",
        ),
        (
            lambda book, codes: codes[0].update(execution_count=4),
            r"not run in order, once each: \[4, 2, 3\]",
        ),
        (
            lambda book, codes: codes[1].outputs.append(
                prints("WARNING:tensorflow:a", "stdout")
            ),
            "cell 2 warns",
        ),
        (
            lambda book, codes: codes[1].outputs.append(prints("a", "stderr")),
            "cell 2 warns: 'a'",
        ),
        (
            lambda book, codes: codes[2].outputs.append(
                prints("figure: /tmp/x/a.png")
            ),
            "cell 3 names a path in '/tmp/'",
        ),
        (
            lambda book, codes: codes[2].outputs.append(
                nbformat.v4.new_output("error", ename="ValueError", evalue="")
            ),
            "cell 3 ends with ValueError",
        ),
        (
            lambda book, codes: codes[2].outputs.extend(
                2 * [nbformat.v4.new_output("display_data", {"image/png": ""})]
            ),
            "cell 3 shows a figure twice",
        ),
        (
            lambda book, codes: codes[2].outputs.append(
                prints("a" * MOST_EACH)
            ),
            "bytes of at most",
        ),
    ],
)
def test_faults_are_found(lab, spoil, fault):
    book, codes = executed(lab)
    spoil(book, codes)
    found = faults(nbformat.writes(book), lab)
    if fault is None:
        assert found == []
    else:
        assert len(found) == 1 and re.search(fault, found[0])


# Those of the project


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.stem)
def test_the_notebook_is_that_of_its_source(lab):
    number = lab.name[:2]
    path = NOTEBOOKS / f"{lab.stem}.ipynb"
    remedy = f"make notebooks LAB={number}"
    assert path.is_file(), remedy
    assert faults(path.read_text("utf-8"), lab, REPOSITORY) == [], remedy


def test_all_of_them_are_not_too_large_and_listed():
    files = sorted(NOTEBOOKS.glob("*.ipynb"))
    labs = [lab for lab in LABS if (NOTEBOOKS / f"{lab.stem}.ipynb") in files]
    assert len(labs) == len(files)
    assert sum(file.stat().st_size for file in files) < MOST_TOGETHER
    assert Path(NOTEBOOKS, "README.md").read_text("utf-8") == index_of(labs)


def test_without_jupytext_the_error_says_what_to_install(lab, monkeypatch):
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name == "jupytext":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MitseqError, match=r"pip install 'mitseq\[labs\]'"):
        notebook_of(lab)
