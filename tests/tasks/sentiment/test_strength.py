"""How tightly the linear parts are held: the search, and what it finds."""

import numpy as np
import pytest

from mitseq.tasks.sentiment.logistic import Bags, fit_linear
from mitseq.tasks.sentiment.model import build_sentiment_model
from mitseq.tasks.sentiment.parts import parts_of
from mitseq.tasks.sentiment.strength import FIRST, LinearPart, choose_strength
from mitseq.text.rows import Rows

RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("lowest", "expected"), [(9.0, 9.0), (1.0, 1.0), (1 / 27, 1 / 27)]
)
def test_the_search_climbs_to_the_lowest_loss(lowest, expected):
    def losses_of(strength):
        return np.full(5, np.log(strength / lowest) ** 2)

    assert choose_strength(losses_of, 1.0, 3.0) == pytest.approx(expected)


def test_the_search_ends():
    tried = []

    def losses_of(strength):
        tried.append(strength)
        return np.full(5, -np.log(strength))

    assert choose_strength(losses_of, 1.0, 3.0, most=4) == 27
    np.testing.assert_allclose(tried, [1, 3, 9, 27])


def test_a_gain_within_its_error_is_none():
    noise = RNG.normal(size=(2, 10))
    noise -= noise.mean(1, keepdims=True)

    def losses_of(strength):
        return {1.0: noise[0], 3.0: noise[1] - 0.05}.get(strength, noise[0] + 1)

    assert choose_strength(losses_of, 1.0, 3.0) == 1.0
    assert choose_strength(lambda s: np.array([-s]), 1.0) == 1.0  # one text


@pytest.fixture(scope="module")
def part():
    words = [f"w{i}" for i in range(40)]
    keys = np.zeros(0, "int64")
    model = build_sentiment_model(words, cell=None, keys=keys, ngram_size=1)
    return parts_of(model)[0]


def texts(part, number, seed):
    """Texts of which the class is as clear as words 2 to 21 say."""
    rng = np.random.default_rng(seed)
    rows = [np.unique(rng.integers(2, 42, 6)) for _ in range(number)]
    score = [np.sign(21.5 - row).sum() for row in rows]
    labels = (score + 0.5 * rng.normal(size=number) > 0).astype(int)
    return Rows.of(rows), labels


def test_clear_texts_loosen_the_weights_and_noise_does_not(part):
    rows, labels = texts(part, 1000, seed=1)
    train, held = np.arange(800), np.arange(800, 1000)
    clear = LinearPart(part, rows, labels, 2, np.ones(1000))
    clear.fit_and_choose(train, held)
    guessed = RNG.integers(0, 2, 1000)
    noise = LinearPart(part, rows, guessed, 2, np.ones(1000))
    noise.fit_and_choose(train, held)
    assert clear.strength > FIRST["ngrams"] >= noise.strength


def test_weights_are_those_of_the_strength_that_was_chosen(part):
    rows, labels = texts(part, 300, seed=2)
    train, held = np.arange(250), np.arange(250, 300)
    fitted = LinearPart(part, rows, labels, 2, np.ones(300))
    fitted.fit_and_choose(train, held)
    W, b = part.verdict.get_weights()
    expected = fit_linear(
        *(Bags(rows[:250], len(W)), labels[:250], 2),
        strength=fitted.strength,
    )
    np.testing.assert_allclose(W, expected[0], atol=0.02)
    fitted.fit(np.arange(300))
    assert np.abs(part.verdict.get_weights()[0] - W).max() > 0.02
