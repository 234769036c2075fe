"""The weights of the vote: honest, and modest on few texts."""

import numpy as np

from mitseq.tasks.sentiment.vote import fit_vote, vote_losses

RNG = np.random.default_rng(0)


def test_vote_makes_confidence_honest():
    """A part that is right in 3 of 4 cases and always sure loses its voice."""
    y = RNG.integers(0, 2, 4000)
    right = RNG.random(4000) < 0.75
    said = np.where(right, y, 1 - y)
    z = 10 * np.eye(2)[said]
    (a,) = fit_vote(z[None], y)
    p = 1 / (1 + np.exp(-10 * a))
    np.testing.assert_allclose(p, right.mean(), atol=0.005)


def test_vote_of_few_texts_stays_near_equal_shares():
    z = RNG.normal(size=(2, 2, 2))
    a = fit_vote(z, np.array([0, 1]))
    assert np.abs(a - 0.5).max() < 2


def test_no_part_is_believed_the_contrary_of():
    """A part that is wrong by chance, as a bag of words on twins held out."""
    y = RNG.integers(0, 2, 300)
    wrong = 3 * np.eye(2)[1 - y] + RNG.normal(size=(300, 2))
    right = 3 * np.eye(2)[y] + RNG.normal(size=(300, 2))
    assert fit_vote(wrong[None], y).tolist() == [0]
    a = fit_vote(np.stack([wrong, right]), y)
    # the part that is left weighs as if it were alone with its share
    assert a[0] == 0 and a[1] > 0.5
    assert vote_losses(right[None], y, a[1:]).mean() < np.log(2) / 2


def test_losses_are_those_of_keras():
    import keras

    z = RNG.normal(size=(2, 50, 3))
    y = RNG.integers(0, 3, 50)
    a = np.array([0.3, -1.2])
    expected = keras.losses.sparse_categorical_crossentropy(
        y, (a[:, None, None] * z).sum(0), from_logits=True
    )
    np.testing.assert_allclose(vote_losses(z, y, a), expected, atol=1e-5)


def test_the_vote_has_the_least_loss_of_all():
    z = RNG.normal(size=(2, 400, 2))
    y = (z[0, :, 1] + RNG.normal(size=400) > z[0, :, 0]).astype(int)
    a = fit_vote(z, y)
    best = vote_losses(z, y, a).sum() + ((a - 0.5) ** 2).sum()
    for move in ([0.1, 0], [-0.1, 0], [0, 0.1], [0, -0.1]):
        other = a + move
        penalty = ((other - 0.5) ** 2).sum()
        assert vote_losses(z, y, other).sum() + penalty > best


def test_the_votes_are_the_least_of_loss_and_distance_from_equal_shares():
    rng = np.random.default_rng(3)
    verdicts = rng.normal(size=(2, 7, 3))
    labels = rng.integers(3, size=7)

    def loss(a):  # of the equations, without their derivative
        z = np.einsum("p,pnc->nc", a, verdicts)
        log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        distance = (a[0] - 0.5) ** 2 + (a[1] - 0.5) ** 2
        return distance - log_p[np.arange(7), labels].sum()

    a = fit_vote(verdicts, labels)
    steps = (1e-3 * np.array(d) for d in ((1, 0), (-1, 0), (0, 1), (0, -1)))
    assert all(a > 0)
    assert all(loss(a + step) > loss(a) for step in steps)
    # one part that is always right: a = 1 + sum of the gradient's other half
    (a,) = fit_vote(np.array([[[2.0, 0.0]] * 3]), np.zeros(3, int))
    np.testing.assert_allclose(2 * (a - 1), 3 * 2 / (1 + np.exp(2 * a)), 1e-4)


def test_verdicts_of_half_precision_are_summed_in_full():
    rng = np.random.default_rng(4)
    half = rng.normal(size=(2, 50, 2)).astype("float16")
    labels = rng.integers(2, size=50)
    a = fit_vote(half, labels)
    np.testing.assert_array_equal(a, fit_vote(half.astype("float64"), labels))
    losses = vote_losses(half, labels, np.float16([0.5, 0.3]))
    assert losses.dtype == "float64"
    exact = vote_losses(half.astype("float64"), labels, np.float16([0.5, 0.3]))
    np.testing.assert_array_equal(losses, exact)
