"""All that one can copy from README.md and the other pages.

Every block of Python runs, in the order of reading; every command line is
understood by the command line itself. Links, and the names of files and tests,
are checked in tests/test_docs.py; the blocks of CONTRIBUTING.md are files, and
tests/test_contributing.py runs them.
"""

import functools
import importlib.util
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import numpy as np
import pytest

import mitseq
from mitseq.cli import cli
from mitseq.tasks.caption.pictures import write_picture
from tests.cli.test_program import check_command_line

ROOT = Path(__file__).parents[1]
PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    *(
        page.relative_to(ROOT).as_posix()
        for folder in ("docs", "mitseq/pretrained")
        for page in sorted((ROOT / folder).rglob("*.md"))
    ),
]
TEXTS = {page: (ROOT / page).read_text(encoding="utf-8") for page in PAGES}
README = TEXTS["README.md"]
SHELL = ("", "sh", "bash", "console")
FENCED = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def _python(page):
    return [
        block
        for language, block in FENCED.findall(TEXTS[page])
        if language == "python"
    ]


# Files of a package, not programs: tests/test_contributing.py.
FILES = "CONTRIBUTING.md"
DISTRIBUTED = "docs/distributed.md"  # in a process of its own
PROGRAMS = [
    page for page in PAGES if _python(page) and page not in (FILES, DISTRIBUTED)
]


def _lines(program):
    """The lines of all pages that call a program."""
    return {
        line.split("#")[0].removeprefix("$ ").strip()
        for text in TEXTS.values()
        for language, block in FENCED.findall(text)
        for line in block.replace("\\\n", " ").splitlines()
        if language in SHELL and line.removeprefix("$ ").startswith(program)
    }


def _spans(program):
    """What the prose of all pages puts into backticks to call a program."""
    return {
        " ".join(span.split())
        for text in TEXTS.values()
        for span in re.findall(r"`([^`]+)`", FENCED.sub("", text))
        if span.startswith(program)
    }


def test_no_block_is_overlooked():
    for page, text in TEXTS.items():
        fences = re.findall(r"^\s*(?:```|~~~).*$", text, re.MULTILINE)
        blocks = FENCED.findall(text)
        assert len(fences) == 2 * len(blocks), page
        languages = {language for language, _ in blocks}
        if page.startswith("docs/site/"):  # what Sphinx is told to put there
            languages = {each for each in languages if not each.startswith("{")}
        assert languages <= {"python", *SHELL}, page
    assert {"README.md", "docs/python.md", "docs/notation.md"} <= set(PROGRAMS)


# The program


@pytest.mark.parametrize("line", sorted(_lines("mitseq ")))
def test_commands_are_understood(line):
    check_command_line(line)


@pytest.mark.parametrize("span", sorted(_spans("mitseq ")))
def test_commands_in_the_prose_exist(span):
    """Not whole: `mitseq music train` alone lacks nothing here."""
    words = shlex.split(span)[1:]
    if words[:2] == ["COMMAND", "VERB"]:
        words = words[2:]
    command = cli
    while words and isinstance(command, click.Group):
        if words[0] not in command.verbs:
            break
        command = command.get_command(click.Context(command), words.pop(0))
    names = {"--help", "-h"}.union(*(p.opts for p in command.params))
    assert [w for w in words if w.startswith("-") and w not in names] == []
    takes_words = command.name in ("compare", "show", "words", "sentiment")
    assert not words or words[0].startswith("-") or takes_words


@pytest.mark.parametrize("line", sorted(_lines("python -m mitseq")))
def test_modules_that_are_run_exist(line):
    _, _, module, *options = shlex.split(line)
    source = Path(importlib.util.find_spec(module).origin).read_text("utf-8")
    assert "__main__" in source
    for option in options:
        assert not option.startswith("--") or f'"{option}"' in source


def test_two_commands_come_first():
    first_screen = README[: README.index("## ")]
    assert "make music" in first_screen and "make test" in first_screen


def test_readme_is_a_screen_and_a_half():
    assert len(README.splitlines()) <= 100


@pytest.mark.parametrize("line", sorted(_lines("make ") | _spans("make ")))
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
    write_picture("picture.png", np.full((90, 60, 3), 240, "uint8"))
    return tmp_path


def _run(page):
    """Runs the blocks in their order, as somebody does who copies them."""
    names: dict = {}
    for number, block in enumerate(_python(page), start=1):
        exec(compile(block, f"{page}, block {number}", "exec"), names)
    return names


def _found_by_readme(names):
    assert Path("tune.mid").read_bytes().startswith(b"MThd")
    assert len(names["tunes"]) == 2
    assert names["classifier"].predict(["not bad at all"]).tolist() == [
        "positive"
    ]
    assert names["model"].output_shape == (None, 1)


def _found_by_python(names):
    names_of_files = "tune.mid my.png heads.png runs/reviews/model.keras"
    for name in (*names_of_files.split(), "model.keras", "theirs.keras"):
        assert Path(name).stat().st_size, name
    assert names["tune"].check() == []
    assert names["classifier"].score(["good film"], ["pos"]) == 1
    assert len(names["maps"]) == 4  # blocks


def _found_by_notation(names):
    assert names["h_t"].shape == (2, 4)


def _found_by_exercises(names):
    assert f"\n{names['result']!r}\n" in TEXTS["docs/exercises.md"]


FOUND = {
    "README.md": _found_by_readme,
    "docs/python.md": _found_by_python,
    "docs/notation.md": _found_by_notation,
    "docs/exercises.md": _found_by_exercises,
}


@pytest.mark.parametrize("page", PROGRAMS)
def test_blocks_run_in_the_order_of_reading(page, folder):
    names = _run(page)
    FOUND.get(page, dict)(names)


# What takes minutes, or a cluster, is called with arguments that fit it.
DISTRIBUTED_PROGRAM = """
from unittest.mock import create_autospec
from mitseq.tasks.music import train
from mitseq.training import ray
from mitseq.tunes import corpus
train.train_music_model = create_autospec(train.train_music_model)
ray.train_on_ray = create_autospec(ray.train_on_ray)
corpus.prepare = create_autospec(corpus.prepare)

{blocks}

from mitseq.training.workers import Alone
train_music_model.assert_called_once()
(function, count), _ = train_on_ray.call_args
assert (function, count) == (globals()["train"], 4)
(history,) = model.history.history["loss"][1:]
assert workers.replicas == 2 and history < model.history.history["loss"][0]
assert isinstance(keras.saving.load_model("model.keras"), keras.Sequential)
"""


def test_blocks_of_the_page_on_workers_run(tmp_path):
    """Alone in a process, which is divided into devices before it computes."""
    blocks = "\n".join(_python(DISTRIBUTED))
    done = subprocess.run(
        [sys.executable, "-c", DISTRIBUTED_PROGRAM.format(blocks=blocks)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.parametrize("block", _python("README.md"))
def test_blocks_of_the_readme_stand_alone(block):
    """No name that another block has made."""
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--isolated"]
        + ["--no-cache", "--select", "F821", "-"],
        input=block,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
