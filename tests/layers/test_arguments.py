"""What arguments must be, and what is said if they are not."""

import pytest

from mitseq.layers.arguments import (
    check_float,
    check_rate,
    check_sequence_shape,
    check_size,
)


def test_check_size_names_the_argument():
    assert check_size(3, "rnn_units") == 3
    with pytest.raises(
        ValueError, match="`rnn_units` must be .* Received: rnn_units=0"
    ):
        check_size(0, "rnn_units")


def test_check_rate_names_the_argument():
    assert check_rate(0.25, "dropout") == 0.25
    with pytest.raises(ValueError, match=r"`drop` .* \[0, 1\).*drop=1.0"):
        check_rate(1.0, "drop")


def test_check_float_names_the_dtype():
    check_float("bfloat16", "dtype")
    with pytest.raises(ValueError, match="`dtype` must be .* dtype=int32"):
        check_float("int32", "dtype")


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((2, 3), "a sequence of vectors"),
        ((2, 3, None), "a known D"),
        ((2, 0, 3), "at least one step"),
    ],
)
def test_what_is_no_sequence_is_named(shape, message):
    check_sequence_shape((None, None, 3), "x")
    with pytest.raises(ValueError, match=f"`x` must .*{message}.*x.shape="):
        check_sequence_shape(shape, "x")
