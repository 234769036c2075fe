"""The search of the slides, by hand and by any text."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mitseq.by_hand.search import letter_groups, search
from mitseq.errors import MitseqError


def test_weights_are_the_softmax_of_the_cosines():
    found = search("abc", {"abc": 1.0, "xyz": 2.0}, temperature=0.5)
    np.testing.assert_allclose(found.similarity, [1, 0], atol=1e-12)
    e = np.exp(1 / 0.5)
    np.testing.assert_allclose(found.weights, [e / (e + 1), 1 / (e + 1)])
    assert found.value == pytest.approx((e + 2) / (e + 1))


def test_vectors_are_mixed_and_of_names_the_best_is_taken():
    mixed = search("b", {"b": [1, 0], "c": [0, 1]}).value
    assert mixed.shape == (2,) and mixed.sum() == pytest.approx(1)
    assert (
        search("tune a harp", {"Reels": "r", "How to tune": "h"}).value == "h"
    )


@given(st.text(), st.lists(st.text(), min_size=1, max_size=4, unique=True))
def test_any_text_gives_weights_that_sum_to_one(query, keys):
    found = search(query, {key: i for i, key in enumerate(keys)})
    assert found.weights.sum() == pytest.approx(1)
    assert (found.similarity <= 1 + 1e-9).all()


def test_letter_case_and_spaces_do_not_matter():
    one, other = letter_groups(["A  Jig", "a jig"])
    np.testing.assert_allclose(one, other)


def test_mistakes_are_named():
    with pytest.raises(MitseqError, match="`catalog` must hold"):
        search("a", {})
    with pytest.raises(MitseqError, match="`temperature` must be positive"):
        search("a", {"a": 1}, temperature=0)


def test_the_values_of_all_keys_are_told():
    assert search("b", {"b": "x", "c": "y"}).values == ("x", "y")
