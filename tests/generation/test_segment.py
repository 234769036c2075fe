"""One run of the graph: what is given is written, what has ended waits."""

import numpy as np
import tensorflow as tf

from mitseq.generation.arguments import FREE
from mitseq.generation.segment import Order, run_segment
from mitseq.generation.step_model import StepModel
from tests.generation.test_generate import next_id_model

SEGMENT = 6


def order(V, given, last, **changes):
    """What to do: `given` (B, n), at temperature 0."""
    asked = np.full((SEGMENT, len(given)), FREE, np.int32)
    asked[: len(given[0])] = np.transpose(given)
    values = {
        "t": 0,
        "has_ended": tf.zeros(len(given), tf.bool),
        "num_steps": len(given[0]),
        "leave_at": 0,
        "end_id": -1,
        "temperature": 0.0,
        "top_k": V,
        "top_p": 1.0,
        "seed": tf.constant(1, tf.int64),
        "banned": tf.zeros(V),
        **changes,
    }
    return Order(
        given=tf.constant(asked),
        last=tf.constant(last),
        **{name: tf.convert_to_tensor(x) for name, x in values.items()},
    )


def run(given, last, is_sorted=False, **changes):
    step_model = StepModel(next_id_model())
    V = step_model.vocab_size
    asked = order(V, given, last, **changes)
    for spec, x in zip(Order.specs(SEGMENT, V), asked, strict=True):
        assert spec.is_compatible_with(x)
    states = step_model.initial_states(len(given))
    m, ids, ended_at, last, *states = run_segment(
        step_model, is_sorted, asked, states, step_model.pack()
    )
    m = int(m)
    return m, ids.numpy()[:m].T.tolist(), ended_at.numpy().tolist(), last


def test_ids_that_are_given_are_written_and_the_model_goes_on_from_them():
    m, ids, ended_at, last = run([[FREE, 5, FREE], [FREE] * 3], [1, 0])
    assert (m, ids) == (3, [[2, 5, 6], [1, 2, 3]])
    assert ended_at == [3, 3]  # not yet
    assert last.numpy().tolist() == [6, 3]


def test_a_row_that_has_ended_writes_its_end_and_all_ended_stop():
    m, ids, ended_at, _ = run([[FREE] * 5] * 2, [6, 4], end_id=8)
    assert (m, ids) == (4, [[7, 8, 8, 8], [5, 6, 7, 8]])
    assert ended_at == [1, 3]
    m, _, ended_at, _ = run([[FREE] * 5] * 2, [6, 4], end_id=8, leave_at=1)
    assert (m, ended_at) == (2, [1, 2])


def test_a_row_that_ended_before_has_no_column():
    has_ended = tf.constant([True, False])
    _, ids, ended_at, _ = run(
        [[FREE] * 2] * 2, [8, 4], end_id=8, has_ended=has_ended
    )
    assert (ids, ended_at) == ([[8, 8], [5, 6]], [-1, 2])


def test_sorted_draws_take_the_same_when_one_id_is_left():
    _, ids, _, _ = run([[FREE] * 3], [1], is_sorted=True, top_k=1)
    assert ids == [[2, 3, 4]]
