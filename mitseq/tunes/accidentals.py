"""How a note sounds, and how it is spelled: accidentals and their reach.

Read `notation.py` and `bars.py` first. The key gives each letter its sharp or
flat. An accidental before a note holds for its letter, in all octaves, until
the bar line.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from mitseq.tunes.bars import Pitch
from mitseq.tunes.keys import Key
from mitseq.tunes.notation import ABCError

MAX_OCTAVE_MARKS = 3

_NOTE = re.compile(r"(\^{1,2}|_{1,2}|=)?([A-Ga-g])([',]*)")
_ALTERS = {"^": 1, "^^": 2, "_": -1, "__": -2, "=": 0}


class WrittenPitch(NamedTuple):
    """The pitch of a note as the text has it."""

    accidental: str  # `^`, `^^`, `_`, `__`, `=` or ""
    letter: str  # one of `CDEFGAB`
    octave: int  # 0 for the octave of middle C
    plain: str  # its normalized spelling without the accidental
    step: int  # its place on the staff: C is 0, D is 1, c is 7


@lru_cache(maxsize=1024)
def read_pitch(text: str) -> WrittenPitch:
    """Reads the pitch of a note; its length behind it is passed over.

    Raises:
        ABCError: if it lies so high or low that nobody means it.

    Example:

    >>> read_pitch("^c,2")
    WrittenPitch(accidental='^', letter='C', octave=0, plain='C', step=0)
    """
    accidental, letter, marks = _NOTE.match(text).groups()
    octave = marks.count("'") - marks.count(",") + letter.islower()
    letter = letter.upper()
    low, high = letter + "," * -octave, letter.lower() + "'" * (octave - 1)
    plain = high if octave > 0 else low
    in_reach = -MAX_OCTAVE_MARKS <= octave <= MAX_OCTAVE_MARKS + 1
    if len(marks) > 2 * MAX_OCTAVE_MARKS or not in_reach:
        raise ABCError(f"the note `{text[:20]}` is out of reach")
    step = 7 * octave + "CDEFGAB".index(letter)
    return WrittenPitch(accidental or "", letter, octave, plain, step)


def read_pitches(text: str) -> list[WrittenPitch]:
    """Reads the pitches of all notes in a text, of grace notes for example.

    Example:

    >>> [pitch.plain for pitch in read_pitches("{cd}")]
    ['c', 'd']
    """
    return [read_pitch(note.group()) for note in _NOTE.finditer(text)]


@lru_cache(maxsize=1024)
def _pitch(letter: str, accidental: str, octave: int, shown: bool) -> Pitch:
    return Pitch(letter, _ALTERS[accidental], octave + 4, shown)


class Accidentals:
    """The accidentals in force: those of the key, and those of this bar.

    Two kinds are followed: what the text means, and what a normalized tune
    says. They differ behind a chord or a grace note that it leaves out.

    Args:
        key: The key at the start.

    Example:

    >>> accidentals = Accidentals(Key("D", "", 2))
    >>> [accidentals.sound(read_pitch(n)).midi for n in ("F", "=F", "f")]
    [66, 65, 77]
    """

    def __init__(self, key: Key):
        self.signature = key.signature
        self.meant: dict[str, tuple[str, set[int]]] = {}
        self.spelled: dict[str, str] = {}

    def clear(self) -> None:
        """Forgets all but the key, as a bar line does."""
        self.meant.clear()
        self.spelled.clear()

    def read(self, written: WrittenPitch) -> tuple[Pitch, str]:
        """Returns how a note sounds, and its spelling in a normalized tune."""
        accidental, letter, octave, plain, _ = written
        if not accidental and letter not in self.meant:
            accidental = self.signature.get(letter, "=")
            return _pitch(letter, accidental, octave, False), plain
        return self.sound(written), self.spell(written)

    def sound(self, written: WrittenPitch) -> Pitch:
        """Returns the pitch that is heard and printed.

        In another octave an accidental in force is printed once more, so that
        all readers agree.
        """
        accidental, letter, octave, _, _ = written
        shown = bool(accidental)
        if accidental:
            self.meant[letter] = (accidental, {octave})
        elif letter in self.meant:
            accidental, printed = self.meant[letter]
            shown = octave not in printed
            printed.add(octave)
        else:
            accidental = self.signature.get(letter, "=")
        return _pitch(letter, accidental, octave, shown)

    def spell(self, written: WrittenPitch) -> str:
        """Returns the spelling in a normalized tune, after `sound`.

        An accidental that a note which is left out brought into force goes to
        the first note that needs it.
        """
        accidental, letter, _, plain, _ = written
        if letter in self.meant:
            if not accidental:
                accidental, _ = self.meant[letter]
                if accidental == self.spelled.get(letter):
                    return plain
            self.spelled[letter] = accidental
        return accidental + plain
