"""The one reader of ABC: from the text of a tune to a `Reading`.

Read `tokens.py`, `events.py` and `notes.py` first. `read_events` walks over the
tokens once and hands each to the method that knows its kind.
"""

from collections.abc import Iterable
from fractions import Fraction

from mitseq.tunes.accidentals import Accidentals
from mitseq.tunes.bar_lines import read_bar_line
from mitseq.tunes.events import Event, Problem, Reading
from mitseq.tunes.keys import parse_key
from mitseq.tunes.notation import (
    TICKS,
    ABCError,
    Meter,
    default_unit,
    parse_unit,
    split_meter,
)
from mitseq.tunes.notes import NoteReader, length_of
from mitseq.tunes.tokens import field_value, header_fields, scan

# More than this is no dance tune, and must not take the time of one.
MAX_CHARACTERS = 20_000
MAX_EVENTS = 2_500

_ASIDES = {"space", "newline", "slur", "decoration", "chord_symbol"}
# What may follow a sign that belongs to what stands behind it.
_BELONGS_TO = {
    "decoration": set(
        "note rest chord grace bar chord_symbol decoration newline "
        "spacer".split()
    ),
    "linebreak": {"newline", "space", "comment"},
}
_DOTTED_SLUR = ("slur", "decoration", ".")
_BARS_WITH_ENDING = ("|", ":|", "", ":||", ":|]")


def read_events(text: str) -> Reading:
    r"""Reads one tune; what is no ABC becomes a problem, never an error.

    Example:

    >>> reading = read_events("M:6/8\nL:1/8\nK:D\nA>B (3cde#|\n")
    >>> " ".join(event.piece for event in reading.events)
    'A3/2 B/2 (3 c d e |'
    >>> print(*reading.problems)
    line 4, bar 0: unknown character '#'
    """
    return _Reader(text).reading


class _Reader(NoteReader):
    """Adds to the reader of notes what surrounds them."""

    def __init__(self, text: str):
        super().__init__()
        self.voices = set()
        if len(text) > MAX_CHARACTERS:
            limit = f"at most {MAX_CHARACTERS} are read"
            self.refuse(f"a tune of {len(text)} characters; {limit}")
            return
        tokens = scan(text.removeprefix("\ufeff"))
        self.read_header(tokens)
        if "K" not in self.reading.header:
            for _, _, self.line, _ in scan(text):
                pass  # the last line, where it is missing
            self.problem("no key: the header must end with a field K:")
            return
        self.read_body(tokens)
        self.number_bars()

    def number_bars(self) -> None:
        """Counts bars from 1, or from 0 where the first is a pickup."""
        reading, length = self.reading, 0
        for event in reading.events:
            if event.kind == "bar" and length:
                break
            length += event.ticks
        full = reading.bar_length
        pickup = full is not None and self.bar > 0 and length < full * TICKS
        reading.first_bar = 0 if pickup else 1
        if not pickup:
            for found in (reading.problems, reading.mendable, reading.changes):
                found[:] = [p._replace(bar=p.bar + 1) for p in found]
            if reading.refused:
                bar = reading.refused.bar + 1
                reading.refused = reading.refused._replace(bar=bar)

    # The header and the body.

    def read_header(self, tokens: Iterable[tuple]) -> None:
        reading = self.reading
        unit = None
        for letter, value, self.line in header_fields(tokens):
            reading.header.setdefault(letter, value)
            try:
                if letter == "M":
                    reading.meter = split_meter(value)
                    reading.header["M"] = value
                elif letter == "L":
                    unit = parse_unit(value)
                elif letter == "V":
                    self.voices.add(value.partition(" ")[0])
                elif letter == "m":
                    self.problem("a macro (m:), which is not read")
                elif letter == "K":
                    reading.key = parse_key(value)
            except ABCError as error:
                self.refuse(error.reason)
        bar = reading.meter and Fraction(*reading.meter)
        reading.unit = unit or default_unit(bar)
        # In force now; those of the reading are the first.
        self.meter, self.key = reading.meter, reading.key
        self.accidentals = Accidentals(self.key or parse_key("none"))

    def read_body(self, tokens: Iterable[tuple]) -> None:
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
                sign = None
            handler = handlers.get(kind)
            if handler:
                if blank:
                    self.after_blank_line([(kind, content), *tokens])
                    break
                try:
                    handler(content)
                except ABCError as error:
                    self.refuse(error.reason)
                if len(events) > MAX_EVENTS:
                    self.refuse(f"more than {MAX_EVENTS} notes and signs")
                    break
                continue
            if kind in _ASIDES:
                self.aside(kind, content)
                blank = blank or (kind == "newline" and column == 1)
            if kind in _BELONGS_TO:
                sign = (kind, content)
        self.end()

    def belongs(self, sign: tuple[str, str], kind: str) -> None:
        """Complains of a sign that does not stand before what it needs."""
        if kind not in _BELONGS_TO[sign[0]] and (kind, *sign) != _DOTTED_SLUR:
            self.mend(f"`{sign[1][:20]}` before no note")

    def after_blank_line(self, tokens: list[tuple]) -> None:
        """The tune is over; but nobody shall take two tunes for one."""
        for kind, content, *_ in tokens:
            if kind == "field" and content[0] == "X":
                reason = "a second tune begins"
                self.reading.refused = Problem(self.line, self.bar, reason)

    def end(self) -> None:
        if self.graced:
            self.mend("grace notes before no note")
        if self.tuplet[2]:
            self.problem("a tuplet has too few notes")
        if self.broken:
            self.problem("`>` or `<` with no note behind it")

    # Bar lines.

    def bar_line(self, content: str) -> None:
        sign = read_bar_line(content)
        signs = sign.signs
        if max(sign.closes, sign.opens) > 1:
            self.problem("a section played more than twice (`::|`)")
        events = self.reading.events
        line, bar = self.line, self.bar
        if events and events[-1].kind == "bar":
            last = events.pop()
            line, bar = last.line, last.bar
            if last.detail.numbers and sign.numbers:
                self.problem(f"`{last.piece}` ends a section without notes")
            sign = last.detail.join(sign)
        elif not signs:
            self.problem(f"`[{sign.numbers}` without a bar line before it")
        has_ending = sign.numbers and content[0] != "["
        if has_ending and signs not in _BARS_WITH_ENDING:
            self.mend(f"`{signs}` with an ending; expected `|` or `:|`")
        if signs == "[|]":
            self.mend(f"`{signs}` is no bar line")
        if sign.numbers and sign.opens:
            self.problem(f"`|:` and ending {sign.numbers} at one bar line")
        if events or sign.opens:  # a plain line before all notes says nothing
            events.append(Event("bar", sign.piece, line, bar, detail=sign))
        if self.bar_has_notes:
            self.bar += 1
            self.bar_has_notes = False
        self.accidentals.clear()

    def multirest(self, content: str) -> None:
        bars = int(content[1:5] or 1)
        if not 1 <= bars <= 64 or not self.meter:
            self.problem(f"a rest of {bars} bars")
            return
        bar = Fraction(*self.meter) / self.reading.unit / self.scale
        length = length_of(bar)
        for index in range(bars):
            if index:
                self.bar_line("|")
            self.add("rest", "z", length)

    # What else may stand in a body.

    def change(self, content: str) -> None:
        letter = content[1] if content[0] == "[" else content[0]
        value = field_value(content)
        if letter == "M":
            self.change_meter(split_meter(value), value)
        elif letter == "L":
            scale = parse_unit(value) / self.reading.unit
            if scale != self.scale:
                self.changes_to("unit", value)
                self.scale = scale
        elif letter == "K":
            key = parse_key(value)
            if key != self.key:
                self.changes_to("key", value)
            self.key = key
            self.accidentals.signature = key.signature
            self.aside("key", key.sharps)
        elif letter == "V":
            self.voices.add(value.partition(" ")[0])
            if len(self.voices) > 1:
                self.refuse("several voices; a tune has one")
        elif letter == "X":
            self.refuse("a second tune begins")
        elif letter == "m":
            self.problem("a macro (m:), which is not read")

    def change_meter(self, meter: Meter, value: str) -> None:
        self.aside("meter", meter)
        if meter == self.meter:
            return
        self.changes_to("meter", value)
        self.meter = meter
        # It holds from here, also where a bar line follows.
        piece = f"{meter[0]}/{meter[1]}" if meter else "none"
        self.reading.events.append(Event("meter", piece, self.line, self.bar))

    def changes_to(self, name: str, value: str) -> None:
        self.note_down(self.reading.changes, f"the {name} changes to {value}")

    def overlay(self, content: str) -> None:
        self.refuse("several voices (`&`); a tune has one")

    def unknown(self, content: str) -> None:
        self.problem(f"unknown character {content[:1]!r}")
