"""Notes, rests and chords: pitches, and lengths in broken rhythm and tuplets.

Read `notation.py`, `accidentals.py` and `events.py` first. `A>B` is expanded,
tuplets are applied, a chord is spelled as its highest note, each pitch gets the
accidental in force. `reader.py` adds bar lines and fields. What a note says by
itself is read once for each text, and remembered.
"""

import re
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from mitseq.tunes.accidentals import WrittenPitch, read_pitch, read_pitches
from mitseq.tunes.events import Event, Problem, Reading
from mitseq.tunes.notation import (
    Ticks,
    format_length,
    in_ticks,
    is_compound,
    note_length,
    tuplet_count,
)
from mitseq.tunes.tokens import LENGTH, PITCH

# More than this is no dance tune, and must not take the time of one.
MAX_NUMERATOR = 64
MAX_DENOMINATOR = 64
MAX_PROBLEMS = 20

_CHORD_PART = re.compile(
    rf"(?P<note>{PITCH}{LENGTH})"
    r'|"[^"]*"|![^!]*!|[zx][\d/]*|[.~H-Wh-w\s()-]'
)
_ODD_OCTAVE = re.compile(r"[A-G],*'|[a-g]'*,")


class Length(NamedTuple):
    """The length of a note in all its forms."""

    value: Fraction  # in units of `L:`
    ticks: Ticks
    text: str  # its spelling in a normalized tune
    is_sane: bool  # absurd lengths make other programs hang


@lru_cache(maxsize=1024)
def length_of(value: Fraction) -> Length:
    top, bottom = value.numerator, value.denominator
    is_sane = top <= MAX_NUMERATOR and bottom <= MAX_DENOMINATOR
    is_sane = is_sane and bottom & (bottom - 1) == 0
    return Length(value, in_ticks(value), format_length(value), is_sane)


@lru_cache(maxsize=1024)
def _times(top: int, bottom: int, factor: Fraction) -> Length:
    return length_of(Fraction(top, bottom) * factor)


@lru_cache(maxsize=64)
def _broken_factors(sign: str) -> tuple[Fraction, Fraction]:
    short = Fraction(1, 2 ** len(sign))
    return (2 - short, short) if sign[0] == ">" else (short, 2 - short)


@lru_cache(maxsize=4096)
def _read_length(text: str) -> Length:
    return length_of(note_length(text))


@lru_cache(maxsize=4096)
def _read_note(text: str) -> tuple[WrittenPitch, Length, bool]:
    """Returns pitch and length, and whether its octave is written oddly."""
    pitch, length = read_pitch(text), _read_length(text)
    return pitch, length, _ODD_OCTAVE.search(text) is not None


class NoteReader:
    """Reads notes into events: one method for each kind of token.

    A method may raise an `ABCError`, where its token means nothing.
    """

    def __init__(self):
        self.reading = Reading()
        self.line = 1
        self.bar = 0
        self.bar_has_notes = False
        # Index of the last note or rest in `events`, for broken rhythm.
        self.last_note = None
        self.graced = False  # grace notes wait for their note
        self.meter = None  # in force now; `reading.meter` is the first
        self.accidentals = None
        self.scale = 1  # of the unit in force to the first
        self.broken = None  # factors of two notes' lengths, and the first
        self.tuplet = (1, 1, 0)  # p, q and how many notes are left

    # What cannot be read.

    def refuse(self, reason: str) -> None:
        """A problem that print and sound cannot skip either."""
        self.problem(reason)
        if self.reading.refused is None:
            self.reading.refused = Problem(self.line, self.bar, reason)

    def problem(self, reason: str) -> None:
        self.note_down(self.reading.problems, reason)

    def mend(self, reason: str) -> None:
        self.note_down(self.reading.mendable, reason)

    def note_down(self, problems: list[Problem], reason: str) -> None:
        if len(problems) < MAX_PROBLEMS:
            problems.append(Problem(self.line, self.bar, reason))

    def aside(self, kind: str, value: Any) -> None:
        place = len(self.reading.events)
        self.reading.asides.setdefault(place, []).append((kind, value))

    # Notes and rests.

    def add(
        self, kind: str, pitch: str, length: Length, sounds: tuple = ()
    ) -> None:
        if self.broken:
            length = self.apply_broken(length)
        value, ticks, text, is_sane = length
        p, q, left = self.tuplet
        if left:
            self.tuplet = (p, q, left - 1)
            ticks = in_ticks(ticks, q, p)
        if self.scale != 1:
            ticks = in_ticks(ticks, *self.scale.as_integer_ratio())
        if not is_sane:
            self.absurd(length)
        events = self.reading.events
        self.last_note = len(events)
        self.graced = False
        self.bar_has_notes = True
        events.append(
            Event(kind, pitch + text, self.line, self.bar, value, ticks, sounds)
        )

    def absurd(self, length: Length) -> None:
        self.problem(f"a note of the length {length.value}")

    def note(self, content: str) -> None:
        pitch, length, is_odd = _read_note(content)
        if is_odd:
            self.mend(f"`{content}`: `'` goes with small letters, `,` with big")
        sound, spelled = self.accidentals.read(pitch)
        self.add("note", spelled, length, (sound,))

    def rest(self, content: str) -> None:
        length = _read_length(content)
        if content[0] == "x":
            self.aside("hidden", content)
        self.add("rest", "z", length)

    def chord(self, content: str) -> None:
        inside, _, outside = content[1:].rpartition("]")
        notes, place, tied = [], 0, False
        while place < len(inside):
            part = _CHORD_PART.match(inside, place)
            if part is None:
                self.unknown(inside[place])
                return
            place = part.end()
            tied = tied or part.group() == "-"
            if part["note"]:
                notes.append(part["note"])
        if not notes:
            self.problem(f"a chord without notes: {content[:20]}")
            return
        pitches = [read_pitch(note) for note in notes]
        length = length_of(note_length(notes[0]) * note_length(outside))
        top = max(pitches, key=lambda pitch: pitch.step)
        sounds = []
        for pitch in pitches:
            sounds.append(self.accidentals.sound(pitch))
            if pitch is top:
                spelled = self.accidentals.spell(pitch)
        self.add("note", spelled, length, tuple(sounds))
        if tied:
            self.tie("-")

    def grace(self, content: str) -> None:
        if self.graced:
            self.mend("grace notes before no note")
        self.graced = True
        pitches = map(self.accidentals.sound, read_pitches(content))
        self.aside("grace", tuple(pitches))

    # Signs between notes.

    def tie(self, content: str) -> None:
        if self.last_note is None:
            self.mend("a tie with no note before it")
            return
        self.reading.events.append(Event("tie", "-", self.line, self.bar))

    def broken_sign(self, content: str) -> None:
        is_sign = len(content) <= 3 and len(set(content)) == 1
        if not is_sign or self.broken or self.last_note is None:
            self.problem(f"`{content[:20]}` stands between no two notes")
            return
        self.broken = (*_broken_factors(content), self.last_note)

    def apply_broken(self, second_length: Length) -> Length:
        """Gives the note before the sign its length, returns the other's."""
        first, second, index = self.broken
        self.broken = None
        event = self.reading.events[index]
        if event.length != second_length.value:
            self.mend("broken rhythm between notes of different lengths")
        length = _times(*event.length.as_integer_ratio(), first)
        if not length.is_sane:
            self.absurd(length)
        pitch = event.piece.rstrip("0123456789/")
        self.reading.events[index] = event._replace(
            piece=pitch + length.text,
            length=length.value,
            ticks=in_ticks(event.ticks, *first.as_integer_ratio()),
        )
        return _times(*second_length.value.as_integer_ratio(), second)

    def tuplet_sign(self, content: str) -> None:
        compound = bool(self.meter) and is_compound(*self.meter)
        p, q, r = tuplet_count(content, compound)
        if self.tuplet[2]:
            self.problem("a tuplet inside a tuplet")
            return
        if p < 2 or not 1 <= q <= 9 or not 1 <= r <= 9:
            self.problem(f"`{content[:20]}` is no tuplet")
            return
        piece = f"({p}"
        if (p, q, r) != tuplet_count(piece, compound):
            piece = f"({p}:{q}:{r}"
        self.tuplet = (p, q, r)
        self.reading.events.append(
            Event("tuplet", piece, self.line, self.bar, detail=(p, q, r))
        )
