"""From texts to logits, in batches that fill no memory.

Slide: Lecture 2, "Handle Variable Sequence Lengths". Texts of about the same
length are read together, so that one long text makes no others long.

Letters: N texts, C classes.
"""

import functools
from collections.abc import Callable, Iterator, Sequence

import keras
import numpy as np
import tensorflow as tf

from mitseq.progress import Work

BATCH = 256  # texts that are read or predicted at once


def predict_logits(model: keras.Model, texts: Sequence[str]) -> np.ndarray:
    """Returns the logits of texts, `(N, C)`, in their order.

    A single logit z comes as `[0, z]`.
    """
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    forward = _forward(model)
    found, done = [], 0
    with Work("classifying texts", len(texts)) as work:
        for batch in batches_of_texts([texts[i] for i in order]):
            found.append(forward(strings(batch)).numpy())
            done += len(batch)
            work.update(done)
    logits = np.zeros((len(texts), model.output_shape[-1]), "float32")
    if found:
        logits[order] = np.concatenate(found)
    if logits.shape[1] == 1:
        logits = np.concatenate([np.zeros_like(logits), logits], axis=1)
    return logits


@functools.lru_cache(maxsize=4)
def _forward(model: keras.Model) -> Callable:
    """The model as one graph; the last few models are remembered."""
    # concrete at once: TensorFlow does not warn that many models are many
    function = tf.function(lambda x: model(x, training=False))
    return function.get_concrete_function(tf.TensorSpec([None], tf.string))


def strings(texts: Sequence[str]) -> tf.Tensor:
    r"""Returns a list of `str` as the tensor that a model takes.

    Example:

    >>> strings(["good", "b\ud800d"]).numpy().tolist()
    [b'good', b'b?d']
    """
    return tf.constant(
        [text.encode("utf-8", "replace") for text in texts],
        tf.string,
        shape=[len(texts)],
    )


def batches_of_texts(texts: Sequence[str], most: int = 2_000_000) -> Iterator:
    """Yields runs of texts that fill no memory when padded to their longest.

    Example: at most 4 characters, padding counted.

    >>> list(batches_of_texts(["a", "bb", "ccc"], most=4))
    [['a', 'bb'], ['ccc']]
    """
    start = longest = 0
    for i, text in enumerate(texts):
        longest_now = max(longest, len(text))
        if i > start and (
            i - start == BATCH or longest_now * (i - start + 1) > most
        ):
            yield texts[start:i]
            start, longest_now = i, len(text)
        longest = longest_now
    if len(texts) > start:
        yield texts[start:]
