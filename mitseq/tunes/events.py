"""From the text of one tune to the events that are played.

Read `notation.py` first. `read_events` walks over the tokens once and leaves
what matters to time and pitch: notes, rests, bar lines, ties and tuplets, each
already spelled as a normalized tune spells it, with its line. Broken rhythm
(`A>B`) is expanded, chords give their highest note, ornaments and words go.
What cannot be read is a `Problem`: where it is, and why.
"""

import re
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from mitseq.tunes.notation import (
    ABCError,
    Key,
    default_unit,
    field_value,
    format_length,
    is_compound,
    note_length,
    parse_key,
    parse_unit,
    scan,
    split_meter,
    tuplet_count,
)

# More than this is no dance tune, and must not take the time of one.
MAX_CHARACTERS = 20_000
MAX_EVENTS = 2_500
MAX_NUMERATOR = 64
MAX_DENOMINATOR = 64
MAX_OCTAVE_MARKS = 3
MAX_PROBLEMS = 20

_CHORD_PART = re.compile(
    r"(?P<note>(?:\^{1,2}|_{1,2}|=)?[A-Ga-g][,\']*(?:\d+(?:/\d+|/+)?|/\d+|/+)?)"
    r'|"[^"]*"|![^!]*!|[zx][\d/]*|[.~H-Wh-w\s()-]'
)
_NOTE = re.compile(r"(\^{1,2}|_{1,2}|=)?([A-Ga-g])([,']*)")
_ODD_OCTAVE = re.compile(r"[A-G],*'|[a-g]'*,")
_ENDING_NUMBERS = re.compile(r"\d.*")


# What may follow a sign that belongs to what stands behind it.
_BELONGS_TO = {
    "decoration": {
        "note",
        "rest",
        "chord",
        "grace",
        "bar",
        "chord_symbol",
        "decoration",
        "newline",
        "spacer",
    },
    "linebreak": {"newline", "space", "comment"},
}
_DOTTED_SLUR = ("slur", "decoration", ".")
_BARS_WITH_ENDING = ("|", ":|", "", ":||", ":|]")


class Problem(NamedTuple):
    """Why a tune is not accepted: where, and what is wrong.

    Example:

    >>> print(Problem(7, 3, "7/8 in a 6/8 tune"))
    line 7, bar 3: 7/8 in a 6/8 tune
    """

    line: int
    bar: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}, bar {self.bar}: {self.reason}"


class Event(NamedTuple):
    """One note, rest, bar line, tie or tuplet sign of a tune.

    `kind` is one of those words; `piece` its normalized spelling; `length`
    the written length in units of `L:`; `played` what it lasts in its tuplet.
    """

    kind: str
    piece: str
    line: int
    bar: int
    length: Fraction = Fraction(0)
    played: Fraction = Fraction(0)


@dataclass
class Reading:
    """What `read_events` found: header, events, and what it could not read.

    `problems` nobody can read past. `mendable` ones are faults of the notation
    that leave no doubt what is meant: a checker names them, `normalize` mends
    them. `changes` are no faults: a new key, meter or unit inside the tune,
    which `normalize` has no place for. `first_bar` is the number of the first
    bar: 0 where the tune begins with a pickup.
    """

    meter: tuple[int, int] | None = (4, 4)
    unit: Fraction = Fraction(1, 8)
    key: Key | None = None
    events: list[Event] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    mendable: list[Problem] = field(default_factory=list)
    changes: list[Problem] = field(default_factory=list)
    first_bar: int = 1

    @property
    def bar_length(self) -> Fraction | None:
        """The length of a bar in units of `L:`."""
        if self.meter is None:
            return None
        return Fraction(*self.meter) / self.unit


def read_events(text: str) -> Reading:
    """Reads one tune; never raises, whatever the text is."""
    return _Reader(text).reading


@lru_cache(maxsize=1024)
def _canonical_pitch(text: str) -> tuple[str, int]:
    """The normalized spelling of a note's pitch, and its place on the staff."""
    accidental, letter, marks = _NOTE.match(text).groups()
    octave = marks.count("'") - marks.count(",") + letter.islower()
    if octave > 0:
        spelled = letter.lower() + "'" * (octave - 1)
    else:
        spelled = letter.upper() + "," * -octave
    step = 7 * octave + "CDEFGAB".index(letter.upper())
    if len(marks) > 2 * MAX_OCTAVE_MARKS or not (
        -MAX_OCTAVE_MARKS <= octave <= MAX_OCTAVE_MARKS + 1
    ):
        raise ABCError(f"the note `{text[:20]}` is out of reach")
    return (accidental or "") + spelled, step


@lru_cache(maxsize=1024)
def _is_sane(length: Fraction) -> bool:
    """Whether a note may be so long: absurd bars make other programs hang."""
    top, bottom = length.numerator, length.denominator
    power_of_two = bottom & (bottom - 1) == 0
    return top <= MAX_NUMERATOR and bottom <= MAX_DENOMINATOR and power_of_two


class _Reader:
    """The state of one walk over the tokens of a tune."""

    def __init__(self, text: str):
        self.reading = Reading()
        self.line = 1
        self.bar = 0
        self.bar_has_notes = False
        # Index of the last note or rest in `events`, for broken rhythm.
        self.last_note = None
        self.graced = False  # grace notes wait for their note
        self.meter = None  # in force now; `reading.meter` is the first
        self.scale = Fraction(1)  # of the unit in force to the first
        self.key = None
        self.broken = None  # factor of the next note's length
        self.tuplet = (1, 1, 0)  # p, q and how many notes are left
        self.voices = set()
        # Accidentals in force in this bar: as the source means it, as the
        # events written so far mean it (they differ after a dropped note).
        self.meant = {}
        self.written = {}
        if len(text) > MAX_CHARACTERS:
            self.problem(
                f"a tune of {len(text)} characters; "
                f"at most {MAX_CHARACTERS} are read"
            )
            return
        body = self.read_header(text)
        if body is not None:
            self.read_body(body)
            self.number_bars()

    def problem(self, reason: str) -> None:
        self.note_down(self.reading.problems, reason)

    def note_down(self, problems: list[Problem], reason: str) -> None:
        if len(problems) < MAX_PROBLEMS:
            problems.append(Problem(self.line, self.bar, reason))

    def number_bars(self) -> None:
        """Counts bars from 1, or from 0 where the first is a pickup."""
        reading = self.reading
        length = Fraction(0)
        for event in reading.events:
            if event.kind == "bar" and length:
                break
            length += event.played
        full = reading.bar_length
        pickup = full is not None and length < full and self.bar > 0
        reading.first_bar = 0 if pickup else 1
        if not pickup:
            for name in ("problems", "mendable", "changes"):
                found = getattr(reading, name)
                found[:] = [p._replace(bar=p.bar + 1) for p in found]

    def read_header(self, text):
        """Reads the fields up to `K:`; returns the tokens that follow."""
        reading = self.reading
        tokens = scan(text)
        meter, unit = None, None
        for kind, content, self.line, _ in tokens:
            if kind == "field" and content[0] != "[":
                letter, value = content[0], field_value(content)
                try:
                    if letter == "M":
                        meter = (split_meter(value),)
                    elif letter == "L":
                        unit = parse_unit(value)
                    elif letter == "V":
                        self.voices.add(value.partition(" ")[0])
                    elif letter == "m":
                        self.problem("a macro (m:), which is not read")
                    elif letter == "K":
                        reading.key = parse_key(value)
                except ABCError as error:
                    self.problem(error.reason)
                if letter == "K":
                    break
        else:
            self.problem("no key: the header must end with a field K:")
            return None
        if meter is not None:
            reading.meter = meter[0]
        bar = reading.meter and Fraction(*reading.meter)
        reading.unit = unit or default_unit(bar)
        self.meter, self.key = reading.meter, reading.key
        return tokens

    def read_body(self, tokens) -> None:
        handlers = {
            "note": self.note,
            "bar": self.bar_line,
            "ending": self.bar_line,
            "rest": self.rest,
            "tuplet": self.tuplet_sign,
            "tie": self.tie,
            "broken": self.broken_sign,
            "chord": self.chord,
            "grace": self.grace,
            "field": self.change,
            "multirest": self.multirest,
            "text": self.unknown,
            "overlay": self.overlay,
        }
        events = self.reading.events
        blank = False
        sign = None  # a sign that waits for what it belongs to
        for kind, content, self.line, column in tokens:
            if sign:
                self.belongs(sign, kind)
            sign = (kind, content) if kind in _BELONGS_TO else None
            handler = handlers.get(kind)
            if handler:
                if blank:
                    break
                handler(content)
                if len(events) > MAX_EVENTS:
                    self.problem(f"more than {MAX_EVENTS} notes and signs")
                    break
            elif kind == "newline" and column == 1:
                blank = True
        self.end()

    def mend(self, reason: str) -> None:
        self.note_down(self.reading.mendable, reason)

    def belongs(self, sign: tuple[str, str], kind: str) -> None:
        """Complains of a sign that does not stand before what it needs."""
        if kind not in _BELONGS_TO[sign[0]] and (kind, *sign) != _DOTTED_SLUR:
            self.mend(f"`{sign[1][:20]}` before no note")

    # Notes and rests.

    def add(self, kind: str, pitch: str, length: Fraction) -> None:
        p, q, left = self.tuplet
        if left:
            self.tuplet = (p, q, left - 1)
        if self.broken:
            length *= self.broken[1]
            self.apply_broken(length)
        played = length * q / p if left else length
        self.check_length(length)
        if self.scale != 1:
            played *= self.scale
        self.last_note = len(self.reading.events)
        self.graced = False
        self.bar_has_notes = True
        self.reading.events.append(
            Event(
                kind,
                pitch + format_length(length),
                self.line,
                self.bar,
                length,
                played,
            )
        )

    def check_length(self, length: Fraction) -> None:
        if not _is_sane(length):
            self.problem(f"a note of the length {length}")

    def note(self, content: str) -> None:
        try:
            pitch, step = _canonical_pitch(content)
            length = note_length(content)
        except ABCError as error:
            self.problem(error.reason)
            return
        if _ODD_OCTAVE.search(content):
            self.mend(f"`{content}`: `'` goes with small letters, `,` with big")
        self.add("note", self.spell(pitch, step), length)

    def spell(self, pitch: str, step: int) -> str:
        """Keeps a note's sound where a dropped accidental was in force."""
        accidental = pitch.rstrip("ABCDEFGabcdefg',")
        if accidental:
            self.meant[step] = self.written[step] = accidental
        elif self.meant.get(step) != self.written.get(step):
            accidental = self.meant[step]
            self.written[step] = accidental
            return accidental + pitch
        return pitch

    def rest(self, content: str) -> None:
        try:
            length = note_length(content)
        except ABCError as error:
            self.problem(error.reason)
            return
        self.add("rest", "z", length)

    def multirest(self, content: str) -> None:
        bars = int(content[1:5] or 1)
        length = None
        if self.meter:
            length = Fraction(*self.meter) / self.reading.unit / self.scale
        if not 1 <= bars <= 64 or length is None:
            self.problem(f"a rest of {bars} bars")
            return
        for index in range(bars):
            if index:
                self.bar_line("|")
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
        try:
            pitches = [_canonical_pitch(note) for note in notes]
            length = note_length(notes[0]) if notes else Fraction(0)
            if outside:
                length *= note_length(outside)
        except ABCError as error:
            self.problem(error.reason)
            return
        if not notes:
            self.problem(f"a chord without notes: {content[:20]}")
            return
        top, top_step = max(pitches, key=lambda pitch: pitch[1])
        for pitch, step in pitches:
            accidental = pitch.rstrip("ABCDEFGabcdefg',")
            if accidental and step != top_step:
                self.meant[step] = accidental
        self.add("note", self.spell(top, top_step), length)
        if tied:
            self.tie("-")

    def grace(self, content: str) -> None:
        if self.graced:
            self.mend("grace notes before no note")
        self.graced = True
        for note in _NOTE.finditer(content):
            if note[1]:
                try:
                    _, step = _canonical_pitch(note.group())
                except ABCError as error:
                    self.problem(error.reason)
                else:
                    self.meant[step] = note[1]

    # Signs between notes.

    def tie(self, content: str) -> None:
        if self.last_note is None:
            self.mend("a tie with no note before it")
            return
        self.reading.events.append(Event("tie", "-", self.line, self.bar))

    def broken_sign(self, content: str) -> None:
        dots = len(content)
        if (
            self.last_note is None
            or self.broken
            or dots > 3
            or len(set(content)) > 1
        ):
            self.problem(f"`{content[:20]}` stands between no two notes")
            return
        short = Fraction(1, 2**dots)
        first, second = (2 - short, short)
        if content[0] == "<":
            first, second = second, first
        self.broken = (first, second, self.last_note)

    def apply_broken(self, second_length: Fraction) -> None:
        first, second, index = self.broken
        self.broken = None
        event = self.reading.events[index]
        if event.length * second != second_length:
            self.mend("broken rhythm between notes of different lengths")
        length = event.length * first
        self.check_length(length)
        pitch = event.piece.rstrip("0123456789/")
        self.reading.events[index] = event._replace(
            piece=pitch + format_length(length),
            length=length,
            played=event.played * first,
        )

    def tuplet_sign(self, content: str) -> None:
        compound = bool(self.reading.meter) and is_compound(*self.reading.meter)
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
        self.reading.events.append(Event("tuplet", piece, self.line, self.bar))

    # Bar lines.

    def bar_line(self, content: str) -> None:
        ending = _ENDING_NUMBERS.search(content)
        signs = content[: ending.start()] if ending else content
        signs = signs.lstrip(".").rstrip("[" if ending else "")
        colons = signs.strip("|[]")
        inner = signs.strip(":")
        before = len(signs) - len(signs.lstrip(":"))
        after = len(signs) - len(signs.rstrip(":"))
        if signs == "::":
            before = after = 1
        elif not inner and colons:
            self.unknown(signs)
            return
        if max(before, after) > 1:
            self.problem("a section played more than twice (`::|`)")
        numbers = ending.group() if ending else ""
        double = len(inner) > 1 or inner == "["
        events = self.reading.events
        line = self.line
        bar = self.bar
        if events and events[-1].kind == "bar":
            # One line, written as two: `|` and `|:` or `:|` and `[2`.
            last = events.pop()
            line = last.line
            bar = last.bar
            before = before or last.piece[0] == ":"
            after = after or last.piece[1:2] == ":"
            double = double or last.piece[:2] == "||"
            old = _ENDING_NUMBERS.search(last.piece)
            if old and numbers:
                self.problem(f"`{last.piece}` ends a section without notes")
            numbers = numbers or (old.group() if old else "")
        elif not signs:
            self.problem(f"`[{numbers}` without a bar line before it")
        if numbers and content[0] != "[" and signs not in _BARS_WITH_ENDING:
            self.mend(f"`{signs}` with an ending; expected `|` or `:|`")
        if "[" in signs.lstrip("[") or signs == "[|]":
            self.mend(f"`{signs[:20]}` is no bar line")
        if numbers and after:
            self.problem(f"`|:` and ending {numbers} at one bar line")
        if before and after:
            piece = "::"
        elif before:
            piece = ":|"
        elif after:
            piece = "|:"
        elif double and not numbers:
            piece = "||"
        else:
            piece = "|"
        if events or after:  # a plain line before all notes says nothing
            events.append(Event("bar", piece + numbers, line, bar))
        if self.bar_has_notes:
            self.bar += 1
            self.bar_has_notes = False
        self.meant.clear()
        self.written.clear()

    # What else may stand in a body.

    def change(self, content: str) -> None:
        inline = content[0] == "["
        letter = content[1] if inline else content[0]
        value = field_value(content)
        reading = self.reading
        changes = reading.changes
        try:
            if letter == "M":
                meter = split_meter(value)
                if meter != self.meter:
                    self.note_down(changes, f"the meter changes to {value}")
                    self.meter = meter
                    self.add_meter(meter)
            elif letter == "L":
                scale = parse_unit(value) / reading.unit
                if scale != self.scale:
                    self.note_down(changes, f"the unit changes to {value}")
                    self.scale = scale
            elif letter == "K":
                key = parse_key(value)
                if key != self.key:
                    self.note_down(changes, f"the key changes to {value}")
                    self.key = key
            elif letter == "V":
                self.voices.add(value.partition(" ")[0])
                if len(self.voices) > 1:
                    self.problem("several voices; a tune has one")
            elif letter == "X":
                self.problem("a second tune begins")
            elif letter == "m":
                self.problem("a macro (m:), which is not read")
        except ABCError as error:
            self.problem(error.reason)

    def add_meter(self, meter: tuple[int, int] | None) -> None:
        """A new meter holds from here, also where a bar line follows."""
        piece = f"{meter[0]}/{meter[1]}" if meter else "none"
        self.reading.events.append(Event("meter", piece, self.line, self.bar))

    def overlay(self, content: str) -> None:
        self.problem("several voices (`&`); a tune has one")

    def unknown(self, content: str) -> None:
        self.problem(f"unknown character {content[:1]!r}")

    def end(self) -> None:
        if self.graced:
            self.mend("grace notes before no note")
        if self.tuplet[2]:
            self.problem("a tuplet has too few notes")
        if self.broken:
            self.problem("`>` or `<` with no note behind it")
