"""README.md, docs/command_line.md and docs/python.md: all that one can copy.

Links, and the names of files and tests, are checked in tests/test_docs.py.
"""

import functools
import re
from pathlib import Path

import pytest

import mitseq
from tests.cli.test_program import check_command_line

ROOT = Path(__file__).parents[1]
PAGES = ("README.md", "docs/command_line.md", "docs/python.md")
TEXTS = {page: (ROOT / page).read_text(encoding="utf-8") for page in PAGES}
README = TEXTS["README.md"]


def _blocks(page):
    """The language and the text of each block of code."""
    return re.findall(
        r"^```(\w*)\n(.*?)^```", TEXTS[page], re.DOTALL | re.MULTILINE
    )


def _lines(program):
    return {
        line.split("#")[0].strip()
        for page in PAGES
        for language, block in _blocks(page)
        for line in block.splitlines()
        if not language and line.startswith(program)
    }


def _python(page):
    return [block for language, block in _blocks(page) if language == "python"]


# The program


@pytest.mark.parametrize("line", sorted(_lines("mitseq ")))
def test_commands_are_understood(line):
    check_command_line(line)


def test_two_commands_come_first():
    first_screen = README[: README.index("## ")]
    assert "make music" in first_screen and "make test" in first_screen


def test_readme_is_a_screen_and_a_half():
    assert len(README.splitlines()) <= 100


@pytest.mark.parametrize("line", sorted(_lines("make ")))
def test_make_targets_exist(line):
    makefile = (ROOT / "Makefile").read_text()
    assert re.search(rf"^{line.split()[1]}:", makefile, re.MULTILINE)


def test_extras_are_those_of_the_package():
    setup = (ROOT / "setup.cfg").read_text()
    section = setup.split("[options.extras_require]")[1].split("\n[")[0]
    declared = set(re.findall(r"^(\w+) =$", section, re.MULTILINE))
    rows = re.findall(
        r"^\| `mitseq\[(\w+)\]`", TEXTS["docs/command_line.md"], re.MULTILINE
    )
    assert set(rows) == declared


# The blocks of Python


@functools.cache
def _bundled():
    """The bundled model, once: its loop is compiled once for a model, too."""
    from mitseq.tasks.music.model import load_music_model

    return load_music_model()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The current folder, with the files that the blocks call the reader's."""
    monkeypatch.setattr(mitseq, "load_music_model", _bundled)
    monkeypatch.chdir(tmp_path)
    Path("my.abc").write_text(
        "X:1\nT:Short\nM:2/4\nL:1/8\nK:D\n|:d2 A2|F2 D2:|\n"
    )
    rows = [
        f"{word} {thing},{mood}"
        for words, mood in (("good great", "pos"), ("bad awful", "neg"))
        for word in words.split()
        for thing in ("film", "food", "book", "song", "trip")
    ]
    Path("reviews.csv").write_text("\n".join(["text,mood", *rows]) + "\n")
    return tmp_path


def _run(page, alone=False):
    """Runs the blocks in their order, as somebody does who copies them."""
    names: dict = {}
    blocks = _python(page)
    assert blocks
    for number, block in enumerate(blocks, start=1):
        before = {} if alone else dict(names)
        exec(compile(block, f"{page}, block {number}", "exec"), before)
        names |= before
    return names


def test_blocks_of_the_readme_run_each_without_the_others(folder):
    names = _run("README.md", alone=True)
    assert Path("tune.mid").read_bytes().startswith(b"MThd")
    assert len(names["tunes"]) == 2
    assert names["classifier"].predict(["not bad at all"]).tolist() == [
        "positive"
    ]
    assert names["model"].output_shape == (None, 1)


def test_blocks_of_the_page_on_python_run(folder):
    names = _run("docs/python.md")
    names_of_files = "tune.mid my.png heads.png runs/reviews/model.keras"
    for name in (*names_of_files.split(), "model.keras", "theirs.keras"):
        assert Path(name).stat().st_size, name
    assert names["tune"].check() == []
    assert names["classifier"].score(["good film"], ["pos"]) == 1
    assert len(names["maps"]) == 4  # blocks
