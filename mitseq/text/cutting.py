"""Texts to tokens by the million: what was cut once is remembered.

Slide: Lecture 2, "Encoding Language for a Neural Network"
(docs/slides.md#encoding). Read tokens.py first. A language repeats its words,
and no token reaches over a blank; so what stands between two blanks is cut by
`tokenize` when it is first met, and then remembered. A test holds that this is
`tokenize` of the whole text.
"""

import operator
import re
from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np

from mitseq.text.rows import Rows
from mitseq.text.tokens import BLANK, tokenize

# The one rewrite of tokens.py that reaches over a blank.
LINE_BREAK = re.compile(rf"<br(?:{BLANK})?/?>", re.IGNORECASE)
MOST = 100_000  # pieces that are remembered
LONGEST = 40  # characters of one of them


class Cutter:
    """Cuts texts into tokens, and knows the index of each.

    Args:
        words: The index of each known word, from 2 on; none if only the tokens
            are of interest.

    Example:

    >>> cut = Cutter({"good": 2, "film": 3})
    >>> cut.tokens("Good film!")
    ['good', 'film', '!']
    >>> ids, joined = cut(["Good film!"])
    >>> ids[0].tolist(), joined
    ([2, 3, 1], [' good film ! '])
    """

    def __init__(self, words: Mapping[str, int] | None = None):
        self.words = {} if words is None else words
        self._pieces = _Pieces(self.words)

    def __call__(self, texts: Sequence[str]) -> tuple[Rows, list[str]]:
        """Returns the indices of the tokens of texts, and the tokens joined.

        A token that is not known has the index 1. Joined tokens have a space
        at either end and between them.
        """
        ids: list[int] = []
        starts, joined = [0], []
        for text in texts:
            cut = self._cut(text)
            ids += chain.from_iterable(map(_ids, cut))
            starts.append(len(ids))
            joined.append(f" {''.join(map(_joined, cut))}")
        return Rows(np.array(ids, "int32"), np.array(starts)), joined

    def tokens(self, text: str) -> list[str]:
        """Returns the tokens of a text, as `tokenize` does."""
        return "".join(map(_joined, self._cut(text))).split(" ")[:-1]

    def _cut(self, text):
        if "<" in text:
            text = LINE_BREAK.sub(" ", text)
        if len(self._pieces) > MOST:
            self._pieces.clear()
        return [self._pieces[piece] for piece in text.split()]


_ids, _joined = operator.itemgetter(0), operator.itemgetter(1)


class _Pieces(dict):
    """What stands between blanks -> its indices, and its tokens."""

    def __init__(self, words):
        self.words = words

    def __missing__(self, piece: str):
        tokens = tokenize(piece)
        ids = [self.words.get(token, 1) for token in tokens]
        found = ids, "".join(f"{token} " for token in tokens)
        if len(piece) <= LONGEST:
            self[piece] = found
        return found
