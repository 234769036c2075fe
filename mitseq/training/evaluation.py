"""How well a music model knows tunes that it has never seen.

A model that predicts well can compress: coding each token with its predicted
probability costs -log2 p bits. The code length of held-out tunes divided by
the number of their characters compares models of any vocabulary, and n-grams
and file compressors with them.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher

import keras
import numpy as np
import tensorflow as tf

from mitseq.data.music import encode_tunes
from mitseq.data.vocabulary import PAD
from mitseq.errors import MitseqError
from mitseq.models.music import vocabulary_of

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


def longest_copied_run(
    pieces: Sequence[str], training: Sequence[str], shortest: int = 8
) -> int:
    """Return the longest run of pieces that also stands in a training tune.

    Args:
        pieces: The pieces of one tune.
        training: The pieces of one training tune.
        shortest: Runs below this count as none.

    Returns:
        The number of pieces of the longest common run.

    Example:

    >>> longest_copied_run(list("abcdefghij"), list("xxcdefghixx"), 4)
    7
    """
    matcher = SequenceMatcher(None, pieces, training, autojunk=False)
    size = matcher.find_longest_match().size
    return size if size >= shortest else 0
