"""A trained embedding: who lies near whom, in two dimensions, in TensorBoard.

Slide: Lecture 2, "Encoding Language for a Neural Network"
(docs/slides.md#encoding): "neural networks are trained to embed indexes in a
fixed-dimensional space, so that similar words are placed together". Nobody says
to the network which words are similar. It finds out since they predict the same
next words.

Letters: V words, D size of a word's vector.
"""

import difflib
import os
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np

from mitseq.errors import MitseqError
from mitseq.output import atomic_write, check_new
from mitseq.tasks.words.lexicon import group_of
from mitseq.tasks.words.model import embedding_of
from mitseq.text.words import UNKNOWN, WordIndex, words_of

# The layout that TensorBoard's projector looks for in its folder of logs
CONFIG, VECTORS, METADATA = (
    "projector_config.pbtxt",
    "vectors.tsv",
    "metadata.tsv",
)


def vectors_of(model: keras.Model) -> tuple[list[str], np.ndarray]:
    """Returns the words of a model, and their vectors `(V, D)`."""
    layer = embedding_of(model)
    words = words_of(layer.vocabulary)
    vectors = np.asarray(layer.get_weights()[0])
    return words, vectors[layer.vocabulary.encode(words)]


def neighbors(
    words: Sequence[str], vectors: np.ndarray, word: str, count: int = 8
) -> list[tuple[str, float]]:
    """Returns the words whose vectors point most nearly the same way.

    Args:
        words: The V words, and `vectors` `(V, D)`, from `vectors_of`.
        word: One of them, exactly.
        count: How many.

    Returns:
        Words and their cosines with `word`, nearest first.

    Example:

    >>> vectors = np.array([[1.0, 0.0], [0.0, 1.0], [2.0, 0.0]])
    >>> neighbors(["here", "up", "there"], vectors, "here", 1)
    [('there', 1.0)]
    """
    units = unit_vectors(vectors)
    at = list(words).index(word)
    cosines = units @ units[at]
    order = [i for i in np.argsort(-cosines, kind="stable") if i != at]
    return [(words[i], float(cosines[i])) for i in order[:count]]


def find_word(model: keras.Model, word: str) -> str:
    """Returns a word as the model spells it.

    Raises:
        MitseqError: if it does not know the word; words that look alike are
            named.
    """
    vocabulary = embedding_of(model).vocabulary
    usual = WordIndex(vocabulary).usual(word)
    if usual == UNKNOWN:
        close = difflib.get_close_matches(word, words_of(vocabulary))
        hint = f" Did you mean {' or '.join(close)}?" if close else ""
        raise MitseqError(f"the model does not know the word {word!r}.{hint}")
    return usual


def unit_vectors(vectors: np.ndarray) -> np.ndarray:
    """Returns vectors `(V, D)`, each as long as 1."""
    return vectors / np.maximum(
        np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12
    )


def project(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns vectors in the two directions in which they differ most (PCA).

    Args:
        vectors: `(V, D)`.

    Returns:
        `(V, 2)`, and the shares of the variance of both directions.

    Example: points on a line differ in one direction.

    >>> points, shares = project(np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]]))
    >>> shares.round(3).tolist()
    [1.0, 0.0]
    """
    centered = vectors - vectors.mean(axis=0)
    u, s, _ = np.linalg.svd(centered, full_matrices=False)
    shares = s**2 / max(float((s**2).sum()), 1e-12)
    points = u[:, :2] * s[:2]
    # the sign is free: the largest one is positive, so that it stays the same
    for column in points.T:
        column *= np.sign(column[np.abs(column).argmax()]) or 1.0
    return points, shares[:2]


def same_group(
    words: Sequence[str], vectors: np.ndarray, groups: Sequence[str]
) -> float:
    """Returns how often the nearest neighbor of a word is of its group.

    Only words that have a group, other than "other", are asked; all of them
    may be the neighbor.

    Example:

    >>> vectors = np.array([[1.0, 0.1], [1.0, 0.2], [0.1, 1.0]])
    >>> same_group(["a", "b", "c"], vectors, ["x", "x", "other"])
    1.0
    """
    units = unit_vectors(vectors)
    cosines = units @ units.T
    np.fill_diagonal(cosines, -np.inf)
    nearest = cosines.argmax(axis=1)
    asked = [i for i, group in enumerate(groups) if group != "other"]
    return float(np.mean([groups[i] == groups[nearest[i]] for i in asked]))


def write_projector(
    model: keras.Model, out: str | os.PathLike, *, overwrite: bool = False
) -> list[Path]:
    """Writes the vectors so that TensorBoard's projector opens them.

    `tensorboard --logdir OUT` shows them in its tab "Projector". The first two
    files also load in any other projector.

    Args:
        model: A model of words.
        out: A folder.
        overwrite: Whether files that are there may be replaced.

    Returns:
        The paths: a line of numbers for each word, a line with word and group
        for each, and the configuration.

    Raises:
        MitseqError: if a file is there, or cannot be written.
    """
    words, vectors = vectors_of(model)
    paths = [Path(out, name) for name in (VECTORS, METADATA, CONFIG)]
    for path in paths:
        check_new(path, overwrite)
    lines = ["\t".join(f"{x:.6g}" for x in row) for row in vectors]
    labels = [f"{word}\t{group_of(word)}" for word in words]
    config = (
        "embeddings {\n"
        '  tensor_name: "embedding"\n'
        f'  tensor_path: "{VECTORS}"\n'
        f'  metadata_path: "{METADATA}"\n'
        "}\n"
    )
    contents = (lines, ["word\tgroup", *labels])
    for path, content in zip(paths, contents, strict=False):
        atomic_write(path, "\n".join(content) + "\n")
    atomic_write(paths[-1], config)
    return paths
