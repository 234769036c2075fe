"""A tune as a piano roll."""

import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.music.figures import plot_piano_roll
from mitseq.tunes.tune import Tune
from tests.figure_checks import check_figure

TUNE = "X:1\nT:Short\nM:2/4\nL:1/8\nK:D\nd2 A2|d A d2|]\n"


def test_bars_are_the_notes_as_played():
    figure = plot_piano_roll(Tune(TUNE))
    check_figure(figure)
    bars = figure.axes[0].patches
    assert [round(bar.get_y() + 0.4) for bar in bars] == [74, 69, 74, 69, 74]
    assert [bar.get_x() for bar in bars] == [0, 0.25, 0.5, 0.625, 0.75]


def test_a_tune_that_does_not_add_up_is_an_error():
    with pytest.raises(MitseqError):
        plot_piano_roll(Tune(TUNE.replace("d2 A2", "d2 A3")))
