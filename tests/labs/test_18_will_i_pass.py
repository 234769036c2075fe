"""Lab 18: three ways to one optimum, and a class that has none."""

import numpy as np
import pytest

from tests.figure_checks import check_figure, check_png
from tests.labs.loading import load_lab

lab = load_lab("18_will_i_pass")


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    return lab.Config(held_out=2000, out=str(tmp_path_factory.mktemp("lab")))


@pytest.fixture(scope="module")
def results(config):
    return lab.main(config)


def test_all_three_end_at_the_same_optimum(results):
    w, b = results["found"]["logistic regression"]
    for name in ("by hand", "by fit"):
        weights, bias = results["found"][name]
        np.testing.assert_allclose(weights, w, rtol=1e-3)
        np.testing.assert_allclose(bias, b, rtol=1e-3)
    # it is an optimum: the derivative of the loss is zero there
    x, _, passed = lab.students(400, 0)
    wrong = lab.sigmoid(x @ w + b) - passed
    np.testing.assert_allclose(wrong @ x / len(x), 0, atol=1e-6)
    np.testing.assert_allclose(wrong.mean(), 0, atol=1e-6)


def test_nobody_is_better_than_the_truth_by_more_than_luck(results):
    neuron, best = results["right"].values()
    assert len(neuron) == len(best) == len(set(neuron)) == 3
    for share, most in zip(neuron, best, strict=True):
        assert most - 0.03 < share < most + 0.01
    assert results["moved"] < 1e-6


def test_the_first_class_is_the_one_that_was_trained_on(results):
    w, b = results["found"]["logistic regression"]
    mine = [4 / lab.LECTURES, 5 / lab.HOURS]
    assert results["answers"][0] == pytest.approx(lab.sigmoid(w @ mine + b))
    assert len(set(results["answers"])) == 3


def test_where_no_luck_is_involved_the_weights_grow(results):
    lengths, losses = zip(*results["clear"].values(), strict=True)
    assert lengths[0] < lengths[1] < lengths[2]
    assert losses[0] > losses[1] > losses[2] > 0


def test_the_figure_is_readable_and_saved(results, config):
    check_figure(results["figure"])
    check_png(lab.Path(config.out, "passing.png").read_bytes())
