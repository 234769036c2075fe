"""The largest tunes that may be drawn: they fill the limits."""

import pytest
from drawing import KINDS, longest, strings, tune_of

from mitseq.tunes.melody import (
    LONGEST_TUNE,
    MOST_BARS,
    MOST_SIGNS,
    check_drawable,
    read_melody,
    why_not_drawn,
)


@pytest.mark.parametrize("kind", KINDS)
def test_a_few_bars_more_are_too_much(kind):
    piece, signs, in_bar = KINDS[kind]
    abc = tune_of(piece, signs, in_bar)
    assert why_not_drawn(abc) is None
    # Bars more of the same kind, until it is refused.
    bar = piece * (in_bar // signs) + "|"
    for count in range(1, 61):
        more = abc.replace("K:Dm\n", "K:Dm\n" + bar * count + "\n", 1)
        if why_not_drawn(more):
            break
    else:
        pytest.fail("sixty bars more are drawn")
    assert count * bar.count(piece) * signs < MOST_SIGNS / 4
    assert len(read_melody(abc).bars) <= MOST_BARS


@pytest.mark.parametrize("make", [longest, strings])
def test_sounds_for_nearly_as_long_as_may_be(make):
    melody = read_melody(make())
    check_drawable(melody)
    assert 0.75 * LONGEST_TUNE <= melody.duration <= LONGEST_TUNE
