"""Texts to tokens by the million: what was cut once is remembered.

Slide: Lecture 2, "Encoding Language for a Neural Network"
(docs/slides.md#encoding). Read tokens.py first. A language repeats its words,
and no token reaches over a blank; so what stands between two blanks is cut by
`tokenize` when it is first met, and then remembered. A test holds that this is
`tokenize` of the whole text.
"""

import re
import threading
from array import array
from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np

from mitseq.text.rows import Rows
from mitseq.text.tokens import BLANK, tokenize

# The one rewrite of tokens.py that reaches over a blank.
LINE_BREAK = re.compile(rf"<br(?:{BLANK})?/?>", re.IGNORECASE)
MOST = 100_000  # pieces that are remembered
MOST_CODES = 4_000_000  # and their characters


class Cutter:
    """Cuts texts into tokens, and knows the index of each.

    Args:
        words: The index of each known word, from 2 on; none if only the tokens
            are of interest.

    Example:

    >>> cut = Cutter({"good": 2, "film": 3})
    >>> cut.tokens("Good film!")
    ['good', 'film', '!']
    >>> ids, codes = cut(["Good film!"])
    >>> ids[0].tolist(), "".join(map(chr, codes[0]))
    ([2, 3, 1], ' good film ! ')
    """

    def __init__(self, words: Mapping[str, int] | None = None):
        self.words = {} if words is None else words
        self._pieces = _Pieces(self.words)
        self._lock = threading.Lock()  # who asks in two threads takes turns

    def __call__(self, texts: Sequence[str]) -> tuple[Rows, Rows]:
        """Returns the indices of the tokens of texts, and their code points.

        A token that is not known has the index 1. The code points are those of
        the tokens with a space at either end and between them.
        """
        with self._lock:
            return self._cut(texts)

    def _cut(self, texts):
        self._forget_if_many()
        pieces: list[str] = []
        edges = [0]
        for text in texts:
            pieces.append("")  # the space in front
            pieces += _split(text)
            edges.append(len(pieces))
        numbers = np.fromiter(
            map(self._pieces.__getitem__, pieces), "int64", len(pieces)
        )
        found = []
        for kept in (self._pieces.ids, self._pieces.codes):
            rows = kept.take(numbers)
            found.append(Rows(rows.values, rows.starts[edges]))
        return found[0], found[1]

    def tokens(self, text: str) -> list[str]:
        """Returns the tokens of a text, as `tokenize` does."""
        with self._lock:
            self._forget_if_many()
            numbers = map(self._pieces.__getitem__, _split(text))
            found = map(self._pieces.tokens.__getitem__, numbers)
            return list(chain.from_iterable(found))

    def _forget_if_many(self):
        pieces = self._pieces
        if len(pieces) > MOST or len(pieces.codes.values) > MOST_CODES:
            self._pieces = _Pieces(self.words)


def _split(text: str) -> list[str]:
    return (LINE_BREAK.sub(" ", text) if "<" in text else text).split()


class _Pieces(dict):
    """What stands between blanks -> its number, by which all else is kept."""

    def __init__(self, words):
        self.words = words
        self.tokens: list[list[str]] = []
        self.ids, self.codes = _Growing(), _Growing()
        self[""] = self._add([], " ")

    def __missing__(self, piece: str) -> int:
        tokens = tokenize(piece)
        number = self._add(tokens, "".join(f"{token} " for token in tokens))
        self[piece] = number
        return number

    def _add(self, tokens, joined):
        self.tokens.append(tokens)
        self.ids.append([self.words.get(token, 1) for token in tokens])
        self.codes.append([ord(c) for c in joined])
        return len(self.tokens) - 1


class _Growing:
    """Rows to which more are added."""

    def __init__(self):
        self.values, self.starts = array("i"), array("q", [0])

    def append(self, row):
        self.values.extend(row)
        self.starts.append(len(self.values))

    def take(self, numbers) -> Rows:
        rows = Rows(
            np.frombuffer(self.values, "i4"), np.frombuffer(self.starts, "i8")
        ).take(numbers)
        # an array that is looked at cannot grow
        owned = rows.values.flags.owndata
        return rows if owned else Rows(rows.values.copy(), rows.starts)
