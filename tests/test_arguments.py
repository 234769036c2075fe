"""Numbers of a training that are none are named."""

import numpy as np
import pytest

from mitseq.arguments import (
    check_not_negative,
    check_positive,
    check_seed,
    check_share,
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
