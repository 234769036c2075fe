"""How well a model knows unseen texts, and how far its memory carries.

Slides: Lecture 2, "A Sequence Modeling Problem: Predict the Next Word" and
"The Problem of Long-Term Dependencies".
"""

from collections.abc import Callable, Sequence

import keras
import numpy as np
from keras import ops

from mitseq.progress import follow
from mitseq.tasks.words.grammar import NEAREST, distances_of, write_cases
from mitseq.tasks.words.model import embedding_of
from mitseq.tasks.words.rows import encode_texts, rows_of
from mitseq.text.vocabulary import PAD
from mitseq.text.words import WordIndex

BATCH_SIZE, NUM_STEPS = 32, 256
# From texts to the probabilities of the next words, `(len(texts), V)`.
NextProbs = Callable[[Sequence[str]], np.ndarray]


def evaluate_words_model(model: keras.Model, texts: Sequence[str]) -> dict:
    """Measures a model on texts that it has not learned from.

    Args:
        model: A model of words.
        texts: The texts.

    Returns:
        "texts", "words" (the ends of texts among them), "unknown" (the share
        of words that the model lacks), "perplexity" (e to the mean loss: among
        how many words it hesitates) and "accuracy" (how often the likeliest
        word is the one that came).
    """
    index = WordIndex(embedding_of(model).vocabulary)
    x, y = rows_of(encode_texts(index, texts), NUM_STEPS)
    missing = ((0, -len(x) % BATCH_SIZE), (0, 0))
    x, y = np.pad(x, missing), np.pad(y, missing)
    nats, hits = 0.0, 0
    for at in follow(range(0, len(x), BATCH_SIZE), "texts"):
        logits = model.predict_on_batch(x[at : at + BATCH_SIZE])
        truth = y[at : at + BATCH_SIZE]
        counted = truth != PAD
        log_probs = ops.convert_to_numpy(ops.log_softmax(logits))
        of_truth = np.take_along_axis(log_probs, truth[..., None], -1)[..., 0]
        nats -= float(of_truth[counted].sum(dtype="float64"))
        hits += int((log_probs.argmax(-1) == truth)[counted].sum())
    words = int((y != PAD).sum())
    return {
        "texts": len(texts),
        "words": words,
        "unknown": float((y == index.unknown_id).sum() / words),
        "perplexity": float(np.exp(nats / words)),
        "accuracy": hits / words,
    }


def right_answers(
    next_probs: NextProbs,
    index: WordIndex,
    kind: str,
    *,
    distance: int | None = None,
    count: int = 200,
    seed: int = 0,
) -> float:
    """Returns how often the right word is the likeliest of its sort.

    The words stand in frames in which no training text has them
    (`write_cases`).

    Args:
        next_probs: Of a model, or of an n-gram.
        index: Of its vocabulary.
        kind: "language", "number", "place" or "activity".
        distance: Words between the one that decides and the answer.
        count: How many cases.
        seed: Another seed, other cases.
    """
    cases = write_cases(kind, count, distance, seed)
    probs = next_probs([case.prompt for case in cases])
    right = 0
    for case, row in zip(cases, probs, strict=True):
        of_rivals = row[index.encode(case.rivals)]
        right += case.rivals[int(of_rivals.argmax())] == case.answer
    return right / count


def agreement(
    next_probs: NextProbs,
    index: WordIndex,
    most: int,
    *,
    count: int = 200,
    seed: int = 0,
) -> dict[str, dict[int, float]]:
    """Returns the right answers of both kinds of agreement, by distance.

    Args:
        next_probs: As for `right_answers`, and so are all others.
        most: The largest distance.
    """
    return {
        kind: {
            distance: right_answers(
                next_probs,
                index,
                kind,
                distance=distance,
                count=count,
                seed=seed,
            )
            for distance in follow(distances_of(kind, most), kind)
        }
        for kind in NEAREST
    }


def chance(kind: str) -> float:
    """Returns the share of right answers of a guess.

    Example:

    >>> chance("number"), chance("language")
    (0.5, 0.08333333333333333)
    """
    far = 20 if kind in NEAREST else None
    return 1 / len(write_cases(kind, 1, far)[0].rivals)
