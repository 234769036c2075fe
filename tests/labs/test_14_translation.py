"""Lab 14: both networks learn, the alignment is judged, figures are whole."""

import pytest

from mitseq.tasks.translate.pairs import Pair, Pairs
from tests.figure_checks import check_figure
from tests.labs.loading import load_lab

lab = load_lab("14_translation")
slow = pytest.mark.slow


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab")
    config = lab.Config(
        units=32,
        embedding_dim=16,
        clauses=1,
        asked=2,
        sentences=600,
        epochs=4,
        batch=16,
        learning_rate=0.01,
        questions=20,
        seeds=2,
        out=str(folder),
    )
    return lab.main(config) | {"folder": folder}


@slow
def test_both_learn_and_are_asked_at_every_length(results):
    """That attention is the way out: docs/benchmarks.md, and more training."""
    for one, other in results["losses"].values():
        assert one[-1] < 0.8 * one[0] and other[-1] < 0.8 * other[0]
        assert one[0] != other[0]  # from other weights
    rows = [row for rows in results["curves"].values() for row in rows]
    assert all(len(row["accuracy"]) == 2 for row in rows)
    lengths = [
        [row["words"] for row in rows] for rows in results["curves"].values()
    ]
    assert lengths[0] == lengths[1] == sorted(lengths[0])
    assert min(lengths[0]) <= 6 and max(lengths[0]) >= 15


@slow
def test_the_figure_shows_the_means(results):
    (axes,) = results["figures"]["bottleneck"].axes
    rows = results["curves"]["attention"]
    (line,) = (x for x in axes.lines if x.get_label() == "attention")
    of_enough = [row for row in rows if row["sentences"] >= 5]
    means = [50 * sum(row["accuracy"]) for row in of_enough]
    assert list(line.get_ydata()) == pytest.approx(means)


def test_the_shade_ends_before_the_lengths_that_were_not_learned():
    """A few long ones among many are no lengths that were learned."""
    words = [4] * 100 + [6] * 98 + [9, 9]
    learned = [Pair("a " * n + ".", "b") for n in words]
    pairs = Pairs(learned, [], [])
    assert lab.longest_learned(pairs) == 6
    row = {"sentences": 9, "accuracy": [0.5]}
    curves = {"attention": [{"words": 6, **row}, {"words": 9, **row}]}
    (axes,) = lab.draw_bottleneck(curves, pairs).axes
    (shade,) = axes.patches
    assert 6 < shade.get_x() + shade.get_width() < 9 - 1.5


def test_a_share_comes_with_the_range_of_the_trainings():
    assert lab.told([0.25, 0.5, 1.0]) == "58% (25% to 100%)"


@slow
def test_the_alignment_is_counted_over_all_words(results):
    assert len(results["alignment"]) == 2
    for found in results["alignment"]:
        low, high = found["interval"]
        assert 0 < low <= found["aligned"] <= high
        assert found["words"] > 300


@slow
def test_figures_are_there(results):
    for name, figure in results["figures"].items():
        check_figure(figure)
        assert (results["folder"] / f"{name}.png").stat().st_size > 5000
