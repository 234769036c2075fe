"""The rules, one at a time; test_bar_position.py has whole tunes."""

import pytest
import tensorflow as tf

from mitseq.tasks.music.place_in_bar import (
    LONGEST,
    TICKS,
    Meaning,
    Place,
    meanings,
)
from mitseq.text.vocabulary import SPECIAL, Vocabulary

FULL = 6 * TICKS
START = dict.fromkeys(Place._fields, 0)


def meaning(piece):
    vocabulary = Vocabulary([piece] if len(piece) > 1 else [])
    row = meanings(vocabulary)[SPECIAL + vocabulary.tokens.index(piece)]
    return Meaning(*tf.constant(row[:, None]))


def place(**columns):
    return Place(*(tf.constant([x]) for x in (START | columns).values()))


def changes(before, after):
    """The columns that a rule has changed."""
    return {
        name: int(new[0])
        for name, old, new in zip(Place._fields, before, after, strict=True)
        if old[0] != new[0]
    }


def bar(before, piece, **columns):
    """What a bar line changes, in the order in which the layer asks."""
    token = meaning(piece)
    end = before.bar_end(token, tf.constant([FULL]))
    return changes(before, before.repeat(token, end).bar_line(token, end))


def test_a_place_survives_packing():
    state = tf.reshape(tf.range(24), (2, 12))
    found = Place.unpack(state)
    assert found.position.numpy().tolist() == [0, 12]
    assert tf.reduce_all(found.pack() == state)


@pytest.mark.parametrize(
    ("piece", "expected"),
    [
        ("A3/2", {"length": 3 * TICKS // 2, "is_note": 1, "is_text": 1}),
        ("z", {"length": TICKS, "is_note": 1, "is_text": 1}),
        ("|", {"is_bar": 1, "is_text": 1}),
        ("||", {"is_bar": 1, "is_text": 1, "ends_section": 1}),
        (
            "|:",
            {"is_bar": 1, "is_text": 1, "ends_section": 1, "opens_repeat": 1},
        ),
        (
            ":|",
            {"is_bar": 1, "is_text": 1, "ends_section": 1, "closes_repeat": 1},
        ),
        (":|2", {"is_bar": 1, "is_text": 1, "closes_repeat": 1}),
        ("(3", {"is_text": 1, "of": 3, "time": 2, "notes": 3}),
        ("M:6/8\n", {"meter": 48}),
        ("L:1/8\n", {"unit": 8}),
        ("K:D\n", {}),
        ("\n", {}),
    ],
)
def test_meaning_of_a_token(piece, expected):
    found = {name: int(x[0]) for name, x in meaning(piece)._asdict().items()}
    assert {name: x for name, x in found.items() if x} == expected


def test_a_header_holds_until_the_next():
    assert changes(place(), place().header(meaning("M:6/8\n"))) == {"meter": 48}
    known = place(meter=48, unit=8)
    assert changes(known, known.header(meaning("A2"))) == {}
    assert known.full == FULL
    assert place(meter=48).full == 0


def test_a_note_moves_on_and_in_a_tuplet_by_a_share():
    assert changes(place(), place().note(meaning("A2"))) == {
        "position": 2 * TICKS
    }
    triplet = place().note(meaning("(3"))
    assert changes(place(), triplet) == {"left": 3, "time": 2, "of": 3}
    assert changes(triplet, triplet.note(meaning("A2"))) == {
        "position": 4 * TICKS // 3,
        "left": 2,
    }
    late = place(position=LONGEST - 1)
    assert changes(late, late.note(meaning("A2"))) == {"position": LONGEST}


def test_a_bar_line_ends_a_bar_that_holds_something():
    assert bar(place(), "|") == {}
    whole = place(position=FULL, left=1, short=5)
    expected = {"position": 0, "left": 0, "short": 0, "bars": 1, "has_bar": 1}
    assert bar(whole, "|") == expected


def test_the_incomplete_bar_that_comes_first_is_the_pickup():
    first = {"position": 0, "pickup": TICKS, "short": TICKS, "has_bar": 1}
    assert bar(place(position=TICKS), "|") == {**first, "owed": TICKS}
    later = place(position=TICKS, bars=2, has_bar=1)
    assert bar(later, "|") == {"position": 0, "short": TICKS, "bars": 3}
    # a section forgets it, but not where this very line ends it
    known = place(position=FULL, pickup=TICKS, bars=3, has_bar=1)
    assert bar(known, "||") == {"position": 0, "pickup": 0, "bars": 0}
    assert bar(place(position=TICKS), "||")["pickup"] == TICKS


def test_a_repeat_opens_closes_and_owes():
    assert bar(place(owed=3, has_bar=1), "|:") == {
        "is_open": 1,
        "owed": 0,
        "has_bar": 0,
    }
    last = place(position=FULL, is_open=1, owed=TICKS, has_bar=1, bars=1)
    over = {"position": 0, "bars": 0, "is_open": 0, "owed": 0, "has_bar": 0}
    assert bar(last, ":|") == over
    assert bar(last, ":|2") == {"position": 0, "bars": 2, "is_open": 0}
