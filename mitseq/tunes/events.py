"""What a reading of ABC leaves: events, and what could not be read.

Read `notation.py` first; `reader.py` makes these from the text of a tune. An
event is a note, a rest, a bar line, a tie, a tuplet sign or a new meter. Its
`piece` is what a normalized tune has of it, so the pieces of all events are
the tune again. Spaces, slurs, ornaments and words matter to print and sound
only: they stand aside, each with the event that comes behind it.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from mitseq.tunes.keys import Key
from mitseq.tunes.notation import TICKS, Meter, Ticks


class Problem(NamedTuple):
    """Why a tune is not accepted: where, and what is wrong.

    Example:

    >>> print(Problem(7, 3, "7/8 in a 6/8 tune"))
    line 7, bar 3: 7/8 in a 6/8 tune
    """

    line: int
    bar: int | None  # None where the line itself is the fault
    reason: str

    def __str__(self) -> str:
        bar = "" if self.bar is None else f", bar {self.bar}"
        return f"line {self.line}{bar}: {self.reason}"


class Event(NamedTuple):
    """One note, rest, bar line, tie, tuplet sign or new meter of a tune.

    Its `detail` is what the piece does not say: the pitches of a note or chord,
    the `BarLine` of a bar line, the `(p, q, r)` of a tuplet.
    """

    kind: str  # `note`, `rest`, `bar`, `tie`, `tuplet` or `meter`
    piece: str  # its normalized spelling
    line: int  # of the text, from 1
    bar: int  # how many bars with notes lie before it
    length: Fraction = Fraction(0)  # as it is written, in units of `L:`
    ticks: Ticks = 0  # how long it is played, in ticks of the first `L:`
    detail: tuple = ()

    @property
    def played(self) -> Fraction:
        """How long it is played, in its tuplet, in units of the first `L:`."""
        return Fraction(self.ticks, TICKS)


@dataclass
class Reading:
    """A tune, read once: from it come check, normalized text and melody.

    Args:
        header: The text of the first field of each letter, of the last `M:`.
        meter: The meter at the start, `None` for free meter; 4/4 where the
            header has none.
        unit: The length of `L:`, in whole notes.
        key: The key at the start; `None` where the header has none.
        events: The events, in order.
        asides: By the index of the event behind them, `(kind, value)` of what
            only print and sound need: `space`, `newline`, `slur`, `grace`,
            `decoration`, `chord_symbol`, `hidden`, and each new `key` or
            `meter`.
        first_bar: Number of the first bar: 0 where it is a pickup.
        problems: What cannot be read. A melody skips it.
        refused: The first of these that a melody cannot skip either: another
            tune or voice, a note or a field that means nothing.
        mendable: Faults of the notation that leave no doubt what is meant: a
            check names them, all others read past them.
        changes: No faults: a new key, meter or unit inside the tune, for which
            a normalized tune has no place.
    """

    header: dict[str, str] = field(default_factory=dict)
    meter: Meter = (4, 4)
    unit: Fraction = Fraction(1, 8)
    key: Key | None = None
    events: list[Event] = field(default_factory=list)
    asides: dict[int, list[tuple[str, Any]]] = field(default_factory=dict)
    first_bar: int = 1
    problems: list[Problem] = field(default_factory=list)
    refused: Problem | None = None
    mendable: list[Problem] = field(default_factory=list)
    changes: list[Problem] = field(default_factory=list)

    @property
    def bar_length(self) -> Fraction | None:
        """The length of a bar in units of `L:`."""
        return Fraction(*self.meter) / self.unit if self.meter else None
