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

from mitseq.music.events import MAX_PROBLEMS, Event, Problem, read_events
from mitseq.music.notation import split_bar

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
    problems += judge(
        explicit_repeats(reading.events),
        reading.meter,
        reading.bar_length,
    )
    return sorted(set(problems))[:MAX_PROBLEMS]


def explicit_repeats(events: list[Event]) -> list[Event]:
    """Gives each section that ends in `:|` its `|:`, where none is written.

    It belongs where the section begins: at the last repeat or double bar, or
    at the start of the tune.
    """
    result = []
    begin = None  # index in `result` of the bar line where a section begins
    opened = False
    endings = 0
    for event in events:
        if event.kind == "bar":
            piece = event.piece
            ends = piece[0] == ":"
            signs, numbers = split_bar(piece)
            if (ends and not opened and not endings) or (
                numbers and not opened and not endings
            ):
                if begin is None:
                    first = result[0] if result else event
                    result.insert(0, _as_start(first, "|:"))
                else:
                    line = result[begin]
                    start = "::" if line.piece[0] == ":" else "|:"
                    result[begin] = line._replace(piece=start)
                opened = True
            if numbers:
                endings += 1
            if piece in ("|:", "::"):
                opened, endings = True, 0
            elif ends:
                opened = False
                if not numbers:
                    endings = 0
            if piece in ("|:", "::", "||") or (ends and not numbers):
                begin = len(result)
                if piece == "||":
                    endings = 0 if not opened else endings
        result.append(event)
    return result


def _as_start(first: Event, piece: str) -> Event:
    return Event("bar", piece, first.line, 0)


def _fraction(numerator: Fraction, meter: tuple[int, int]) -> str:
    """A length in whole notes as people say it in this meter: 7/8 of 6/8."""
    bottom = max(meter[1], numerator.denominator)
    return f"{numerator * bottom}/{bottom}"


def judge(
    events: list[Event],
    meter: tuple[int, int] | None,
    bar_length: Fraction | None,
) -> list[Problem]:
    """Plays the events through and says which bars do not add up.

    Args:
        events: The events of a tune, its repeats explicit.
        meter: Its two numbers, or `None`: then bars are not added up.
        bar_length: The length of a bar in units of `L:`.

    Returns:
        The problems, in the order of the tune.
    """
    problems = _ties(events)
    player = _Player(events, meter, bar_length)
    player.play()
    return sorted(set(problems + player.problems))


def _ties(events: list[Event]) -> list[Problem]:
    problems = []
    note = tie = None
    for event in events:
        if event.kind == "tie":
            if tie or note is None:
                problems.append(_problem(event, "two ties, one note"))
            tie = event
        elif event.kind in ("note", "rest"):
            if tie:
                if note is None or _pitch(note) != _pitch(event):
                    problems.append(
                        _problem(tie, "a tie with no note to tie to")
                    )
                tie = None
            note = event if event.kind == "note" else None
    if tie:
        problems.append(_problem(tie, "a tie with no note to tie to"))
    return problems


def _pitch(event: Event) -> str:
    return event.piece.strip("^_=0123456789/")


def _problem(event: Event, reason: str) -> Problem:
    return Problem(event.line, event.bar + 1, reason)


class _Player:
    """Plays a tune through: bars, repeats and endings, as abc2midi does."""

    def __init__(self, events, meter, bar_length):
        self.meter = meter
        self.full = bar_length
        self.problems = []
        # What lies between bar lines, added up once: (length, bar line).
        self.segments = []
        length = Fraction(0)
        for event in events:
            if event.kind == "bar":
                self.segments.append((length, event))
                length = Fraction(0)
            elif event.played:
                length += event.played
        self.rest = length
        self.last = events[-1] if events else None

    def complain(self, event: Event, reason: str) -> None:
        self.problems.append(_problem(event, reason))

    def close(self, event: Event) -> None:
        """A bar ends here: it must be full, unless it is the first."""
        if self.filled and self.filled != self.full:
            if self.again == 2 or self.bars:
                whole = self.filled * Fraction(*self.meter) / self.full
                self.complain(
                    event,
                    f"{_fraction(whole, self.meter)} in a "
                    f"{self.meter[0]}/{self.meter[1]} tune"
                    + (" when repeated" if self.again == 2 else ""),
                )
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
        place = 0
        steps = 8 * len(self.segments) + 8
        while place < len(self.segments) and steps:
            steps -= 1
            length, line = self.segments[place]
            if self.full:
                self.filled += length
            place = self.at_bar_line(place, line)
        if not steps:
            self.complain(self.last, "repeats that never end")
        if self.opened and self.again == 1:
            self.complain(self.last, "a section begun with |: has no :| ")
        if self.full and self.filled + self.rest > self.full:
            self.filled += self.rest
            self.close(self.last)

    def at_bar_line(self, place: int, line: Event) -> int:
        """Does what a bar line says; returns the place to go on from."""
        piece = line.piece
        signs, numbers = split_bar(piece)
        if signs == "|":
            if self.full:
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
