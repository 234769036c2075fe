import math
import zlib
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.errors import MitseqError
from mitseq.tunes.bars import Pitch
from mitseq.tunes.keys import parse_key
from mitseq.tunes.measures import (
    BINARY,
    COUNTS,
    MEASURES,
    degree,
    entropy,
    measure,
    repeated_share,
    similar_share,
)
from mitseq.tunes.notation import ABCError
from tests.tunes.tunes_for_tests import TUNES, damaged, human_tunes

HEAD = "M:2/4\nL:1/8\nK:D\n"
# Four bars, one note a beat or two; the second half ends on the tonic.
TUNE = f"{HEAD}|:d2f2|a2f2|d2f2|A4:||:g2=c2|d'3d|b2f2|d4|]\n"


def test_every_measure_has_a_value_and_no_other():
    found = measure(TUNE)
    assert set(found.values) == set(MEASURES)
    assert set(found.counts) == set(COUNTS)
    assert set(BINARY) <= set(MEASURES)
    assert all(isinstance(value, float) for value in found.values.values())


@pytest.mark.parametrize(
    "name, value",
    [
        ("ends_on_tonic", 1),
        ("sections_end_on_tonic", 1 / 2),
        ("bars_repeated", 1 / 8),  # bar 3 is bar 1
        ("bars_similar_4", 1 / 8),  # f2 in bars 3 and 7
        ("sections_regular", 1),
        ("section_bars", 4),
        ("sections", 2),
        ("sections_repeated", 1),
        ("phrases_back", 0),
        ("pickup", 0),
        ("bars", 8),
        ("notes", 14),
        ("notes_a_bar", 14 / 8),
        ("longest_share", 1),
        ("range", 17),  # from A to d'
        ("lowest", 9),  # A is nine semitones above middle C
        ("largest_interval", 14),  # =c to d'
        ("same_notes", 0),
        ("off_key", 1 / 14),  # =c
        ("rests", 0),
        ("triplets", 0),
        # bars begin on d a d A g d' b d; 1, 3 and 5 are d f a
        ("on_chord", 6 / 8),
    ],
)
def test_values_by_hand(name, value):
    assert measure(TUNE).values[name] == pytest.approx(value)


def test_intervals_by_hand():
    # d f a f d f A | g c d' d b f d
    moves = [4, 3, -3, -4, 4, -9, 10, -7, 14, -12, 9, -5, -4]
    found = measure(TUNE)
    expected = Counter(max(-12, min(12, move)) for move in moves)
    assert found.counts["intervals"] == expected
    values = found.values
    assert values["interval"] == pytest.approx(sum(map(abs, moves)) / 13)
    assert values["steps"] == 0
    leaps = sum(abs(move) >= 5 for move in moves)
    assert values["leaps"] == pytest.approx(leaps / 13)
    turned = sum(a * b < 0 for a, b in zip(moves, moves[1:], strict=False))
    assert values["turns"] == pytest.approx(turned / 12)


def test_degrees_pairs_and_cadences_by_hand():
    found = measure(TUNE).counts
    assert found["degrees"] == Counter(
        {"1": 5, "3": 4, "5": 2, "4": 1, "7-": 1, "6": 1}
    )
    assert found["degree_pairs"]["13"] == 2
    assert found["degree_triples"]["135"] == 2
    assert found["cadences"] == Counter({"3-5": 1, "3-1": 1})
    assert found["forms"] == Counter({"AABB": 1})
    assert found["phrases"] == Counter({"AB": 1})
    assert found["meters"] == Counter({"2/4": 1})
    assert found["keys"] == Counter({"D": 1})


def test_lengths_and_zlib_by_hand():
    found = measure(TUNE)
    assert found.counts["lengths"] == Counter(
        {"1/4": 10, "1/2": 2, "3/8": 1, "1/8": 1}
    )
    shares = [10 / 14, 2 / 14, 1 / 14, 1 / 14]
    bits = -sum(share * math.log2(share) for share in shares)
    assert found.values["length_entropy"] == pytest.approx(bits)
    body = found.text.splitlines()[-1]
    size = len(zlib.compress(body.encode(), 9))
    assert found.values["zlib_a_note"] == pytest.approx(size / 14)


def test_tied_notes_are_one_note():
    tied = measure(f"{HEAD}d2f2-|f2d2|]\n")
    assert tied.values["notes"] == 3
    assert tied.counts["lengths"] == Counter({"1/4": 2, "1/2": 1})
    assert tied.values["same_notes"] == 0


def test_rests_and_tuplets_by_hand():
    found = measure(f"{HEAD}(3dfa z2|d4|]\n").values
    assert found["rests"] == pytest.approx(1 / 4)
    assert found["triplets"] == pytest.approx(3 / 4)


def test_a_pickup_is_seen():
    assert measure(f"{HEAD}A|d2f2|d3|]\n").values["pickup"] == 1


@pytest.mark.parametrize(
    "key, names",
    [
        ("D", "1234567"),
        ("Edor", "7123456"),
        ("Bb", "34+5+671+2+"),
    ],
)
def test_degree_counts_from_the_tonic_in_the_signature(key, names):
    scale = [("D", 0), ("E", 0), ("F", 1), ("G", 0), ("A", 0), ("B", 0)]
    scale.append(("C", 1))
    key = parse_key(key)
    found = "".join(degree(Pitch(step, up, 4), key) for step, up in scale)
    assert found == names


def test_shares_of_bars_by_hand():
    a, b = ((0, 60, 8),), ((0, 62, 8),)
    assert repeated_share([a, b, a, b, a]) == pytest.approx(3 / 5)
    assert repeated_share([]) == 0
    assert similar_share([a, b, a, b, a], 2) == pytest.approx(3 / 5)
    assert similar_share([a, b], 4) == 0


@given(st.lists(st.integers(0, 20), min_size=1).filter(any))
def test_entropy_is_largest_for_even_counts(counts):
    kinds = sum(count > 0 for count in counts)
    assert -1e-9 <= entropy(counts) <= math.log2(kinds) + 1e-9


@pytest.mark.parametrize("shift, key", [("defgabc'", "D"), ("efgabc'd'", "E")])
def test_a_transposed_tune_has_the_same_shape(shift, key):
    names = dict(zip("defgabc", shift.replace("'", ""), strict=True))
    body = "|:d2f2|a2f2|d2e2|d4:|"
    moved = "".join(names.get(letter, letter) for letter in body)
    one = measure(f"{HEAD}{body}\n").values
    other = measure(f"M:2/4\nL:1/8\nK:{key}\n{moved}\n").values
    same = set(MEASURES) - {"lowest", "zlib_a_note"}
    assert {k: one[k] for k in same} == {k: other[k] for k in same}


def test_a_bad_bar_is_refused():
    with pytest.raises(ABCError, match="5/8 in a 2/4 tune"):
        measure(f"{HEAD}d2f2|d2f3|d4|]\n")


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(TUNES), st.integers(0, 10**6))
def test_no_text_breaks_it(tune, seed):
    try:
        found = measure(damaged(tune, seed))
    except MitseqError:
        return
    assert all(math.isfinite(value) for value in found.values.values())
    for name in ("bars_repeated", "steps", "leaps", "off_key", "rests"):
        assert 0 <= found.values[name] <= 1


def test_tunes_of_people_can_be_measured():
    good = 0
    for text in human_tunes(30):
        try:
            found = measure(text)
        except ABCError:
            continue
        good += 1
        assert found.values["range"] > 0
    assert good > 15
