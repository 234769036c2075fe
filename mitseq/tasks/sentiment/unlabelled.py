"""Texts without labels, from which a classifier learns the language first.

No slide of its own. People write far more texts than anybody labels. What they
say about words and their order is learned by the language model of
language_model.py; here they are read and counted.
"""

import os
from collections import Counter
from collections.abc import Sequence

from mitseq.input import input_path
from mitseq.tasks.sentiment.texts import TextsError
from mitseq.text.cutting import Cutter
from mitseq.text.encodings import read_text

MIN_COUNT = 3  # how often a word stands in them that no labeled text has
MOST_WORDS = 30_000  # that have a vector


def read_unlabelled(path: str | os.PathLike) -> list[str]:
    """Reads texts without labels.

    Args:
        path: A folder, of which each file that ends in .txt is a text, those
            of the folders in it too; or a file with a text on each line.

    Returns:
        The texts, without those that are empty.

    Raises:
        TextsError: if there is none.
        MitseqError: if a file cannot be read.
    """
    path = input_path(path)
    if path.is_dir():
        files = [
            file
            for file in sorted(path.rglob("*"))
            if file.suffix.lower() == ".txt"
            and not file.name.startswith(".")
            and file.is_file()
        ]
        if not files:
            raise TextsError(f"{path}: no file in it ends in .txt")
        texts = [read_text(file)[0].strip() for file in files]
    else:
        texts = [line.strip() for line in read_text(path)[0].split("\n")]
    texts = [text for text in texts if text]
    if not texts:
        raise TextsError(f"{path}: no text in it")
    return texts


def more_words(
    words: Sequence[str],
    texts: Sequence[str],
    min_count: int = MIN_COUNT,
    most: int = MOST_WORDS,
) -> list[str]:
    """Returns words, and behind them those that stand in other texts only.

    So a word that no labeled text has can get a vector.

    Args:
        words: Those of labeled texts.
        texts: Texts without labels.
        min_count: How often a word has to stand in them.
        most: How many words there are to be in all, if there are enough.

    Example:

    >>> more_words(["good"], ["good film", "dull film"], min_count=2)
    ['good', 'film']
    """
    cut = Cutter()
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(cut.tokens(text))
    for word in (*words, "[UNK]"):
        counts.pop(word, None)
    others = [word for word, n in counts.items() if n >= min_count]
    others.sort(key=lambda word: (-counts[word], word))
    return [*words, *others[: max(most - len(words), 0)]]
