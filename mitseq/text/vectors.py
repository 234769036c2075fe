"""Word vectors from a file: an embedding that need not start from nothing.

Slide: Lecture 2, "Encoding Language for a Neural Network"
(docs/slides.md#encoding). The common text format (word2vec, GloVe, fastText):
a word and its numbers on each line, with or without a first line that holds
two counts. A file may hold millions; only the words asked for are kept.
"""

import os
from collections.abc import Sequence

import numpy as np

from mitseq.errors import MitseqError
from mitseq.input import input_path


def read_vectors(path: str | os.PathLike, words: Sequence[str]) -> np.ndarray:
    """Reads the vectors of words from a file.

    Returns:
        `(len(words), D)` of float32. A word that the file lacks gets small
        random numbers, the same every time, as large as those of the file.

    Raises:
        MitseqError: if there is no such file, a line does not fit, or no word
            is found.
    """
    path = input_path(path)
    places = {word: i for i, word in enumerate(words)}
    found: dict[int, np.ndarray] = {}
    size = None
    how = {"encoding": "utf-8", "errors": "replace", "newline": "\n"}
    try:
        with path.open(**how) as file:
            for number, line in enumerate(file, 1):
                word, *numbers = line.rstrip().split(" ")
                if size and len(numbers) > size and not _is_number(numbers[0]):
                    continue  # GloVe has a few words with spaces inside
                if number == 1 and len(numbers) == 1 and numbers[0].isdigit():
                    continue  # how many words, how many numbers
                size = size or len(numbers)
                if len(numbers) != size or not size:
                    raise MitseqError(
                        f"{path}, line {number}: expected a word and {size} "
                        f"numbers. Received: {len(numbers)} numbers."
                    )
                place = places.get(word)
                if place is None or place in found:
                    continue
                try:
                    with np.errstate(over="ignore"):
                        found[place] = np.array(numbers, "float32")
                    if not np.isfinite(found[place]).all():
                        raise ValueError
                except ValueError:
                    raise MitseqError(
                        f"{path}, line {number}: expected a word and {size} "
                        f"numbers. Received: {line[:60].strip()!r}."
                    ) from None
    except OSError as error:
        raise MitseqError(
            f"{path}: cannot be read as word vectors: {error.strerror}."
        ) from error
    if not found:
        raise MitseqError(
            f"{path}: holds the vector of none of the {len(places)} words."
        )
    known = np.stack(list(found.values()))
    rng = np.random.default_rng(0)
    vectors = rng.normal(0, known.std(), (len(words), size)).astype("float32")
    vectors[list(found)] = known
    return vectors


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
