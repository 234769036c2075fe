"""The four drawings have the steps that their names say."""

from mitseq.plots.patterns import PATTERNS, plot_patterns
from tests.figure_checks import check_figure


def test_each_drawing_has_its_inputs_and_outputs():
    figure = plot_patterns()
    check_figure(figure)
    for axes, (name, _, inputs, outputs, _) in zip(
        figure.axes, PATTERNS, strict=True
    ):
        texts = [text.get_text() for text in axes.texts]
        assert sum(t.startswith("$x_") for t in texts) == len(inputs)
        assert sum("hat{y}" in t for t in texts) == len(outputs)
        start, _, end = name.lower().split()
        assert (len(inputs) > 1) == (start == "many")
        assert (len(outputs) > 1) == (end == "many")
