"""Lab 1: a state knows where the ball goes, a single position does not."""

from fractions import Fraction

import numpy as np
import pytest

from tests.figure_checks import check_figure, check_png
from tests.labs.loading import load_lab

lab = load_lab("01_trace_by_hand")


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    return lab.Config(
        balls=600,
        num_steps=8,
        epochs=30,
        batch_size=32,
        out=str(tmp_path_factory.mktemp("lab")),
    )


@pytest.fixture(scope="module")
def results(config):
    return lab.main(config)


def test_the_state_knows_where_the_ball_goes(results):
    alone = results["errors"]["feed-forward"]
    recurrent = results["errors"]["recurrent"]
    guessed = results["guessed"]
    # From one position nobody can do better than a guess.
    assert alone.min() > 0.9 * guessed.mean()
    assert recurrent[0] > 0.9 * guessed[0]
    assert recurrent[3:].mean() < 0.8 * guessed.mean()
    assert results["known"][1:].mean() < recurrent[3:].mean()


def test_a_layer_is_its_neurons(config):
    assert lab.perceptrons_in_a_layer(config.seed) < 1e-12


def test_the_feed_forward_model_has_no_memory(results):
    path = lab.ball_paths(2, 8, seed=5)
    path[1, -1] = path[0, -1]
    for kind, differs in (("feed-forward", False), ("recurrent", True)):
        y = np.asarray(results["models"][kind](path))[:, -1]
        assert (np.abs(y[0] - y[1]).max() > 1e-3) == differs


def test_traces_are_those_of_the_notes(results):
    half, much = results["traces"]
    assert half.h[-1] == Fraction(129, 32)
    assert much.influence[0] / half.influence[0] == Fraction(18, 10) ** 4


def test_order_is_lost_by_shuffling(results):
    lost = [a > b for a, b in results["order"].values()]
    assert sum(lost) >= 4


def test_figures_are_readable_and_saved(results, config):
    for name, figure in results["figures"].items():
        check_figure(figure)
        check_png(lab.Path(config.out, f"{name}.png").read_bytes())
