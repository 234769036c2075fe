import dataclasses
import email.message
import shutil
from importlib import metadata
from pathlib import Path

from mitseq.slides import find, references
from tests.cli.conftest import ROOT
from tests.figure_checks import check_png


def test_show_prints_equation_and_lines_runs_and_writes_the_figure(run):
    outcome = run("slides", "show", "Trace", "by", "hand")
    assert outcome.code == 0
    equation, code, printed, see = map(
        outcome.stdout.index,
        (
            "    h_t = 0.5 h_{t-1} + 0.5 x_t\n",
            "\n    h.append(keep * h[-1] + write * x_t)\n",
            "129/32",
            "\nto see: With 0.9 a third of the first word",
        ),
    )
    assert equation < code < printed < see
    assert "def trace_by_hand(" not in outcome.stdout  # the idea alone
    figure = "trace-the-hidden-state-by-hand.png"
    assert outcome.stdout.endswith(f"figure: {figure}\n")
    check_png(Path(figure).read_bytes())


def test_source_is_the_whole_function_and_no_run_draws_nothing(run):
    outcome = run("slides", "show", "trace by hand", "--source", "--no-run")
    assert outcome.code == 0
    assert "def trace_by_hand(" in outcome.stdout
    assert "Args:" in outcome.stdout and "def trace()" in outcome.stdout
    assert "to see" not in outcome.stdout
    assert not list(Path().iterdir())
    both = run("slides", "show", "gru", "--no-run", "--out", "a.png")
    assert both.is_mistake("--no-run draws no figure")


def test_what_a_slide_says_otherwise_than_it_is_is_a_remark(run):
    found = run("slides", "show", "Activation Functions", "--no-run")
    assert '\nremark: A ReLU is said to help "when the value is' in found.stdout
    asked = run("slides", "show", "trace by hand", "--no-run")
    assert "remark:" not in asked.stdout
    told = run("slides", "show", "Activation Functions", "--no-run", "--json")
    assert len(told.json["remarks"]) == 1


def test_the_equation_stands_as_on_the_slide_and_as_it_is_computed(run):
    found = run("slides", "show", "state update", "--no-run").stdout
    assert "    h_t = tanh(W_hh^T h_{t-1} + W_xh^T x_t)\n" in found
    assert "    h_t = tanh(x_t W_xh + h_prev W_hh) " in found
    assert "# mitseq/layers/rnn.py: rnn_step\ndef rnn_step(" in found


def test_show_does_not_overwrite_unless_asked(run):
    Path("a.png").write_text("mine")
    arguments = ("slides", "show", "trace by hand", "--out", "a.png")
    assert run(*arguments).is_mistake("a.png exists", "--overwrite")
    assert Path("a.png").read_text() == "mine"
    outcome = run(*arguments, "--overwrite", "--json")
    assert outcome.json["figure_file"] == "a.png"
    assert "129/32" in outcome.json["printed"]
    assert "def trace_by_hand" in outcome.json["source"]
    (lines,) = outcome.json["lines"]
    assert lines["name"] == "trace_by_hand" and "h.append" in lines["text"]
    assert outcome.json["equation"] == "h_t = 0.5 h_{t-1} + 0.5 x_t"
    check_png(Path("a.png").read_bytes())


def test_a_second_time_it_draws_its_own_figure_again(run):
    for _ in range(2):
        outcome = run("slides", "show", "trace by hand")
        assert outcome.code == 0, outcome.stderr
    (figure,) = Path().iterdir()
    check_png(figure.read_bytes())
    # a figure of another slide, or of somebody else, is none of its own
    Path("other.png").write_bytes(figure.read_bytes())
    other = run("slides", "show", "perceptron revisited", "--out", "other.png")
    assert other.is_mistake("other.png exists", "--overwrite")
    figure.write_text("mine")
    outcome = run("slides", "show", "trace by hand")
    assert outcome.is_mistake(f"{figure} exists", "--overwrite")
    assert figure.read_text() == "mine"


def test_files_that_are_not_installed_are_not_pointed_to(run, monkeypatch):
    here = run("slides", "show", "trace by hand").stdout
    assert "\n  lab     labs/01_trace_by_hand.py" in here
    assert "not installed" not in here
    site = Path("site").absolute()  # as from a wheel: the package only
    shutil.copytree(ROOT / "mitseq" / "by_hand", site / "mitseq" / "by_hand")
    monkeypatch.setattr(references, "ROOT", site)
    monkeypatch.setattr(
        metadata, "metadata", lambda name: message("Source, https://x/y")
    )
    lines = run("slides", "show", "trace by hand").stdout.splitlines()
    told = lines.index(
        "  not installed with mitseq, but in its sources, https://x/y:"
    )
    first = next(i for i, line in enumerate(lines) if line[:8] == "  code  ")
    files = [line.split()[1].rstrip(":") for line in lines[first:told]]
    assert files and all(Path(file).is_file() for file in files)
    assert any("labs/01_trace" in line for line in lines[told:])
    assert not any("labs/" in line for line in lines[:told])


def message(*urls):
    found = email.message.Message()
    for url in urls:
        found["Project-URL"] = url
    return found


def test_show_names_the_nearest_titles(run):
    assert run("slides", "show", "perzeptrum").is_mistake(
        "Perceptron Revisited"
    )
    assert run("slides", "show", "self-attention").is_mistake("fits", "Heads")
    assert run("slides", "show").is_mistake("TITLE")
    assert run("slides", "show", "99").is_mistake("the numbers are 1 to 79")


def test_show_rejects_other_formats_before_the_example_runs(run):
    outcome = run("slides", "show", "trace by hand", "--out", "a.docx")
    assert outcome.code == 2 and "png" in outcome.stderr


def test_show_of_what_is_not_built_says_so(run, monkeypatch):
    missing = dataclasses.replace(
        find.find_slide("Trace the Hidden State by Hand"),
        missing=("a time machine",),
    )
    monkeypatch.setattr(find, "find_slide", lambda title: missing)
    outcome = run("slides", "show", "Trace the Hidden State by Hand")
    assert outcome.code == 0
    assert "not built yet: a time machine" in outcome.stdout


def test_the_exercises_of_a_slide_are_named_and_start(run):
    shown = run("slides", "show", "trace by hand", "--no-run")
    (line,) = [
        x
        for x in shown.stdout.splitlines()
        if x.startswith("  to do   mitseq ")
    ]
    assert line.split()[-2:] == ["pencil", "trace"]
    command = line.replace("DIR", "mine").split()[3:]
    assert run(*command).code == 0
    assert len(list(Path("mine").glob("0*_*.py"))) == 2
    asked = run("slides", "show", "trace by hand", "--no-run", "--json")
    assert asked.json["exercises"] == ["pencil", "trace"]
    none = run("slides", "show", "Sequences in the Wild", "--no-run")
    assert "exercises start" not in none.stdout
