import numpy as np
import pytest
import tensorflow as tf

from mitseq.generation.sampling import sample, uniform

PROBS = np.array([0.5, 0.2, 0.15, 0.1, 0.05])


def draws(n=20_000, probs=PROBS, **kwargs):
    logits = tf.tile(tf.math.log(tf.constant(probs, tf.float32))[None], [n, 1])
    return sample(logits, **kwargs).numpy()


def chi_square(ids, expected):
    counts = np.bincount(ids, minlength=len(expected))
    kept = expected > 0
    assert counts[~kept].sum() == 0
    e = expected[kept] * len(ids)
    return ((counts[kept] - e) ** 2 / e).sum()


# 99.9 % of a chi-square variable with 4, 2, 1 degrees of freedom is below
LIMIT = {4: 18.5, 2: 13.8, 1: 10.8}


@pytest.mark.parametrize("seed", range(5))
def test_draws_follow_the_softmax(seed):
    assert chi_square(draws(seed=(seed, 0)), PROBS) < LIMIT[4]


@pytest.mark.parametrize("temperature", [0.5, 2.0])
def test_temperature_is_the_power_of_the_probabilities(temperature):
    expected = PROBS ** (1 / temperature)
    expected /= expected.sum()
    ids = draws(temperature=temperature, seed=(3, 1))
    assert chi_square(ids, expected) < LIMIT[4]


def test_temperature_zero_is_the_argmax():
    logits = np.random.default_rng(0).normal(size=(50, 30))
    ids = sample(logits, temperature=0.0, seed=(1, 2))
    np.testing.assert_array_equal(ids, logits.argmax(axis=1))


def test_temperature_near_zero_is_the_argmax():
    assert set(draws(temperature=1e-3)) == {0}


def test_top_k_keeps_the_k_likeliest_in_proportion():
    expected = np.where(PROBS >= 0.15, PROBS, 0) / 0.85
    assert chi_square(draws(top_k=3, seed=(5, 5)), expected) < LIMIT[2]


def test_top_k_keeps_exactly_k_of_equals():
    assert len(set(draws(probs=np.full(5, 0.2), top_k=2))) == 2


def test_top_k_of_one_is_the_argmax():
    shuffled = PROBS[[3, 1, 0, 4, 2]]
    assert set(draws(probs=shuffled, top_k=1)) == {2}


def test_top_k_above_the_vocabulary_keeps_all():
    assert set(draws(top_k=99)) == set(range(5))


def test_top_p_keeps_the_least_set_that_reaches_p():
    expected = np.array([0.5, 0.2, 0, 0, 0]) / 0.7
    assert chi_square(draws(top_p=0.6, seed=(6, 1)), expected) < LIMIT[1]
    assert set(draws(top_p=0.71)) == {0, 1, 2}
    assert set(draws(top_p=0.4)) == {0}
    assert set(draws(top_p=1.0)) == set(range(5))


def test_top_p_sees_the_temperature():
    # at temperature 0.5 the likeliest alone has 0.25 / 0.335 of the mass
    assert set(draws(top_p=0.7, temperature=0.5)) == {0}
    assert set(draws(top_p=0.7, temperature=5.0)) == {0, 1, 2, 3}


def test_top_p_at_temperature_zero_is_the_argmax():
    assert set(draws(top_p=0.9, temperature=0.0)) == {0}


def test_forbidden_id_is_never_drawn():
    probs = np.array([0.0, 1e-6, 1.0, 0.0])
    assert set(draws(probs=probs, temperature=3.0)) <= {1, 2}
    assert set(draws(probs=probs, temperature=3.0, top_k=4)) <= {1, 2}


def test_same_seed_same_draws_other_seed_others():
    a, b, c = draws(seed=(1, 2)), draws(seed=(1, 2)), draws(seed=(1, 3))
    np.testing.assert_array_equal(a, b)
    assert (a != c).any()


def test_rows_do_not_depend_on_how_many_there_are():
    np.testing.assert_array_equal(draws(100)[:7], draws(7))


def test_half_precision_logits():
    logits = tf.constant([[0.0, 5.0, 1.0]], tf.bfloat16)
    assert sample(logits, temperature=0.0).numpy() == [1]


def test_uniform_numbers_are_those_of_tensorflow_with_xla_and_without():
    draw = tf.function(lambda seed: uniform((3, 101), seed), autograph=False)
    xla = tf.function(
        lambda seed: uniform((3, 101), seed), autograph=False, jit_compile=True
    )
    seed = tf.constant([5, 7], tf.int64)
    expected = tf.random.stateless_uniform((3, 101), seed, minval=1e-30)
    np.testing.assert_array_equal(draw(seed), expected)
    np.testing.assert_array_equal(xla(seed), expected)
    assert np.asarray(expected).min() > 0
