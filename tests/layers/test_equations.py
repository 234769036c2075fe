"""The derivative of one step, written by hand, equals the tape's."""

import numpy as np
import pytest
import tensorflow as tf

from mitseq.layers.equations import (
    Equations,
    GRUEquations,
    LSTMEquations,
    RNNEquations,
    drop,
    sum_over_time,
    sum_rows,
    where_kept,
)
from tests.layers.arrays import random

T, B, H = 3, 2, 4
rng = np.random.default_rng(0)

# equations, gates side by side, states, shapes of the recurrent weights
CASES = {
    "rnn": (RNNEquations(), 1, 1, [(H, H)]),
    "rnn-relu": (RNNEquations("relu"), 1, 1, [(H, H)]),
    "rnn-sigmoid": (RNNEquations("sigmoid"), 1, 1, [(H, H)]),
    "rnn-linear": (RNNEquations("linear"), 1, 1, [(H, H)]),
    "lstm": (LSTMEquations(), 4, 2, [(H, 4 * H)]),
    "gru-after": (GRUEquations(True), 3, 1, [(H, 3 * H), (H,)]),
    "gru-before": (GRUEquations(False), 3, 1, [(H, 2 * H), (H, H)]),
    "lstm-others": (LSTMEquations("softsign", "elu"), 4, 2, [(H, 4 * H)]),
    "gru-others": (
        GRUEquations(True, "softplus", "hard_sigmoid"),
        *(3, 1, [(H, 3 * H), (H,)]),
    ),
}


def normal(*shape):
    return tf.constant(rng.normal(size=shape).astype("float32"))


@pytest.mark.parametrize("dropout", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_derivative_of_a_step_equals_the_tape(name, dropout):
    equations, gates, num_states, shapes = CASES[name]
    m = tf.constant([[2.0, 0, 2, 0], [0, 2, 2, 2]]) if dropout else None
    weights = [normal(*shape) for shape in shapes]
    transposed = [tf.transpose(w) if w.shape.rank == 2 else w for w in weights]
    # steps that know nothing of each other: each has states of its own
    zx = normal(T, B, gates * H)
    states_prev = [normal(T, B, H) for _ in range(num_states)]
    dstates = [normal(T, B, H) for _ in range(num_states)]
    steps = []
    with tf.GradientTape() as tape:
        tape.watch([zx, states_prev, weights])
        loss = 0.0
        for t in range(T):
            before = [s[t] for s in states_prev]
            states, kept = equations.forward(zx[t], before, weights, m)
            for d, s in zip(dstates, states, strict=True):
                loss += tf.reduce_sum(d[t] * s)
            steps.append((before, states, kept))
    expected = tape.gradient(loss, [zx, states_prev, weights])

    dzs, dprevs, h_ins, all_kept = [], [], [], []
    for t, (before, states, kept) in enumerate(steps):
        h_in = drop(before[0], m)
        factors = equations.factors(kept, states, before, h_in)
        dz_t, dprev = equations.backward(
            [d[t] for d in dstates], factors, transposed, m
        )
        dzs.append(dz_t)
        dprevs.append(dprev)
        h_ins.append(h_in)
        all_kept.append(kept)
    dz, h_in = tf.stack(dzs), tf.stack(h_ins)
    kept = [tf.stack(k) for k in zip(*all_kept, strict=True)]
    operands = equations.into_products(dz, kept, h_in)
    if len(operands) == 1:
        operands = (*operands, dz)
    got = [
        dz,
        [tf.stack(d) for d in zip(*dprevs, strict=True)],
        list(equations.weight_gradients(*operands)),
    ]
    tf.nest.map_structure(
        lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-5),
        got,
        expected,
    )


def test_drop_without_a_mask_is_the_state_itself():
    h = normal(B, H)
    assert drop(h, None) is h
    np.testing.assert_array_equal(drop(h, tf.fill([B, H], 2.0)), 2 * h)


def test_equations_must_be_complete():
    class NoDerivative(Equations):
        def forward(self, zx_t, states, weights, m=None):
            return states, ()

    with pytest.raises(TypeError, match="abstract"):
        NoDerivative()


@pytest.mark.parametrize("kind", [RNNEquations, LSTMEquations, GRUEquations])
def test_equal_equations_are_equal_keys(kind):
    assert isinstance(kind(), Equations)
    assert kind() == kind() and hash(kind()) == hash(kind())


def test_one_weight_has_the_sum_over_time_as_its_gradient():
    h_in, dz = tf.ones((3, 2, 4)), tf.ones((3, 2, 5))
    operands = RNNEquations().into_products(dz, (), h_in)
    assert len(operands) == 1 and operands[0] is h_in
    (dW,) = RNNEquations().weight_gradients(h_in, dz)
    assert (dW.numpy() == 6).all() and dW.shape == (4, 5)


def test_sums_over_time_are_those_of_einsum():
    a, b = random(T, B, 2), random(T, B, 3, seed=1)
    np.testing.assert_allclose(
        sum_over_time(a, b), np.einsum("tbh,tbk->hk", a, b), atol=1e-6
    )
    np.testing.assert_allclose(sum_rows(a), np.sum(a, (0, 1)), atol=1e-6)


def test_a_masked_step_keeps_the_states_before_it():
    keep = tf.constant([[True], [False]])
    after = [tf.ones((2, 3)), 2 * tf.ones((2, 3))]
    before = [-tf.ones((2, 3)), -2 * tf.ones((2, 3))]
    h, c = where_kept(keep, after, before)
    assert h.numpy().tolist() == [[1.0] * 3, [-1.0] * 3]
    assert c.numpy().tolist() == [[2.0] * 3, [-2.0] * 3]
    with pytest.raises(ValueError):
        where_kept(keep, after, before[:1])
