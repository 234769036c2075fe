"""From ABC text to tokens: notes, bar lines, signs and fields.

Read this first of the files on tunes. A tune in ABC is a header of fields, a
line each (`M:6/8`), that ends with the key `K:`, and a body of notes and bar
lines. `scan` cuts any text into tokens and loses nothing; what one token means
is told by `notation.py`, what they mean together by `reader.py`.
"""

import re
from collections.abc import Iterable, Iterator

LENGTH = r"(?:\d+(?:/\d+|/+)?|/\d+|/+)?"
PITCH = r"(?:\^{1,2}|_{1,2}|=)?[A-Ga-g][,']*"
ENDING = r"\d+(?:[,-]\d+)*"

# Each alternative looks no further than the next closing sign and at most a
# few hundred characters, so that a line of garbage costs linear time.
_MUSIC = re.compile(
    rf"""
    (?P<note>{PITCH}{LENGTH})
  | (?P<space>[ \t]+)
  | (?P<bar>\.?(?:\[\|[|\]]*:*|:+[|\]]*\|[|\]]*:*|\|[|\]]*:*|::)(?:{ENDING})?)
  | (?P<rest>[zx]{LENGTH})
  | (?P<tie>-)
  | (?P<broken>[<>]+)
  | (?P<tuplet>\(\d(?::\d*){{0,2}})
  | (?P<slur>[()])
  | (?P<chord_symbol>"[^"]*")
  | (?P<grace>\{{[^{{}}]{{0,300}}\}})
  | (?P<field>\[[A-Za-z]:[^\[\]]{{0,300}}\])
  | (?P<ending>\[{ENDING})
  | (?P<chord>\[[^\[\]|:]{{1,300}}\]{LENGTH})
  | (?P<decoration>![^!|\s]{{1,40}}!|\+[^+|\s]{{1,40}}\+|[.~H-Wh-w])
  | (?P<multirest>[ZX]\d*)
  | (?P<spacer>y{LENGTH})
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


def scan(text: str) -> Iterator[tuple[str, str, int, int]]:
    r"""Cuts any text into ABC tokens; joined, they are the text again.

    Yields:
        `(kind, text, line, column)` of each token. Its kind is `note`, `rest`,
        `bar`, `field`, `space`, ..., and `text` for what is no ABC; line and
        column of its first character count from 1.

    Example:

    >>> list(scan("K:G"))
    [('field', 'K:G', 1, 1)]
    >>> [text for _, text, _, _ in scan("^f3/2z|[1(3ABc")]
    ['^f3/2', 'z', '|', '[1', '(3', 'A', 'B', 'c']
    """
    in_body = False
    number = 0
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
            for token in _MUSIC.finditer(content):
                yield token.lastgroup, token[0], number, token.start() + 1
        if end:
            yield "newline", end, number, len(content) + 1


def field_value(text: str) -> str:
    """Returns the value of a header field or inline field, without its comment.

    Example:

    >>> field_value("M: 6/8 % a jig"), field_value("[K:Em]")
    ('6/8', 'Em')
    """
    if text[:1] == "[":
        text = text[1:-1]
    return text[2:].partition("%")[0].strip()


def header_fields(
    tokens: Iterable[tuple[str, str, int, int]],
) -> Iterator[tuple[str, str, int]]:
    r"""Yields `(letter, value, line)` of each field of the header.

    Tokens are taken up to the `K:`, so that an iterator goes on with the body.

    Example:

    >>> list(header_fields(scan("M: 6/8\nK:G\nABc|\n")))
    [('M', '6/8', 1), ('K', 'G', 2)]
    """
    for kind, content, line, _ in tokens:
        if kind == "field" and content[0] != "[":
            yield content[0], field_value(content), line
            if content[0] == "K":
                return
