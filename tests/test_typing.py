"""The public names, as a type checker sees them where mitseq is installed."""

import ast
import doctest
import importlib
import inspect
import os
import re
import runpy
import shutil
import site
import subprocess
import sys
import venv
from pathlib import Path

import pytest

import mitseq

ROOT = Path(__file__).parents[1]
PROGRAMS = ROOT / "tests" / "programs"
# Libraries whose types no public name needs; following them takes seconds.
CONFIG = """
[mypy]
strict = true
incremental = false

[mypy-music21.*,matplotlib.*,IPython.*,jinja2.*,click.*]
follow_imports = skip

[mypy-examples.*]
disable_error_code = import-untyped
disallow_untyped_calls = false
disallow_untyped_defs = false
disallow_subclassing_any = false

[mypy-mitseq.*]
implicit_reexport = true
"""
# Examples that know more than a type says.
KNOW_MORE = {
    "MyRNNCell": "the notes' loop: a list becomes a tensor",
    "gradient_flow": "a Jacobian that is small enough to be there",
}
# What a checker has to find, in the order of the lines
MISTAKES = [
    "arg-type",
    "attr-defined",
    "arg-type",
    "call-arg",
    "attr-defined",
    "assignment",
]


def _stub():
    """The names that the stub takes from modules, and those it writes out."""
    text = (ROOT / "mitseq" / "__init__.pyi").read_text(encoding="utf-8")
    taken, written = {}, {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.asname:  # without "as" a name is not public
                    assert alias.asname == alias.name
                    taken[alias.name] = node.module
        elif isinstance(node, ast.FunctionDef):
            written.setdefault(node.name, []).append(node)
    return taken, written


def test_types_are_given_for_just_the_public_names():
    taken, written = _stub()
    lacking = [
        f"from {module} import {name} as {name}"
        for name, module in mitseq._PUBLIC.items()
        if name not in written and taken.get(name) != module
    ]
    folders = {name for name, module in taken.items() if module == "mitseq"}
    assert folders == set(mitseq._FOLDERS)
    assert not lacking, "\n".join(["mitseq/__init__.pyi needs", *lacking])
    assert {*taken, *written} - folders == set(mitseq._PUBLIC)
    assert set(mitseq.__all__) == {"__version__", *mitseq._PUBLIC}


def test_functions_that_the_stub_writes_out_are_as_in_their_source():
    for name, overloads in _stub()[1].items():
        real = inspect.signature(getattr(mitseq, name)).parameters
        for node in overloads:
            arguments = node.args.args + node.args.kwonlyargs
            assert [each.arg for each in arguments] == list(real), name
            given = node.args.defaults + node.args.kw_defaults
            for default in filter(None, given):
                assert ast.literal_eval(default) in [
                    each.default for each in real.values()
                ]


@pytest.fixture(scope="module")
def user(tmp_path_factory):
    """A Python whose site-packages lead to mitseq and what it needs."""
    folder = tmp_path_factory.mktemp("user")
    venv.create(folder / "venv", with_pip=False)
    (packages,) = (folder / "venv").glob("lib/*/site-packages")
    found = [str(ROOT), *site.getsitepackages()]
    (packages / "found.pth").write_text("\n".join(found) + "\n")
    return folder


def _example(name):
    """The examples of a public name's docstrings, as a program."""
    module = importlib.import_module(mitseq._PUBLIC[name])
    finder = doctest.DocTestFinder(recurse=True)
    found = finder.find(getattr(module, name), name, module)
    lines = [each.source for test in found for each in test.examples]
    program = "".join(lines)
    used = {
        node.id
        for node in ast.walk(ast.parse(program))
        if isinstance(node, ast.Name) and node.id in vars(module)
    }
    sources = {
        each: "mitseq" if each in mitseq._PUBLIC else module.__name__
        for each in sorted(used - {"__name__"})
    }
    head = [f"from {place} import {each}\n" for each, place in sources.items()]
    return "".join(head) + program


@pytest.fixture(scope="module")
def verdict(user):
    """What mypy says about all programs, strictly: file, line, code."""
    (user / "mypy.ini").write_text(CONFIG)
    # away from the tree, whose mitseq would count as the user's own
    shutil.copytree(PROGRAMS, user / "programs")
    (user / "examples").mkdir()
    (user / "examples" / "__init__.py").touch()
    for name in mitseq._PUBLIC:
        (user / "examples" / f"{name}.py").write_text(_example(name))
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--cache-dir", user / "cache"]
        + ["--python-executable", user / "venv" / "bin" / "python"]
        + ["programs", "examples"],
        cwd=user,
        env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""
    found = re.findall(
        r"(\w+)\.py:(\d+): error: .*\[([\w-]+)\]$", done.stdout, re.MULTILINE
    )
    errors = done.stdout.count(": error: ")
    assert len(found) == errors, done.stdout
    return [(name, int(line), code) for name, line, code in found]


@pytest.mark.parametrize("name", mitseq._PUBLIC)
def test_a_type_checker_accepts_the_examples(name, verdict):
    errors = [error for error in verdict if error[0] == name]
    assert bool(errors) == (name in KNOW_MORE), errors


@pytest.mark.parametrize("program", ["tunes", "texts", "layers"])
def test_a_type_checker_accepts_the_program(program, verdict):
    assert [error for error in verdict if error[0] == program] == []


def test_a_type_checker_refuses_each_mistake(verdict):
    lines = (PROGRAMS / "mistakes.py").read_text("utf-8").splitlines()
    first = len(lines) - len(MISTAKES) + 1
    assert [error for error in verdict if error[0] == "mistakes"] == [
        ("mistakes", line, code) for line, code in enumerate(MISTAKES, first)
    ]


def test_the_program_of_texts_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    moods = {"pos": ("good", "great"), "neg": ("bad", "awful")}
    rows = [
        f"{word} {thing},{mood}"
        for mood, words in moods.items()
        for word in words
        for thing in ("film", "food", "book", "song", "trip")
    ]
    Path("reviews.csv").write_text("\n".join(["text,mood", *rows]) + "\n")
    runpy.run_path(str(PROGRAMS / "texts.py"), run_name="__main__")
    assert capsys.readouterr().out.endswith("\n1.0\n")


def test_the_program_of_layers_runs():
    names = runpy.run_path(str(PROGRAMS / "layers.py"))
    assert names["main"]() == [5, 3, 4]


def test_the_program_of_tunes_runs(tmp_path):
    names = runpy.run_path(str(PROGRAMS / "tunes.py"))
    titles = names["write_tunes"](tmp_path, 2)
    assert len(titles) == 2 and len(list(tmp_path.glob("*.mid"))) == 2
