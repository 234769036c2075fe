from pathlib import Path

from tests.figure_checks import check_png


def test_show_prints_code_runs_and_writes_the_figure(run):
    outcome = run("slides", "show", "Trace", "by", "hand")
    assert outcome.code == 0
    assert "def trace_by_hand(" in outcome.stdout
    assert "129/32" in outcome.stdout
    figure = "trace-the-hidden-state-by-hand.png"
    assert outcome.stdout.endswith(f"figure: {figure}\n")
    check_png(Path(figure).read_bytes())


def test_show_does_not_overwrite_unless_asked(run):
    Path("a.png").write_text("mine")
    arguments = ("slides", "show", "trace by hand", "--out", "a.png")
    assert run(*arguments).is_mistake("a.png exists", "--overwrite")
    assert Path("a.png").read_text() == "mine"
    outcome = run(*arguments, "--overwrite", "--json")
    assert outcome.json["figure_file"] == "a.png"
    assert "129/32" in outcome.json["printed"]
    assert "def trace_by_hand" in outcome.json["source"]
    check_png(Path("a.png").read_bytes())


def test_show_names_the_nearest_titles(run):
    assert run("slides", "show", "perzeptrum").is_mistake(
        "Perceptron Revisited"
    )
    assert run("slides", "show", "self-attention").is_mistake("fits", "Heads")
    assert run("slides", "show").is_mistake("TITLE")


def test_show_rejects_other_formats_before_the_example_runs(run):
    outcome = run("slides", "show", "trace by hand", "--out", "a.docx")
    assert outcome.code == 2 and "png" in outcome.stderr


def test_show_of_what_is_not_built_says_so(run):
    outcome = run("slides", "show", "Machine Translation")
    assert outcome.code == 0
    assert "not built yet: machine translation" in outcome.stdout
