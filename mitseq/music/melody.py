"""From the text of a tune to bars on the page and sounds in time.

Read `notation.py` (what the letters mean) and `meter.py` (does it add up?)
first. This file is the bridge from there to everything that is looked at or
listened to: `read_melody` turns one tune into a `Melody`, a list of bars as
they are printed, and `Melody.sounds()` plays the repeats and endings and says
when each pitch starts and stops. The score, MIDI, the sound and the moving
light on the page are all drawn from that one object, so they cannot disagree.

Lengths are fractions of a whole note; times are seconds.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from mitseq.errors import MitseqError
from mitseq.music.notation import (
    Key,
    Token,
    default_unit,
    field_value,
    is_compound,
    note_length,
    parse_key,
    parse_unit,
    split_meter,
    tokenize,
    tuplet_count,
)

LONGEST_TUNE = 20 * 60  # seconds; a longer one is a slip in the text
MOST_BARS = 600  # as printed; what fits on one tall page of the score
_SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_ALTERS = {"^": 1, "^^": 2, "_": -1, "__": -2, "=": 0}


class MelodyError(MitseqError):
    """A tune that cannot be drawn or played, with the reason in one line."""


@dataclass(frozen=True)
class Pitch:
    """A pitch as it is written: a step, an alteration and an octave.

    Args:
        step: One of `CDEFGAB`.
        alter: Semitones added by sharps and flats, -2 to 2.
        octave: Scientific octave; ABC's `C` is C4, middle C.
        shown: Whether an accidental stands before the note.

    Example:

    >>> Pitch("F", 1, 4).midi
    66
    """

    step: str
    alter: int
    octave: int
    shown: bool = False

    @property
    def midi(self) -> int:
        """The MIDI number, 60 for middle C."""
        return 12 * (self.octave + 1) + _SEMITONES[self.step] + self.alter


@dataclass
class Symbol:
    """A note, a chord or a rest as it is printed.

    `pitches` is empty for a rest. `length` is what it looks like, `ratio` what
    a tuplet multiplies it by, so it lasts `length * ratio`.
    """

    id: str
    pitches: tuple[Pitch, ...]
    length: Fraction
    ratio: Fraction = Fraction(1)
    tuplet: str = ""  # "start", "inside", "stop" or "" outside a tuplet
    tuplet_size: int = 0  # the figure that is printed over the tuplet
    tied: bool = False  # to the next symbol
    graces: tuple[Pitch, ...] = ()
    space: bool = False  # a space before it in the text: no beam across
    above: tuple[str, ...] = ()  # chord symbols and words
    marks: tuple[str, ...] = ()  # ornaments and articulations
    slurs: int = 0  # slurs that open here
    unslurs: int = 0  # slurs that close here
    visible: bool = True

    @property
    def sounding(self) -> Fraction:
        """How long it lasts, in whole notes."""
        return self.length * self.ratio

    def heads(self) -> list[tuple[str, Fraction]]:
        """The heads that print it, tied together: `(id, length)` each."""
        return [
            (self.id + ("abcdefghijklmnop"[n] if n else ""), length)
            for n, length in enumerate(printed_lengths(self.length))
        ]


def chord_id(name: str, number: int) -> str:
    """The id of a note of a chord, counted from the lowest.

    Example:

    >>> chord_id("n3", 0), chord_id("n3", 1)
    ('n3', 'n3.1')
    """
    return f"{name}.{number}" if number else name


def printed_lengths(length: Fraction) -> list[Fraction]:
    """Splits a length into those that one note head can show.

    Args:
        length: In whole notes.

    Returns:
        Plain and dotted values, longest first, that add up to `length`.

    Raises:
        MelodyError: if no such values do.

    Example:

    >>> printed_lengths(Fraction(5, 8))
    [Fraction(1, 2), Fraction(1, 8)]
    """
    values = []
    left = length
    while left > 0 and len(values) < 16:
        head = Fraction(2)
        while head > left and head > Fraction(1, 128):
            head /= 2
        if head > left:
            break
        if head * Fraction(3, 2) <= left and head > Fraction(1, 128):
            head *= Fraction(3, 2)
        values.append(head)
        left -= head
    if left:
        raise MelodyError(
            "A note must have a length that can be printed with heads, flags "
            f"and dots. Received: {length} of a whole note."
        )
    return values


@dataclass
class Bar:
    """What stands between two bar lines, and the lines themselves."""

    symbols: list[Symbol] = field(default_factory=list)
    opens: bool = False  # a `|:` at its left
    closes: int = 0  # colons of the `:|` at its right
    line: str = "regular"  # right bar line: regular, double, final, none
    ending: tuple[int, ...] = ()  # the passes of the ending it belongs to
    ending_starts: bool = False
    meter: tuple[int, int] | None = None  # where it changes
    fifths: int | None = None  # where the key changes
    new_line: bool = False  # the text starts a new line with this bar

    @property
    def length(self) -> Fraction:
        """The sum of its symbols, in whole notes."""
        return sum((s.sounding for s in self.symbols), Fraction(0))


@dataclass(frozen=True)
class Sound:
    """One pitch that is heard: a note, or several notes joined by ties.

    Args:
        pitch: MIDI number.
        start: Whole notes since the tune began, as a fraction.
        stop: Whole notes since the tune began, as a fraction.
        volume: 0 to 1, louder on the beats.
        parts: The printed notes: `(id, start, stop)`, in order.
    """

    pitch: int
    start: Fraction
    stop: Fraction
    volume: float
    parts: tuple[tuple[str, Fraction, Fraction], ...]


@dataclass
class Melody:
    r"""One tune, read: header, bars as printed, and the way to play them.

    Args:
        title: Text of the first `T:`, or "".
        composer: Text of `C:`, or "".
        rhythm: Text of `R:`, or "".
        fifths: Sharps (positive) or flats (negative) of the key signature.
        meter: `(beats, unit)`, or None for free meter.
        meter_symbol: "common", "cut" or "" for plain figures.
        bars: The bars, in the order of the page.
        tempo: Quarter notes per minute.

    Example:

    >>> melody = read_melody("X:1\nM:2/4\nL:1/8\nK:D\n|:dF Ad:|\n")
    >>> [sound.pitch for sound in melody.sounds()]
    [74, 66, 69, 74, 74, 66, 69, 74]
    """

    title: str
    composer: str
    rhythm: str
    fifths: int
    meter: tuple[int, int] | None
    meter_symbol: str
    bars: list[Bar]
    tempo: float

    def seconds(self, length: Fraction) -> float:
        """Whole notes to seconds at the tempo of the tune."""
        return float(length) * 4 * 60 / self.tempo

    @property
    def duration(self) -> float:
        """Seconds from the first note to the end of the last."""
        played = (self.bars[i].length for i in self.order())
        return self.seconds(sum(played, Fraction(0)))

    def order(self) -> list[int]:
        """The indices of the bars in the order in which they are played."""
        return _play_order(self.bars)

    def sounds(self) -> list[Sound]:
        """What is heard, repeats and endings played, ties joined."""
        return list(_sounds(self))


# --- the header -----------------------------------------------------------


_USUAL_TEMPO = {  # rhythm -> (beat, beats per minute)
    "slip jig": (Fraction(3, 8), 112),
    "jig": (Fraction(3, 8), 112),
    "slide": (Fraction(3, 8), 126),
    "reel": (Fraction(1, 2), 96),
    "hornpipe": (Fraction(1, 2), 76),
    "strathspey": (Fraction(1, 4), 120),
    "polka": (Fraction(1, 4), 126),
    "march": (Fraction(1, 4), 108),
    "waltz": (Fraction(1, 4), 138),
    "air": (Fraction(1, 4), 84),
}
_METER_TEMPO = {
    (2, 2): (Fraction(1, 2), 96),
    (4, 4): (Fraction(1, 2), 92),
    (2, 4): (Fraction(1, 4), 104),
    (3, 4): (Fraction(1, 4), 126),
    (3, 2): (Fraction(1, 2), 108),
    (3, 8): (Fraction(3, 8), 60),
    (6, 4): (Fraction(3, 4), 60),
}


def usual_tempo(rhythm: str, meter: tuple[int, int] | None) -> float:
    """Quarter notes per minute at which such a tune is usually played.

    Args:
        rhythm: Text of `R:`, such as `jig`; "" where there is none.
        meter: `(beats, unit)` or None.

    Returns:
        Quarter notes per minute.

    Example:

    >>> usual_tempo("", (6, 8)), usual_tempo("reel", (4, 4))
    (168.0, 192.0)
    """
    beat, speed = Fraction(1, 4), 112
    if meter in _METER_TEMPO:
        beat, speed = _METER_TEMPO[meter]
    elif meter and meter[1] == 8 and meter[0] % 3 == 0:
        beat, speed = Fraction(3, 8), 112
    for name, (named_beat, named_speed) in _USUAL_TEMPO.items():
        if name in rhythm.lower():
            beat, speed = named_beat, named_speed
            break
    return float(beat * 4 * speed)


def _read_tempo(text: str, unit: Fraction) -> float | None:
    """Quarter notes per minute from the text of `Q:`, None if it has none."""
    text = re.sub(r'"[^"]*"', "", text)
    match = re.search(r"([^=]*)=\s*(\d{1,4}(?:\.\d{1,3})?)", text)
    if match:
        beats = re.findall(r"(\d{1,3})/(\d{1,3})", match.group(1))
        beat = sum((Fraction(int(a), int(b) or 1) for a, b in beats), 0)
        if not beat:
            count = re.search(r"C(\d{0,2})", match.group(1))
            beat = unit * int(count.group(1) or 1) if count else unit
        speed = float(match.group(2))
    else:
        match = re.match(r"\s*(\d{1,4})\s*$", text)
        if not match:
            return None
        beat, speed = unit, float(match.group(1))
    quarters = float(beat) * 4 * speed
    return quarters if 20 <= quarters <= 600 else None


# --- the body -------------------------------------------------------------

_SHORT_MARKS = {
    ".": "staccato", "~": "roll", "H": "fermata", "L": "accent",
    "M": "lowermordent", "P": "uppermordent", "T": "trill", "u": "upbow",
    "v": "downbow",
}  # fmt: skip
_HEAD = re.compile(r"(\^\^|\^|__|_|=)?([A-Ga-g])([,']*)")


def _read_passes(text: str) -> tuple[int, ...]:
    """The passes of an ending: `1` -> (1,), `1,3` -> (1, 3), `1-3`."""
    passes = set()
    for first, last in re.findall(r"(\d+)(?:-(\d+))?", text):
        low = min(int(first), 9)
        passes.update(range(low, min(int(last or low), 9) + 1))
    return tuple(sorted(passes)) or (1,)


class _Reader:
    """Reads the tokens of a body into bars; one `on_...` a kind of token."""

    def __init__(
        self,
        key: Key,
        meter: tuple[int, int] | None,
        unit: Fraction,
    ):
        self.meter, self.unit = meter, unit
        self.signature = key.signature
        self.bars = [Bar()]
        self.accidentals = {}  # step -> (sign, octaves where it is printed)
        self.ending = ()  # the passes of the ending that is being read
        self.count = 0
        self.last = None  # the last symbol, which `>`, `-` and `)` change
        self.broken = None  # what `>` or `<` left for the next symbol
        self.tuplet = None  # (ratio, figure, symbols left, is first)
        self._clear()

    def _clear(self):
        """Forgets what was waiting for the next symbol."""
        self.space, self.graces, self.slurs = False, (), 0
        self.above, self.marks = [], []

    def read(self, tokens: list[Token]):
        """Reads all tokens; kinds without a method mean nothing here."""
        for token in tokens:
            handler = getattr(self, f"on_{token.kind}", None)
            if handler:
                handler(token.text)

    # what changes the symbols that come

    def on_newline(self, text: str):
        self.space = True
        if not self.bars[-1].symbols:
            self.bars[-1].new_line = True

    def on_space(self, text: str):
        self.space = True

    def on_field(self, text: str):
        name, value = text.strip("[")[0], field_value(text)
        if name == "X":
            raise MelodyError(
                f"A text must hold one tune. Received: a second one, {text}."
            )
        if name == "L":
            self.unit = parse_unit(value)
        elif name == "M":
            self.meter = split_meter(value)
            self.bars[-1].meter = self.meter
        elif name == "K":
            key = parse_key(value)
            self.signature, self.bars[-1].fifths = key.signature, key.sharps
        elif name == "V" and value.split()[:1] not in ([], ["1"]):
            raise MelodyError(
                f"A tune must have one voice. Received: V:{value}."
            )

    def on_overlay(self, text: str):
        raise MelodyError("A tune must have one voice. Received: `&`.")

    def on_chord_symbol(self, text: str):
        words = text[1:-1].strip().lstrip("^_<>@").strip()
        if words:
            self.above.append(words)

    def on_decoration(self, text: str):
        mark = _SHORT_MARKS.get(text, text.strip("!+"))
        self.marks.append(mark)

    def on_grace(self, text: str):
        found = _HEAD.finditer(text)
        self.graces = tuple(self._pitch(match) for match in found)

    def on_tuplet(self, text: str):
        found = tuplet_count(
            text, bool(self.meter) and is_compound(*self.meter)
        )
        if found and found[0] > 1:
            p, q, r = found
            self.tuplet = (Fraction(q, p), p, r, True)

    # what changes the symbol before

    def on_slur(self, text: str):
        if text == "(":
            self.slurs += 1
        elif self.last:
            self.last.unslurs += 1

    def on_tie(self, text: str):
        if self.last and self.last.pitches:
            self.last.tied = True

    def on_broken(self, text: str):
        if self.last and self.broken is None:
            shorter = Fraction(1, 2 ** min(len(text), 3))
            longer = 2 - shorter
            if text[0] == "<":
                longer, shorter = shorter, longer
            self.last.length *= longer
            self.broken = shorter

    # symbols

    def on_note(self, text: str):
        self._add((self._pitch(_HEAD.match(text)),), note_length(text))

    def on_chord(self, text: str):
        inside, _, after = text[1:].rpartition("]")
        notes = [token for token in tokenize(inside) if token.kind == "note"]
        if not notes:
            return
        found = [self._pitch(_HEAD.match(token.text)) for token in notes]
        by_midi = {pitch.midi: pitch for pitch in found}
        length = note_length(notes[0].text) * note_length(after)
        pitches = tuple(by_midi[midi] for midi in sorted(by_midi))
        self._add(pitches, length, tied="-" in inside)

    def on_rest(self, text: str):
        self._add((), note_length(text), visible=text[0] == "z")

    def on_multirest(self, text: str):
        beats, unit = self.meter or (4, 4)
        for index in range(min(int(text[1:] or 1), 100)):
            if index:
                self.bars.append(Bar(ending=self.ending))
            self._add((), Fraction(beats, unit) / self.unit)

    def _pitch(self, match: re.Match) -> Pitch:
        sign, letter, marks = match.groups()
        step = letter.upper()
        octave = 4 + letter.islower() + marks.count("'") - marks.count(",")
        shown = sign is not None
        if shown:
            self.accidentals[step] = (sign, {octave})
        elif step in self.accidentals:
            # An accidental holds in all octaves until the bar line. In
            # another octave it is printed again, so that readers agree.
            sign, printed = self.accidentals[step]
            shown = octave not in printed
            printed.add(octave)
        else:
            sign = self.signature.get(step, "=")
        pitch = Pitch(step, _ALTERS[sign], octave, shown)
        if not 12 <= pitch.midi <= 120:
            raise MelodyError(
                "A note must lie in the range of hearing. "
                f"Received: {match.group()[:40]}."
            )
        return pitch

    def _add(self, pitches, length, tied=False, visible=True):
        length *= self.unit * (self.broken or 1)
        if length > 16:
            raise MelodyError(
                "A note must last at most 16 whole notes. "
                f"Received: {float(length):g}."
            )
        symbol = Symbol(
            f"n{self.count}", pitches, length, tied=tied, graces=self.graces,
            space=self.space, above=tuple(self.above), marks=tuple(self.marks),
            slurs=self.slurs, visible=visible,
        )  # fmt: skip
        if self.tuplet:
            ratio, size, left, first = self.tuplet
            symbol.ratio, symbol.tuplet_size = ratio, size
            symbol.tuplet = "start" if first else "inside"
            self.tuplet = (ratio, size, left - 1, False)
            if left == 1:
                symbol.tuplet = "" if first else "stop"
                self.tuplet = None
        self.count += 1
        self.broken, self.last = None, symbol
        self.bars[-1].symbols.append(symbol)
        self._clear()

    # bar lines

    def on_bar(self, text: str):
        text = text.lstrip(".")
        signs = text.rstrip("0123456789,-")
        if signs == "::":
            closes, opens = 1, True
        else:
            before = re.search(r"(:+)\|", signs)
            closes = len(before.group(1)) if before else 0
            opens = signs.endswith(":")
        line = "regular"
        if "]" in signs or signs.startswith("[|"):
            line = "final"
        elif signs.count("|") > 1:
            line = "double"
        self._end_bar(closes, opens, line)
        if signs != text:
            self.on_ending(text[len(signs) :])

    def on_ending(self, text: str):
        if self.bars[-1].symbols:
            self.bars.append(Bar())
        self.ending = _read_passes(text)
        self.bars[-1].ending = self.ending
        self.bars[-1].ending_starts = True

    def _end_bar(self, closes: int, opens: bool, line: str):
        bar = self.bars[-1]
        self.accidentals = {}
        self.tuplet = self.broken = None
        if bar.symbols:
            bar.line, bar.closes = line, closes
            self.bars.append(Bar())
        elif len(self.bars) > 1:  # a second line after the same bar
            before = self.bars[-2]
            before.closes = max(before.closes, closes)
            if before.line == "regular" and not opens:
                before.line = line
        bar = self.bars[-1]
        bar.opens = bar.opens or opens
        ends_ending = closes or opens or line != "regular"
        if ends_ending and not bar.ending_starts:
            self.ending = ()
        bar.ending = self.ending


def read_melody(abc: str) -> Melody:
    """Reads one tune of ABC text.

    The reader is forgiving: it takes what it understands and skips the rest.
    Whether the bars add up is the question of `mitseq.music.meter.check`.

    Args:
        abc: The text of one tune, with or without `X:` and `T:`.

    Returns:
        The `Melody`.

    Raises:
        MelodyError: if there is no note, more than one voice or more than one
            tune, a length that cannot be printed, or far too much of it.
        ABCError: if a key, a meter or a length is none.
    """
    header, body = _split(abc)
    meter = split_meter(header.get("M", ""))
    if "L" in header:
        unit = parse_unit(header["L"])
    else:
        unit = default_unit(Fraction(*meter) if meter else None)
    key = parse_key(header.get("K", "none"))
    reader = _Reader(key, meter, unit)
    reader.read(body)
    bars = reader.bars
    while bars and not bars[-1].symbols:
        bars.pop()
    rhythm = header.get("R", "")
    tempo = _read_tempo(header.get("Q", ""), unit)
    melody = Melody(
        title=header.get("T", ""),
        composer=header.get("C", ""),
        rhythm=rhythm,
        fifths=key.sharps,
        meter=meter,
        meter_symbol={"C": "common", "C|": "cut"}.get(header.get("M"), ""),
        bars=bars,
        tempo=tempo or usual_tempo(rhythm, meter),
    )
    if len(bars) > MOST_BARS:
        raise MelodyError(
            f"A tune must have at most {MOST_BARS} bars. Received: "
            f"{len(bars)} bars."
        )
    for bar in bars:
        for symbol in bar.symbols:
            symbol.heads()  # raises where a length cannot be printed
    if not melody.sounds():
        raise MelodyError(
            "A tune must have at least one note. Received: "
            f"{abc if len(abc) <= 60 else abc[:57] + '...'!r}."
        )
    if melody.duration > LONGEST_TUNE:
        raise MelodyError(
            f"A tune must last at most {LONGEST_TUNE // 60} minutes. "
            f"Received: {melody.duration / 60:.0f} minutes."
        )
    return melody


def _split(abc: str) -> tuple[dict[str, str], list[Token]]:
    """The header (the first field of each letter) and the body's tokens."""
    header = {}
    tokens = tokenize(abc.lstrip("\ufeff"))
    for index, token in enumerate(tokens):
        if token.kind == "field":
            header.setdefault(token.text[0], field_value(token.text))
            if token.text[0] == "K":
                return header, tokens[index + 1 :]
    return header, []


# --- playing --------------------------------------------------------------


def _play_order(bars: list[Bar]) -> list[int]:
    """Bars as played: a `:|` goes back to its `|:`, endings go by their pass.

    Where there is no `|:`, it goes back to the last double bar or repeat.
    """
    order, index = [], 0
    start, lap, opened = 0, 1, False
    while index < len(bars):
        bar = bars[index]
        if bar.opens and not (opened and index == start):
            start, lap, opened = index, 1, True
        if bar.ending_starts and lap not in bar.ending:
            index = _after_ending(bars, index)
            if index >= len(bars) or not bars[index].ending_starts:
                start, lap, opened = index, 1, False  # that was the last one
            continue
        order.append(index)
        laps = _laps(bars, start, index)
        following = bars[index + 1] if index + 1 < len(bars) else Bar()
        next_ending = bool(bar.ending) and following.ending_starts
        if bar.closes or (next_ending and lap not in following.ending):
            if lap < laps:
                index, lap = start, lap + 1
                continue
        index += 1
        last_ending = bar.ending and not following.ending
        double = bar.line != "regular" and not opened
        if bar.closes or last_ending or double:
            start, lap, opened = index, 1, False
    return order


def _after_ending(bars: list[Bar], index: int) -> int:
    """The first bar after the ending that starts at `index`."""
    passes = bars[index].ending
    index += 1
    while (
        index < len(bars)
        and bars[index].ending == passes
        and not bars[index].ending_starts
    ):
        index += 1
    return index


def _laps(bars: list[Bar], start: int, index: int) -> int:
    """How often the section that starts at `start` is played."""
    laps = 1 + min(bars[index].closes or 1, 3)
    numbers = [n for b in bars[start : index + 1] for n in b.ending]
    after = index + 1
    while after < len(bars) and bars[after].ending_starts:
        numbers += bars[after].ending
        after = _after_ending(bars, after)
    return max(numbers) if numbers else laps


def _volume(position: Fraction, meter: tuple[int, int] | None) -> float:
    """Loudness by place in the bar: the first beat, the beats, the rest."""
    if position == 0:
        return 1.0
    beats, unit = meter or (4, 4)
    beat = Fraction(3 if is_compound(beats, unit) else 1, unit)
    return 0.86 if position % beat == 0 else 0.74


def _parts(
    symbol: Symbol, number: int, start: Fraction, stop: Fraction
) -> Iterator[tuple[str, Fraction, Fraction]]:
    """The heads of one note of a symbol, with their times."""
    heads = symbol.heads()
    end = stop - symbol.sounding
    for index, (name, length) in enumerate(heads):
        begin, end = end, end + length * symbol.ratio
        first = start if index == 0 else begin  # grace notes come before it
        last = stop if index == len(heads) - 1 else end
        if first < last:
            yield chord_id(name, number), first, last


def _sounds(melody: Melody) -> Iterator[Sound]:
    """Yields the sounds in order of their end; see `Melody.sounds`."""
    now = Fraction(0)
    held: dict[int, Sound] = {}  # tied pitches that may go on
    meter = melody.meter
    found = []
    for index in melody.order():
        bar = melody.bars[index]
        meter = bar.meter or meter
        whole = Fraction(*meter) if meter else bar.length
        # A pickup counts from the right, so that its notes are no downbeat.
        position = max(whole - bar.length, Fraction(0)) if index == 0 else 0
        for symbol in bar.symbols:
            start, stop = now, now + symbol.sounding
            if symbol.pitches and symbol.graces:
                each = min(
                    Fraction(1, 32),
                    symbol.sounding / 2 / len(symbol.graces),
                )
                for number, grace in enumerate(symbol.graces):
                    begin = start + number * each
                    part = (f"{symbol.id}g{number}", begin, begin + each)
                    found.append(
                        Sound(grace.midi, begin, begin + each, 0.7, (part,))
                    )
                start += each * len(symbol.graces)
            going_on = {}
            for number, pitch in enumerate(symbol.pitches):
                parts = tuple(_parts(symbol, number, start, stop))
                before = held.get(pitch.midi)
                if before and before.stop == now and not symbol.graces:
                    sound = Sound(
                        pitch.midi, before.start, stop, before.volume,
                        before.parts + parts,
                    )  # fmt: skip
                    found.remove(before)
                else:
                    volume = _volume(Fraction(position), meter)
                    sound = Sound(pitch.midi, start, stop, volume, parts)
                found.append(sound)
                if symbol.tied:
                    going_on[pitch.midi] = sound
            held = going_on
            now = now + symbol.sounding
            position += symbol.sounding
    yield from sorted(found, key=lambda sound: (sound.start, sound.pitch))
