"""The drawings have the steps that their names say, and tasks behind them."""

from pathlib import Path

from mitseq.cli import cli
from mitseq.plots.patterns import PATTERNS, plot_patterns
from tests.figure_checks import check_figure

LABS = Path(__file__).parents[2] / "labs"


def test_each_drawing_has_its_inputs_and_outputs():
    figure = plot_patterns()
    check_figure(figure)
    for axes, pattern in zip(figure.axes, PATTERNS, strict=True):
        texts = [text.get_text() for text in axes.texts]
        assert sum(t.startswith("$x_") for t in texts) == len(pattern.inputs)
        boxes = len(pattern.outputs) + len(pattern.fed_back)
        assert sum("hat{y}" in t for t in texts) == boxes
        start, _, end = pattern.title.lower().split(",")[0].split()
        assert (len(pattern.inputs) > 1) == (start == "many")
        assert (len(pattern.outputs) > 1) == (end == "many")
        assert pattern.where in texts


def test_each_output_that_is_read_again_has_its_arrow():
    for axes, pattern in zip(plot_patterns().axes, PATTERNS, strict=True):
        assert len(axes.lines) == len(pattern.fed_back)
        for line in axes.lines:
            (x, *_), (y, *_) = line.get_data()
            assert y == 2 and line.get_ydata()[-1] == 0  # output to input
            assert 0 < line.get_xdata()[-1] - x < 0.5  # between the columns


def test_what_is_fed_back_was_an_output_one_step_before():
    for pattern in PATTERNS:
        for t in pattern.fed_back:
            assert t - 1 in pattern.outputs and t not in pattern.inputs


def test_the_tasks_are_there():
    for pattern in PATTERNS:
        kind, _, name = pattern.where.partition(" ")
        if kind == "mitseq":
            assert name in cli.list_commands(None)
        else:
            assert list(LABS.glob(f"{name}_*.py")) and kind == "Lab"
