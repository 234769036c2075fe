"""Numbers of a training that are none are named."""

import pytest

from mitseq.errors import MitseqError
from mitseq.training.arguments import check_positive


def test_what_is_above_zero_or_not_given_is_taken():
    check_positive(epochs=1, minutes=1e-9, patience=None)


@pytest.mark.parametrize("value", [0, -1, -0.0, float("nan")])
def test_the_first_that_is_not_is_named(value):
    with pytest.raises(MitseqError, match=f"`b` must be .*: b={value!r}"):
        check_positive(a=1, b=value, c=0)
