"""The heads of one printed symbol, as music21 has them.

Read `bars.py` first; `musicxml.py` puts the heads into measures.
"""

import unicodedata
from fractions import Fraction
from typing import Any

from mitseq.tunes.bars import Pitch, Symbol, chord_id

# The classes of music21 that print a mark.
_ARTICULATIONS = {
    "staccato": "Staccato",
    "accent": "Accent",
    "tenuto": "Tenuto",
    "upbow": "UpBow",
    "downbow": "DownBow",
}
_EXPRESSIONS = {
    "fermata": "Fermata",
    "trill": "Trill",
    **dict.fromkeys(("roll", "turn"), "Turn"),
    **dict.fromkeys(("lowermordent", "mordent"), "Mordent"),
    **dict.fromkeys(("uppermordent", "pralltriller"), "InvertedMordent"),
}


def xml_text(text: str) -> str:
    r"""Returns a title without what XML forbids, line ends among it.

    Example:

    >>> xml_text("The\x00 Kesh")
    'The Kesh'
    """
    kept = (c for c in text if unicodedata.category(c) not in ("Cc", "Cs"))
    return "".join(c for c in kept if c not in "\ufffe\uffff").strip()


def _pitch(pitch: Pitch) -> Any:
    from music21.pitch import Accidental
    from music21.pitch import Pitch as Music21Pitch

    made = Music21Pitch(pitch.step, octave=pitch.octave)
    if pitch.alter or pitch.shown:
        made.accidental = Accidental(pitch.alter)
        made.accidental.displayStatus = pitch.shown
    return made


def new_head(symbol: Symbol, name: str, length: Fraction) -> Any:
    """Returns a music21 note, chord or rest that shows `length`."""
    from music21 import chord, duration, note

    lasting = duration.Duration(quarterLength=length * 4)
    if not symbol.pitches:
        head = note.Rest(duration=lasting)
        head.style.hideObjectOnPrint = not symbol.visible
    elif len(symbol.pitches) == 1:
        head = note.Note(_pitch(symbol.pitches[0]), duration=lasting)
    else:
        notes = [note.Note(_pitch(pitch)) for pitch in symbol.pitches]
        for index, one in enumerate(notes):
            one.id = chord_id(name, index)
        head = chord.Chord(notes, duration=lasting)
    head.id = name
    return head


def set_tuplet(head: Any, symbol: Symbol, index: int, count: int):
    """Puts the head number `index` of `count` into its symbol's tuplet."""
    from music21 import duration

    if symbol.ratio == 1:
        return
    # In lowest terms the ratio says 3:2 where the text has 6:4.
    q, p = symbol.ratio.as_integer_ratio()
    factor = max(symbol.tuplet_size // p, 1)
    tuplet = duration.Tuplet(p * factor, q * factor, head.duration.type)
    if symbol.tuplet == "start" and index == 0:
        tuplet.type = "start"
    elif symbol.tuplet == "stop" and index == count - 1:
        tuplet.type = "stop"
    head.duration.appendTuplet(tuplet)


def set_tie(head: Any, symbol: Symbol, stops: bool, starts: bool):
    """Ties a head to the one before it, and to the one behind."""
    from music21 import tie

    if symbol.pitches and (stops or starts):
        kind = {(1, 1): "continue", (1, 0): "stop", (0, 1): "start"}
        head.tie = tie.Tie(kind[stops, starts])


def grace_notes(symbol: Symbol) -> list[Any]:
    """Returns the grace notes of a symbol, joined by two beams."""
    from music21 import note

    graces = []
    for index, pitch in enumerate(symbol.graces):
        grace = note.Note(_pitch(pitch), quarterLength=0.25).getGrace()
        grace.id = f"{symbol.id}g{index}"
        grace.duration.slash = len(symbol.graces) == 1
        graces.append(grace)
    if len(graces) > 1:
        kinds = ["start", *["continue"] * (len(graces) - 2), "stop"]
        for grace, kind in zip(graces, kinds, strict=True):
            grace.beams.append(kind)
            grace.beams.append(kind)
    return graces


def decorate(measure: Any, symbol: Symbol, head: Any):
    """Puts ornaments and articulations on a head, words above it."""
    from music21 import articulations, expressions

    for words in symbol.above:
        text = expressions.TextExpression(xml_text(words))
        text.placement = "above"
        measure.append(text)
    if not symbol.pitches:
        return
    for mark in dict.fromkeys(symbol.marks):
        if mark in _ARTICULATIONS:
            sign = getattr(articulations, _ARTICULATIONS[mark])()
            head.articulations.append(sign)
        elif mark in _EXPRESSIONS:
            head.expressions.append(getattr(expressions, _EXPRESSIONS[mark])())
