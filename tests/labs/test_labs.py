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
from tests.labs.steps import calls_of, needed_names, own_names, step_of

NAMES = sorted(path.stem for path in LABS.glob("*.py"))
HEADINGS = ["Idea", "1 Data", "2 Model", "3 Train", "4 Look", "5 Try yourself"]


def source(name):
    return (LABS / f"{name}.py").read_text(encoding="utf-8")


def notebook(name):
    return jupytext.reads(source(name), fmt="py:percent")


def code_cells(name):
    return [c.source for c in notebook(name).cells if c.cell_type == "code"]


def main_of(name):
    (main,) = (
        node
        for node in ast.parse(source(name)).body
        if isinstance(node, ast.FunctionDef) and node.name == "main"
    )
    return main


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
def test_who_prints_a_percentage_does_it_for_three_seeds(name):
    if re.search(r"\.\d%", source(name)):
        config = load_lab(name).Config
        assert config().seeds >= 3
        assert "range(config.seed, config.seed + config.seeds)" in source(name)


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
        (decorator,) = main_of(name).decorator_list
        assert ast.unparse(decorator) == "show_progress()"


@pytest.mark.parametrize("name", NAMES)
def test_main_takes_a_config_and_sets_the_seed_first(name):
    lab = load_lab(name)
    (parameter,) = inspect.signature(lab.main).parameters.values()
    assert parameter.name == "config" and parameter.default == lab.Config()
    first = main_of(name).body[1]  # after the docstring
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
def test_cells_of_the_notebook_compile(name):
    cells = code_cells(name)
    for cell in cells:
        ast.parse(cell)
    # The arguments of the script are no business of the notebook.
    assert not any("argparse.ArgumentParser" in cell for cell in cells)


def is_import(statement):
    return isinstance(statement, (ast.Import, ast.ImportFrom))


def is_step(cell):
    return cell.metadata.get("tags") == ["active-ipynb"]


def steps_of(name):
    """Returns the lab's functions, and the cells of steps, parsed."""
    cells = [ast.parse(c.source) for c in notebook(name).cells if is_step(c)]
    return own_names(ast.parse(source(name))), cells


@pytest.mark.parametrize("name", NAMES)
def test_main_takes_the_steps_of_the_notebook(name):
    """The same calls in the same order, with the same names.

    A notebook may end a cell with what it shows. `main` prints headings, puts
    what is found into a dictionary, and saves; for that it has functions whose
    names begin with "save".
    """
    own, (settings, *cells) = steps_of(name)
    assert ast.unparse(settings).splitlines() == [
        "config = Config()",
        "keras.utils.set_random_seed(config.seed)",
    ]
    in_notebook = []
    for cell in cells:
        *before, last = [s for s in cell.body if not is_import(s)]
        in_notebook += [step_of(statement, own) for statement in before]
        if step_of(last, own):
            in_notebook.append(step_of(last, own))
        else:  # shown, not named
            assert isinstance(last, ast.Expr), ast.unparse(last)
    in_main = []
    _, _, *body, result = main_of(name).body  # docstring and seed are tested
    assert isinstance(result, ast.Return)
    for statement in body:
        is_heading = re.match(r"print\(f?['\"]\d ", ast.unparse(statement))
        saves = any(c.startswith("save") for c in calls_of(statement))
        gathers = isinstance(getattr(statement, "value", None), ast.Dict)
        if not (is_heading or saves or gathers):
            in_main.append(step_of(statement, own) or ast.unparse(statement))
    assert in_notebook == in_main


@pytest.mark.parametrize("name", NAMES)
def test_main_is_the_last_cell_and_not_in_the_notebook(name):
    *_, main, try_yourself = notebook(name).cells
    assert main.metadata.get("tags") == ["active-py"]
    assert main.cell_type == "raw"
    assert re.search(r"^def main\(config", main.source, re.MULTILINE)
    assert 'if __name__ == "__main__":' in main.source
    assert try_yourself.source.startswith("## 5 Try yourself")


@pytest.mark.parametrize("name", NAMES)
def test_each_section_shows_something_before_the_next_one(name):
    section, steps = None, {}
    for cell in notebook(name).cells:
        if cell.cell_type == "markdown":
            for heading in re.findall(r"^## (.*)$", cell.source, re.MULTILINE):
                section = heading
        elif is_step(cell):
            steps[section] = steps.get(section, 0) + 1
    assert {"1 Data", "2 Model", "3 Train", "4 Look"} <= set(steps)


@pytest.mark.parametrize("name", NAMES)
def test_two_predictions_at_least_are_asked_before_the_answer(name):
    cells = notebook(name).cells
    asked = [i for i, cell in enumerate(cells) if "**Predict**" in cell.source]
    assert len(asked) >= 2
    for i in asked:
        *_, question = cells[i].source.split("**Predict**")
        assert "?" in question and "\n\n" not in question  # it ends the cell
        after = iter(cells[i + 1 :])
        cell = next(after)
        while cell.cell_type == "code" and not is_step(cell):
            cell = next(after)
        assert is_step(cell), f"after {question!r} comes {cell.source!r}"


@pytest.mark.parametrize("name", NAMES)
def test_a_step_needs_what_stands_above_it(name):
    above = ""
    for cell in notebook(name).cells:
        if is_step(cell):
            for statement in map(ast.unparse, ast.parse(cell.source).body):
                assert needed_names(statement, above) == []
                above += statement + "\n"
        elif cell.cell_type == "code":
            above += cell.source + "\n"


@pytest.mark.parametrize("name", NAMES)
def test_a_step_that_trains_shows_how_far_it_is_in_a_notebook_too(name):
    tree = ast.parse(source(name))
    functions = {
        node.name: node
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }

    def takes_long(function, seen=()):
        called = calls_of(function)
        return bool(called & {"ShowProgress", "Progress", "follow"}) or any(
            takes_long(functions[each], (*seen, each))
            for each in called & functions.keys() - {*seen}
        )

    _, cells = steps_of(name)
    for step in set().union(*map(calls_of, cells)) & functions.keys():
        decorators = [ast.unparse(d) for d in functions[step].decorator_list]
        if takes_long(functions[step]):
            assert decorators == ["show_progress()"], step


def test_notebook_runs_from_top_to_bottom(tmp_path):
    """Lab 18 in a kernel, as a student runs it."""
    book = notebook("18_will_i_pass")
    for cell in book.cells:
        cell.source = cell.source.replace(
            "config = Config()", "config = Config(held_out=2000)"
        )
    # Without the backend of the tests the kernel shows figures by itself; and
    # TensorFlow is as quiet as for a student, who has not set its level.
    of_tests = ("MPLBACKEND", "TF_CPP_MIN_LOG_LEVEL")
    env = {k: v for k, v in os.environ.items() if k not in of_tests}
    # the kernel starts elsewhere, where a step leaves no file behind
    env["PYTHONPATH"] = str(LABS.parent)
    nbclient.NotebookClient(
        book, timeout=300, startup_timeout=300, kernel_name="python3"
    ).execute(cwd=str(tmp_path), env=env)
    steps = [c for c in book.cells if is_step(c)][1:]
    assert all(c.outputs for c in steps)  # each section shows what it has found
    printed = "".join(o.text for c in steps for o in c.outputs if "text" in o)
    assert "by fit" in printed and "of new students" in printed
    outputs = [o for c in book.cells for o in c.get("outputs", ())]
    assert any("image/png" in o.get("data", {}) for o in outputs)
    assert [o.text for o in outputs if o.get("name") == "stderr"] == []
    assert list(tmp_path.iterdir()) == []
