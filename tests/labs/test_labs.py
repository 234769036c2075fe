"""What all labs have in common: the same parts, in script and notebook."""

import ast
import dataclasses
import inspect
import os
import re
import runpy
import sys

import jupytext
import nbclient
import pytest

from tests.labs.loading import LABS, load_lab

NAMES = sorted(path.stem for path in LABS.glob("*.py"))
HEADINGS = ["Idea", "1 Data", "2 Model", "3 Train", "4 Look", "5 Try yourself"]


def source(name):
    return (LABS / f"{name}.py").read_text(encoding="utf-8")


def notebook(name):
    return jupytext.reads(source(name), fmt="py:percent")


def code_cells(name):
    return [c.source for c in notebook(name).cells if c.cell_type == "code"]


def test_there_are_labs_and_they_are_numbered():
    assert [name[:3] for name in NAMES] == [
        f"{i:02}_" for i in range(1, len(NAMES) + 1)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_headings_are_the_same_in_every_lab(name):
    text = "\n".join(
        c.source for c in notebook(name).cells if c.cell_type == "markdown"
    )
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == HEADINGS
    assert len(re.findall(r"^# ", text, re.MULTILINE)) == 1


@pytest.mark.parametrize("name", NAMES)
def test_docstring_says_slide_command_minutes_and_figure(name):
    doc = ast.get_docstring(ast.parse(source(name)))
    assert "Lecture 2," in doc and "(docs/slides.md#" in doc
    assert f"Command: python labs/{name}.py" in doc
    assert re.search(r"^Minutes: ", doc, re.MULTILINE)
    assert re.search(r"^Expect: [^\n]*\d", doc, re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_config_is_frozen_and_every_field_has_its_reason(name):
    lab = load_lab(name)
    fields = dataclasses.fields(lab.Config)
    assert lab.Config.__dataclass_params__.frozen
    lines = inspect.getsource(lab.Config).splitlines()
    for field in fields:
        assert field.type in (int, float, str)  # what the options are parsed as
        assert type(field.default) is field.type
        (at,) = (
            i
            for i, line in enumerate(lines)
            if line.startswith(f"    {field.name}: ")
        )
        assert lines[at - 1].startswith("    # ")
    assert {"seed", "out"} <= {field.name for field in fields}


@pytest.mark.parametrize("name", NAMES)
def test_mitseq_is_imported_before_what_it_keeps_quiet(name):
    imported = [
        node.module.split(".")[0]
        if isinstance(node, ast.ImportFrom)
        else node.names[0].name
        for node in ast.parse(source(name)).body
        if isinstance(node, (ast.Import, ast.ImportFrom))
    ]
    assert imported.index("mitseq") < imported.index("keras")


@pytest.mark.parametrize("name", NAMES)
def test_what_trains_shows_how_far_it_is(name):
    tree = ast.parse(source(name))
    (main,) = (
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name == "main"
    )
    # a single step is no wait; in lab 9 the classifier shows it
    fits = [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith(".fit")
        and "classifier" not in ast.unparse(node.func)
        and ast.unparse(node.args[0]) != "*batch"
    ]
    assert all("Progress(" in fit for fit in fits), fits
    if fits or name.startswith("09"):
        (decorator,) = main.decorator_list
        assert ast.unparse(decorator) == "show_progress()"


@pytest.mark.parametrize("name", NAMES)
def test_main_takes_a_config_and_sets_the_seed_first(name):
    lab = load_lab(name)
    (parameter,) = inspect.signature(lab.main).parameters.values()
    assert parameter.name == "config" and parameter.default == lab.Config()
    (main,) = (
        node
        for node in ast.parse(source(name)).body
        if isinstance(node, ast.FunctionDef) and node.name == "main"
    )
    first = main.body[1]  # after the docstring
    assert ast.unparse(first) == "keras.utils.set_random_seed(config.seed)"


@pytest.mark.parametrize("name", NAMES)
def test_script_has_nothing_but_arguments_below_its_main(name):
    tree = ast.parse(source(name))
    (below,) = (node for node in tree.body if isinstance(node, ast.If))
    assert ast.unparse(below.test) == "__name__ == '__main__'"
    calls = {
        ast.unparse(node.func)
        for node in ast.walk(below)
        if isinstance(node, ast.Call)
    }
    assert calls == {
        "argparse.ArgumentParser",
        "dataclasses.fields",
        "parser.add_argument",
        "parser.parse_args",
        "main",
        "Config",
        "vars",
    }


@pytest.mark.parametrize("name", NAMES)
def test_help_names_every_field(name, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", [f"{name}.py", "--help"])
    with pytest.raises(SystemExit, match="0"):
        runpy.run_path(str(LABS / f"{name}.py"), run_name="__main__")
    printed = capsys.readouterr().out
    for field in dataclasses.fields(load_lab(name).Config):
        assert f"--{field.name} " in printed


@pytest.mark.parametrize("name", NAMES)
def test_notebook_compiles_and_runs_main_in_one_cell(name):
    cells = code_cells(name)
    for cell in cells:
        ast.parse(cell)
    assert cells.count("results = main()") == 1
    # The arguments of the script are no business of the notebook.
    assert not any("argparse.ArgumentParser" in cell for cell in cells)


def test_notebook_runs_from_top_to_bottom(tmp_path):
    """Lab 2 in a kernel, as a student runs it; two epochs will do."""
    book = notebook("02_recurrence_from_scratch")
    for cell in book.cells:
        cell.source = cell.source.replace(
            "main()", f"main(Config(epochs=2, out={str(tmp_path)!r}))"
        )
    # Without the backend of the tests the kernel shows figures by itself; and
    # TensorFlow is as quiet as for a student, who has not set its level.
    of_tests = ("MPLBACKEND", "TF_CPP_MIN_LOG_LEVEL")
    env = {k: v for k, v in os.environ.items() if k not in of_tests}
    nbclient.NotebookClient(
        book, timeout=300, startup_timeout=300, kernel_name="python3"
    ).execute(cwd=str(LABS.parent), env=env)
    (cell,) = (c for c in book.cells if c.source.startswith("results = main("))
    printed = "".join(o.text for o in cell.outputs if "text" in o)
    assert "bits per held-out sentence" in printed
    assert any("image/png" in o.get("data", {}) for o in cell.outputs)
    outputs = [o for c in book.cells for o in c.get("outputs", ())]
    assert [o.text for o in outputs if o.get("name") == "stderr"] == []
