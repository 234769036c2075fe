"""What to learn from: the grammar, or a text file of the user.

A file is cut into paragraphs, at its empty lines; where there are none, each
line is one. A tenth of them is held out to stop by, and a tenth to judge by.
"""

import dataclasses
import os
from collections.abc import Sequence

import numpy as np

from mitseq.errors import MitseqError
from mitseq.input import input_path
from mitseq.tasks.words.grammar import DISTANCE, write_texts
from mitseq.text.encodings import decode
from mitseq.text.words import cut_words

FEWEST = 50  # words that a training needs
COUNT, HELD_OUT = 20_000, 1_000  # texts of the grammar


@dataclasses.dataclass(frozen=True)
class Texts:
    """Texts that are split.

    Args:
        train: To learn from.
        validation: To stop by.
        test: To judge by.
        min_count: A word that stands fewer times in them is unknown.
        name: Where they are from.
    """

    train: Sequence[str]
    validation: Sequence[str]
    test: Sequence[str]
    min_count: int = 1
    name: str = "the grammar"


def grammar_texts(
    distance: int = DISTANCE, count: int = COUNT, seed: int = 0
) -> Texts:
    """Returns texts of the grammar.

    Args:
        distance: The largest one.
        count: How many to learn from.
        seed: Another seed, other texts.
    """
    held = [write_texts(HELD_OUT, distance, [seed, i]) for i in (1, 2)]
    return Texts(write_texts(count, distance, [seed, 0]), *held)


def read_paragraphs(path: str | os.PathLike) -> list[str]:
    """Returns the paragraphs of a text file.

    Raises:
        MitseqError: if it cannot be read, or holds no word.
    """
    path = input_path(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise MitseqError(
            f"{path}: cannot be read as a text: {error.strerror}."
        ) from error
    text, _ = decode(content, source=str(path), can_be_named=False)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    blocks = [block for block in text.split("\n\n") if block.strip()]
    if len(blocks) < 2:
        blocks = [line for line in text.split("\n") if line.strip()]
    found = [" ".join(block.split()) for block in blocks]
    if not any(map(cut_words, found)):
        raise MitseqError(f"{path}: holds no word.")
    return found


def read_split(
    paths: Sequence[str | os.PathLike], min_count: int = 2, seed: int = 0
) -> Texts:
    """Returns the paragraphs of text files, split.

    Args:
        paths: The files.
        min_count: A word that stands fewer times in them is unknown.
        seed: Decides who is held out.

    Raises:
        MitseqError: if a file cannot be read, or there are too few words.
    """
    found = [text for path in paths for text in read_paragraphs(path)]
    name = ", ".join(map(str, paths))
    words = sum(len(cut_words(text)) for text in found)
    if words < FEWEST:
        raise MitseqError(
            f"{name}: expected at least {FEWEST} words to learn from. "
            f"Received: {words}."
        )
    if len(found) < 10:  # long paragraphs: cut them at their sentences
        found = [
            sentence
            for text in found
            for sentence in text.replace(". ", ".\n").split("\n")
        ]
    if len(found) < 3:
        raise MitseqError(
            f"{name}: expected at least 3 paragraphs, lines or sentences: one "
            f"to learn from, one to stop by, one to judge by. Received: "
            f"{len(found)}."
        )
    order = np.random.default_rng(seed).permutation(len(found))
    tenth = max(1, len(found) // 10)
    held = [sorted(order[:tenth]), sorted(order[tenth : 2 * tenth])]
    train = [found[i] for i in sorted(order[2 * tenth :])]
    test, validation = ([found[i] for i in part] for part in held)
    return Texts(train, validation, test, min_count, name)
