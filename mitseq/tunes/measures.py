r"""What can be measured of a tune: numbers by which collections compare.

Read `melody.py` and `sections.py` first. A model is judged by its tunes, and
tunes by what people's tunes have: do they end on the tonic, do bars come back,
how far do they leap? `measure` takes the text of one tune; two collections are
compared by the numbers of their tunes (`tasks/music/compare.py`).

Each is of the tune as it is printed, tied notes joined, of chords the highest.
References: Sturm and Ben-Tal, "Taking the models back to music practice"
(2017), who compare the outputs of folk-rnn with its data by statistics of
pitches, lengths and structure; Yang and Lerch, "On the evaluation of generative
models in music" (2020).
"""

import math
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from mitseq.tunes.bars import Pitch
from mitseq.tunes.keys import Key, parse_key
from mitseq.tunes.melody import Melody, accepted_melody
from mitseq.tunes.normalize import normalize
from mitseq.tunes.sections import LIKE, Content, alike, form, phrases, sections
from mitseq.tunes.tokens import header_fields, scan

LAGS = (4, 8)  # bars after which folk tunes repeat
REGULAR = (4, 8, 16)  # bars of a section that can be danced
LEAP = 5  # semitones: a fourth
FAR = 12  # semitones: larger intervals are counted as this
STEPS = "CDEFGAB"

# Name -> what it says, in the order in which they are shown
MEASURES = {
    "ends_on_tonic": "the last note is the tonic (0 or 1)",
    "sections_end_on_tonic": "share of the sections that end on the tonic",
    "bars_repeated": "share of the bars that repeat an earlier bar exactly",
    "bars_similar_4": "share of the bars similar to the one four before",
    "bars_similar_8": "share of the bars similar to the one eight before",
    "sections_regular": "all sections have 4, 8 or 16 bars (0 or 1)",
    "section_bars": "bars of a section, mean",
    "sections": "sections",
    "sections_repeated": "share of the sections that are played again",
    "phrases_back": "share of the phrases of four bars that come back",
    "pickup": "begins with a pickup (0 or 1)",
    "bars": "bars",
    "notes": "notes",
    "notes_a_bar": "notes of a bar, mean",
    "zlib_a_note": "bytes of the text a note, after zlib",
    "length_entropy": "entropy of the note lengths, in bits",
    "degree_entropy": "entropy of the degrees, in bits",
    "longest_share": "length of the last note as a share of a bar",
    "range": "semitones from the lowest note to the highest",
    "lowest": "lowest note, in semitones above middle C",
    "interval": "size of an interval in semitones, mean",
    "same_notes": "share of the intervals that repeat the note",
    "steps": "share of the intervals of one or two semitones",
    "leaps": "share of the intervals of a fourth or more",
    "largest_interval": "largest interval in semitones",
    "turns": "share of the notes at which the line turns",
    "off_key": "share of the notes that are not in the key",
    "on_chord": "share of the bars that begin on degree 1, 3 or 5",
    "rests": "share of the time that is rest",
    "triplets": "share of the notes that stand in a tuplet",
}
BINARY = ("ends_on_tonic", "sections_regular", "pickup")
# Name -> what is counted
COUNTS = {
    "intervals": "intervals in semitones",
    "lengths": "note lengths in whole notes",
    "degrees": "degrees of the key",
    "degree_pairs": "two degrees in a row",
    "degree_triples": "three degrees in a row",
    "cadences": "the last two degrees of a section",
    "forms": "form as played",
    "phrases": "phrases of four bars as printed",
    "meters": "meters",
    "keys": "keys",
}


@dataclass(frozen=True)
class Measured:
    """The measures of one tune.

    `values` has a number for each of `MEASURES`, `counts` a `Counter` for each
    of `COUNTS`. `text` is the normalized tune.
    """

    text: str
    values: dict[str, float]
    counts: dict[str, Counter]


@dataclass(frozen=True)
class Note:
    """One note of the line: where it stands, and how long it lasts."""

    bar: int
    onset: Fraction
    pitch: Pitch
    length: Fraction
    in_tuplet: bool


def measure(text: str) -> Measured:
    r"""Measures one tune.

    Args:
        text: One tune in ABC.

    Returns:
        Its measures.

    Raises:
        ABCError: if it cannot be normalized: a bar does not add up, or it
            changes its key, meter or unit.

    Example:

    >>> tune = measure("M:2/4\nL:1/8\nK:D\n|:d2 f2|A2 d2:|\n")
    >>> tune.values["ends_on_tonic"], tune.values["range"]
    (1.0, 9.0)
    >>> tune.counts["degrees"], tune.counts["forms"]
    (Counter({'1': 2, '3': 1, '5': 1}), Counter({'AA': 1}))
    """
    text = normalize(text)
    melody = accepted_melody(text)
    key = _key(text)
    notes = _line(melody)
    parts = sections(melody)
    degrees = [degree(note.pitch, key) for note in notes]
    return Measured(
        text,
        {
            **_of_form(melody, parts, notes, key),
            **_of_lengths(text, melody, parts[0].full, notes),
            **_of_pitches(notes, degrees),
        },
        {
            **_counted_notes(notes, degrees),
            "cadences": _cadences(parts, notes, degrees),
            "forms": Counter([form(melody, parts)]),
            "phrases": Counter([phrases(parts)]),
            "meters": Counter([text.split("\n", 1)[0][2:]]),
            "keys": Counter([str(key)]),
        },
    )


def degree(pitch: Pitch, key: Key) -> str:
    """Returns the degree of a pitch in a key, with what alters it.

    Example:

    >>> degree(Pitch("F", 1, 4), parse_key("D")), degree(
    ...     Pitch("C", 0, 5), parse_key("D")
    ... )
    ('3', '7-')
    """
    number = (STEPS.index(pitch.step) - STEPS.index(key.tonic[0])) % 7 + 1
    usual = {"^": 1, "_": -1}.get(key.signature.get(pitch.step, ""), 0)
    altered = pitch.alter - usual
    return f"{number}{'+' * altered}{'-' * -altered}"


def entropy(counts: Iterable[int]) -> float:
    """Returns the entropy of what was counted, in bits.

    Example:

    >>> entropy([1, 1, 2]), entropy([7])
    (1.5, 0.0)
    """
    numbers = list(counts)
    total = sum(numbers)
    return sum(n / total * math.log2(total / n) for n in numbers if n)


def similar_share(bars: list[Content], lag: int) -> float:
    r"""Returns the share of the bars like the one `lag` bars before.

    Like means: at least half of their time they sound the same pitch. Bars
    before which there is none count among all.

    Example:

    >>> one, other = ((0, 62, 20160),), ((0, 64, 20160),)
    >>> similar_share([one, other, one, one], lag=2)
    0.25
    """
    pairs = zip(bars[lag:], bars, strict=False)
    like = sum(alike(bar, before) >= LIKE for bar, before in pairs)
    return like / len(bars) if bars else 0.0


def repeated_share(bars: list[Content]) -> float:
    """Returns the share of the bars that repeat an earlier one exactly.

    Example:

    >>> one, other = ((0, 62, 20160),), ((0, 64, 20160),)
    >>> repeated_share([one, other, one, one])
    0.5
    """
    return 1 - len(set(bars)) / len(bars) if bars else 0.0


def _key(text: str) -> Key:
    fields = {letter: value for letter, value, _ in header_fields(scan(text))}
    return parse_key(fields["K"])


def _line(melody: Melody) -> list[Note]:
    """The notes in the order of the page, ties joined."""
    notes: list[Note] = []
    tied = False
    for number, bar in enumerate(melody.bars):
        onset = Fraction(0)
        for symbol in bar.symbols:
            length = symbol.sounding
            if symbol.pitches:
                pitch = max(symbol.pitches, key=lambda one: one.midi)
                if tied and notes and notes[-1].pitch.midi == pitch.midi:
                    last = notes.pop()
                    notes.append(
                        Note(
                            last.bar,
                            last.onset,
                            last.pitch,
                            last.length + length,
                            last.in_tuplet,
                        )
                    )
                else:
                    ratio = symbol.ratio != 1
                    notes.append(Note(number, onset, pitch, length, ratio))
            tied = symbol.tied
            onset += length
    return notes


def _tonic(key: Key) -> int:
    alter = {"#": 1, "b": -1}.get(key.tonic[1:], 0)
    return Pitch(key.tonic[0], alter, 4).midi % 12


def _of_form(melody, parts, notes, key) -> dict[str, float]:
    whole = [bar for part in parts for bar in part.contents]
    tonic = _tonic(key)
    ends = [_last(notes, part.first + len(part.bars)) for part in parts]
    on_tonic = [n is not None and n.pitch.midi % 12 == tonic for n in ends]
    shapes = phrases(parts)
    first = melody.bars[0]
    sizes = [part.size for part in parts]
    return {
        "ends_on_tonic": float(notes[-1].pitch.midi % 12 == tonic),
        "sections_end_on_tonic": sum(on_tonic) / len(parts),
        "bars_repeated": repeated_share(whole),
        **{f"bars_similar_{lag}": similar_share(whole, lag) for lag in LAGS},
        "sections_regular": float(all(size in REGULAR for size in sizes)),
        "section_bars": sum(sizes) / len(sizes),
        "sections": float(len(parts)),
        "sections_repeated": _mean(
            any(bar.closes for bar in part.bars) for part in parts
        ),
        "phrases_back": 1 - len(set(shapes)) / len(shapes) if shapes else 0.0,
        "pickup": float(first.length < parts[0].full),
        "bars": float(sum(sizes)),
    }


def _last(notes: list[Note], before: int) -> Note | None:
    """The last note that begins before a bar."""
    return next((n for n in reversed(notes) if n.bar < before), None)


def _of_lengths(text, melody, full, notes) -> dict[str, float]:
    body = text.rstrip("\n").rpartition("\n")[2]
    total = sum((bar.length for bar in melody.bars), Fraction(0))
    sound = sum((note.length for note in notes), Fraction(0))
    lengths = Counter(note.length for note in notes)
    return {
        "notes": float(len(notes)),
        "notes_a_bar": float(len(notes) / (total / full)),
        "zlib_a_note": len(zlib.compress(body.encode(), 9)) / len(notes),
        "length_entropy": entropy(lengths.values()),
        "longest_share": float(notes[-1].length / full),
        "rests": float(1 - sound / total),
        "triplets": _mean(note.in_tuplet for note in notes),
    }


def _of_pitches(notes, degrees) -> dict[str, float]:
    line = [note.pitch.midi for note in notes]
    moves = [b - a for a, b in pairwise(line)]
    turns = [a * b < 0 for a, b in pairwise(m for m in moves if m)]
    begins = [
        name[0] in "135" and len(name) == 1
        for note, name in zip(notes, degrees, strict=True)
        if note.onset == 0
    ]
    return {
        "range": float(max(line) - min(line)),
        "lowest": float(min(line) - 60),
        "interval": _mean(map(abs, moves)),
        "same_notes": _mean(move == 0 for move in moves),
        "steps": _mean(abs(move) in (1, 2) for move in moves),
        "leaps": _mean(abs(move) >= LEAP for move in moves),
        "largest_interval": float(max(map(abs, moves), default=0)),
        "turns": _mean(turns),
        "off_key": _mean(len(name) > 1 for name in degrees),
        "on_chord": _mean(begins),
        "degree_entropy": entropy(Counter(degrees).values()),
    }


def _counted_notes(notes, degrees) -> dict[str, Counter]:
    line = [note.pitch.midi for note in notes]
    moves = (max(-FAR, min(FAR, b - a)) for a, b in pairwise(line))
    names = "".join(name[0] for name in degrees)
    return {
        "intervals": Counter(moves),
        "lengths": Counter(str(note.length) for note in notes),
        "degrees": Counter(degrees),
        **{
            what: Counter(names[i : i + n] for i in range(len(names) - n + 1))
            for what, n in (("degree_pairs", 2), ("degree_triples", 3))
        },
    }


def _cadences(parts, notes, degrees) -> Counter:
    """The last two degrees of each section."""
    found: Counter = Counter()
    for part in parts:
        inside = [
            name
            for note, name in zip(notes, degrees, strict=True)
            if 0 <= note.bar - part.first < len(part.bars)
        ]
        found["-".join(inside[-2:])] += 1
    return found


def _mean(numbers: Iterable[float]) -> float:
    numbers = list(numbers)
    return float(sum(numbers) / len(numbers)) if numbers else 0.0
