"""The model of the cost, by hand; the measurement runs on a quiet machine."""

from dataclasses import replace
from itertools import product

import pytest
from scaling import (
    CostModel,
    collectives,
    cost_model,
    line,
    look_ahead,
    medians,
    network,
    rows_of,
    slowest,
    take_turns,
)

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


# as COST; 4 kB of rows an example, 0.1 ms for those of others, 2 ms of packing;
# of four steps one is 10 % shorter than the median, one 30 % longer
ROWS = replace(
    COST,
    calls=8,
    rows=4000,
    others=0.0001,
    packing=0.002,
    late=(-0.1, 0.0, 0.0, 0.3),
)


def test_the_parts_of_a_step_by_hand():
    assert ROWS.parts(20, 1) == {"compute": pytest.approx(0.030)}
    assert ROWS.parts(20, 2) == pytest.approx(
        {
            "compute": 0.020,
            # of 16 pairs seven have the longest step, one the shortest twice
            "waiting": 0.020 * (0.3 * 7 - 0.1) / 16,
            "latency": 2 * 8 * 0.001,
            "bytes": 2 * 0.004 + 10 * 4000 / 1e9,
            "packing": 0.002,
            "rows of others": 10 * 0.0001,
        }
    )
    assert ROWS.seconds(20, 2) == pytest.approx(sum(ROWS.parts(20, 2).values()))


def test_rows_of_others_set_a_limit_to_the_gain():
    # every worker has the rows of all: at most example / others workers' worth
    costly = replace(COST, others=0.0002)
    assert costly.gain(10**9, 64) == pytest.approx(
        1 / (1 / 64 + 0.2 * 63 / 64), rel=1e-3
    )
    assert costly.pays_from(2) is not None
    assert costly.pays_from(64) is None


def test_the_slowest_of_a_few_is_the_mean_over_all_draws():
    late = (-0.2, -0.1, 0.0, 0.1, 0.7)
    for workers in (1, 2, 3):
        draws = list(map(max, product(late, repeat=workers)))
        mean = sum(draws) / len(draws)
        assert slowest(late, workers) == pytest.approx(mean)
    assert slowest((), 2) == 0.0


def test_costs_are_found_again_in_what_was_measured():
    steps = {batch: ROWS.seconds(batch, 1) for batch in (16, 32, 64)}
    assert line(list(steps.items())) == pytest.approx((COST.step, COST.example))
    # 3 ms for TensorFlow's call, and two rounds of each all-reduce
    sums = [
        (calls, size, 0.003 + 2 * calls * 0.001 + size / 1e9)
        for calls, size in ((1, 4), (9, 36), (1, 8_000_000))
    ]
    assert network(sums) == pytest.approx((1e9, 0.001))
    one = {
        "steps": steps,
        # to apply the rows of an example takes 0.06 ms
        "gradients": {batch: 0.005 + 0.00006 * batch for batch in steps},
        "size": ROWS.size,
        "rows": ROWS.rows,
        "late": [0.3, 0.0, -0.1, 0.0],
    }
    # an exchange of five collectives; 0.04 ms to gather another's rows
    two = {
        "sums": sums,
        "calls": 8,
        "exchanged": 5,
        "gradients": {
            batch: 0.002 + 10 * 0.001 + 0.008 + batch / 2 * (4e-6 + 0.00004)
            for batch in steps
        },
    }
    found = cost_model(one, two)
    assert found.late == ROWS.late
    assert found.parts(20, 4) == pytest.approx(ROWS.parts(20, 4))


class SlowerEveryRound:
    """A group on a machine whose speed halves with every round."""

    def __init__(self, model, workers):
        self.model, self.workers, self.asked = model, workers, []

    def ask(self, name, batch):
        self.asked.append((name, batch))
        turn = self.asked.count((name, batch)) - 1
        seconds = {
            "steps": self.model.seconds(batch, self.workers),
            "gradients": 0.001,
        }[name]
        found = seconds * 2**turn
        return [found, found, 1.2 * found] if name == "steps" else found


def test_turns_compare_what_was_measured_within_a_round():
    batches = [16, 64]
    groups = {
        "one": SlowerEveryRound(COST, 1),
        "apart": SlowerEveryRound(COST, 1),
        "two": SlowerEveryRound(COST, 2),
    }
    found = take_turns(groups, batches, rounds=3)
    # a round to build the programs, which is not measured, and three
    assert groups["two"].asked.count(("steps", 64)) == 4
    first = COST.seconds(64, 2) * 2
    assert found["two"]["steps"][64] == pytest.approx(
        [first, 2 * first, 4 * first]
    )
    assert sorted(found["one"]["late"]) == pytest.approx([0] * 12 + [0.2] * 6)
    assert medians(found["two"])["steps"][64] == pytest.approx(2 * first)
    facts = {"size": COST.size, "rows": 0, "calls": 1, "exchanged": 1}
    sums = [(1, 4, 0.002), (9, 36, 0.010), (1, 8_000_000, 0.010)]
    for each in found.values():
        each |= facts | {"sums": sums}
    # what one round and the next have apart is not in the gain
    for row in rows_of("lstm", found)[0]:
        gain = COST.gain(row["batch"], 2)
        for name in ("gain", "least", "most"):
            assert row[name] == pytest.approx(gain)


def test_collectives_of_calls_and_of_the_larger_branch():
    tf = pytest.importorskip("tensorflow")
    ops = tf.raw_ops

    def reduce(x):
        return ops.CollectiveReduceV2(
            input=x, group_size=1, group_key=1, instance_key=1,
            ordering_token=[], merge_op="Add", final_op="Id",
        )  # fmt: skip

    @tf.function
    def inner(x):
        return tf.cond(
            x[0] > 0, lambda: reduce(reduce(x)), lambda: reduce(x) + 1
        )

    @tf.function
    def outer(x):
        return reduce(inner(x)) * 2

    outer.get_concrete_function(tf.TensorSpec((1,)))
    assert collectives(outer) == 3


def test_look_ahead_has_more_workers_and_a_faster_network_helps():
    rows = look_ahead("lstm", COST, 1024)
    assert [row["workers"] for row in rows] == [8, 64, 8, 64]
    assert rows[3]["gain"] > rows[1]["gain"]
    assert rows[3]["pays"] < rows[1]["pays"]
