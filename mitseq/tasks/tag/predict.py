"""The tags of sentences, with their probabilities.

Lecture: "the network produces y_t at each step": each word has its own softmax.
"""

import dataclasses
from collections.abc import Sequence

import keras
import numpy as np
from keras import ops

from mitseq.arguments import check_texts, wrong
from mitseq.tasks.tag.cut import cut_sentence
from mitseq.tasks.tag.model import features_of, tags_of_model
from mitseq.tasks.tag.rows import SHORTEST
from mitseq.training.lengths import bucket_lengths

BATCH_SIZE = 64
# A longer sentence is tagged a piece at a time, with words beside it that are
# read and not tagged.
PIECE, BESIDE = 1000, 100
MOST_AT_ONCE = 32_768  # words of a batch; each takes about 12 kB


@dataclasses.dataclass(frozen=True)
class Tagged:
    """A sentence and what a model makes of it.

    Args:
        words: The T words.
        tags: The likeliest tag of each.
        probs: `(T, K)`, the probability of each tag at each word.
        names: The K tags.
        unknown: Words that the model has not learned.
    """

    words: tuple[str, ...]
    tags: tuple[str, ...]
    probs: np.ndarray
    names: tuple[str, ...]
    unknown: tuple[str, ...] = ()

    @property
    def probabilities(self) -> list[float]:
        """The probability of the likeliest tag of each word."""
        return [float(p) for p in self.probs.max(axis=1)]


def tag_words(
    model: keras.Model, sentences: Sequence[str | Sequence[str]]
) -> list[Tagged]:
    """Tags the words of sentences.

    Args:
        model: A model that tags words.
        sentences: Each a string, which `cut_sentence` cuts, or its words.

    Returns:
        A `Tagged` for each.

    Example:

    >>> from mitseq.tasks.tag.model import load_tag_model
    >>> tag_words(load_tag_model(), ["Time flies like an arrow"])[0].tags
    ('NOUN', 'VERB', 'ADP', 'DET', 'NOUN')
    """
    names = tuple(tags_of_model(model))
    features = features_of(model)
    cut = [_cut(sentence) for sentence in _sentences(sentences)]
    return [
        Tagged(
            tuple(words),
            tuple(names[i] for i in probs.argmax(axis=1)),
            probs,
            names,
            tuple(features.unknown(words)),
        )
        for words, probs in zip(cut, tag_probs(model, cut), strict=True)
    ]


def _sentences(sentences):
    if isinstance(sentences, (str, bytes)):
        must = 'be a list of sentences; for one write ["..."]'
        raise wrong("sentences", must, sentences)
    try:
        return list(sentences)
    except TypeError:
        must = "be a list of sentences"
        raise wrong("sentences", must, sentences) from None


def _cut(sentence):
    if isinstance(sentence, str):
        return cut_sentence(sentence)
    return check_texts(sentence, "sentences")


def tag_probs(
    model: keras.Model, sentences: Sequence[Sequence[str]]
) -> list[np.ndarray]:
    """Returns the probability of each tag at each word, `(T, K)` a sentence.

    A sentence of more than 1,000 words is tagged in pieces of so many, each
    read with 100 words before and behind it.

    Args:
        model: A model that tags words.
        sentences: Each a sequence of words.
    """
    features, tags = features_of(model), tags_of_model(model)
    found = [
        np.zeros((len(words), len(tags)), "float32") for words in sentences
    ]
    pieces = [
        _Piece(i, start, len(words))
        for i, words in enumerate(sentences)
        for start in range(0, len(words), PIECE)
    ]
    # the longest first, so that a batch has pieces of about one length
    pieces.sort(key=lambda piece: piece.first - piece.last)
    at = 0
    while at < len(pieces):
        longest = pieces[at].last - pieces[at].first
        num_steps = bucket_lengths(longest, SHORTEST)[-1]
        size = min(BATCH_SIZE, max(1, MOST_AT_ONCE // num_steps))
        batch = pieces[at : at + size]
        read = [sentences[p.sentence][p.first : p.last] for p in batch]
        missing = [()] * (size - len(read) if at else 0)
        x = features.encode([*read, *missing], num_steps)
        probs = ops.convert_to_numpy(ops.softmax(model.predict_on_batch(x)))
        for piece, row in zip(batch, probs, strict=False):
            inside = slice(piece.start - piece.first, piece.stop - piece.first)
            found[piece.sentence][piece.start : piece.stop] = row[inside]
        at += size
    return found


class _Piece:
    """Where a piece of a sentence stands, and what is read with it."""

    def __init__(self, sentence, start, length):
        self.sentence = sentence
        self.start, self.stop = start, min(start + PIECE, length)
        self.first = max(start - BESIDE, 0)
        self.last = min(self.stop + BESIDE, length)
