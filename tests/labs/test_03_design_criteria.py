"""Lab 3: the tasks are what they say, and both networks do as they must."""

import numpy as np
import pytest

from tests.figure_checks import check_figure, check_png
from tests.labs.loading import load_lab

lab = load_lab("03_design_criteria")


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    return lab.Config(
        units=12,
        examples=400,
        epochs=4,
        distance=4,
        batch_size=20,
        learning_rate=0.02,
        seeds=1,
        out=str(tmp_path_factory.mktemp("lab")),
    )


@pytest.fixture(scope="module")
def results(config):
    return lab.main(config)


def test_order_and_memory_need_a_recurrence(results):
    without = {"order": "bag", "long-term memory": "slice"}
    for name, kind in without.items():
        outcome = results["outcomes"][name]
        assert max(outcome[kind]) < 0.6, name
        assert min(outcome["recurrent"]) > 0.75, name
    (lengths,) = results["outcomes"]["variable length"]["recurrent"]
    assert lengths > 0.7


def test_a_window_has_memory_and_order_as_well(results):
    for name in ("order", "long-term memory"):
        assert min(results["outcomes"][name]["window"]) > 0.95, name


def test_each_seed_has_examples_of_its_own():
    drawn = []

    def draw(rng):
        drawn.append(lab.majority(rng, 4, (5, 11)))
        return drawn[-1], drawn[-1]

    config = lab.Config(units=2, epochs=1, seeds=2, seed=5)
    found = lab.trained("window bag", draw, config)
    assert [len(each) for each in found.values()] == [2, 2]
    assert len(drawn) == 2 and (drawn[0][0] != drawn[1][0]).any()
    again = lab.majority(np.random.default_rng(5), 4, (5, 11))
    np.testing.assert_array_equal(drawn[0][0], again[0])


def test_the_total_loss_is_the_sum_over_time_steps(results):
    sums = results["sums"]
    assert sums["total loss [nats]"] > 10
    assert sums["difference of the sum"] < 1e-3
    assert sums["difference of the gradients"] < 1e-3


def test_figure_shows_the_outcomes(results, config):
    check_figure(results["figure"])
    heights = [bar.get_height() for bar in results["figure"].axes[0].patches]
    assert heights == [
        np.mean(outcome[kind])
        for kind in ("recurrent", "window", "slice", "bag")
        for outcome in results["outcomes"].values()
        if kind in outcome
    ]
    check_png(lab.Path(config.out, "criteria.png").read_bytes())


def test_majorities_are_counted_and_never_a_draw():
    x, y = lab.majority(np.random.default_rng(0), 200, (5, 11))
    steps = (x != 0).sum(axis=(1, 2))
    assert set(steps) == {5, 7, 9, 11}
    np.testing.assert_array_equal(y, x.sum(axis=(1, 2)) > 0)


def test_reviews_of_both_moods_have_the_same_bags():
    x, y = lab.reviews(np.random.default_rng(0), 3000)
    bags = {}
    for bag, mood in zip(x.sum(axis=1), y, strict=True):
        bags.setdefault(bag.tobytes(), set()).add(int(mood))
    assert len(bags) <= 8 * 4 * 4
    both = sum(moods == {0, 1} for moods in bags.values())
    assert both > 0.95 * len(bags)


def test_the_answer_is_the_first_step_and_the_pattern_is_in_its_half():
    rng = np.random.default_rng(0)
    x, y = lab.recall(rng, 50, distance=7)
    np.testing.assert_array_equal(x[:, 0, 0] > 0, y == 1)
    assert x.shape == (50, 8, 2) and (x[:, 1:, 0] == 0).all()
    for half in (0, 1):
        x, y = lab.pattern(rng, 50, half=half)
        ones = x[..., 0] == 1
        np.testing.assert_array_equal(ones.sum(axis=1), 3 * y)
        part = ones[:, :8] if half else ones[:, 8:]
        assert not part.any()
