"""From a reading of a tune to a `Melody`: bars on the page, sounds in time.

Read `events.py`, `bars.py` and `repeats.py` first. The score, MIDI, the sound
and the moving light on the page are all drawn from one `Melody`, so they cannot
disagree.
"""

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from mitseq.tunes.bar_lines import BarLine
from mitseq.tunes.bars import Bar, MelodyError, Pitch, Symbol
from mitseq.tunes.check import check
from mitseq.tunes.events import Event, Reading
from mitseq.tunes.notation import Meter
from mitseq.tunes.playing import Sound, sounds
from mitseq.tunes.reader import read_events
from mitseq.tunes.repeats import Player, ending_passes, explicit_repeats
from mitseq.tunes.tempo import read_tempo, usual_tempo

LONGEST_TUNE = 12 * 60  # seconds; a longer one is a slip in the text
LONGEST_NOTE = 16  # whole notes
MOST_SIGNS, MOST_IN_BAR = 1000, 100  # notes, accidentals, ornaments, words
MOST_BARS = 600  # as printed; what fits on one tall page of the score
_SHORT_MARKS = {
    ".": "staccato", "~": "roll", "H": "fermata", "L": "accent",
    "M": "lowermordent", "P": "uppermordent", "T": "trill", "u": "upbow",
    "v": "downbow",
}  # fmt: skip


@dataclass
class Melody:
    r"""One tune, read: header, bars as printed, and the way to play them.

    Example:

    >>> melody = read_melody("X:1\nM:2/4\nL:1/8\nK:D\n|:dF Ad:|\n")
    >>> [sound.pitch for sound in melody.sounds()]
    [74, 66, 69, 74, 74, 66, 69, 74]
    """

    title: str  # the first `T:`, "" where there is none, as for the next two
    composer: str  # the text of `C:`
    rhythm: str  # the text of `R:`
    fifths: int  # sharps (positive) or flats (negative) of the key signature
    meter: Meter
    meter_symbol: str  # "common", "cut" or "" for plain figures
    bars: list[Bar]  # in the order of the page
    order: list[int]  # their indices, as they are played
    tempo: float  # quarter notes per minute

    def seconds(self, length: Fraction) -> float:
        """Returns the seconds that a length in whole notes lasts."""
        return float(length) * 4 * 60 / self.tempo

    @property
    def duration(self) -> float:
        """Seconds from the first note to the end of the last."""
        played = (self.bars[i].length for i in self.order)
        return self.seconds(sum(played, Fraction(0)))

    def sounds(self) -> list[Sound]:
        """Returns what is heard, repeats and endings played, ties joined."""
        return sounds(self.bars, self.order, self.meter)


def accepted_melody(tune: str | Melody) -> Melody:
    """Returns the `Melody` of a tune; a `Melody` is returned as it is.

    Raises:
        MelodyError: with the checker's first reason, if it does not accept it.
    """
    if isinstance(tune, Melody):
        return tune
    problems = check(tune)
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise MelodyError(
            "A tune must pass the check before it is drawn or played. "
            f"Received: {problems[0]}{more}."
        )
    return read_melody(tune)


def why_not_drawn(abc: str) -> str | None:
    r"""Returns why a tune that the checker accepts cannot be drawn, or None.

    Example:

    >>> print(why_not_drawn("M:none\nL:1/8\nK:D\nd63/32|]\n"))
    A note must have a length that can be printed with heads, flags and dots.
    Received: 63/256 of a whole note.
    """
    try:
        check_drawable(read_melody(abc))
    except MelodyError as error:
        return str(error)
    return None


def check_drawable(melody: Melody) -> None:
    """Refuses what would take the engraver long, or much memory.

    The time it takes grows with the square of what stands in one bar.

    Raises:
        MelodyError: if a bar, or the tune, has more than fits on a page.
    """
    counts = [sum(map(_signs, bar.symbols)) for bar in melody.bars]
    for number, count in enumerate(counts, start=1):
        if count > MOST_IN_BAR:
            raise MelodyError(
                f"A bar must have at most {MOST_IN_BAR} signs to be drawn. "
                f"Received: {count} in bar {number}."
            )
    if sum(counts) > MOST_SIGNS:
        raise MelodyError(
            f"A tune must have at most {MOST_SIGNS} signs to be drawn. "
            f"Received: {sum(counts)}."
        )


def _signs(symbol: Symbol) -> int:
    """Counts what is printed for a symbol, accidentals and words, too."""
    heads = len(symbol.heads()) * max(1, len(symbol.pitches))
    heads += sum(pitch.shown for pitch in symbol.pitches)
    beside = len(symbol.graces) + len(symbol.marks) + symbol.slurs
    return heads + beside + sum(1 + len(x) // 20 for x in symbol.above)


def read_melody(abc: str) -> Melody:
    """Returns the `Melody` of one tune of ABC text.

    It is forgiving: it takes what is understood and skips the rest. Whether
    the bars add up is the question of `mitseq.tunes.check.check`.

    Raises:
        MelodyError: if there is no note, more than one voice or more than one
            tune, a field or a note that means nothing, a length that cannot
            be printed, or far too much of it.
    """
    reading = read_events(abc)
    if reading.refused:
        raise MelodyError(
            f"A tune must be one that can be read. Received: {reading.refused}."
        )
    silent = MelodyError(
        "A tune must have at least one note. Received: "
        f"{abc if len(abc) <= 60 else abc[:57] + '...'!r}."
    )
    if not any(event.kind == "note" for event in reading.events):
        raise silent
    header = defaultdict(str, reading.header)
    # Without an `M:` bars are checked as 4/4, but no meter is printed.
    meter = reading.meter if "M" in header else None
    tempo = read_tempo(header["Q"], reading.unit)
    melody = Melody(
        title=header["T"],
        composer=header["C"],
        rhythm=header["R"],
        fifths=reading.key.sharps,
        meter=meter,
        meter_symbol={"C": "common", "C|": "cut"}.get(header["M"], ""),
        bars=_Page(reading).bars,
        order=_order(reading.events),
        tempo=tempo or usual_tempo(header["R"], meter),
    )
    _check_size(melody)
    played = (melody.bars[i].symbols for i in melody.order)
    if not any(symbol.pitches for bar in played for symbol in bar):
        raise silent  # all notes stand in an ending never played
    return melody


def _check_size(melody: Melody) -> None:
    if len(melody.bars) > MOST_BARS:
        raise MelodyError(
            f"A tune must have at most {MOST_BARS} bars. Received: "
            f"{len(melody.bars)} bars."
        )
    for bar in melody.bars:
        for symbol in bar.symbols:
            if symbol.length > LONGEST_NOTE:
                raise MelodyError(
                    f"A note must last at most {LONGEST_NOTE} whole notes. "
                    f"Received: {float(symbol.length):g}."
                )
            symbol.heads()  # raises where a length cannot be printed
    if melody.duration > LONGEST_TUNE:
        raise MelodyError(
            f"A tune must last at most {LONGEST_TUNE // 60} minutes. "
            f"Received: {melody.duration / 60:.0f} minutes."
        )


def _order(events: list[Event]) -> list[int]:
    """Returns the printed bars, those with notes, as they are played."""
    events, _ = explicit_repeats(events)
    last = events[-1]
    events = [*events, Event("bar", "|", last.line, last.bar)]
    lines, has_notes, notes = [], [], False
    for event in events:
        if event.kind == "bar":
            lines.append(event)
            has_notes.append(notes)
            notes = False
        notes = notes or event.kind in ("note", "rest")
    player = Player(lines, literal=False)
    return [lines[place].bar for place, _ in player if has_notes[place]]


class _Page:
    """Writes the events of a tune into the bars that are printed."""

    def __init__(self, reading: Reading):
        self.unit = reading.unit
        self.bars = [Bar()]
        self.ending = ()  # the passes of the ending that is being written
        self.count = 0
        self.last: Symbol | None = None
        self.tuplet = None  # (p, q, r) and how many symbols are written
        self._forget()
        for place, event in enumerate(reading.events):
            for kind, value in reading.asides.get(place, ()):
                self._aside(kind, value)
            if event.kind in ("note", "rest"):
                self._symbol(event)
            elif event.kind == "bar":
                self._bar_line(event.detail)
            elif event.kind == "tuplet":
                self.tuplet = (event.detail, 0)
            elif event.kind == "tie" and self.last.pitches:
                self.last.tied = True
        for kind, value in reading.asides.get(len(reading.events), ()):
            self._aside(kind, value)
        while not self.bars[-1].symbols:
            self.bars.pop()

    def _forget(self):
        """Forgets what was waiting for the next symbol."""
        self.space, self.slurs, self.visible = False, 0, True
        self.graces: tuple[Pitch, ...] = ()
        self.above: list[str] = []
        self.marks: list[str] = []

    def _aside(self, kind: str, value: Any):
        bar = self.bars[-1]
        if kind in ("space", "newline"):
            self.space = True
            bar.new_line |= kind == "newline" and not bar.symbols
        elif kind == "chord_symbol":
            words = value[1:-1].strip().lstrip("^_<>@").strip()
            if words:
                self.above.append(words)
        elif kind == "decoration":
            self.marks.append(_SHORT_MARKS.get(value, value.strip("!+")))
        elif kind == "grace":
            self.graces = value
        elif kind == "hidden":
            self.visible = False
        elif kind == "meter":
            bar.meter = value
        elif kind == "key":
            bar.fifths = value
        elif value == "(":
            self.slurs += 1
        elif self.last:
            self.last.unslurs += 1

    def _symbol(self, event: Event):
        by_midi = {pitch.midi: pitch for pitch in event.detail}
        length = event.played * self.unit
        symbol = Symbol(
            f"n{self.count}", tuple(by_midi[midi] for midi in sorted(by_midi)),
            length, graces=self.graces, space=self.space,
            above=tuple(self.above), marks=tuple(self.marks),
            slurs=self.slurs, visible=self.visible,
        )  # fmt: skip
        if self.tuplet:
            (p, q, r), written = self.tuplet
            written += 1
            symbol.length = length * p / q
            symbol.ratio, symbol.tuplet_size = Fraction(q, p), p
            symbol.tuplet = "start" if written == 1 else "inside"
            self.tuplet = ((p, q, r), written)
            if written == r:
                symbol.tuplet = "" if written == 1 else "stop"
                self.tuplet = None
        self.count += 1
        self.last = symbol
        self.bars[-1].symbols.append(symbol)
        self._forget()

    def _bar_line(self, sign: BarLine):
        bar = self.bars[-1]
        if bar.symbols:
            bar.line, bar.closes = sign.style, sign.closes
            self.bars.append(Bar())
        elif len(self.bars) > 1:  # a new meter stood between two lines
            before = self.bars[-2]
            before.closes = max(before.closes, sign.closes)
            if before.line == "regular" and not sign.opens:
                before.line = sign.style
        bar = self.bars[-1]
        bar.opens = bar.opens or sign.opens > 0
        ends_ending = sign.closes or sign.opens or sign.style != "regular"
        if ends_ending and not bar.ending_starts:
            self.ending = ()
        if sign.numbers:
            self.ending = ending_passes(sign.numbers) or (1,)
            bar.ending_starts = True
        bar.ending = self.ending
