"""One spelling for every tune: the text that models learn from.

Read `events.py` and `check.py` first. People write the same music in many
ways; a model that has to learn the ways too has less room for the music.
`normalize` leaves meter, unit and key, and a body on one line of notes, rests,
bar lines, repeats, endings, ties and tuplets, each with one spelling only.
`notation.pieces` cuts that text into the tokens of a model; `layout.layout`
writes it again as a tune that people read.
"""

from mitseq.tunes.check import judge, loose_ties
from mitseq.tunes.events import Event, Problem, Reading
from mitseq.tunes.layout import layout
from mitseq.tunes.notation import ABCError, pieces, split_bar
from mitseq.tunes.reader import read_events
from mitseq.tunes.repeats import explicit_repeats

__all__ = ["layout", "normalize", "pieces"]


def normalize(text: str) -> str:
    r"""Writes one tune in the only spelling that models see.

    Dropped: titles and other fields, slurs, ornaments, grace notes, chord
    symbols, words, comments, spaces. Changed: broken rhythm becomes lengths,
    a chord its highest note, a section that ends in `:|` begins with `|:`, a
    tie between two different notes (a slur, then) goes, the last bar line
    becomes `|]` unless it is a repeat.

    Args:
        text: One tune in ABC.

    Returns:
        `"M:...\nL:...\nK:...\n"`, the body on one line, a line end.

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
    events = _drop_slurs(reading.events)
    events, _ = explicit_repeats(events)
    events, _ = explicit_repeats(_close(events))
    if not any(event.kind == "note" for event in events):
        raise ABCError("a tune without notes")
    problems = judge(reading, events)
    if problems:
        raise _error(problems[0])
    return _header(reading) + "".join(e.piece for e in events) + "\n"


def _error(problem: Problem) -> ABCError:
    return ABCError(f"bar {problem.bar}: {problem.reason}", problem.line)


def _header(reading: Reading) -> str:
    top, bottom = reading.meter
    unit = f"{reading.unit.numerator}/{reading.unit.denominator}"
    return f"M:{top}/{bottom}\nL:{unit}\nK:{reading.key}\n"


def _drop_slurs(events: list[Event]) -> list[Event]:
    """Drops each `-` that does not join two notes of one pitch."""
    loose = {index for index, _ in loose_ties(events)}
    return [e for index, e in enumerate(events) if index not in loose]


def _close(events: list[Event]) -> list[Event]:
    """Closes what is open: the last section, and the last endings.

    A section begun with `|:` is repeated, though its `:|` at the end of the
    tune be forgotten. The `:|` behind a second ending closes that ending: it
    does not send the player back once more.
    """
    result = []
    opened = False
    ending = ""
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
            if signs[-1] == ":":
                opened = True
            elif signs[0] == ":":
                opened = False
            ending = numbers or (ending if signs == "|" else "")
        result.append(event)
    if not result:
        return result
    last = result[-1]
    if last.kind == "bar":
        if last.piece[0] == ":":
            return result
        result.pop()
    result.append(Event("bar", ":|" if opened else "|]", last.line, last.bar))
    return result
