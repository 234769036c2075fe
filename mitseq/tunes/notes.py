"""Notes, rests and chords: pitches, and lengths in broken rhythm and tuplets.

Read `notation.py`, `accidentals.py` and `events.py` first. `A>B` is expanded,
tuplets are applied, a chord is spelled as its highest note, each pitch gets the
accidental in force. `reader.py` adds bar lines and fields.
"""

import re
from fractions import Fraction
from functools import lru_cache
from typing import Any

from mitseq.tunes.accidentals import read_pitch, read_pitches
from mitseq.tunes.events import Event, Problem, Reading
from mitseq.tunes.notation import (
    format_length,
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


@lru_cache(maxsize=1024)
def _spell_length(length: Fraction) -> tuple[str, bool]:
    # Absurd lengths make other programs hang.
    top, bottom = length.numerator, length.denominator
    is_sane = top <= MAX_NUMERATOR and bottom <= MAX_DENOMINATOR
    return format_length(length), is_sane and bottom & (bottom - 1) == 0


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
        self.broken = None  # factor of the next note's length
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
        self, kind: str, pitch: str, length: Fraction, sounds: tuple = ()
    ) -> None:
        p, q, left = self.tuplet
        if left:
            self.tuplet = (p, q, left - 1)
        if self.broken:
            length *= self.broken[1]
            self.apply_broken(length)
        played = length * q / p if left else length
        if self.scale != 1:
            played *= self.scale
        piece = pitch + self.spell_length(length)
        self.last_note = len(self.reading.events)
        self.graced = False
        self.bar_has_notes = True
        self.reading.events.append(
            Event(kind, piece, self.line, self.bar, length, played, sounds)
        )

    def spell_length(self, length: Fraction) -> str:
        text, is_sane = _spell_length(length)
        if not is_sane:
            self.problem(f"a note of the length {length}")
        return text

    def note(self, content: str) -> None:
        pitch = read_pitch(content)
        length = note_length(content)
        if _ODD_OCTAVE.search(content):
            self.mend(f"`{content}`: `'` goes with small letters, `,` with big")
        sound = self.accidentals.sound(pitch)
        self.add("note", self.accidentals.spell(pitch), length, (sound,))

    def rest(self, content: str) -> None:
        length = note_length(content)
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
        length = note_length(notes[0]) * note_length(outside)
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
        short = Fraction(1, 2 ** len(content))
        factors = (
            (2 - short, short) if content[0] == ">" else (short, 2 - short)
        )
        self.broken = (*factors, self.last_note)

    def apply_broken(self, second_length: Fraction) -> None:
        first, second, index = self.broken
        self.broken = None
        event = self.reading.events[index]
        if event.length * second != second_length:
            self.mend("broken rhythm between notes of different lengths")
        length = event.length * first
        pitch = event.piece.rstrip("0123456789/")
        self.reading.events[index] = event._replace(
            piece=pitch + self.spell_length(length),
            length=length,
            played=event.played * first,
        )

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
