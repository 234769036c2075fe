"""Keys as people write them."""

import pytest

from mitseq.tunes.keys import parse_key
from mitseq.tunes.notation import ABCError


@pytest.mark.parametrize(
    "text, key, sharps",
    [
        ("G", "G", 1),
        ("D major", "D", 2),
        ("dmaj", "D", 2),
        ("E minor", "Em", 1),
        ("Aeolian", None, 0),
        ("Am", "Am", 0),
        ("AMIN", "Am", 0),
        ("A aeolian", "Am", 0),
        ("C ionian", "C", 0),
        ("ADor", "Ador", 1),
        ("D Mixolydian", "Dmix", 1),
        ("E phrygian", "Ephr", 0),
        ("F lydian", "Flyd", 0),
        ("B locrian", "Bloc", 0),
        ("Bb", "Bb", -2),
        ("F#m", "F#m", 3),
        ("none", "C", 0),
        ("D clef=treble", "D", 2),
        ("G bass", "G", 1),
        ("Gm treble-8", None, 0),
        ("G#", None, 0),
        ("Fbm", None, 0),
        ("Hp", None, 0),
        ("D exp ^f", None, 0),
        ("D ^f", None, 0),
        ("H", None, 0),
        ("", None, 0),
        ("Dx", None, 0),
        ("G octave=-1", None, 0),
    ],
)
def test_keys(text, key, sharps):
    if key is None:
        with pytest.raises(ABCError, match="`key` must be"):
            parse_key(text)
    else:
        assert str(parse_key(text)) == key
        assert parse_key(text).sharps == sharps
        assert parse_key(key) == parse_key(text)


def test_key_signature():
    assert parse_key("D").signature == {"F": "^", "C": "^"}
    assert parse_key("Gm").signature == {"B": "_", "E": "_"}
    assert parse_key("Am").signature == {}
