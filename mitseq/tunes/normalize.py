"""One spelling for every tune: the text that models learn from.

Read `events.py` and `check.py` first. People write the same music in many
ways; a model that has to learn the ways too has less room for the music.
`notation.pieces` cuts a normalized text into the tokens of a model;
`layout.layout` writes it again as a tune that people read.
"""

from mitseq.tunes.check import judge, loose_ties
from mitseq.tunes.events import Event, Problem
from mitseq.tunes.layout import layout
from mitseq.tunes.notation import ABCError, pieces, split_bar
from mitseq.tunes.reader import read_events
from mitseq.tunes.repeats import explicit_repeats

__all__ = ["layout", "normalize", "pieces"]


def normalize(text: str) -> str:
    r"""Returns one tune in the only spelling that models see.

    Dropped: titles and other fields, slurs, ornaments, grace notes, chord
    symbols, words, comments, spaces. Changed: broken rhythm becomes lengths,
    a chord its highest note, a section that ends in `:|` begins with `|:`, a
    tie between two different notes (a slur, then) goes, the last bar line
    becomes `|]` unless it is a repeat.

    What is left has meter, unit and key on a line each, and its body on one.

    Raises:
        ABCError: if the tune cannot be read, has several voices, changes its
            meter, key or unit, or has a bar that does not add up.

    Example:

    >>> print(normalize("X:1\nT:Example\nM:C|\nK:G\nG>A (Bc) d4 | G8 :|"))
    M:2/2
    L:1/8
    K:G
    |:G3/2A/2Bcd4|G8:|
    <BLANKLINE>
    """
    reading = read_events(text)
    for found in (reading.problems, reading.changes):
        if found:
            raise _error(found[0])
    if reading.meter is None:
        raise ABCError("a tune without a meter (M:none)")
    # A `-` between two different notes is a slur.
    loose = {index for index, _ in loose_ties(reading.events)}
    tied = [e for i, e in enumerate(reading.events) if i not in loose]
    events, _ = explicit_repeats(tied)
    events, _ = explicit_repeats(_close(events))
    if not any(event.kind == "note" for event in events):
        raise ABCError("a tune without notes")
    problems = judge(reading, events)
    if problems:
        raise _error(problems[0])
    (top, bottom), unit = reading.meter, reading.unit
    header = f"M:{top}/{bottom}\nL:{unit.numerator}/{unit.denominator}\n"
    body = "".join(event.piece for event in events)
    return f"{header}K:{reading.key}\n{body}\n"


def _error(problem: Problem) -> ABCError:
    return ABCError(f"bar {problem.bar}: {problem.reason}", problem.line)


def _close(events: list[Event]) -> list[Event]:
    """Closes what is open: the last section, and the last endings.

    A section begun with `|:` is repeated, though its `:|` at the end of the
    tune be forgotten. The `:|` behind a second ending closes that ending: it
    does not send the player back once more.
    """
    result, opened, ending = [], False, ""
    if events and events[-1].piece in ("::", "|:"):
        closed = ":|" if events[-1].piece == "::" else "||"
        events = [*events[:-1], events[-1]._replace(piece=closed)]
    for event in events:
        if event.kind == "bar":
            signs, numbers = split_bar(event.piece)
            last = ending and "1" not in ending
            if signs[0] == ":" and not numbers and last:
                signs = "|:" if signs == "::" else "||"
                event = event._replace(piece=signs)
            if ":" in signs:
                opened = signs[-1] == ":"
            ending = numbers or (ending if signs == "|" else "")
        result.append(event)
    if not result or result[-1].piece[0] == ":":
        return result
    last = result[-1]
    if last.kind == "bar":
        result.pop()
    end = Event("bar", ":|" if opened else "|]", last.line, last.bar)
    return [*result, end]
