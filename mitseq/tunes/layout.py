"""From the text that models write to a tune that people read.

Read `normalize.py` first. A normalized tune is one line without a space; here
it gets what a printed tune has: a number and a title, notes in groups as they
are beamed, `A>B` for a dotted pair, four bars a line, a new line for each
section. Nothing of the music changes.
"""

from fractions import Fraction

from mitseq.tunes.beams import beam_group
from mitseq.tunes.notation import (
    format_length,
    is_bar_line,
    is_compound,
    parse_unit,
    piece_length,
    pieces,
    split_bar,
    split_meter,
    tuplet_count,
)

BARS_A_LINE = 4

# How a line ends where a section ends, and how the next one begins.
_SECTION_ENDS = {"::": (":|", "|:"), "|:": ("||", "|:")}


def layout(text: str, number: int = 1, title: str = "Tune") -> str:
    r"""Returns a normalized tune as people write one.

    `normalize` makes the same text of it again.

    Args:
        text: What `normalize` returned.
        number: Its `X:`.
        title: Its `T:`; line ends in it become spaces.

    Example:

    >>> tune = "M:6/8\nL:1/8\nK:D\n|:A|d3/2f/2adfA|B6::f|a6|d5:|\n"
    >>> print(layout(tune, 3, "A Jig"), end="")
    X:3
    T:A Jig
    M:6/8
    L:1/8
    K:D
    |:A|d>fa dfA|B6:|
    |:f|a6|d5:|
    """
    meter, unit, header, body = _split_header(pieces(text))
    full = Fraction(*meter) / unit
    compound = is_compound(*meter)
    bars = _bars(body)
    lines = [f"X:{number}", f"T:{' '.join(title.split())}", *header]
    line, count, ending = "", 0, 0
    after_section = True
    for index, (notes, bar_line) in enumerate(bars):
        signs, numbers = split_bar(bar_line)
        length = sum(_played(notes, compound))
        pickup = after_section and length < full
        start = full - length if pickup else Fraction(0)
        line += _beamed(notes, start, meter, unit)
        count += length > 0 and not pickup
        ending = ending + 1 if ending else 0
        after_section = signs not in ("|", "")
        if after_section and not numbers and notes:
            # What opens the next section begins the next line.
            close, opening = _SECTION_ENDS.get(signs, (signs, ""))
            lines.append(line + close)
            line, count, ending = opening, 0, 0
        elif _breaks(count, ending, numbers, bars[index + 1 :]):
            lines.append(line + signs)
            line, count = f"[{numbers} " if numbers else "", 0
            ending = int(bool(numbers))
        else:
            line += bar_line + " " * bool(numbers)
            ending = ending or int(bool(numbers))
    return "\n".join([*lines, line] if line else lines) + "\n"


def _split_header(tokens: list[str]):
    """Returns meter, unit, the lines of the header, the pieces of the body."""
    header = [t[:-1] for t in tokens if t[1:2] == ":" and t[-1] == "\n"]
    values = {line[0]: line[2:] for line in header}
    meter = split_meter(values.get("M", "4/4")) or (4, 4)
    unit = parse_unit(values.get("L", "1/8"))
    return meter, unit, header, tokens[len(header) :]


def _bars(body: list[str]) -> list[tuple[list[str], str]]:
    """Returns the pieces of each bar and the bar line that closes it."""
    bars, notes = [], []
    for piece in body:
        if is_bar_line(piece):
            bars.append((notes, piece))
            notes = []
        elif piece != "\n":
            notes.append(piece)
    return [*bars, (notes, "")] if notes else bars


def _played(notes: list[str], compound: bool) -> list[Fraction]:
    """Returns what each piece lasts, tuplets considered."""
    result, left = [], 0
    for piece in notes:
        length = piece_length(piece)
        if tuplet := tuplet_count(piece, compound):
            p, q, left = tuplet
        elif length and left:
            left -= 1
            length = length * q / p
        result.append(length)
    return result


def _breaks(count: int, ending: int, numbers: str, rest: list) -> bool:
    """Returns whether a line ends here, inside a section.

    Four bars a line, but no single bar on a line of its own, and a short
    first ending stays on one line with the second.
    """
    if numbers and ending > 3:
        return True
    if count < BARS_A_LINE or 0 < ending <= BARS_A_LINE:
        return False
    left = 0
    for notes, bar_line in rest:
        left += bool(notes)
        if bar_line not in ("|", "|1"):
            break
    return left > 1


def _beamed(notes: list[str], start: Fraction, meter, unit: Fraction) -> str:
    """Returns the notes of one bar, a space where a beam ends."""
    lengths = _played(notes, is_compound(*meter))
    shortest = min((length for length in lengths if length), default=1)
    group = beam_group(meter, shortest * unit) / unit
    words, word, place, left = [], [], start, 0
    for piece, length in zip(notes, lengths, strict=True):
        # A word ends at a beat, not before a tie or inside a tuplet.
        if word and place % group == 0 and not left and piece != "-":
            words.append(_dotted(word))
            word = []
        word.append(piece)
        if length and left:
            left -= 1
        left = (tuplet_count(piece) or (0, 0, left))[2]
        place += length
    return " ".join([*words, _dotted(word)])


def _dotted(word: list[str]) -> str:
    """Joins the notes of one beam; `A3/2B/2` is written `A>B`."""
    result, index = [], 0
    in_tuplet = any(piece[0] == "(" for piece in word)
    while index < len(word):
        pair = word[index : index + 2]
        first, second = (piece_length(p) for p in (pair + [""])[:2])
        sign = {3 * second: ">", second / 3: "<"}.get(first)
        is_dotted = first and second and max(first, second).denominator > 1
        is_tied = word[index + 2 : index + 3] == ["-"]
        if sign and is_dotted and not is_tied and not in_tuplet:
            length = format_length((first + second) / 2)
            a, b = (p.rstrip("0123456789/") + length for p in pair)
            result.append(a + sign + b)
            index += 2
        else:
            result.append(word[index])
            index += 1
    return "".join(result)
