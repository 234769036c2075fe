"""The n-gram against hand-computed fractions and a second, naive road."""

import random
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from ngram import PRINTABLE, WittenBell

TUNES = ["abac", "ab", "", "cabba"]
END = "$"


def naive_probability(tunes, order, alphabet, character, context):
    """The recursion of the docstring over counts made one by one."""
    counts = [Counter() for _ in range(order + 1)]
    for tune in tunes:
        text = "^" * order + tune + END
        for i in range(order, len(text)):
            for k in range(order + 1):
                counts[k][text[i - k : i], text[i]] += 1
    context = ("^" * order + context)[len(context) :]
    p = Fraction(1, len(alphabet) + 1)
    for k in range(order + 1):
        h = context[order - k :]
        after = {c: n for (seen, c), n in counts[k].items() if seen == h}
        n_h, t_h = sum(after.values()), len(after)
        if n_h:
            p = (after.get(character, 0) + t_h * p) / (n_h + t_h)
    return p


def test_probability_equals_the_hand_case():
    # "ab", "ab", "ac" with end marks: a 3, b 2, c 1, end 3 of 9, four kinds;
    # the alphabet has three characters and the end mark.
    model = WittenBell(["ab", "ab", "ac"], order=1, alphabet="abc")
    p_b = (2 + 4 * Fraction(1, 4)) / Fraction(9 + 4)
    p_b_after_a = (2 + 2 * p_b) / Fraction(3 + 2)  # after a: b b c
    assert model.probability("b", "a") == pytest.approx(float(p_b_after_a))
    p_end = (3 + 4 * Fraction(1, 4)) / Fraction(9 + 4)
    p_end_after_b = (2 + 1 * p_end) / Fraction(2 + 1)  # after b: end end
    assert model.probability(None, "ab") == pytest.approx(float(p_end_after_b))
    p_a = p_end  # as often as the end mark
    p_a_first = (3 + 1 * p_a) / Fraction(3 + 1)  # at the start: a a a
    assert model.probability("a", "") == pytest.approx(float(p_a_first))


def test_bits_are_the_code_length_of_the_tune_and_its_end_mark():
    model = WittenBell(["ab", "ab", "ac"], order=1, alphabet="abc")
    expected = -sum(
        np.log2(model.probability(character, context))
        for character, context in [("a", ""), ("b", "a"), (None, "ab")]
    )
    bits = model.bits(["ab", "", "ab"])
    np.testing.assert_allclose(bits[[0, 2]], expected, rtol=1e-12)
    np.testing.assert_allclose(bits[1], -np.log2(model.probability(None)))
    per_character = (2 * expected + bits[1]) / 4
    assert model.bits_per_character(["ab", "", "ab"]) == pytest.approx(
        per_character
    )


@pytest.mark.parametrize("order", [0, 1, 2, 3, 5, 6])
def test_probability_equals_the_naive_recursion(order):
    model = WittenBell(TUNES, order=order, alphabet="abcd")
    for context in ["", "a", "ab", "abac", "cabb", "ddd", "dab", "cabbaabb"]:
        for character in ["a", "b", "c", "d", None]:
            expected = naive_probability(
                TUNES, order, "abcd", character or END, context
            )
            actual = model.probability(character, context)
            assert actual == pytest.approx(float(expected), rel=1e-12)


def test_probabilities_sum_to_one_for_any_context():
    draw = random.Random(3)
    tunes = [
        "".join(draw.choice("abAB|:2") for _ in range(draw.randrange(40)))
        for _ in range(50)
    ]
    model = WittenBell(tunes, order=5)
    assert model.vocab_size == len(PRINTABLE) + 1
    contexts = [t[: draw.randrange(len(t) + 1)] for t in tunes]  # seen
    contexts += ["".join(draw.choices(PRINTABLE, k=8)) for _ in range(20)]
    for context in contexts:
        total = sum(
            model.probability(character, context)
            for character in [*model.alphabet, None]
        )
        assert total == pytest.approx(1, abs=1e-12)


def test_context_never_reaches_into_the_tune_before():
    model = WittenBell(TUNES, order=3)
    alone = [model.bits([tune])[0] for tune in TUNES]
    np.testing.assert_allclose(model.bits(TUNES), alone, rtol=1e-12)


def test_errors_name_the_argument():
    with pytest.raises(ValueError, match="`order`.*order=7"):
        WittenBell(TUNES, order=7)
    with pytest.raises(ValueError, match="`tunes`"):
        WittenBell([])
    with pytest.raises(ValueError, match="Received: 'z'"):
        WittenBell(TUNES, alphabet="abc").bits(["z"])
    with pytest.raises(ValueError, match="`alphabet` may have at most 254"):
        WittenBell(["".join(map(chr, range(300)))])
