r"""Sections, bars and form: how a tune is put together.

Read `bars.py` and `melody.py` first. A section lies between two repeat signs
or double bars; a dance tune mostly has two of eight bars, each played twice:
its form is AABB.
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from mitseq.tunes.bars import Bar
from mitseq.tunes.melody import Melody

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LIKE = 0.5  # of two bars or sections that go by one letter, at least so much

TICKS = 20160  # of a whole note, so that 64ths and tuplets are whole numbers

# A bar's notes: when each begins, its MIDI number (-1 for a rest), its length;
# times in ticks
Content = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class Section:
    """Some bars of a tune, as printed."""

    first: int  # its first bar, of those of the melody
    bars: tuple[Bar, ...]
    full: Fraction  # what a bar holds, in whole notes

    @property
    def once(self) -> list[Bar]:
        """The bars of the first time through: later endings are left out."""
        return [b for b in self.bars if not b.ending or 1 in b.ending]

    @property
    def size(self) -> int:
        """How many bars it has; a pickup and the last bar make one."""
        length = sum((bar.length for bar in self.once), Fraction(0))
        return max(1, round(length / self.full))

    @property
    def contents(self) -> list[Content]:
        """What stands in each of its whole bars, the first time through."""
        whole = (bar for bar in self.once if bar.length >= self.full)
        return [content(bar) for bar in whole]


def content(bar: Bar) -> Content:
    r"""Returns the notes of a bar, of chords the highest.

    Example: two bars of one content are the same bar.

    >>> from mitseq.tunes.melody import read_melody
    >>> melody = read_melody("M:2/4\nL:1/8\nK:D\nd2A2|d2A2|d2A>A|]\n")
    >>> first, second, third = map(content, melody.bars)
    >>> first == second, first == third
    (True, False)
    """
    notes, onset = [], 0
    for symbol in bar.symbols:
        top = max((pitch.midi for pitch in symbol.pitches), default=-1)
        length = round(TICKS * symbol.sounding)
        notes.append((onset, top, length))
        onset += length
    return tuple(notes)


def alike(one: Content, other: Content) -> float:
    r"""Returns in what share of their time two bars sound the same pitch.

    Example:

    >>> from mitseq.tunes.melody import read_melody
    >>> melody = read_melody("M:2/4\nL:1/8\nK:D\nd2A2|d3A|]\n")
    >>> alike(*map(content, melody.bars))
    0.75
    """
    length = max(_end(one), _end(other))
    same = i = j = 0
    while i < len(one) and j < len(other):
        (start, pitch, size), (begin, tone, span) = one[i], other[j]
        if pitch == tone:
            both = min(start + size, begin + span) - max(start, begin)
            same += max(both, 0)
        if start + size <= begin + span:
            i += 1
        else:
            j += 1
    return same / length if length else 0.0


def _end(notes: Content) -> int:
    return notes[-1][0] + notes[-1][2] if notes else 0


def sections(melody: Melody) -> list[Section]:
    r"""Returns the sections of a tune, as printed.

    What is shorter than a bar and stands before a repeat sign is the pickup of
    the section behind it. A tune without a meter is one section, of bars as
    long as its longest.

    Example:

    >>> from mitseq.tunes.melody import read_melody
    >>> melody = read_melody("M:2/4\nL:1/8\nK:D\nA|:d2A2|f3A:||:d4|d4:|\n")
    >>> [(section.first, section.size) for section in sections(melody)]
    [(0, 2), (3, 2)]
    """
    bars = melody.bars
    longest = max(bar.length for bar in bars)
    full = Fraction(*melody.meter) if melody.meter else longest
    starts = [0]
    for i, (before, bar) in enumerate(pairwise(bars), start=1):
        ends = before.closes or before.line in ("double", "final")
        if bar.opens or (ends and not bar.ending_starts):
            held = sum((b.length for b in bars[starts[-1] : i]), Fraction(0))
            if held >= full:
                starts.append(i)
    ends = [*starts[1:], len(bars)]
    return [
        Section(first, tuple(bars[first:last]), full)
        for first, last in zip(starts, ends, strict=True)
    ]


def letters(parts: list[list[Content]]) -> str:
    """Returns a letter for each list of bars: the same for those alike.

    Two are alike when, bar by bar, they sound the same in half of their time.
    """
    found: list[list[Content]] = []
    text = ""
    for part in parts:
        places = (
            i for i, one in enumerate(found) if _likeness(part, one) >= LIKE
        )
        place = next(places, len(found))
        if place == len(found):
            found.append(part)
        text += LETTERS[min(place, len(LETTERS) - 1)]
    return text


def _likeness(one: list[Content], other: list[Content]) -> float:
    longer = max(len(one), len(other))
    if not longer:
        return 1.0
    return sum(map(alike, one, other)) / longer


def form(melody: Melody, parts: list[Section] | None = None) -> str:
    r"""Returns the form of a tune as it is played, a letter a section.

    `parts` are its `sections`, where they are known already.

    Example:

    >>> from mitseq.tunes.melody import read_melody
    >>> form(read_melody("M:2/4\nL:1/8\nK:D\n|:d2A2|f3A:||:g4|e4:|\n"))
    'AABB'
    """
    parts = sections(melody) if parts is None else parts
    names = letters([part.contents for part in parts])
    place = {
        part.first + i: number
        for number, part in enumerate(parts)
        for i in range(len(part.bars))
    }
    text, last = "", None
    for bar in melody.order:
        if last is None or bar <= last or place[bar] != place[last]:
            text += names[place[bar]]
        last = bar
    return text


def phrases(parts: list[Section], size: int = 4) -> str:
    r"""Returns a letter for each phrase of `size` whole bars, as printed.

    Example:

    >>> from mitseq.tunes.melody import read_melody
    >>> a, b = "d2A2|d2A2|", "e4|c4|"
    >>> melody = read_melody(f"M:2/4\nL:1/8\nK:D\n{a}{b}{a}")
    >>> phrases(sections(melody), size=2)
    'ABA'
    """
    pieces = []
    for part in parts:
        bars = part.contents
        pieces += [bars[i : i + size] for i in range(0, len(bars), size)]
    return letters(pieces)
