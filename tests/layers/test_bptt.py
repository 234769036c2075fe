"""The backward pass through time equals automatic differentiation."""

import numpy as np
import pytest
import tensorflow as tf

from mitseq.layers import bptt
from mitseq.layers.equations import LSTMEquations, Packed, RNNEquations
from mitseq.layers.lstm import LSTM
from tests.layers.test_equations import CASES, H

T, B = 6, 3
rng = np.random.default_rng(0)


def normal(*shape):
    return tf.constant(rng.normal(size=shape).astype("float32"))


MASKS = {
    "none": None,
    "right": [[1] * 6, [1] * 4 + [0] * 2, [1] + [0] * 5],
    "left": [[1] * 6, [0] * 2 + [1] * 4, [0] * 5 + [1]],
    "gaps": [[1, 0, 1, 0, 0, 1], [0, 1, 1, 0, 1, 0], [0] * 6],
}


def plain_loop(equations, zx, states, weights, mask, m=None):
    """The same recurrence as Python writes it, for the tape to follow."""
    outputs = []
    for t in range(zx.shape[0]):
        new, _ = equations.forward(zx[t], states, weights, m)
        if mask is not None:
            keep = mask[t][:, None]
            new = [
                tf.where(keep, a, b) for a, b in zip(new, states, strict=True)
            ]
        states = list(new)
        outputs.append(states[0])
    return tf.stack(outputs), list(states)


def outputs_and_gradients(road, equations, zx, states, weights, mask, m=None):
    sources = [zx, *states, *weights]
    with tf.GradientTape() as tape:
        tape.watch(sources)
        h_seq, final = road(equations, zx, states, weights, mask, m)
        # every output counts, each with a weight of its own
        loss = tf.reduce_sum(
            tf.sin(h_seq * (1.0 + tf.range(float(T))[:, None, None]))
        )
        for i, state in enumerate(final):
            loss += tf.reduce_sum(tf.cos(state * (i + 2.0)))
    return [h_seq, *final], tape.gradient(loss, sources)


# every case eagerly; one mask for each kind of layer in a graph
ROADS = [
    *(("eager", name, mask) for name in CASES for mask in MASKS),
    *(
        (mode, name, mask)
        for mode in ("graph", "xla")
        for name, mask in (
            ("rnn", "none"),
            ("lstm", "gaps"),
            ("gru-after", "gaps"),
            ("gru-before", "right"),
        )
    ),
]


DROPOUT = (
    *(("eager", name, "gaps") for name in CASES),
    ("xla", "lstm", "none"),
    ("xla", "gru-before", "right"),
)


@pytest.mark.parametrize(
    ("mode", "name", "mask", "dropout"),
    [
        *((*road, False) for road in ROADS),
        *((*road, True) for road in DROPOUT),
    ],
)
def test_recurrence_equals_the_tape_on_a_plain_loop(mode, name, mask, dropout):
    ours = outputs_and_gradients
    if mode != "eager":
        ours = tf.function(ours, jit_compile=mode == "xla")
    check_against_plain_loop(ours, bptt.recurrence, name, mask, dropout)


@pytest.mark.parametrize("rows", [None, B, B - 1])
@pytest.mark.parametrize("dropout", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_recurrence_is_the_same_with_the_batch_last(name, dropout, rows):
    """Also where the graph chooses, by the rows that it is given."""

    def ours(equations, zx, *others):
        batch_last = True if rows is None else tf.shape(zx)[1] <= rows
        return bptt.recurrence(equations, zx, *others, batch_last=batch_last)

    mask = "gaps" if dropout else "none"
    run = outputs_and_gradients
    run = run if rows is None else tf.function(run)
    check_against_plain_loop(run, ours, name, mask, dropout)


def check_against_plain_loop(run, recurrence, name, mask, dropout):
    rng = np.random.default_rng(0)  # whichever tests ran before

    def draw(*shape):
        return tf.constant(rng.normal(size=shape).astype("float32"))

    equations, gates, num_states, shapes = CASES[name]
    zx = draw(T, B, gates * H)
    states = [draw(B, H) for _ in range(num_states)]
    weights = [0.3 * draw(*shape) for shape in shapes]
    keep = None
    if MASKS[mask] is not None:
        keep = tf.constant(np.array(MASKS[mask], bool).T)  # (T, B)
    m = tf.constant(rng.integers(0, 2, (B, H)) * 2.0, "float32")
    m = m if dropout else None
    got = run(recurrence, equations, zx, states, weights, keep, m)
    expected = outputs_and_gradients(
        plain_loop, equations, zx, states, weights, keep, m
    )
    tf.nest.map_structure(
        lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-5),
        got,
        expected,
    )


def test_recurrence_takes_an_unknown_batch_and_number_of_steps():
    equations = LSTMEquations()
    weights = [normal(H, 4 * H)]

    @tf.function(
        input_signature=[
            tf.TensorSpec([None, None, 4 * H]),
            tf.TensorSpec([None, H]),
        ]
    )
    def run(zx, state):
        with tf.GradientTape() as tape:
            tape.watch(zx)
            h_seq, _ = bptt.recurrence(equations, zx, [state] * 2, weights)
            loss = tf.reduce_sum(h_seq**2)
        return h_seq, tape.gradient(loss, zx)

    for steps, batch in ((1, 1), (5, 2), (3, 7)):
        zx, state = normal(steps, batch, 4 * H), normal(batch, H)
        h_seq, dzx = run(zx, state)
        expected, _ = plain_loop(equations, zx, [state] * 2, weights, None)
        np.testing.assert_allclose(h_seq, expected, atol=1e-6)
        assert dzx.shape == zx.shape
    assert run.experimental_get_tracing_count() == 1


def test_scalar_rnn_gradient_is_the_product_on_the_slide():
    # h_t = w h_{t-1} + x_t: dh_T/dx_1 = w^(T-1), dh_T/dw = sum of the rest
    w = tf.constant([[0.5]])
    zx = tf.reshape(tf.constant([1.0, 2.0, 3.0]), [3, 1, 1])
    with tf.GradientTape() as tape:
        tape.watch([zx, w])
        _, (h_T,) = bptt.recurrence(
            RNNEquations("linear"), zx, [tf.zeros([1, 1])], [w]
        )
    dzx, dw = tape.gradient(h_T, [zx, w])
    np.testing.assert_allclose(dzx[:, 0, 0], [0.25, 0.5, 1.0])
    # h_1 = 1, h_2 = 2.5; dh_3/dw = h_2 + w h_1
    np.testing.assert_allclose(dw, [[2.5 + 0.5 * 1.0]])


def test_run_shows_zeros_before_the_first_kept_step():
    packed = Packed(
        RNNEquations("linear"), tf.ones([1, 1]), None, [tf.ones([1, 1])]
    )
    x = tf.constant([[[1.0], [2.0], [3.0], [4.0]]])
    mask = tf.constant([[False, True, False, True]])
    last, h_seq, (h_T,) = bptt.run(packed, x, [tf.constant([[10.0]])], mask)
    np.testing.assert_array_equal(h_seq[0, :, 0], [0, 12, 12, 16])
    assert last[0, 0] == h_T[0, 0] == 16
    _, h_seq, _ = bptt.run(
        packed, x, [tf.constant([[10.0]])], mask, zero_output_for_mask=True
    )
    np.testing.assert_array_equal(h_seq[0, :, 0], [0, 12, 0, 16])


def test_one_unit_runs_in_a_graph_with_any_number_of_sequences():
    packed = Packed(
        RNNEquations("linear"), tf.ones([1, 1]), None, [tf.ones([1, 1])]
    )

    @tf.function(input_signature=[tf.TensorSpec([None, 3, 1])])
    def last_of(x):
        return bptt.run(packed, x, [tf.zeros([tf.shape(x)[0], 1])])[0]

    np.testing.assert_array_equal(last_of(tf.ones([2, 3, 1])), [[3], [3]])


@pytest.mark.parametrize("mask", ["none", "gaps"])
def test_outputs_have_the_number_of_steps_that_the_inputs_have(mask):
    # or the next layer would take the way for batches of unknown length
    keep = None if mask == "none" else np.array(MASKS[mask], bool)
    layer = LSTM(H, return_sequences=True)
    seen = []

    @tf.function
    def run(x):
        seen.append(tuple(layer(x, mask=keep, training=True).shape))

    run(normal(B, T, 2))
    assert set(seen) == {(B, T, H)}  # the first call traces twice
