"""A note told from the tonic sounds the same, whatever the key."""

from itertools import product

import pytest

from mitseq.tunes.degrees import all_keys, degree_of
from mitseq.tunes.keys import parse_key
from mitseq.tunes.melody import read_melody


def sound_of(pieces, key):
    """The MIDI numbers of notes in a key."""
    melody = read_melody(f"M:4/4\nL:1/4\nK:{key}\n{''.join(pieces)}|]\n")
    symbols = [s for bar in melody.bars for s in bar.symbols]
    return [s.pitches[0].midi for s in symbols if s.pitches]


@pytest.mark.parametrize(
    ("key", "piece", "expected"),
    [
        ("C", "c'3/2", "c'3/2"),
        ("D", "D", "C"),
        ("D", "C", "B,"),  # below the tonic
        ("G", "g2", "c2"),
        ("G", "_B", "_E"),
        ("G", "f", "B"),  # an f sharp: the seventh degree
        ("G", "=f", "_B"),
        ("G", "^f", "=B"),  # as the key has it
        ("F", "^B,", "^^F,"),  # of B flat, a B sharp
        ("Ador", "^G", "^B,"),
        ("G", "z2", "z2"),
        ("G", "|:", "|:"),
        ("G", "M:6/8\n", "M:6/8\n"),
    ],
)
def test_degrees_by_hand(key, piece, expected):
    assert degree_of(piece, parse_key(key)) == expected


def test_in_every_major_key_the_degrees_sound_the_intervals_of_c():
    notes = ["C", "E", "G,", "^F", "_B", "d"]
    wanted = [x - 60 for x in sound_of(notes, "C")]
    majors = [key for key in all_keys() if not key.mode]
    assert len(majors) == 15
    for key in majors:
        signs, letters = ("", "=", "^", "_"), ("C", "D", "E", "F", "G", "A,")
        pieces = map("".join, product(signs, letters))
        (tonic,) = sound_of([key.tonic[0]], key)
        for piece in pieces:
            degree = degree_of(piece, key)
            if degree[:2] in ("^^", "__"):
                continue  # beside a note that is raised already
            (heard,) = sound_of([piece], key)
            (in_c,) = sound_of([degree], "C")
            assert heard - tonic == in_c - 60, (key, piece, degree)
    assert wanted == [0, 4, -5, 6, 10, 14]


def test_two_notes_of_a_key_are_never_the_same_degree():
    signs = ("", "=", "^", "_", "^^", "__")
    notes = [*map("".join, product(signs, "CDEFGABcdefgab", ("", "2")))]
    for key in all_keys():
        assert len({degree_of(note, key) for note in notes}) == len(notes)


def test_every_key_stands_once():
    keys = all_keys()
    assert len({str(key) for key in keys}) == len(keys) == 7 * 15
    assert all(parse_key(str(key)) == key for key in keys)
