"""The model of the cost, by hand; the measurement runs on a quiet machine."""

import pytest
from scaling import CostModel, cost_model, line, look_ahead, network

# 10 ms a step, 1 ms an example, 8 MB over 1 GB/s and 1 ms
COST = CostModel(0.010, 0.001, 8_000_000, 1e9, 0.001)


def test_seconds_are_compute_and_the_rounds_of_a_ring():
    assert COST.seconds(20, 1) == pytest.approx(0.030)
    # 10 + 10 ms, and two rounds of 1 ms and 4 MB
    assert COST.seconds(20, 2) == pytest.approx(0.020 + 2 * (0.001 + 0.004))
    # 10 + 5 ms, and six rounds of 1 ms and 2 MB
    assert COST.seconds(20, 4) == pytest.approx(0.015 + 6 * (0.001 + 0.002))


def test_each_call_waits_for_its_own_first_bytes():
    eight = CostModel(0.010, 0.001, 8_000_000, 1e9, 0.001, calls=8)
    assert eight.seconds(20, 1) == COST.seconds(20, 1)
    assert eight.seconds(20, 2) == pytest.approx(COST.seconds(20, 2) + 14e-3)


def test_gain_grows_with_the_batch_towards_the_workers():
    gains = [COST.gain(batch, 8) for batch in (10, 100, 10_000)]
    assert gains == sorted(gains) and gains[-1] == pytest.approx(8, rel=0.05)
    assert COST.gain(1, 8) < 1  # a small batch is slower together


def test_pays_from_is_the_batch_with_half_of_the_gain():
    for workers in (2, 8, 64):
        batch = COST.pays_from(workers)
        assert COST.gain(batch, workers) >= workers / 2 - 1e-9
        assert COST.gain(batch - 1, workers) < workers / 2 - 1e-9


def test_costs_are_found_again_in_what_was_measured():
    steps = {batch: COST.seconds(batch, 1) for batch in (16, 32, 64)}
    assert line(list(steps.items())) == pytest.approx((COST.step, COST.example))
    # 3 ms for TensorFlow's call, and two rounds of each all-reduce
    sums = [
        (calls, size, 0.003 + 2 * calls * 0.001 + size / 1e9)
        for calls, size in ((1, 4), (9, 36), (1, 8_000_000))
    ]
    assert network(sums) == pytest.approx((1e9, 0.001))
    found = cost_model(steps, COST.size, sums, calls=8)
    assert found.seconds(20, 2) == pytest.approx(COST.seconds(20, 2) + 14e-3)


def test_look_ahead_has_more_workers_and_a_faster_network_helps():
    rows = look_ahead("lstm", COST, 1024)
    assert [row["workers"] for row in rows] == [8, 64, 8, 64]
    assert rows[3]["gain"] > rows[1]["gain"]
    assert rows[3]["pays"] < rows[1]["pays"]
