"""MusicXML of a tune: its bars as they are printed.

Read `melody.py` and `heads.py` first. music21 never sees ABC, which its own
reader does not always come back from: the notes of its score are made here, one
by one, from a `Melody`.
"""

import re
from fractions import Fraction
from typing import Any
from xml.etree import ElementTree  # nosec B405

from mitseq.tunes.bars import Bar, Symbol
from mitseq.tunes.beams import Beamable, beam_marks
from mitseq.tunes.heads import (
    decorate,
    grace_notes,
    new_head,
    set_tie,
    set_tuplet,
    xml_text,
)
from mitseq.tunes.layout import BARS_A_LINE
from mitseq.tunes.melody import Melody, accepted_melody


def to_musicxml(tune: str | Melody) -> str:
    r"""Returns a tune as MusicXML.

    The notes have ids (`n0`, `n1`, ...), the same as in the score and in
    `Melody.sounds()`. The same tune gives the same text.

    Args:
        tune: ABC text of one tune, or the `Melody` read from it.

    Raises:
        MelodyError: if the tune is not accepted by our checker or cannot be
            written.

    Example:

    >>> xml = to_musicxml("X:1\nT:Short\nM:2/4\nL:1/8\nK:D\nd2 A2|]\n")
    >>> xml.count("<note id=")
    2
    """
    melody = accepted_melody(tune)
    from music21.musicxml.m21ToXml import ScoreExporter

    root = ScoreExporter(_printed_score(melody), makeNotation=False).parse()
    ElementTree.indent(root, "  ")
    return _tidy(ElementTree.tostring(root, encoding="unicode"))


def _tidy(text: str) -> str:
    """Removes what differs from run to run and what nobody wrote."""
    text = re.sub(r"\s*<creator type=\"composer\">Music21</creator>", "", text)
    text = re.sub(r"\s*<encoding-date>[^<]*</encoding-date>", "", text)
    text = re.sub(r"\bP[0-9a-f]{32}\b", "P1", text)
    text = re.sub(r"\s*<movement-title>[^<]*</movement-title>", "", text)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 '
        'Partwise//EN" "http://www.musicxml.org/dtds/partwise.dtd">\n'
        f"{text}\n"
    )


def system_starts(melody: Melody) -> set[int]:
    """Returns the indices of the bars that start a new line, without the first.

    These are the bars that start a line of the ABC text. Where the whole tune
    stands on one line, as normalized tunes do, there are four bars a line and
    each part starts a line of its own.
    """
    bars = melody.bars
    starts = {i for i, bar in enumerate(bars) if bar.new_line and i}
    if starts:
        return starts
    full = Fraction(*melody.meter) if melody.meter else Fraction(0)
    beats = Fraction(0)  # in this line, so that two halves make one bar
    for index, bar in enumerate(bars[:-1]):
        beats += bar.length if full else 1
        part_ends = bar.closes or bar.line != "regular"
        is_full = beats >= BARS_A_LINE * (full or 1)
        if (part_ends or is_full) and not bars[index + 1].ending_starts:
            starts.add(index + 1)
            beats = Fraction(0)
    return starts


def _printed_score(melody: Melody) -> Any:
    """The music21 score of the bars as they stand on the page."""
    from music21 import metadata, stream

    score = stream.Score()
    score.metadata = metadata.Metadata()
    score.metadata.title = xml_text(melody.title)
    score.metadata.composer = xml_text(melody.composer)
    part = stream.Part()
    part.id = "P1"
    writer = _Writer(melody)
    for index, bar in enumerate(melody.bars):
        part.append(writer.measure(index, bar))
    for spanner in writer.spanners:
        part.insert(0, spanner)
    score.insert(0, part)
    return score


class _Writer:
    """Writes bars as music21 measures, and remembers what spans them."""

    def __init__(self, melody: Melody):
        self.melody = melody
        self.meter = melody.meter
        self.number = 0
        self.after_part = True  # the bar before was a part of one
        self.line_starts = system_starts(melody)
        self.tied = False  # the symbol before is tied to the next one
        self.bracket = []  # the measures of the ending that is being written
        self.slurred = []  # the notes where open slurs began
        self.spanners = []

    def measure(self, index: int, printed: Bar) -> Any:
        """Returns the measure of one bar, with what stands in it."""
        from music21 import bar, layout, stream

        full = Fraction(*self.meter) if self.meter else None
        whole = full is None or printed.length >= full
        # A pickup and the end of the section before it are one bar.
        is_rest_of_bar = not whole and self.after_part
        self.number += not is_rest_of_bar
        self.after_part = not whole and not is_rest_of_bar
        measure = stream.Measure(number=self.number)
        if not whole:
            measure.showNumber = stream.enums.ShowNumber.NEVER
        self._signatures(measure, index, printed)
        if index in self.line_starts:
            measure.insert(0, layout.SystemLayout(isNew=True))
        heads, position = [], Fraction(0)
        for symbol in printed.symbols:
            heads += self._symbol(measure, symbol, position)
            position += symbol.sounding
        self._beams(heads, index, printed)
        if printed.opens:
            measure.leftBarline = bar.Repeat(direction="start")
        if printed.closes:
            measure.rightBarline = bar.Repeat(direction="end")
        elif printed.line != "regular":
            measure.rightBarline = bar.Barline(printed.line)
        self._ending(measure, index, printed)
        return measure

    def _signatures(self, measure: Any, index: int, printed: Bar):
        from music21 import clef, key, meter

        fifths = printed.fifths
        if index == 0:
            measure.clef, fifths = clef.TrebleClef(), self.melody.fifths
        if fifths is not None:
            measure.keySignature = key.KeySignature(fifths)
        self.meter = printed.meter or self.meter
        if self.meter and (index == 0 or printed.meter):
            time = meter.TimeSignature("{}/{}".format(*self.meter))
            if not printed.meter:
                time.symbol = self.melody.meter_symbol
            measure.timeSignature = time

    def _ending(self, measure: Any, index: int, printed: Bar):
        """Draws a bracket from the start of an ending to its end."""
        from music21 import spanner

        if not printed.ending:
            return
        self.bracket.append(measure)
        bars = self.melody.bars
        after = bars[index + 1] if index + 1 < len(bars) else Bar()
        if after.ending_starts or not after.ending:
            name = ", ".join(str(number) for number in printed.ending)
            ending = spanner.RepeatBracket(self.bracket, number=name)
            ending.overrideDisplay = f"{name}."
            self.spanners.append(ending)
            self.bracket = []

    def _symbol(self, measure: Any, symbol: Symbol, position: Fraction) -> list:
        """Appends a symbol; returns its heads, each with its `Beamable`."""
        printed, heads = symbol.heads(), []
        for index, (name, length) in enumerate(printed):
            head = new_head(symbol, name, length)
            set_tuplet(head, symbol, index, len(printed))
            starts = symbol.tied or index < len(printed) - 1
            set_tie(head, symbol, stops=self.tied or index > 0, starts=starts)
            if index == 0:
                for grace in grace_notes(symbol):
                    measure.append(grace)
                decorate(measure, symbol, head)
                self._slurs(symbol, head)
            measure.append(head)
            note, breaks = bool(symbol.pitches), symbol.space and index == 0
            heads.append((head, Beamable(length, position, note, breaks)))
            position += length * symbol.ratio
        self.tied = symbol.tied
        return heads

    def _slurs(self, symbol: Symbol, head: Any):
        from music21 import spanner

        self.slurred += [head] * min(symbol.slurs, 4)
        for _ in range(symbol.unslurs):
            first = self.slurred.pop() if self.slurred else head
            if first is not head:
                self.spanners.append(spanner.Slur(first, head))

    def _beams(self, heads: list, index: int, printed: Bar):
        full = Fraction(*self.meter) if self.meter else printed.length
        pickup = max(full - printed.length, Fraction(0)) if index == 0 else 0
        marks = beam_marks([head for _, head in heads], self.meter, pickup)
        for (note, _), kinds in zip(heads, marks, strict=True):
            for kind in kinds:
                kind, _, direction = kind.partition("-")
                note.beams.append(kind, direction or None)
