"""Does every bar add up? The judge of a tune.

Read `events.py` and `repeats.py` first. A tune is played through as abc2midi
does, and what lies between two bar lines is added up exactly, in ticks:

- A single bar line closes a bar, which must have the length of the meter.
- A repeat, a double bar or an end may stand inside a bar: its two parts must
  make one, also on the second time through. So a pickup and the last bar of
  its section make one bar together.
- The first bar may be short, and so may the last.
"""

from collections.abc import Iterator
from fractions import Fraction

from mitseq.tunes.events import Event, Problem, Reading
from mitseq.tunes.notation import (
    TICKS,
    Meter,
    Ticks,
    in_ticks,
    split_bar,
    split_meter,
)
from mitseq.tunes.notes import MAX_PROBLEMS
from mitseq.tunes.reader import read_events
from mitseq.tunes.repeats import Fault, Player, ending_passes, explicit_repeats


def check(text: str) -> list[Problem]:
    r"""Adds up every bar of one tune against its meter.

    Args:
        text: One tune in ABC, with or without `X:` and titles.

    Returns:
        The problems; none where the tune is accepted. No text raises an error.

    Example:

    >>> check("M:6/8\nL:1/8\nK:D\nDFA AFD|d3 A3|]\n")
    []
    >>> print(*check("M:6/8\nL:1/8\nK:D\nDFA AFD|DFA AFDd|d6|]\n"))
    line 4, bar 2: 7/8 in a 6/8 tune
    """
    reading = read_events(text)
    problems = reading.problems + reading.mendable
    if reading.key is None or len(problems) >= MAX_PROBLEMS:
        return problems
    if not any(event.kind == "note" for event in reading.events):
        return [*problems, Problem(1, 0, "a tune without notes")]
    events, mended = explicit_repeats(reading.events)
    problems += judge(reading, events)
    problems += [_problem(reading, event, why) for event, why in mended]
    problems += _unclear_repeat(reading)
    return sorted(set(problems))[:MAX_PROBLEMS]


def _unclear_repeat(reading: Reading) -> list[Problem]:
    """Complains of a `:|` whose section begins at a `||`, without `|:`.

    Some programs go back to that double bar, others (abc2midi among them) to
    the start of the tune. Where the bars add up both ways, no harm is done.
    """
    double = False
    for event in reading.events:
        if event.kind == "bar":
            signs, numbers = split_bar(event.piece)
            if signs == "|:":
                return []
            if signs[0] == ":" or numbers:
                break
            double = double or signs == "||"
    else:
        return []
    if not double:
        return []
    start = Event("bar", "|:", event.line, 0)
    events, _ = explicit_repeats([start, *reading.events])
    why = (
        f"`{signs}` goes back to where? Expected `|:` where the section begins"
    )
    return [_problem(reading, event, why)] if judge(reading, events) else []


def judge(reading: Reading, events: list[Event]) -> list[Problem]:
    """Plays events through and returns what does not add up, in their order.

    They are those of the reading, or some made from them, with all repeats.
    """
    found = {(events[index], why) for index, why in loose_ties(events)}
    lines = [event for event in events if event.kind == "bar"]
    found.update(_endings(lines))
    found.update(_wrong_bars(reading, events, lines))
    return sorted(_problem(reading, event, why) for event, why in found)


def _problem(reading: Reading, event: Event, reason: str) -> Problem:
    return Problem(event.line, event.bar + reading.first_bar, reason)


def loose_ties(events: list[Event]) -> Iterator[tuple[int, str]]:
    """Yields the index of each tie between no two notes of one pitch, and why.

    A tie may have two reasons.
    """
    if "tie" not in [event.kind for event in events]:
        return
    note = None
    ties: list[int] = []  # those behind the note
    for index, event in enumerate(events):
        if event.kind == "tie":
            if ties or note is None:
                yield index, "two ties, one note"
            ties.append(index)
        elif event.kind in ("note", "rest"):
            if ties:
                if note is None or _letter(note) != _letter(event):
                    for tie in ties:
                        yield tie, "a tie with no note to tie to"
                ties = []
            note = event if event.kind == "note" else None
    for tie in ties:
        yield tie, "a tie with no note to tie to"


def _letter(event: Event) -> str:
    return event.piece.strip("^_=0123456789/")


def _endings(lines: list[Event]) -> Iterator[Fault]:
    """Each later ending must follow a first one, in the same section."""
    first = False
    for line in lines:
        signs, numbers = split_bar(line.piece)
        if numbers and not first and 1 not in ending_passes(numbers):
            yield line, f"ending {numbers} with no ending 1"
        if numbers:
            first = True
        elif signs != "|":
            first = False


def _segments(reading: Reading, events: list[Event]) -> list[tuple]:
    """Returns ticks and meter before each bar line, and behind the last."""
    segments, meter, ticks = [], reading.meter, 0
    for kind, piece, _, _, _, played, _ in events:
        if kind == "bar":
            segments.append((ticks, meter))
            ticks = 0
        elif kind == "meter":
            meter = split_meter(piece)
        else:
            ticks += played
    return [*segments, (ticks, meter)]


def _wrong_bars(
    reading: Reading, events: list[Event], lines: list[Event]
) -> list[Fault]:
    *segments, rest = _segments(reading, events)
    player = Player(lines, literal=True)
    sums = _Sums(player.faults, reading.unit)
    for place, lap in player:
        line = player.lines[place]
        sums.reach(place, *segments[place])
        # A repeat or a double bar may stand inside a bar.
        is_inside = split_bar(line.piece)[0] != "|"
        if not is_inside or sums.is_full:
            sums.close(line, is_first_lap=lap == 1)
    if player.never_closed:
        sums.faults.append((events[-1], "a section begun with |: has no :|"))
    sums.reach(len(segments), *rest)
    if sums.full and sums.filled > sums.full:
        sums.close(events[-1], is_first_lap=player.lap == 1)
    return sums.faults


class _Sums:
    """The bar that is being filled while a tune is played, and its faults."""

    def __init__(self, faults: list[Fault], unit: Fraction):
        self.faults = faults
        self.unit = unit  # what the ticks are of
        self.meter = self.full = None
        self.filled: Ticks = 0
        self.bars = 0  # closed so far, on the way from the start to here
        self.bars_at: dict[int, int] = {}
        self.place = -1
        self.farthest = -1
        self.is_known = False  # whether this place was played before

    def reach(self, place: int, ticks: Ticks, meter: Meter) -> None:
        """Adds what lies before a bar line, in the meter in force there."""
        self.bars_at[self.place] = self.bars
        if place <= self.place:
            self.bars = self.bars_at[place - 1]
        elif place > self.place + 1:  # an ending was skipped
            self.bars += 1
        self.place = place
        self.is_known = place <= self.farthest
        self.farthest = max(self.farthest, place)
        if meter != self.meter:
            self.meter = meter
            self.full = meter and in_ticks(Fraction(*meter) / self.unit)
        self.filled += ticks

    @property
    def is_full(self) -> bool:
        """Whether a line that may stand inside a bar ends this one."""
        return bool(self.full) and (self.filled >= self.full or self.bars <= 0)

    def close(self, event: Event, is_first_lap: bool) -> None:
        """A bar ends here: it must be full; the first may be a pickup."""
        wrong = self.full and self.filled and self.filled != self.full
        is_pickup = not self.bars and is_first_lap
        if wrong and not (is_pickup and self.filled < self.full):
            top, bottom = self.meter
            length = Fraction(self.filled, TICKS) * self.unit
            reason = f"{_say(length, bottom)} in a {top}/{bottom} tune"
            if (event, reason) not in self.faults:
                reason += " when repeated" * self.is_known
                self.faults.append((event, reason))
        if self.filled:
            self.bars += 1
        self.filled = 0


def _say(length: Fraction, bottom: int) -> str:
    """Returns a length as people say it: 8/8 rather than 1 in a 6/8 tune."""
    bottom = max(bottom, length.denominator)
    if bottom % length.denominator:
        return str(length)
    return f"{length * bottom}/{bottom}"
