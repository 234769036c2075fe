"""Which notes are joined by beams.

Two rules decide, as in printed dance music: a beam never crosses a beat group
(a dotted quarter in 6/8, half a bar in 4/4), and never crosses a space in the
ABC text. Inside a group, every further beam joins the notes that are short
enough for it. Lengths are fractions of a whole note.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from mitseq.tunes.notation import Meter, is_compound


@dataclass(frozen=True)
class Beamable:
    """A note head as far as beams are concerned."""

    length: Fraction  # what the head shows, without its tuplet
    position: Fraction  # in the bar, from its start
    note: bool = True  # False for a rest, which ends a beam
    breaks: bool = False  # whether a space stands before it in the text

    @property
    def beams(self) -> int:
        """Flags of the head: 0 for a quarter, 1 for an eighth, ..."""
        count, value = 0, Fraction(1, 4)
        while self.note and self.length < value and count < 6:
            count, value = count + 1, value / 2
        return count


def beam_group(meter: Meter, shortest: Fraction) -> Fraction:
    """Returns the length that one beam may span.

    In simple meters notes shorter than an eighth are joined beat by beat.

    Example:

    >>> beam_group((6, 8), Fraction(1, 8)), beam_group((4, 4), Fraction(1, 8))
    (Fraction(3, 8), Fraction(1, 2))
    """
    if meter is None:
        return Fraction(1, 4)
    beats, unit = meter
    if is_compound(beats, unit) or (beats, unit) == (3, 8):
        return Fraction(3, unit)
    if shortest < Fraction(1, 8) or unit > 4 or beats % 2:
        return Fraction(1, 4)
    return Fraction(1, 2)


def beam_marks(
    heads: Sequence[Beamable], meter: Meter, pickup: Fraction
) -> list[list[str]]:
    """Returns the beams of each head in a bar that lacks `pickup` at its left.

    These are the kinds of a head's beams from the outermost inwards: `start`,
    `continue`, `stop`, `partial-left` or `partial-right`; none where it keeps
    its flags.

    Example:

    >>> eighths = [Beamable(Fraction(1, 8), Fraction(n, 8)) for n in range(6)]
    >>> beam_marks(eighths, (6, 8), Fraction(0))[:4]
    [['start'], ['continue'], ['stop'], ['start']]
    """
    marks: list[list[str]] = [[] for _ in heads]
    sounding = [head.length for head in heads if head.note]
    span = beam_group(meter, min(sounding, default=Fraction(1, 4)))
    group, number = [], None
    for index, head in enumerate(heads):
        now = (head.position + pickup) // span
        if not head.beams or head.breaks or now != number:
            _join(group, heads, marks)
            group = []
        if head.beams:
            group.append(index)
        number = now
    _join(group, heads, marks)
    return marks


def _join(group: list[int], heads: Sequence[Beamable], marks: list[list[str]]):
    """Writes the beams of one group, level by level, into `marks`."""
    if len(group) < 2:
        return
    beams = [0, *(heads[index].beams for index in group), 0]
    for place, index in enumerate(group):
        before, own, after = beams[place : place + 3]
        for level in range(1, own + 1):
            if before >= level and after >= level:
                kind = "continue"
            elif after >= level:
                kind = "start"
            elif before >= level:
                kind = "stop"
            else:  # alone at this level: a stub towards its neighbor
                kind = "partial-left" if place else "partial-right"
            marks[index].append(kind)
