"""Repeats and endings: in which order the bars of a tune are played.

Read `events.py` first. `explicit_repeats` says where each `:|` goes back to;
`Player` goes. The check plays a tune through it, and so does the sound.
"""

import re
from collections.abc import Iterator

from mitseq.tunes.events import Event
from mitseq.tunes.notation import split_bar

Fault = tuple[Event, str]  # where, and why
_MOST_PASSES = 9


def ending_passes(numbers: str) -> tuple[int, ...]:
    """Returns the passes at which an ending is played.

    Example:

    >>> ending_passes("1,3"), ending_passes("1-3")
    ((1, 3), (1, 2, 3))
    """
    passes = set()
    for first, last in re.findall(r"(\d+)(?:-(\d+))?", numbers):
        # Two digits are enough to know that it is more than the most.
        low = min(int(first[:2]), _MOST_PASSES)
        high = min(int(last[:2] or low), _MOST_PASSES)
        passes.update(range(low, high + 1))
    return tuple(sorted(passes))


def explicit_repeats(events: list[Event]) -> tuple[list[Event], list[Fault]]:
    """Gives each section that ends in `:|` its `|:`, where none is written.

    It belongs where the section begins: at the last repeat or double bar, or
    at the start of the tune. With the events it returns the faults: only `:|`
    may do without its `|:`.
    """
    result, mended = [], []
    begin = None  # index in `result` of the bar line where a section begins
    opened = ending = any_opened = False
    for event in events:
        if event.kind == "bar":
            signs, numbers = split_bar(event.piece)
            if (signs[0] == ":" or numbers) and not opened and not ending:
                if any_opened and (signs == "::" or signs[0] != ":"):
                    what = "`::`" if signs == "::" else f"ending {numbers}"
                    mended.append((event, f"{what} with no |: before it"))
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


class Player:
    """Goes through the bar lines of a tune as they are played.

    Two players differ in few points. A musician plays a section as often as
    its endings say. A literal player, as abc2midi is, follows sign after sign:
    a `:|` behind the second ending sends it back for a third time, and where
    it skips an ending it does not see the line behind. All repeats in the bar
    lines must be explicit.

    Example:

    >>> lines = [Event("bar", piece, 1, 0) for piece in ("|1", ":|2", "||")]
    >>> lines, _ = explicit_repeats(lines)
    >>> [place for place, _ in Player(lines, literal=False)]
    [0, 1, 2, 1, 3]
    """

    def __init__(self, lines: list[Event], literal: bool):
        self.lines = lines
        self.literal = literal
        self.faults: list[Fault] = []
        self.start = -1  # the line at which the section begins
        self.opened = False
        self.lap = 1  # which time through the section this is
        self.laps = 2
        self.in_ending = False

    def __iter__(self) -> Iterator[tuple[int, int]]:
        """Yields the line that is reached, and which time in its section."""
        place = 0
        for _ in range((_MOST_PASSES + 1) * (len(self.lines) + 1)):
            if place >= len(self.lines):
                break
            yield place, self.lap
            place = self._next(place)
        else:
            self._complain(self.lines[-1], "repeats that never end")
        self.never_closed = self.opened and self.lap == 1

    def _complain(self, line: Event, reason: str) -> None:
        self.faults.append((line, reason))

    def _begin(self, place: int) -> None:
        self.start, self.opened, self.lap = place, True, 1
        self.laps = 2 if self.literal else self._count_laps(place)

    def _count_laps(self, place: int) -> int:
        """How often a musician plays the section that begins at a line."""
        passes: set[int] = set()
        for line in self.lines[place + 1 :]:
            signs, numbers = split_bar(line.piece)
            passes.update(ending_passes(numbers))
            if not numbers and (":" in signs or (signs == "||" and passes)):
                closes = line.detail.closes if line.detail else 1
                return max(passes, default=1 + min(closes, 3))
        return max(passes, default=2)

    def _back(self) -> int:
        self.lap += 1
        return self.start + 1

    def _next(self, place: int) -> int:
        """Does what a bar line says; returns the line that comes next."""
        line = self.lines[place]
        signs, numbers = split_bar(line.piece)
        is_new = self.lap == 1
        if signs != "|":
            self.in_ending = False
        if signs == "|:":
            if self.opened and is_new:
                self._complain(line, "a new |: before the :| of the last")
            self._begin(place)
        elif signs == "::":
            if self.opened and self.lap < (2 if self.literal else self.laps):
                return self._back()
            if is_new:
                self._complain(line, "`::` with no |: before it")
            self._begin(place)
        elif signs == ":|":
            if is_new and not self.opened:
                self._complain(line, "`:|` with no |: before it")
            elif self.lap < self.laps:
                return self._back()
        return self._ending(place, numbers) if numbers else place + 1

    def _ending(self, place: int, numbers: str) -> int:
        """Enters an ending, or skips it and those behind it."""
        while True:
            line = self.lines[place]
            if self.in_ending:
                self._complain(line, "an ending inside an ending")
            if not self.opened and self.lap == 1:
                self._complain(line, f"ending {numbers} with no |: before it")
            if self.lap in ending_passes(numbers):
                self.in_ending = True
                if self.literal and self.laps < 4:
                    self.laps = self.lap + 1
                return place + 1
            if self.in_ending and not self.literal and self.lap < self.laps:
                return self._back()
            place += 1
            while place < len(self.lines) and self.lines[place].piece == "|":
                place += 1
            if place == len(self.lines):
                self._complain(self.lines[-1], "an ending that nothing closes")
                return place
            signs, numbers = split_bar(self.lines[place].piece)
            if self.literal and signs[0] != ":":
                return place + 1
            if not numbers:
                if signs[-1] == ":" and not self.literal:
                    self._begin(place)
                return place + 1
