"""One slide at work."""

import pytest

from mitseq.errors import MitseqError
from mitseq.slides.find import find_slide
from mitseq.slides.show import code_of, figure_path, run_example
from tests.figure_checks import check_png

TRACE = find_slide("trace by hand")


def test_code_is_that_of_the_slide_and_of_its_example():
    code = code_of(TRACE)
    assert code.startswith("def trace_by_hand(")
    assert "\n\n\ndef trace() ->" in code


def test_the_example_runs_and_its_figure_is_written(tmp_path):
    shown = run_example(TRACE, tmp_path / "a" / "trace.png")
    assert "129/32" in shown.printed
    check_png(shown.figure.read_bytes())


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_a_figure_of_the_same_slide_may_be_drawn_again(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    run_example(TRACE, path)
    assert figure_path(TRACE, path, False) == path
    with pytest.raises(MitseqError, match="exists.*--overwrite"):
        figure_path(find_slide("perceptron revisited"), path, False)


def test_paths_of_figures(tmp_path):
    name = "trace-the-hidden-state-by-hand.png"
    assert figure_path(TRACE, None, False).name == name
    assert figure_path(TRACE, tmp_path, False) == tmp_path / name
    assert figure_path(TRACE, tmp_path / "new", False).name == name
    file = tmp_path / "a.svg"
    assert figure_path(TRACE, file, False) == file
    file.touch()
    with pytest.raises(MitseqError, match="a.svg exists.*--overwrite"):
        figure_path(TRACE, file, False)
    assert figure_path(TRACE, file, True) == file
