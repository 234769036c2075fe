r"""From a typed sentence to its words, as Universal Dependencies cut English.

A mark of punctuation is a word, and so is each part of "don't" (do, n't),
"Ann's" (Ann, 's), "cannot" (can, not) and "long-term" (long, -, term). A
number, an address and an abbreviation are left whole. Nothing is changed: the
words, put together, are the sentence without its blanks.
"""

import re
from collections.abc import Sequence

_ABBREVIATIONS = (
    "Mr Mrs Ms Dr Prof St Jr Sr Inc Corp Ltd Co vs etc Jan Feb Aug Sept Oct "
    "Nov Dec Gen Sen Rep Gov"
).split()
_LETTER = r"[^\W\d_]"
PATTERN = "|".join(
    (
        r"(?:https?://|www\.)\S*[^\s.,;:!?)\"']",
        r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
        r"[:;=]-?[()DPp](?!\w)",  # a smiley
        rf"(?:{_LETTER}\.){{2,}}",  # U.S., a.m.
        rf"(?:{'|'.join(_ABBREVIATIONS)})\.",
        rf"\d+(?:[.,:]\d+)+(?!{_LETTER})",  # 3.5, 1,000, 5:30
        rf"[^\W_]+(?:['’]{_LETTER}+)*",
        r"\.{2,}|-{2,}|!+|\?+|``|''",
        r"\S",
    )
)
_PARTS = re.compile(
    r"(can)(not)|(gon|wan|got)(na|ta)|(.+?)(n['’]t|['’](?:s|m|re|ve|ll|d))",
    re.IGNORECASE,
)


def cut_sentence(text: str) -> list[str]:
    """Cuts a sentence into words and marks of punctuation.

    Example:

    >>> cut_sentence("I don't like Ann's 3.5 long-term plans, Dr. Who!")
    ['I', 'do', "n't", 'like', 'Ann', "'s", '3.5', 'long', '-', 'term',
     'plans', ',', 'Dr.', 'Who', '!']
    """
    words = []
    for piece in re.findall(PATTERN, text):
        parts = _PARTS.fullmatch(piece)
        words += filter(None, parts.groups()) if parts else [piece]
    return words


def is_glued(text: str, words: Sequence[str]) -> list[bool]:
    """Tells of each word whether the next one follows without a blank.

    Args:
        text: The sentence.
        words: Its words, from `cut_sentence`.

    Example:

    >>> is_glued("I don't.", ["I", "do", "n't", "."])
    [False, True, True, False]
    """
    found, at = [], 0
    for word in words:
        at = text.index(word, at) + len(word)
        found.append(bool(text[at : at + 1].strip()))
    return found
