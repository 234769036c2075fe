r"""Notes told from the tonic: the same tune in any key is the same text.

Read `keys.py` first. Musicians who say "five, one" mean G, C in C major and
A, D in D minor. A note of a tune is written here as if its tonic were the C of
its octave: the letter and the marks say how many steps of the scale it stands
above the tonic, and an accidental how far it is from the note that the key has
there (`=`: not at all, `^` a semitone above). The length stays.
"""

import re
from functools import lru_cache

from mitseq.tunes.keys import MODES, Key, parse_key
from mitseq.tunes.tokens import LENGTH, PITCH

_NOTE = re.compile(rf"(?P<pitch>{PITCH})(?P<length>{LENGTH})")
_HEIGHT = {"__": -2, "_": -1, "=": 0, "^": 1, "^^": 2}
LETTERS = "CDEFGAB"


def all_keys() -> list[Key]:
    """Returns every key that a signature can say, 15 of each mode.

    Example:

    >>> len(all_keys()), str(all_keys()[0])
    (105, 'A')
    """
    found = {}
    for letter in "ABCDEFG":
        for sign in ("", "#", "b"):
            for mode in MODES:
                try:
                    key = parse_key(letter + sign + mode)
                except ValueError:  # of more than seven sharps or flats
                    continue
                found[str(key)] = key
    return list(found.values())


def degree_of(piece: str, key: Key) -> str:
    """Returns a note as its degree of a key; any other piece as it is.

    Example: in D major the `d` is the tonic, an octave up, and `=c` stands a
    semitone below the seventh degree.

    >>> [degree_of(piece, parse_key("D")) for piece in ("D", "d3/2", "=c", "|")]
    ['C', 'c3/2', '_B', '|']
    """
    parts = _parts(piece)
    if parts is None:
        return piece
    accidental, letter, octaves, length = parts
    step = LETTERS.index(letter) + 7 * octaves - LETTERS.index(key.tonic[0])
    sign = ""
    if accidental:
        has = _HEIGHT[key.signature.get(letter, "=")]
        height = _HEIGHT[accidental] - has
        # three signs where a key has a sharp and the note two flats
        sign = "^" * height or "_" * -height or "="
    return sign + _written(step) + length


@lru_cache(maxsize=4096)
def _parts(piece: str) -> tuple[str, str, int, str] | None:
    """Accidental, letter, octaves above the one of C, length; of a note."""
    match = _NOTE.fullmatch(piece)
    if match is None:
        return None
    plain = match["pitch"].lstrip("^_=")
    accidental = match["pitch"][: -len(plain)]
    octaves = plain.count("'") - plain.count(",") + plain[0].islower()
    return accidental, plain[0].upper(), octaves, match["length"]


@lru_cache(maxsize=256)
def _written(step: int) -> str:
    """The letter and octave marks of a step above the C of `C`."""
    octaves, place = divmod(step, 7)
    letter = LETTERS[place]
    if octaves >= 1:
        return letter.lower() + "'" * (octaves - 1)
    return letter + "," * -octaves
