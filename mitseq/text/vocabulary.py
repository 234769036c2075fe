"""From text to ids and back: characters, as in the lecture, or tokens.

Slide: Lecture 2, "Encoding language for a neural network"
(docs/slides.md#encoding). A network takes numbers, so a vocabulary gives every
token an index. Level "character" is the lecture's: one letter, one token.
Level "token" takes a longer piece of text as one token, a word or a note with
its length, and spells out in single characters what is too rare to have its
own. What a piece is, a regular expression says.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from mitseq.arguments import (
    check_choice,
    check_count,
    check_text,
    received,
    wrong,
)
from mitseq.errors import MitseqError

PAD = 0  # fills up the short rows of a batch
START = 1  # stands before the first token of every tune
END = 2  # stands after the last
SPECIAL = 3  # ids below this one are not text

LEVELS = ("character", "token")
PRINTABLE = ("\n", *map(chr, range(32, 127)))


class Vocabulary:
    """The tokens a model knows, each with its index.

    Ids 0, 1 and 2 are `PAD`, `START` and `END`; `tokens[0]` has id 3.

    Args:
        tokens: Iterable of distinct, non-empty strings. At level "token" the
            printable ASCII characters and the line feed are added in front
            where they are missing, so that any such text can be encoded.
        level: "character" or "token": how `encode` cuts a string.
        pattern: Regular expression of a piece, for `encode` at level "token";
            it has to find a piece at every place of a text.

    Raises:
        MitseqError: if `level` is unknown, a token is not a non-empty string,
            or a token stands twice.

    Example:

    >>> vocabulary = Vocabulary("ABC", level="character")
    >>> vocabulary.encode("CAB")
    [5, 3, 4]
    >>> vocabulary.decode([START, 5, 3, 4, END, PAD])
    'CAB'
    >>> len(vocabulary)
    6
    """

    def __init__(
        self,
        tokens: Iterable[str],
        level: str = "token",
        pattern: str | None = None,
    ) -> None:
        check_choice(LEVELS, level=level)
        check_text(pattern=pattern)
        try:
            tokens = tuple(tokens)
        except TypeError:
            must = "be non-empty strings"
            raise wrong("tokens", must, tokens) from None
        for token in tokens:
            if not isinstance(token, str) or not token:
                raise MitseqError(
                    "`tokens` must be non-empty strings. "
                    f"Received: {received(token)} among them."
                )
        twice = [token for token, n in Counter(tokens).items() if n > 1]
        if twice:
            raise MitseqError(
                "`tokens` must be distinct. Received: "
                f"{received(twice[0])} twice."
            )
        if level == "token":
            known = set(tokens)
            tokens = (*(c for c in PRINTABLE if c not in known), *tokens)
        self.tokens, self.level, self.pattern = tokens, level, pattern
        self._ids = {token: SPECIAL + i for i, token in enumerate(tokens)}

    @classmethod
    def from_texts(
        cls,
        texts: Iterable[str],
        level: str = "token",
        pattern: str | None = None,
        min_count: int = 5,
    ) -> Vocabulary:
        """Returns the vocabulary of texts, frequent tokens first.

        Args:
            texts: Iterable of strings.
            level: "character" or "token".
            pattern: Regular expression of a piece, at level "token".
            min_count: Positive int. At level "token" a piece that stands fewer
                times in `texts` gets no token and is spelled out. At level
                "character" every character of `texts` gets one.

        Raises:
            MitseqError: if there is no text, or `min_count` is not positive.

        Example:

        >>> Vocabulary.from_texts(["abca"], level="character").tokens
        ('a', 'b', 'c')
        """
        check_count(min_count=min_count)
        check_choice(LEVELS, level=level)
        texts = _each(texts)
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(_cut(text, level, pattern))
        if not counts:
            raise MitseqError(
                "`texts` must hold at least one text. Received: none."
            )
        least = min_count if level == "token" else 1
        kept = [token for token, n in counts.items() if n >= least]
        # Frequent first, ties in alphabetical order: the same texts in any
        # order give the same ids.
        tokens = sorted(kept, key=lambda token: (-counts[token], token))
        return cls(tokens, level, pattern)

    def __len__(self) -> int:
        return SPECIAL + len(self.tokens)

    def __contains__(self, token: object) -> bool:
        return token in self._ids

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Vocabulary) and (
            (self.level, self.tokens) == (other.level, other.tokens)
        )

    def __hash__(self) -> int:
        return hash((self.level, self.tokens))

    def __repr__(self) -> str:
        return f"Vocabulary(level={self.level!r}, {len(self)} ids)"

    def encode(self, text: str | Iterable[str]) -> list[int]:
        """Returns the ids of a text, without `START` and `END`.

        Args:
            text: A string, cut into characters or pieces according to the
                level; or the pieces themselves. A piece without a token of its
                own is spelled out.

        Raises:
            MitseqError: if a character is not in the vocabulary; it is named
                with its position. Also for a string at level "token" if the
                vocabulary has no `pattern`.

        Example:

        >>> Vocabulary(["^f'3/2"]).encode(["^f'3/2", "b"])
        [99, 70]
        """
        if isinstance(text, str):
            text = _cut(text, self.level, self.pattern)
        pieces = list(text)
        ids = list(map(self._ids.get, pieces))
        return ids if None not in ids else self._spell_out(pieces)

    def _spell_out(self, pieces: list[str]) -> list[int]:
        """Returns the ids of pieces, not all of which have a token."""
        ids: list[int] = []
        position = 1
        for piece in pieces:
            spelled = [piece] if piece in self._ids else piece
            for i, token in enumerate(spelled):
                if token not in self._ids:
                    raise MitseqError(
                        f"unknown character {token!r} at position "
                        f"{position + i}: the vocabulary ({self.level} level) "
                        "does not have it."
                    )
                ids.append(self._ids[token])
            position += len(piece)
        return ids

    def decode(self, ids: Iterable[int]) -> str:
        """Returns the text of ids: up to `END`, without `START` and `PAD`.

        Raises:
            MitseqError: if an id is not one of this vocabulary.
        """
        return "".join(self.tokens_of(ids))

    def tokens_of(self, ids: Iterable[int]) -> list[str]:
        """Returns the tokens of ids one by one; `decode` joins them."""
        pieces = []
        for i in map(int, ids):
            if i == END:
                break
            if i in (PAD, START):
                continue
            if not 0 <= i < len(self):
                raise MitseqError(
                    f"`ids` must be between 0 and {len(self) - 1}. "
                    f"Received: {i}."
                )
            pieces.append(self.tokens[i - SPECIAL])
        return pieces

    def to_config(self) -> dict:
        """Returns a dict of plain JSON values that holds everything."""
        return {
            "level": self.level,
            "tokens": list(self.tokens),
            "pattern": self.pattern,
        }

    @classmethod
    def from_config(cls, config: dict) -> Vocabulary:
        """Returns the vocabulary of a `to_config` dict."""
        return cls(config["tokens"], config["level"], config.get("pattern"))


def _each(texts: Iterable[str]) -> Iterator[str]:
    """Each text, as it comes: there may be more than fit into memory."""
    if isinstance(texts, (str, bytes)):
        must = 'be strings; for one text write ["..."]'
        raise wrong("texts", must, texts)
    try:
        each = iter(texts)
    except TypeError:
        raise wrong("texts", "be strings", texts) from None
    for text in each:
        if not isinstance(text, str):
            raise wrong("texts", "be strings", text)
        yield text


def _cut(text: str, level: str, pattern: str | None) -> list[str]:
    if level != "token":
        return list(text)
    if pattern is None:
        raise MitseqError(
            'a vocabulary of level "token" needs a `pattern` to cut a text '
            f"into pieces. Received: pattern=None, text={text[:40]!r}."
        )
    if re.compile(pattern).groups:  # of which `findall` would return the groups
        return [match.group() for match in re.finditer(pattern, text)]
    return re.findall(pattern, text)
