"""Arguments that are not as they must be are named."""

import math

import keras
import numpy as np
import pytest

from mitseq.arguments import (
    check_choice,
    check_count,
    check_flag,
    check_model,
    check_not_negative,
    check_number,
    check_path,
    check_positive,
    check_seed,
    check_share,
    check_sizes,
    check_texts,
    received,
)
from mitseq.errors import MitseqError


def test_what_is_above_zero_or_not_given_is_taken():
    check_positive(epochs=1, minutes=1e-9, patience=None)
    check_positive(epochs=np.int64(2), minutes=np.float32(0.5))
    check_positive(batch_size=2**40)
    check_not_negative(ngrams=0, characters=2)
    check_share(dropout=0, validation_split=0.999)
    check_seed(None), check_seed(0), check_seed(2**32 - 1)


@pytest.mark.parametrize(
    "value",
    [0, -1, -0.0, float("nan"), float("inf"), True, "3", b"3", [3], 10**400],
)
def test_the_first_that_is_not_is_named(value):
    with pytest.raises(MitseqError, match="`b` must be .*: b=") as caught:
        check_positive(a=1, b=value, c=0)
    assert repr(value)[:70] in str(caught.value)


def test_what_is_counted_is_whole():
    with pytest.raises(MitseqError, match="`epochs` must be a whole number"):
        check_positive(epochs=1.5)
    with pytest.raises(MitseqError, match="`ngrams` must be a whole number"):
        check_not_negative(ngrams=2.0)


def test_outside_of_their_ranges_they_are_named():
    with pytest.raises(MitseqError, match="`ngrams` must be 0 or more"):
        check_not_negative(ngrams=-1)
    for value in (1.0, -0.1, float("nan"), None):
        with pytest.raises(MitseqError, match=r"`dropout` must be in \[0, 1\)"):
            check_share(dropout=value)
    for value in (-1, 2**32, 1.5, "a"):
        with pytest.raises(MitseqError, match="`seed` must be"):
            check_seed(value)


def test_what_came_is_shown_in_one_short_line():
    assert received("a\nb") == r"'a\nb'"
    assert received("z" * 10**6) == f"'{'z' * 75} ..."
    assert received(10**5000) == "a int"
    assert received("\ud800").isascii()

    class Failing:
        def __repr__(self):
            raise ValueError

    assert received(Failing()) == "a Failing"
    assert received([list(range(20))] * 20).count("\n") == 0


def test_counts_have_a_least_and_a_most():
    check_count(a=1, b=2**31 - 1)
    check_count(0, 5, c=np.int32(5))
    for value, must in (
        (0, "a positive int"),
        (True, "a positive int"),
        (1.0, "a positive int"),
        (2**31, "at most 2,147,483,647"),
    ):
        with pytest.raises(MitseqError, match=f"`count` must be {must}"):
            check_count(count=value)
    with pytest.raises(MitseqError, match="`lags` must be an int, at least 2"):
        check_count(2, lags=1)
    with pytest.raises(MitseqError, match="`affix_dim` must be an int, 0 or m"):
        check_count(0, affix_dim=-1)
    with pytest.raises(MitseqError, match="`units` must be at most 32,768"):
        check_sizes(units=32_769)


def test_numbers_lie_between_their_ends():
    check_number(0, 1, change=1, other=0.0, none=None)
    for value in (-0.1, 1.1, math.nan, "0.5", True, 10**400):
        with pytest.raises(MitseqError, match="`change` must be a number from"):
            check_number(0, 1, change=value)
    with pytest.raises(MitseqError, match="must be a number of at least 0"):
        check_number(0, penalty=-1)


def test_a_choice_is_a_word_or_a_number_not_what_equals_it():
    check_choice((1, 3), channels=3)
    check_choice(("lstm", None), cell=None)
    for value in (True, 1.0, np.ones(1), [1], b"1", "1"):
        with pytest.raises(MitseqError, match="`channels` must be one of"):
            check_choice((1, 3), channels=value)


def test_a_flag_is_true_or_false():
    check_flag(a=True, b=False, c=np.bool_(True), d=0, e=1)
    for value in (None, 2, "yes", np.zeros(0), []):
        with pytest.raises(MitseqError, match="`flag` must be True or False"):
            check_flag(flag=value)


def test_a_path_names_a_file(tmp_path):
    check_path(path="a", other=tmp_path)
    for value in ("", " ", "a\0b", "\ud800", None, 3, b"a", "z" * 5000, []):
        with pytest.raises(MitseqError, match="`path` must be the name of a"):
            check_path(path=value)


def test_texts_are_strings_in_a_list():
    assert check_texts(("a", "b")) == ["a", "b"]
    assert check_texts(iter(["a"])) == ["a"]
    with pytest.raises(MitseqError, match=r'for one text write \["..."\]'):
        check_texts(b"good")
    with pytest.raises(MitseqError, match="`words` must be a list of str"):
        check_texts(3, "words")


def test_a_model_is_a_keras_model():
    with pytest.raises(MitseqError, match="`model` must be a music model"):
        check_model(None, "be a music model")
    check_model(keras.Sequential([]))
