"""Lab 1: a state knows where the ball goes, a single position does not."""

import re
from fractions import Fraction

import numpy as np
import pytest

from tests.figure_checks import check_figure, check_png
from tests.labs.loading import load_lab

lab = load_lab("01_trace_by_hand")


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    return lab.Config(
        balls=1500,
        held_out=100,
        num_steps=20,
        units=32,
        epochs=12,
        ahead=5,
        seeds=1,
        learning_rate=0.01,
        out=str(tmp_path_factory.mktemp("lab")),
    )


@pytest.fixture(scope="module")
def results(config):
    return lab.main(config)


def test_the_state_knows_where_the_ball_goes(results):
    errors = results["errors"]
    stays = errors[lab.STAYS]
    # From one position nobody can do better than a guess.
    assert errors["feed-forward"].next > 0.9 * stays.next
    for kind in ("window", "recurrent"):
        assert errors[kind].next < 0.4 * stays.next
        assert errors[kind].ahead[0, -1] < 0.7 * stays.ahead[0, -1]
    assert errors[lab.RULE].next < 1e-5


def test_the_table_has_means_and_ranges():
    values = np.array([0.1, 0.2, 0.6])
    errors = {"mine": lab.Errors(values, values + 1, np.ones((3, 2)))}
    head, line = lab.table(errors, 2).splitlines()
    assert head.endswith("2 steps ahead")
    assert "0.3000 (0.1000 to 0.6000)" in line
    assert "1.3000 (1.1000 to 1.6000)" in line


def test_a_layer_is_its_neurons(config):
    assert lab.perceptrons_in_a_layer(config.seed) < 1e-12


def test_only_the_recurrent_model_has_a_memory(results):
    path = lab.ball_paths(2, 8, seed=5)
    path[1, -4:] = path[0, -4:]  # what the window sees
    kinds = {"feed-forward": False, "window": False, "recurrent": True}
    for kind, differs in kinds.items():
        y = np.asarray(results["models"][kind](path))[:, -1]
        assert (np.abs(y[0] - y[1]).max() > 1e-3) == differs


def test_traces_are_those_of_the_notes(results):
    half, much = results["traces"]
    assert half.h[-1] == Fraction(129, 32)
    assert much.influence[0] / half.influence[0] == Fraction(18, 10) ** 4


def test_each_sequence_has_more_order_than_its_shuffled_self(results):
    assert len(results["order"]) == 5
    for told in results["order"].values():
        measured, shuffled = (
            float(re.findall(r"\d\.\d\d", part)[-1])
            for part in told.split("shuffled")
        )
        # correlations are above, bits that are left below
        assert abs(measured - shuffled) > 0.5


def test_figures_are_readable_and_saved(results, config):
    for name, figure in results["figures"].items():
        check_figure(figure)
        check_png(lab.Path(config.out, f"{name}.png").read_bytes())
