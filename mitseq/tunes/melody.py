"""From the text of a tune to a `Melody`: bars on the page, sounds in time.

Read `notation.py` (what the letters mean) and `meter.py` (does it add up?)
first. `read_melody` turns the text of one tune into its bars as they are
printed (`bars.py`); `Melody.sounds()` plays them (`playing.py`). The score,
MIDI, the sound and the moving light on the page are all drawn from that one
object, so they cannot disagree.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

from mitseq.tunes.bars import Bar, MelodyError, Pitch, Symbol
from mitseq.tunes.notation import (
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
from mitseq.tunes.playing import Sound, play_order, sounds
from mitseq.tunes.tempo import read_tempo, usual_tempo

LONGEST_TUNE = 20 * 60  # seconds; a longer one is a slip in the text
MOST_BARS = 600  # as printed; what fits on one tall page of the score
_ALTERS = {"^": 1, "^^": 2, "_": -1, "__": -2, "=": 0}


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
        return play_order(self.bars)

    def sounds(self) -> list[Sound]:
        """What is heard, repeats and endings played, ties joined."""
        return sounds(self.bars, self.meter)


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
    Whether the bars add up is the question of `mitseq.tunes.meter.check`.

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
    tempo = read_tempo(header.get("Q", ""), unit)
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
