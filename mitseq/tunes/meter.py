"""Does every bar add up? The judge of a tune.

Read `notation.py` and `events.py` first. `check` plays a tune through as
abc2midi does, with its repeats and endings, and adds up what lies between two
bar lines as exact fractions:

- A single bar line closes a bar, which must have the length of the meter.
- A repeat, a double bar or an end may stand inside a bar: its two parts must
  make one, also on the second time through. So a pickup and the last bar of
  its section make one bar together.
- The first bar may be short, and so may the last.
"""

from fractions import Fraction

from mitseq.tunes.events import (
    MAX_PROBLEMS,
    Event,
    Problem,
    Reading,
    read_events,
)
from mitseq.tunes.notation import split_bar, split_meter

__all__ = ["Problem", "check", "explicit_repeats", "judge"]


def check(text: str) -> list[Problem]:
    r"""Adds up every bar of one tune against its meter.

    Args:
        text: One tune in ABC, with or without `X:` and titles.

    Returns:
        The problems; an empty list where the tune is accepted. It never
        raises, whatever the text.

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
            if signs[-1] == ":" and signs != "::":
                return []
            if signs[0] == ":" or numbers:
                if not double:
                    return []
                break
            double = double or signs == "||"
    else:
        return []
    start = Event("bar", "|:", event.line, 0)
    events, _ = explicit_repeats([start, *reading.events])
    if not judge(reading, events):
        return []
    why = (
        f"`{signs}` goes back to where? Expected `|:` where the section begins"
    )
    return [_problem(reading, event, why)]


def explicit_repeats(
    events: list[Event],
) -> tuple[list[Event], list[tuple[Event, str]]]:
    """Gives each section that ends in `:|` its `|:`, where none is written.

    It belongs where the section begins: at the last repeat or double bar, or
    at the start of the tune.

    Returns:
        The events with all repeats, and those that a checker complains of,
        with the reason: only `:|` may do without its `|:`.
    """
    result, mended = [], []
    begin = None  # index in `result` of the bar line where a section begins
    opened = ending = any_opened = False
    for event in events:
        if event.kind == "bar":
            signs, numbers = split_bar(event.piece)
            if (signs[0] == ":" or numbers) and not opened and not ending:
                if numbers and signs[0] != ":" and any_opened:
                    mended.append(
                        (event, f"ending {numbers} with no |: before it")
                    )
                elif signs == "::" and any_opened:
                    mended.append((event, "`::` with no |: before it"))
                if begin is None:
                    result.insert(0, Event("bar", "|:", event.line, 0))
                else:
                    line = result[begin]
                    start = "::" if line.piece[0] == ":" else "|:"
                    result[begin] = line._replace(piece=start)
                opened = any_opened = True
            if signs[-1] == ":":
                opened, ending, any_opened = True, False, True
            elif signs[0] == ":":
                opened = False
            if numbers:
                ending = True
            elif signs != "|":
                begin = len(result)
                ending = ending and opened
        result.append(event)
    return result, mended


def _fraction(length: Fraction, bottom: int) -> str:
    """A length as people say it: 8/8 rather than 1 in a 6/8 tune."""
    bottom = max(bottom, length.denominator)
    if bottom % length.denominator:
        return str(length)
    return f"{length * bottom}/{bottom}"


def judge(reading: Reading, events: list[Event]) -> list[Problem]:
    """Plays the events through and says which bars do not add up.

    Args:
        reading: The tune they come from: its meter and unit.
        events: Its events, or some made from them, with all repeats.

    Returns:
        The problems, in the order of the tune.
    """
    player = _Player(reading, events)
    player.play()
    found = set(_ties(events) + _endings(events) + player.found)
    return sorted(_problem(reading, event, why) for event, why in found)


def _problem(reading: Reading, event: Event, reason: str) -> Problem:
    return Problem(event.line, event.bar + reading.first_bar, reason)


def _ties(events: list[Event]) -> list[Problem]:
    problems = []
    note = tie = None
    for event in events:
        if event.kind == "tie":
            if tie or note is None:
                problems.append((event, "two ties, one note"))
            tie = event
        elif event.kind in ("note", "rest"):
            if tie:
                if note is None or _pitch(note) != _pitch(event):
                    problems.append((tie, "a tie with no note to tie to"))
                tie = None
            note = event if event.kind == "note" else None
    if tie:
        problems.append((tie, "a tie with no note to tie to"))
    return problems


def _endings(events: list[Event]) -> list[tuple[Event, str]]:
    """Each later ending must follow a first one, in the same section."""
    found = []
    first = False
    for event in events:
        if event.kind == "bar":
            signs, numbers = split_bar(event.piece)
            if numbers and not first and 1 not in _ending_numbers(numbers):
                found.append((event, f"ending {numbers} with no ending 1"))
            if numbers:
                first = True
            elif signs != "|":
                first = False
    return found


def _pitch(event: Event) -> str:
    return event.piece.strip("^_=0123456789/")


class _Player:
    """Plays a tune through: bars, repeats and endings, as abc2midi does."""

    def __init__(self, reading, events):
        self.found = []
        # What lies between bar lines, added up once: its length, the line
        # that closes it, and the meter in force there.
        self.segments = []
        unit = reading.unit
        meter = reading.meter
        length = Fraction(0)
        for event in events:
            if event.kind == "bar":
                self.segments.append((length, event, meter))
                length = Fraction(0)
            elif event.kind == "meter":
                meter = split_meter(event.piece)
            elif event.played:
                length += event.played * unit
        self.rest = length
        self.last = events[-1] if events else None
        self.last_meter = meter

    def complain(self, event: Event, reason: str) -> None:
        self.found.append((event, reason))

    def set_meter(self, meter: tuple[int, int] | None) -> None:
        self.meter = meter
        self.full = Fraction(*meter) if meter else None

    def close(self, event: Event) -> None:
        """A bar ends here: it must be full; the first may be a pickup."""
        wrong = self.full and self.filled and self.filled != self.full
        is_pickup = not self.bars and self.again == 1
        if wrong and not (is_pickup and self.filled < self.full):
            top, bottom = self.meter
            reason = (
                f"{_fraction(self.filled, bottom)} in a {top}/{bottom} tune"
            )
            if (event, reason) not in self.found:
                known = self.place < self.reached
                self.complain(event, reason + " when repeated" * known)
        if self.filled:
            self.bars += 1
        self.filled = Fraction(0)

    def soft_close(self, event: Event) -> None:
        """A bar may end here, or go on behind this line."""
        if self.full and (self.filled >= self.full or self.bars <= 0):
            self.close(event)

    def play(self) -> None:
        self.filled = Fraction(0)
        self.bars = 0
        self.again = 1  # which time through the section this is
        self.times = 2
        self.opened = False
        self.in_ending = False
        self.start = (-1, 0)
        self.place = self.reached = 0  # here, and the farthest place so far
        place = 0
        steps = 8 * len(self.segments) + 8
        while place < len(self.segments) and steps:
            steps -= 1
            length, line, meter = self.segments[place]
            self.set_meter(meter)
            self.filled += length
            self.place = place
            next_place = self.at_bar_line(place, line)
            self.reached = max(self.reached, place + 1)
            place = next_place
        if not steps:
            self.complain(self.last, "repeats that never end")
        if self.opened and self.again == 1:
            self.complain(self.last, "a section begun with |: has no :|")
        self.set_meter(self.last_meter)
        if self.full and self.filled + self.rest > self.full:
            self.filled += self.rest
            self.place = self.reached
            self.close(self.last)

    def at_bar_line(self, place: int, line: Event) -> int:
        """Does what a bar line says; returns the place to go on from."""
        piece = line.piece
        signs, numbers = split_bar(piece)
        if signs == "|":
            self.close(line)
        else:
            self.in_ending = False
            self.soft_close(line)
        if signs == "|:":
            if self.opened and self.again == 1:
                self.complain(line, "a new |: before the :| of the last")
            self.remember(place)
            self.opened, self.again, self.times = True, 1, 2
        elif signs == "::":
            if self.again == 1 and self.opened:
                self.again += 1
                return self.back()
            if self.again == 1:
                self.complain(line, "`::` with no |: before it")
            else:
                self.times = 2
            self.remember(place)
            self.opened, self.again = True, 1
        elif signs == ":|":
            if self.again == 1 and not self.opened:
                self.complain(line, "`:|` with no |: before it")
            elif self.again == 1 or self.again < self.times:
                self.again += 1
                self.opened = False
                return self.back()
        if numbers:
            return self.at_ending(place, line, numbers)
        return place + 1

    def at_ending(self, place: int, line: Event, numbers: str) -> int:
        if self.in_ending:
            self.complain(line, "an ending inside an ending")
        if not self.opened and self.again == 1:
            self.complain(line, f"ending {numbers} with no |: before it")
        if self.again in _ending_numbers(numbers):
            self.in_ending = True
            if self.times < 4:
                self.times = self.again + 1
            return place + 1
        # Skip to the line that closes this ending.
        self.bars += 1
        place += 1
        while place < len(self.segments):
            line = self.segments[place][1]
            _, rest = split_bar(line.piece)
            if rest and line.piece[0] != ":":
                # `|2` right behind: the jump lands behind its number.
                return place + 1
            if rest:
                return self.at_ending(place, line, rest)
            if line.piece != "|":
                return place + 1
            place += 1
        self.complain(line, "an ending that nothing closes")
        return place

    def remember(self, place: int) -> None:
        self.start = (place, self.bars)

    def back(self) -> int:
        place, self.bars = self.start
        return place + 1


def _ending_numbers(numbers: str) -> set[int]:
    result = set()
    for part in numbers.split(","):
        first, _, last = part.partition("-")
        try:
            result.update(range(int(first), min(int(last or first), 9) + 1))
        except ValueError:
            pass
    return result
