"""Labs as notebooks; that one runs as a whole: tests/labs/test_labs.py."""

import builtins
import importlib.util

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

from mitseq.errors import MitseqError
from mitseq.slides.notebooks import INSTALL, notebook_of, write

LAB = '''"""A lab."""

# %% [markdown]
# # A title

# %%
x = 1

# %% tags=["active-ipynb"]
# print("result", x + 1)

# %% tags=["active-py"]
if __name__ == "__main__":
    raise SystemExit("not in a notebook")
'''


@pytest.fixture
def lab(tmp_path):
    path = tmp_path / "labs" / "01_a.py"
    path.parent.mkdir()
    path.write_text(LAB)
    return path


def test_a_notebook_starts_with_one_install_cell(lab):
    book = notebook_of(lab)
    nbformat.validate(book)
    assert book.cells[0].source == INSTALL
    assert sum("pip install" in cell.source for cell in book.cells) == 1
    assert "A lab." in book.cells[1].source
    assert book.metadata.kernelspec.name == "python3"


def install(monkeypatch, folder):
    """Runs the install cell in a folder; returns what it installs."""
    installed = []

    class Shell:
        def run_line_magic(self, name, line):
            assert (name, line) == ("pip", 'install --quiet "{found[0]}[labs]"')
            installed.append(space["found"][0])

    space = {"get_ipython": Shell}
    monkeypatch.chdir(folder)
    exec(TransformerManager().transform_cell(INSTALL), space)
    return installed


def test_where_mitseq_is_installed_the_cell_does_nothing(monkeypatch, tmp_path):
    assert install(monkeypatch, tmp_path) == []


def test_elsewhere_it_takes_the_checkout_or_a_wheel_or_says_so(
    monkeypatch, tmp_path
):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="mitseq: put its wheel"):
        install(monkeypatch, tmp_path)
    for version in ("1.0", "1.1"):
        wheel = tmp_path / f"mitseq-{version}-py3-none-any.whl"
        wheel.touch()
    assert install(monkeypatch, tmp_path) == [wheel]
    notebooks = tmp_path / "docs" / "notebooks"
    notebooks.mkdir(parents=True)
    (tmp_path / "mitseq" / "slides").mkdir(parents=True)
    assert install(monkeypatch, notebooks) == [tmp_path]


def test_it_is_run_and_written_with_its_outputs(lab, tmp_path):
    write([lab], tmp_path / "out")
    book = nbformat.read(tmp_path / "out" / "01_a.ipynb", as_version=4)
    nbformat.validate(book)
    outputs = [o for c in book.cells if "outputs" in c for o in c.outputs]
    assert [o.text for o in outputs] == ["result 2\n"]


def test_without_jupytext_the_error_says_what_to_install(lab, monkeypatch):
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name == "jupytext":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MitseqError, match=r"pip install 'mitseq\[labs\]'"):
        notebook_of(lab)
