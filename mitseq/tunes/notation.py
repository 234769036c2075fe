"""ABC notation: tokens, header fields, lengths, meters and keys.

Read this first of the files on music. A tune in ABC is a header of fields, a
line each (`M:6/8`), that ends with the key `K:`, and a body of notes and bar
lines. `tokenize` cuts any text into tokens and loses nothing; the functions
below it say what one token means. Lengths are exact fractions, always in
units of `L:`, the length of a note with no number behind it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from mitseq.errors import MitseqError

_LENGTH = r"(?:\d+(?:/\d+|/+)?|/\d+|/+)?"
_PITCH = r"(?:\^{1,2}|_{1,2}|=)?[A-Ga-g][,']*"
_ENDING = r"\d+(?:[,-]\d+)*"

# Each alternative looks no further than the next closing sign and at most a
# few hundred characters, so that a line of garbage costs linear time.
_MUSIC = re.compile(
    rf"""
    (?P<note>{_PITCH}{_LENGTH})
  | (?P<space>[ \t]+)
  | (?P<bar>\.?(?:\[\|[|\]]*:*|:+[|\]]*\|[|\]]*:*|\|[|\]]*:*|::)(?:{_ENDING})?)
  | (?P<rest>[zx]{_LENGTH})
  | (?P<tie>-)
  | (?P<broken>[<>]+)
  | (?P<tuplet>\(\d(?::\d*){{0,2}})
  | (?P<slur>[()])
  | (?P<chord_symbol>"[^"]*")
  | (?P<grace>\{{[^{{}}]{{0,300}}\}})
  | (?P<field>\[[A-Za-z]:[^\[\]]{{0,300}}\])
  | (?P<ending>\[{_ENDING})
  | (?P<chord>\[[^\[\]|:]{{1,300}}\]{_LENGTH})
  | (?P<decoration>![^!|\s]{{1,40}}!|\+[^+|\s]{{1,40}}\+|[.~H-Wh-w])
  | (?P<multirest>[ZX]\d*)
  | (?P<spacer>y{_LENGTH})
  | (?P<comment>%.*)
  | (?P<linebreak>[!$]|\\)
  | (?P<beam>`+)
  | (?P<overlay>&)
  | (?P<text>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_FIELD = re.compile(r"(?:[A-Za-z]|\+):")
_FIELD_IN_BODY = re.compile(r"(?:[A-Za-z]|\+):(?![:|])")


class ABCError(MitseqError):
    """Text that is not the ABC that was asked for.

    Args:
        reason: What is wrong, in one clear line.
        line: Line of the text, from 1; 0 where there is no line to name.

    Example:

    >>> str(ABCError("`Q` is no key", line=3))
    'line 3: `Q` is no key'
    """

    def __init__(self, reason: str, line: int = 0):
        super().__init__(f"line {line}: {reason}" if line else reason)
        self.reason = reason
        self.line = line


@dataclass(frozen=True)
class Token:
    """A piece of ABC text: what it is, its characters, where it stands.

    Args:
        kind: `note`, `rest`, `bar`, `field`, `space`, `text` (no ABC), ...
        text: The characters, exactly as written.
        line: Line of its first character, from 1.
        column: Column of its first character, from 1.
    """

    kind: str
    text: str
    line: int
    column: int


def scan(text: str) -> Iterator[tuple[str, str, int, int]]:
    """Yields `(kind, text, line, column)` of each token: `tokenize`, bare."""
    in_body = False
    number = 0
    match_music = _MUSIC.match
    for line in _LINE.finditer(text):
        content, end = line.groups()
        number += 1
        field = (_FIELD_IN_BODY if in_body else _FIELD).match(content)
        if content[:1] == "%":
            kind = "directive" if content[:2] == "%%" else "comment"
            yield kind, content, number, 1
        elif field:
            yield "field", content, number, 1
            in_body = content[0] == "K" or (in_body and content[0] != "X")
        else:
            place = 0
            while place < len(content):
                token = match_music(content, place)
                yield token.lastgroup, token.group(), number, place + 1
                place = token.end()
        if end:
            yield "newline", end, number, len(content) + 1


def tokenize(text: str) -> list[Token]:
    """Cuts any text into ABC tokens; joined, they are the text again.

    Args:
        text: Any string.

    Returns:
        The tokens, in order. What is no ABC becomes tokens of kind `text`.

    Example:

    >>> [(t.kind, t.text) for t in tokenize("K:G")]
    [('field', 'K:G')]
    >>> [t.text for t in tokenize("^f3/2z|[1(3ABc")]
    ['^f3/2', 'z', '|', '[1', '(3', 'A', 'B', 'c']
    """
    return [Token(*token) for token in scan(text)]


def field_value(text: str) -> str:
    """The value of a header field or inline field, without its comment.

    Example:

    >>> field_value("M: 6/8 % a jig"), field_value("[K:Em]")
    ('6/8', 'Em')
    """
    if text[:1] == "[":
        text = text[1:-1]
    return text[2:].partition("%")[0].strip()


@lru_cache(maxsize=4096)
def note_length(text: str) -> Fraction:
    """The length of a note or rest in units of `L:`.

    Args:
        text: The note (`"^f'3/2"`), rest or length (`"3/2"`, `"/"`, `""`).

    Returns:
        Its length, 1 where nothing is written.

    Raises:
        ABCError: if a number is zero, or so large that it is no length.

    Example:

    >>> note_length("A"), note_length("^f,3/2"), note_length("z//")
    (Fraction(1, 1), Fraction(3, 2), Fraction(1, 4))
    """
    length = text.lstrip("^_=ABCDEFGabcdefgzxyZX,'")
    top, slash, bottom = length.partition("/")
    if len(length) > 9:
        raise ABCError(f"a length of {len(length)} characters")
    try:
        if not slash:
            value = Fraction(int(top or 1))
        elif bottom.strip("/"):
            value = Fraction(int(top or 1), int(bottom))
        else:
            value = Fraction(int(top or 1), 2 ** (1 + len(bottom)))
    except (ValueError, ZeroDivisionError):
        value = Fraction(0)
    if not value:
        raise ABCError(f"`{length}` is no length of a note")
    return value


@lru_cache(maxsize=1024)
def format_length(length: Fraction) -> str:
    """The one spelling of a length that normalized tunes use.

    Example:

    >>> [format_length(Fraction(n, 4)) for n in (1, 2, 4, 6, 8)]
    ['/4', '/2', '', '3/2', '2']
    """
    top = "" if length.numerator == 1 else str(length.numerator)
    if length.denominator == 1:
        return top
    return f"{top}/{length.denominator}"


def split_meter(text: str) -> tuple[int, int] | None:
    """The two numbers of a meter, `None` for no meter.

    Raises:
        ABCError: if the text is no meter.

    Example:

    >>> split_meter("6/8"), split_meter("C|"), split_meter("none")
    ((6, 8), (2, 2), None)
    """
    value = text.strip()
    if value in ("C", "c"):
        return 4, 4
    if value in ("C|", "c|"):
        return 2, 2
    if value.lower() in ("none", ""):
        return None
    match = re.fullmatch(r"\(?(\d\d?(?:\+\d\d?)*)\)? */ *(\d\d?)", value)
    if match:
        top = sum(int(number) for number in match[1].split("+"))
        bottom = int(match[2])
        if 1 <= top <= 64 and bottom in (1, 2, 4, 8, 16, 32, 64):
            return top, bottom
    raise ABCError(
        "`meter` must be two numbers such as 6/8, or C, C| or none. "
        f"Received: meter={text[:40]!r}."
    )


def parse_meter(text: str) -> Fraction | None:
    """The length of a bar in whole notes, `None` for no meter.

    Raises:
        ABCError: if the text is no meter.

    Example:

    >>> parse_meter("6/8"), parse_meter("C|"), parse_meter("none")
    (Fraction(3, 4), Fraction(1, 1), None)
    """
    numbers = split_meter(text)
    return Fraction(*numbers) if numbers else None


def is_compound(top: int, bottom: int) -> bool:
    """Whether beats have three parts, as in 6/8 (and not in 3/4 or 3/8)."""
    return bottom >= 8 and top % 3 == 0 and top > 3


def parse_unit(text: str) -> Fraction:
    """The unit of `L:` in whole notes.

    Raises:
        ABCError: if the text is no such unit.

    Example:

    >>> parse_unit("1/8")
    Fraction(1, 8)
    """
    match = re.fullmatch(r"1(?:\s*/\s*(\d{1,3}))?", text.strip())
    if match:
        bottom = int(match[1] or 1)
        if bottom in (1, 2, 4, 8, 16, 32, 64):
            return Fraction(1, bottom)
    raise ABCError(
        "`L:` must be 1/1, 1/2, 1/4, 1/8, 1/16, 1/32 or 1/64. "
        f"Received: L={text[:40]!r}."
    )


def default_unit(meter: Fraction | None) -> Fraction:
    """The unit of a tune without `L:`: 1/16 in short bars, 1/8 otherwise."""
    short = meter is not None and meter < Fraction(3, 4)
    return Fraction(1, 16 if short else 8)


# Mode: its first three letters, the fifths to add to those of its tonic as a
# major key, and how a canonical key writes it.
_MODES = {
    "maj": (0, ""),
    "ion": (0, ""),
    "min": (-3, "m"),
    "aeo": (-3, "m"),
    "m": (-3, "m"),
    "": (0, ""),
    "mix": (-1, "mix"),
    "dor": (-2, "dor"),
    "phr": (-4, "phr"),
    "lyd": (1, "lyd"),
    "loc": (-5, "loc"),
}
_KEY = re.compile(r"([A-Ga-g])([#b]?)([A-Za-z]*)((?:\s.*)?)")
_CLEF = re.compile(
    r"(?:clef\s*=\s*)?\"?(?:treble|bass|alto|tenor|none|perc|G|C|F)[1-5]?\"?"
    r"|(?:stafflines|name|nm|snm|sname|subname|cue|stem|m|middle)=\S*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Key:
    """A key: tonic, mode as ABC writes it, sharps (negative: flats)."""

    tonic: str
    mode: str
    sharps: int

    def __str__(self) -> str:
        return self.tonic + self.mode

    @property
    def signature(self) -> dict[str, str]:
        """The accidental of each letter that has one: `{"F": "^"}` in G."""
        if self.sharps >= 0:
            return dict.fromkeys("FCGDAEB"[: self.sharps], "^")
        return dict.fromkeys("BEADGCF"[: -self.sharps], "_")


@lru_cache(maxsize=512)
def parse_key(text: str) -> Key:
    """Reads a key as people write it.

    Args:
        text: `"D major"`, `"Ador"`, `"Gm"`, `"F# minor"`, `"D clef=treble"`.

    Returns:
        The key; `str` of it is its canonical ABC: `D`, `Em`, `Ador`.

    Raises:
        ABCError: if it is none, or is one that a signature cannot say alone
            (`Hp`, accidentals listed after the key, a transposition).

    Example:

    >>> [str(parse_key(k)) for k in ("D major", "e minor", "A Dorian", "Bb")]
    ['D', 'Em', 'Ador', 'Bb']
    >>> parse_key("Em").sharps
    1
    """
    value = text.strip()
    if value.lower() == "none":
        return Key("C", "", 0)
    match = _KEY.fullmatch(value)
    if match:
        words = match[4].split()
        mode = match[3] or (words[:1] or [""])[0]
        if not match[3]:
            if mode.lower()[:3] in _MODES:
                words = words[1:]
            else:
                mode = ""
        fifths, suffix = _MODES.get(mode.lower()[:3], (99, ""))
        if all(_CLEF.fullmatch(word) for word in words):
            letter = match[1].upper()
            sharps = "FCGDAEB".index(letter) - 1 + fifths
            sharps += {"#": 7, "b": -7, "": 0}[match[2]]
            if -7 <= sharps <= 7:
                return Key(letter + match[2], suffix, sharps)
    raise ABCError(
        "`key` must be a tonic A-G, with # or b, and a mode (major, minor, "
        "dorian, mixolydian, phrygian, lydian, locrian), of at most seven "
        f"sharps or flats. Received: key={text[:40]!r}."
    )


# What tuplets of p notes mean without a `:q`: q notes' time for p; `None`
# stands for 3 in compound meters and 2 in all others.
_TUPLETS = {2: 3, 3: 2, 4: 3, 5: None, 6: 2, 7: None, 8: 3, 9: None}


def tuplet_count(
    piece: str, compound: bool = False
) -> tuple[int, int, int] | None:
    """What a tuplet sign means: the next r notes, each q/p of its length.

    Args:
        piece: A piece or token such as `"(3"` or `"(3:2:2"`.
        compound: Whether the meter is compound (6/8, 9/8, 12/8).

    Returns:
        `(p, q, r)`, or `None` if the piece is no tuplet sign.

    Example:

    >>> tuplet_count("(3"), tuplet_count("(5", compound=True)
    ((3, 2, 3), (5, 3, 5))
    """
    match = re.fullmatch(r"\((\d)(?::(\d*))?(?::(\d*))?", piece)
    if not match:
        return None
    p = int(match[1])
    q = int(match[2] or 0)
    if not q:
        q = _TUPLETS.get(p, 2) or (3 if compound else 2)
    return p, q, int(match[3] or 0) or p


_PIECE_NOTE = re.compile(rf"(?:{_PITCH}|z){_LENGTH}")
_PIECE_BAR = re.compile(rf"(?:\|\||\|\]|\|:|:\||::|\|)(?:{_ENDING})?")


def piece_length(piece: str) -> Fraction:
    """The length of a piece in units of `L:`; 0 if it is no note or rest.

    Example:

    >>> piece_length("^f3/2"), piece_length("|")
    (Fraction(3, 2), Fraction(0, 1))
    """
    if _PIECE_NOTE.fullmatch(piece):
        return note_length(piece)
    return Fraction(0)


def is_bar_line(piece: str) -> bool:
    """Whether a piece of a normalized tune is a bar line, `|1` included.

    Example:

    >>> is_bar_line(":|2"), is_bar_line("A2")
    (True, False)
    """
    return _PIECE_BAR.fullmatch(piece) is not None


PIECE = re.compile(
    r"[MLK]:[^\n]*\n"
    r"|(?:\^{1,2}|_{1,2}|=)?[A-Ga-g][,']*\d*(?:/\d+)?"
    r"|z\d*(?:/\d+)?"
    r"|(?:\|\||\|\]|\|:|:\||::|\|)(?:\d[\d,-]*)?"
    r"|\(\d(?::\d:\d)?"
    r"|.|\n"
)


def pieces(text: str) -> list[str]:
    r"""The tokens of a normalized tune; joined, they are the text again.

    Args:
        text: What `normalize` returned (any other text is cut too).

    Returns:
        Header lines, notes and rests with accidental, octave and length, bar
        lines, ties, tuplet signs, and the line end.

    Example:

    >>> pieces("M:6/8\nL:1/8\nK:D\n|:d3^f3/2e/2d-|d6:|\n")[3:]
    ['|:', 'd3', '^f3/2', 'e/2', 'd', '-', '|', 'd6', ':|', '\n']
    """
    return PIECE.findall(text)


def split_bar(piece: str) -> tuple[str, str]:
    """The signs of a normalized bar line, and its ending's numbers.

    Example:

    >>> split_bar(":|2"), split_bar("|]")
    ((':|', '2'), ('|]', ''))
    """
    signs = piece.rstrip("0123456789,-")
    return signs, piece[len(signs) :]


def title(text: str) -> str:
    r"""The first title of a tune, `""` if it has none.

    Example:

    >>> title("X:1\nT: The Green Hills\nK:G\nG4|]\n")
    'The Green Hills'
    """
    for letter, value, _ in fields(text):
        if letter == "T":
            return value
    return ""


def fields(text: str) -> Iterator[tuple[str, str, int]]:
    r"""Yields `(letter, value, line)` of each field of the header.

    Example:

    >>> list(fields("M: 6/8\nK:G\nABc|\n"))
    [('M', '6/8', 1), ('K', 'G', 2)]
    """
    for kind, content, line, _ in scan(text):
        if kind == "field" and content[0] != "[":
            yield content[0], field_value(content), line
            if content[0] == "K":
                return


def split_header(text: str) -> tuple[str, str]:
    r"""The header of a tune, up to the line of its `K:`, and its body.

    Example:

    >>> split_header("M:6/8\nK:G\nABc ABc|\n")
    ('M:6/8\nK:G\n', 'ABc ABc|\n')
    """
    key = re.search(r"(?:^|(?<=[\r\n]))K:[^\r\n]*(?:\r\n|\r|\n|\Z)", text)
    if key is None:
        return text, ""
    return text[: key.end()], text[key.end() :]
