"""The table of printed lines."""

from mitseq.plots.printed import plot_printed
from tests.figure_checks import check_figure


def test_every_cell_is_there():
    rows = [("a * b", "TypeError", "a @ b"), ("$x$", "1, not 2", "y")]
    figure = plot_printed(rows)
    check_figure(figure)
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert "a * b" in texts and r"\$x\$" in texts and len(texts) == 9
