"""The likeliest next words of a text, and texts that go on with them.

Slide: Lecture 2, "A Sequence Modeling Problem: Predict the Next Word"
(docs/slides.md#next-word).
"""

import dataclasses
from collections.abc import Sequence

import keras
import numpy as np
from keras import ops

from mitseq.arguments import check_count, check_texts
from mitseq.errors import MitseqError
from mitseq.generation.generate import generate
from mitseq.tasks.words.model import embedding_of
from mitseq.text.vocabulary import END, PAD, START
from mitseq.text.words import WordIndex, cut_words, join_words
from mitseq.training.lengths import bucket_batches, bucket_lengths

BATCH_SIZE = 64
MOST_READ = 1000  # words before the one that is predicted


@dataclasses.dataclass(frozen=True)
class Prediction:
    """What may come after a text.

    Args:
        text: The text.
        words: The likeliest words, likeliest first; "" is the end of the text.
        probabilities: Theirs.
        unknown: Words of the text that the model does not know.
    """

    text: str
    words: tuple[str, ...]
    probabilities: tuple[float, ...]
    unknown: tuple[str, ...] = ()


def next_words(
    model: keras.Model, texts: Sequence[str], count: int = 5
) -> list[Prediction]:
    """Returns the likeliest next words of each text.

    Args:
        model: A model of words.
        texts: The beginnings; an empty one is the beginning of any text.
        count: How many words.

    Raises:
        MitseqError: if the model knows no word of a text.

    Example:

    >>> from mitseq.tasks.words.model import load_words_model
    >>> model = load_words_model()
    >>> next_words(model, ["This morning I took my cat for a"])[0].words[0]
    'walk'
    """
    index = WordIndex(embedding_of(model).vocabulary)
    texts = check_texts(texts)
    check_count(count=count)
    found = []
    for text, probs in zip(texts, next_probs(model, texts), strict=True):
        order = np.argsort(-probs, kind="stable")[:count]
        words = tuple("" if i == END else index.words([i])[0] for i in order)
        found.append(
            Prediction(
                text,
                words,
                tuple(float(probs[i]) for i in order),
                tuple(index.unknown(cut_words(text))),
            )
        )
    return found


def next_probs(model: keras.Model, texts: Sequence[str]) -> np.ndarray:
    """Returns the probability of every next word, `(len(texts), V)`.

    What can be no word (padding, the beginning, an unknown one) has none. Of a
    text of more than 1,000 words the last ones are read.

    Raises:
        MitseqError: if the model knows no word of a text.
    """
    index = WordIndex(embedding_of(model).vocabulary)
    encoded = [_encode(index, text) for text in texts]
    lengths = bucket_lengths(max(map(len, encoded), default=1))
    probs = np.zeros((len(encoded), len(index.vocabulary)))
    for x, rows in bucket_batches(encoded, BATCH_SIZE, lengths, PAD):
        here = rows >= 0
        last = (x != PAD).sum(axis=1) - 1
        logits = model.predict_on_batch(x)[np.arange(len(x)), last]
        logits[:, [PAD, START, index.unknown_id]] = -np.inf
        probs[rows[here]] = ops.convert_to_numpy(ops.softmax(logits))[here]
    return probs


def write_on(
    model: keras.Model,
    text: str,
    *,
    count: int = 1,
    words: int = 30,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    seed: int | None = None,
) -> list[str]:
    """Goes on with a text, word by word, each drawn from the prediction.

    Of a text of more than 1,000 words the last ones are read.

    Args:
        model: A model of words.
        text: How all begin; it may be empty.
        count: How many texts.
        words: The most words that are added; a text may end before.
        temperature: As for `mitseq.generate`, and so are the others.

    Returns:
        The texts, each with its beginning.

    Raises:
        MitseqError: if an argument does not fit, or the model knows no word
            of the text.
    """
    index = WordIndex(embedding_of(model).vocabulary)
    begin = _encode(index, text)
    ids, lengths = generate(
        model,
        [begin] * count,
        max_length=len(begin) + words,
        end_id=END,
        temperature=temperature,
        top_k=top_k,
        top_p=top_p,
        seed=seed,
        banned_ids=(PAD, START, index.unknown_id),
    )
    given = cut_words(text)  # as it was written
    return [
        join_words([*given, *index.words(row[len(begin) : length])])
        for row, length in zip(ids, lengths, strict=True)
    ]


def _encode(index: WordIndex, text: str) -> list[int]:
    words = cut_words(text)
    ids = index.encode(words)
    if words and set(ids) == {index.unknown_id}:
        raise MitseqError(
            f"{text[:60]!r}: the model knows none of these words. It knows "
            f"{len(index.vocabulary)} words of the texts it was trained on."
        )
    return [START, *ids][-MOST_READ:]
