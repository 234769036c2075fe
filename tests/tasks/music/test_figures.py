"""A tune as a piano roll, and two collections side by side."""

import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.music import compare
from mitseq.tasks.music.compare import collection_of, compare_collections
from mitseq.tasks.music.figures import (
    plot_counts,
    plot_degree_pairs,
    plot_differences,
    plot_piano_roll,
    plot_values,
)
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


@pytest.fixture(scope="module")
def comparison():
    head = "M:2/4\nL:1/8\nK:D\n"
    a = [f"{head}d2f2|{'dfa'[i % 3]}4|]\n" for i in range(20)]
    b = [f"{head}d2f2|f2d2|{'dfa'[i % 3]}4|d4|]\n" for i in range(20)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compare, "TREES", 5)
        patch.setattr(compare, "ROUNDS", 1)
        return compare_collections(collection_of(a, "a"), collection_of(b, "b"))


def test_differences_are_drawn_in_their_order(comparison):
    figure = plot_differences(comparison)
    check_figure(figure)
    names = [t.get_text() for t in figure.axes[0].get_yticklabels()]
    dots = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    middles = [float(dot.get_xdata()[0]) for dot in dots]
    assert middles == sorted(middles) and len(dots) == len(names)
    # what is the same in all tunes of both cannot be drawn
    assert "rests" not in names
    assert middles[names.index("ends on tonic")] < 0  # B always does


def test_counts_are_drawn_as_shares(comparison):
    figure = plot_counts(comparison, "lengths")
    check_figure(figure)
    axes = figure.axes[0]
    names = [t.get_text() for t in axes.get_xticklabels()]
    heights = [bar.get_height() for bar in axes.patches]
    assert names == ["1/4", "1/2"]
    assert heights == pytest.approx([2 / 3, 1 / 3, 4 / 6, 2 / 6])


def test_degree_pairs_are_more_or_less(comparison):
    figure = plot_degree_pairs(comparison)
    table = figure.axes[0].images[0].get_array()
    # 1 to 3 is half of the pairs in A and a fifth and some in B
    assert table.shape == (7, 7) and table[0, 2] > 0
    assert float(table.sum()) == pytest.approx(0, abs=1e-9)


def test_values_are_shares_of_the_tunes(comparison):
    figure = plot_values(comparison, "range")
    check_figure(figure)
    for patch in figure.axes[0].patches:
        heights = patch.get_xy()[:, 1]
        assert 0 < heights.max() <= 1
