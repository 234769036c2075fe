"""Lab 11: the tasks ask what they say, and the table is complete."""

import numpy as np
import pytest

from tests.figure_checks import check_figure
from tests.labs.loading import load_lab

lab = load_lab("11_recurrence_or_attention")


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    return lab.Config(
        units=16,
        distances="4",
        pairs="2",
        sequences=512,
        steps=40,
        learning_rate=0.01,
        seeds=1,
        lengths="8 16",
        timed_units=8,
        repeats=1,
        out=str(tmp_path_factory.mktemp("lab")),
    )


@pytest.fixture(scope="module")
def results(config):
    return lab.main(config)


def test_order_is_asked_and_nothing_else():
    x, y = lab.order_task(200, np.random.default_rng(0))
    for row, label in zip(x[:, :, 0], y, strict=True):
        assert sorted(row[row > 0]) == [1, 2]
        assert (np.argmax(row == 1) < np.argmax(row == 2)) == label
    assert 0.3 < y.mean() < 0.7


def test_memory_asks_for_the_first_symbol_at_its_distance():
    x, y = lab.memory_task(50, np.random.default_rng(0), 9)
    assert x.shape == (50, 10, 2)
    np.testing.assert_array_equal(x[:, 0, 0] - 1, y)
    assert (x[:, 1:, 1] == 0).all() and (x[:, 0, 1] > 0).all()


def test_the_symbol_may_stand_anywhere_and_is_marked():
    x, y = lab.memory_anywhere_task(200, np.random.default_rng(0), 9)
    marked = x[:, :, 1] > 0
    assert (marked.sum(axis=1) == 1).all()
    at = marked.argmax(axis=1)
    assert set(at) == set(range(9))
    np.testing.assert_array_equal(x[np.arange(200), at, 0] - 1, y)


def test_each_seed_is_a_training_of_its_own():
    config = lab.Config(units=4, sequences=128, steps=2, seeds=2)
    both = lab.learn("dense network", lab.pairs_task, config, 2)
    second = lab.dataclasses.replace(config, seed=1, seeds=1)
    assert len(both) == 2
    assert lab.learn("dense network", lab.pairs_task, second, 2) == both[1:]


def test_both_budgets_are_told_and_measured_on_demand(results, config):
    assert results["budgets"] == lab.MEASURED
    small, large = lab.MEASURED["pairs", "recurrence", 8]
    assert len(small) == len(large) == 3
    assert max(small) < 0.5 < min(large)


def test_pairs_ask_for_the_value_of_a_key_that_was_there():
    x, y = lab.pairs_task(50, np.random.default_rng(0), 7)
    for row, value in zip(x, y, strict=True):
        keys = list(row[:-1, 0])
        assert sorted(keys) == list(range(1, 8))
        assert row[keys.index(row[-1, 0]), 1] - 1 == value
        assert row[-1, 1] == 0


def test_without_positions_the_order_cannot_be_known():
    """Any model of this kind gives both orders the same answer."""
    config = lab.Config(units=16)
    model = lab.build_model("without positions", 4, 3, 2, config)
    x = np.zeros((2, 4, 2), "int32")
    x[0, :2, 0], x[1, :2, 0] = (1, 2), (2, 1)
    one, other = model.predict(x, verbose=0)
    np.testing.assert_allclose(one, other, atol=1e-5)
    model = lab.build_model("attention", 4, 3, 2, config)
    one, other = model.predict(x, verbose=0)
    assert np.abs(one - other).max() > 1e-4


def test_weights_of_the_dense_network_grow_with_the_length(results, config):
    weights = results["weights"]
    # 8 more steps of 16 features, each to 64 units
    assert (
        weights["dense network"][1] - weights["dense network"][0] == 8 * 16 * 64
    )
    assert (
        len(set(weights["recurrence"])) == len(set(weights["attention"])) == 1
    )


def test_recurrence_learns_the_short_memory(results):
    (share,) = results["memory"]["recurrence"][0]
    assert share > 1.5 / lab.SYMBOLS


def test_every_reader_is_timed_at_every_length(results):
    assert set(results["time"]) == {"recurrence", "attention"}
    assert set(results["stream"]) == {
        "recurrence",
        "attention, cache",
        "attention, prefix anew",
    }
    for key in ("time", "stream"):
        for values in results[key].values():
            assert len(values) == 2 and min(values) > 0


def test_the_figure_is_whole_and_the_table_has_every_row(results, config):
    check_figure(results["figure"])
    assert len(results["figure"].axes) == 6
    assert len(lab.table(results, config).splitlines()) == 7


def test_one_place_is_drawn_as_bars_and_several_as_lines(results, config):
    several = lab.dataclasses.replace(config, pairs="2 3")
    twice = {name: 2 * shares for name, shares in results["pairs"].items()}
    figure = lab.plot(results | {"pairs": twice}, several)
    _, memory, pairs, *_ = figure.axes
    names = [label.get_text() for label in memory.get_yticklabels()]
    assert names == list(lab.READERS[:3])
    shares = [bar.get_width() for bar in memory.patches]
    assert shares == [np.mean(results["memory"][n][0]) for n in names]
    drawn = {line.get_label(): list(line.get_xdata()) for line in pairs.lines}
    assert [drawn[name] for name in names] == [[2, 3]] * 3
