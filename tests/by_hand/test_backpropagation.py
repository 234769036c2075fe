"""The arithmetic of one unit against the tape, a difference, and by hand."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.by_hand.backpropagation import influence, scalar_bptt

NUMBER = st.floats(-2, 2).map(lambda a: round(a, 3))


def tape_gradients(x, targets, w, u, v, steps_back=None):
    weights = [tf.constant(a, tf.float64) for a in (w, u, v)]
    with tf.GradientTape() as tape:
        tape.watch(weights)
        h, loss, states = tf.constant(0.0, tf.float64), 0.0, []
        for t, (x_t, target) in enumerate(zip(x, targets, strict=True)):
            if steps_back and t % steps_back == 0:
                h = tf.stop_gradient(h)
            h = tf.tanh(weights[0] * h + weights[1] * x_t)
            tape.watch(h)
            states.append(h)
            loss += (weights[2] * h - target) ** 2 / 2
    dweights, dstates = tape.gradient(loss, (weights, states))
    return (
        float(loss),
        [float(g) for g in dweights],
        [float(g) for g in dstates],
    )


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(NUMBER, NUMBER), min_size=1, max_size=8),
    *[NUMBER] * 3,
    st.none() | st.integers(1, 9),
)
def test_every_derivative_equals_the_tape(steps, w, u, v, steps_back):
    x, targets = zip(*steps, strict=True)
    got = scalar_bptt(x, targets, w, u, v, steps_back)
    loss, dweights, dstates = tape_gradients(x, targets, w, u, v, steps_back)
    assert got.loss == pytest.approx(loss)
    np.testing.assert_allclose([got.dw, got.du, got.dv], dweights, atol=1e-12)
    np.testing.assert_allclose(got.dh, dstates, atol=1e-12)
    np.testing.assert_allclose(got.dh, np.add(got.local, got.later))


def test_derivatives_equal_differences_of_the_loss():
    x, targets, weights = [0.2, -1.0, 0.7], [0.1, 0.5, -0.3], [0.8, 1.1, 0.6]
    got = scalar_bptt(x, targets, *weights)
    for i, derivative in enumerate([got.dw, got.du, got.dv]):
        up, down = [
            scalar_bptt(
                x, targets, *[a + e * (i == j) for j, a in enumerate(weights)]
            ).loss
            for e in (1e-6, -1e-6)
        ]
        assert derivative == pytest.approx((up - down) / 2e-6, rel=1e-6)


def test_one_step_is_a_feed_forward_network():
    got = scalar_bptt([2.0], [1.0], w=0.3, u=0.5, v=2.0)
    h = np.tanh(1.0)
    error = 2 * h - 1
    assert got.dw == 0.0
    assert got.dv == pytest.approx(error * h)
    assert got.du == pytest.approx(error * 2 * (1 - h**2) * 2)


def test_cut_at_every_step_leaves_the_local_part():
    x, targets = [1.0, 0.5, -0.5, 2.0], [0.0, 1.0, 0.0, 1.0]
    whole = scalar_bptt(x, targets, 0.9, 0.5, 1.0)
    cut = scalar_bptt(x, targets, 0.9, 0.5, 1.0, steps_back=1)
    assert cut.dh == cut.local == whole.local
    assert cut.h == whole.h and cut.dv == whole.dv
    assert cut.dw != pytest.approx(whole.dw)
    assert scalar_bptt(x, targets, 0.9, 0.5, 1.0, steps_back=4) == whole


def test_influence_is_the_product_of_the_factors():
    h, w = [0.1, 0.5, -0.3], 1.5
    factors = [(1 - a**2) * w for a in h]
    expected = [
        [1.0],
        [factors[1], 1.0],
        [factors[1] * factors[2], factors[2], 1.0],
    ]
    for row, by_hand in zip(influence(h, w), expected, strict=True):
        assert row == pytest.approx(by_hand)


def test_table_has_a_line_a_step_and_the_sums():
    got = scalar_bptt([1.0, 2.0, 3.0], [0.0, 0.0, 1.0], 0.5, 0.5, 1.0)
    lines = got.table().splitlines()
    assert len(lines) == 5
    assert f"{got.loss:.4f}" in lines[-1] and f"{got.dw:.4f}" in lines[-1]
    assert f"{got.dh[1]:.4f}" in lines[2]


def test_what_cannot_be_run_is_said():
    with pytest.raises(ValueError, match="`targets` must.*2 inputs, 1 target"):
        scalar_bptt([1.0, 2.0], [1.0], 1.0, 1.0, 1.0)
    with pytest.raises(ValueError, match="`steps_back` must.*steps_back=0"):
        scalar_bptt([1.0], [1.0], 1.0, 1.0, 1.0, steps_back=0)
