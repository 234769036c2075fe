"""How well a model knows sequences that it has never seen, in bits.

A model that predicts well can compress: coding each token with its predicted
probability p costs -log2 p bits. The code length of held-out sequences divided
by the number of their characters compares models of any vocabulary, and
n-grams and file compressors with them.

Letters: B batch, T steps, V vocabulary.
"""

from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf

from mitseq.precision import suits_xla
from mitseq.progress import Work
from mitseq.text.vocabulary import PAD
from mitseq.training.lengths import bucket_batches, bucket_lengths

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
            self._batch_bits,
            reduce_retracing=True,
            jit_compile=suits_xla(model),
        )

    def __call__(self, encoded: Sequence[np.ndarray]) -> float:
        """Returns the sum over all sequences, of tokens 1 to the last."""
        longest = max(map(len, encoded), default=1)
        # one more: what is read and what is predicted are shifted by one
        lengths = [n + 1 for n in bucket_lengths(longest, SHORTEST)]
        bits, done = 0.0, 0
        with Work("held-out sequences", len(encoded)) as work:
            for rows, indices in bucket_batches(
                encoded, BATCH_SIZE, lengths, PAD
            ):
                bits += float(self._bits(rows[:, :-1], rows[:, 1:]))
                done += int((indices >= 0).sum())
                work.update(done)
        return bits

    def _batch_bits(self, x, y):
        logits = tf.cast(self.model(x, training=False), tf.float32)
        nats = tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits)
        return tf.reduce_sum(tf.where(y != PAD, nats, 0.0)) / np.log(2.0)


class BitsPerCharacter(keras.callbacks.Callback):
    """Adds `val_bits_per_character` of held-out texts to each epoch's logs.

    Args:
        encoded: Held-out texts as ids, each with what stands at its ends.
        characters: Number of characters of the texts.
        code_length: The `CodeLength` of the model, if there is one: it was
            compiled for its lengths. None for a new one each training.
    """

    def __init__(
        self,
        encoded: Sequence[np.ndarray],
        characters: int,
        code_length: CodeLength | None = None,
    ):
        super().__init__()
        self.encoded, self.characters = encoded, characters
        self._given = code_length

    def on_train_begin(self, logs=None):
        model = getattr(self.model, "inner", self.model)
        self._code_length = self._given or CodeLength(model)

    def on_epoch_end(self, epoch, logs=None):
        workers = getattr(self.model, "workers", None)
        if workers is None:
            bits = self._code_length(self.encoded)
        else:  # each for itself; the numbers of the first count
            bits = workers.apart(lambda: self._code_length(self.encoded))
        bits /= self.characters
        if logs is not None:
            logs["val_bits_per_character"] = bits
