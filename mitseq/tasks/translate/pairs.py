r"""What to learn from: the language that is made up, or files of pairs.

A file has a pair a line, as Tatoeba and Anki export them: a sentence, TAB, its
translation, and, if there is one, TAB and where it is from. A sentence may
stand in several lines with different translations. All of them go to one side
of the split: nothing that is judged by was read in training.
"""

import dataclasses
import os
from collections.abc import Iterable, Sequence

import numpy as np

from mitseq.errors import MitseqError
from mitseq.input import input_path
from mitseq.tasks.translate.language import (
    CLAUSES,
    COUNT,
    HELD_OUT,
    Made,
    write_sentences,
)
from mitseq.text.encodings import decode
from mitseq.text.words import cut_words

FEWEST = 20  # source sentences that a training needs
MOST_HELD = 2000  # source sentences of either side that is held out


@dataclasses.dataclass(frozen=True)
class Pair:
    """A sentence and what it is in the other language."""

    source: str
    target: str

    def reversed(self) -> "Pair":
        """Returns the pair of the other direction."""
        return Pair(self.target, self.source)


@dataclasses.dataclass(frozen=True)
class Pairs:
    """Pairs that are split by their source.

    Args:
        train: To learn from.
        validation: To stop by.
        test: To judge by.
        min_count: A word that stands fewer times in them is unknown.
        name: Where they are from.
    """

    train: Sequence[Pair]
    validation: Sequence[Pair]
    test: Sequence[Pair]
    min_count: int = 1
    name: str = "the made-up language"


def language_pairs(
    clauses: int = CLAUSES,
    count: int = COUNT,
    seed: int = 0,
    reverse: bool = False,
) -> Pairs:
    """Returns pairs of the language that is made up.

    Args:
        clauses: The most clauses of a sentence.
        count: How many sentences to learn from.
        seed: Another seed, other sentences.
        reverse: Learn from the made-up words to English.

    Example:

    >>> pairs = language_pairs(1, count=100)
    >>> len(pairs.train), len(pairs.validation), len(pairs.test)
    (100, 1000, 1000)
    """
    made = write_sentences(count + 2 * HELD_OUT, clauses, seed)
    pairs = [as_pair(each, reverse) for each in made]
    return Pairs(
        pairs[2 * HELD_OUT :],
        pairs[:HELD_OUT],
        pairs[HELD_OUT : 2 * HELD_OUT],
    )


def as_pair(made: Made, reverse: bool = False) -> Pair:
    """Returns a sentence of the language as a pair of texts."""
    pair = Pair(
        *(" ".join(words) + " ." for words in (made.source, made.target))
    )
    return pair.reversed() if reverse else pair


def read_pairs(path: str | os.PathLike) -> list[Pair]:
    """Returns the pairs of a file, in their order.

    Raises:
        MitseqError: if it cannot be read, holds no pair, or a line is none.
    """
    path = input_path(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise MitseqError(
            f"{path}: cannot be read as pairs: {error.strerror}."
        ) from error
    text, _ = decode(content, source=str(path), can_be_named=False)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    pairs = [
        _pair(line, f"{path}, line {number}")
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip()
    ]
    if not pairs:
        raise MitseqError(
            f"{path}: holds no pair. Expected lines of a sentence, TAB, its "
            "translation."
        )
    return pairs


def _pair(line: str, place: str) -> Pair:
    columns = line.split("\t")
    if len(columns) not in (2, 3):
        raise MitseqError(
            f"{place}: expected a sentence, TAB, its translation, and perhaps "
            f"TAB, where it is from. Received: {len(columns)} column"
            f"{'s' if len(columns) > 1 else ''}."
        )
    for name, cell in zip(("sentence", "translation"), columns, strict=False):
        if not cut_words(cell):
            raise MitseqError(
                f"{place}: expected a {name} of at least one word. "
                f"Received: {cell[:40]!r}."
            )
    return Pair(columns[0].strip(), columns[1].strip())


def read_split(
    paths: Sequence[str | os.PathLike],
    min_count: int = 2,
    seed: int = 0,
    reverse: bool = False,
    most: int | None = None,
) -> Pairs:
    """Returns the pairs of files, split by their source.

    Args:
        paths: The files.
        min_count: A word that stands fewer times in them is unknown.
        seed: Decides who is held out.
        reverse: Learn from the second column to the first.
        most: Take the first so many pairs only.

    Raises:
        MitseqError: if a file cannot be read, a line is no pair, or there are
            too few sentences.
    """
    found = [pair for path in paths for pair in read_pairs(path)][:most]
    if reverse:
        found = [pair.reversed() for pair in found]
    name = ", ".join(map(str, paths))
    return split_pairs(found, min_count, seed, name)


def split_pairs(
    pairs: Sequence[Pair], min_count: int = 1, seed: int = 0, name: str = "data"
) -> Pairs:
    """Returns pairs, split by their source: a twentieth is held out twice.

    Sentences whose words are the same belong together, however they are
    spelled and whatever stands between the words.

    Raises:
        MitseqError: if there are too few sentences.
    """
    keys = [source_key(pair.source) for pair in pairs]
    different = list(dict.fromkeys(keys))
    if len(different) < FEWEST:
        raise MitseqError(
            f"{name}: expected at least {FEWEST} different sentences to learn "
            f"from. Received: {len(different)}."
        )
    held = min(MOST_HELD, max(1, len(different) // 20))
    order = np.random.default_rng(seed).permutation(len(different))
    side = {different[i]: "test" for i in order[:held]}
    side |= {different[i]: "validation" for i in order[held : 2 * held]}
    parts: dict[str, list[Pair]] = {"train": [], "validation": [], "test": []}
    for key, pair in zip(keys, pairs, strict=True):
        parts[side.get(key, "train")].append(pair)
    return Pairs(**parts, min_count=min_count, name=name)


def source_key(text: str) -> str:
    """Returns what two sentences have in common that are the same one.

    Example:

    >>> source_key("I am hungry!") == source_key("I am hungry.")
    True
    """
    words = [word.lower() for word in cut_words(text) if word[0].isalnum()]
    return " ".join(words) or text


def by_source(pairs: Iterable[Pair]) -> dict[str, list[str]]:
    """Returns all translations of each sentence.

    Example:

    >>> by_source([Pair("Go.", "Ve."), Pair("Go.", "Vete.")])
    {'Go.': ['Ve.', 'Vete.']}
    """
    found: dict[str, list[str]] = {}
    for pair in pairs:
        found.setdefault(pair.source, []).append(pair.target)
    return found


def write_pairs(pairs: Iterable[Pair]) -> str:
    """Returns pairs as the text of a file."""
    return "".join(f"{pair.source}\t{pair.target}\n" for pair in pairs)
