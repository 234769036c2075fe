"""The last fifth is held out, and it has to be long enough."""

import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.forecast.held_out import check_length, held_out_from


def test_the_last_fifth_is_held_out():
    assert held_out_from(2820) == 2256 and held_out_from(9) == 8


def test_too_short_a_series_is_refused():
    check_length(25, 3)
    with pytest.raises(
        MitseqError,
        match="a.csv: 24 values are too few to look"
        " 3 ahead; expected at least 25",
    ):
        check_length(24, 3, "a.csv")
