"""How well a music model knows tunes that it has never seen.

A model that predicts well can compress: coding each token with its predicted
probability costs -log2 p bits. The code length of held-out tunes divided by
the number of their characters compares models of any vocabulary, and n-grams
and file compressors with them.
"""

from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf

from mitseq.errors import MitseqError
from mitseq.tasks.music.model import vocabulary_of
from mitseq.tasks.music.rows import encode_tunes
from mitseq.text.vocabulary import PAD
from mitseq.tunes.copying import body_of, is_copy, longest_run, training_text

BATCH_SIZE = 32
SHORTEST = 64  # lengths are rounded up to this times a power of two


class CodeLength:
    """The code length of sequences under a model, in bits.

    Each sequence starts from a zero state. Batches are padded to a few
    lengths, so that only as many graphs are traced.

    Args:
        model: Functional model, ids `(B, T)` -> logits `(B, T, V)`.

    Example:

    >>> uniform = keras.Sequential(
    ...     [keras.Input((None,)), keras.layers.Embedding(8, 8, "zeros")]
    ... )
    >>> float(CodeLength(uniform)([np.array([1, 5, 6, 7])]))  # 3 x log2(8)
    9.0
    """

    def __init__(self, model: keras.Model):
        self.model = model
        self._bits = tf.function(
            self._batch_bits, reduce_retracing=True, jit_compile=True
        )

    def __call__(self, encoded: Sequence[np.ndarray]) -> float:
        """Return the sum over all sequences, of tokens 1 to the last."""
        total = 0.0
        by_length = sorted(encoded, key=len)
        for start in range(0, len(by_length), BATCH_SIZE):
            rows = by_length[start : start + BATCH_SIZE]
            steps = SHORTEST
            while steps < len(rows[-1]) - 1:
                steps *= 2
            x = np.full((BATCH_SIZE, steps), PAD, "int32")
            y = np.full((BATCH_SIZE, steps), PAD, "int32")
            for i, row in enumerate(rows):
                x[i, : len(row) - 1] = row[:-1]
                y[i, : len(row) - 1] = row[1:]
            total += float(self._bits(x, y))
        return total

    def _batch_bits(self, x, y):
        logits = tf.cast(self.model(x, training=False), tf.float32)
        nats = tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits)
        return tf.reduce_sum(tf.where(y != PAD, nats, 0.0)) / np.log(2.0)


def bits_per_character(model: keras.Model, tunes: Sequence[str]) -> float:
    """Return the code length of normalized tunes over their characters.

    Args:
        model: A music model.
        tunes: Normalized tunes that the model was not trained on.

    Returns:
        Total bits, each tune's end included, by total characters.

    Raises:
        MitseqError: if there is no tune.
    """
    if not tunes:
        raise MitseqError(
            "`tunes` must hold at least one tune to evaluate. Received: none."
        )
    encoded = encode_tunes(vocabulary_of(model), tunes)
    return CodeLength(model)(encoded) / sum(map(len, tunes))


def evaluate_music_model(
    model: keras.Model,
    tunes: Sequence[str],
    *,
    samples: int = 0,
    train_tunes: Sequence[str] = (),
    seed: int = 0,
) -> dict:
    """Measure a music model on held-out tunes and on its own samples.

    Args:
        model: A music model.
        tunes: Normalized tunes that the model was not trained on.
        samples: Number of unfiltered samples to draw, at temperature 1.
        train_tunes: Normalized tunes that it was trained on; a sample may
            repeat one.
        seed: Of the samples.

    Returns:
        A dict of `bits_per_character`, `tunes`, `characters`, and with
        samples of `samples`, `accepted` (the share that our checker accepts),
        `copied` (the share that repeats training tunes, see
        `mitseq.tunes.copying`) and `longest_copied_run` (characters).

    Raises:
        MitseqError: if there is no tune or `samples` is negative.
    """
    if samples < 0:
        raise MitseqError(
            f"`samples` must not be negative. Received: samples={samples!r}."
        )
    result = {
        "bits_per_character": bits_per_character(model, tunes),
        "tunes": len(tunes),
        "characters": sum(map(len, tunes)),
    }
    if not samples:
        return result
    from mitseq.tasks.music.generate import generate_tunes

    drawn = generate_tunes(model, samples, seed=seed, unchecked=True).tunes
    accepted = [not tune.check() for tune in drawn]
    training = training_text(train_tunes)
    bodies = [body_of(tune.abc) for tune in drawn]
    runs = [longest_run(body, training) for body in bodies]
    copies = list(map(is_copy, bodies, runs))
    return result | {
        "samples": samples,
        "accepted": sum(accepted) / samples,
        "copied": sum(copies) / samples,
        "longest_copied_run": max(runs),
    }
