r"""Whether a text is in a language that a model has read.

Slide: Lecture 2, "Encoding Language for a Neural Network"
(docs/slides.md#encoding). A word that the vocabulary lacks is an unknown one.
Where most of them are, what is left is chance: "die" and "war" stand in German
texts too. A text of which too few words are known is better not read at all.

Letters: B batch, T tokens, V indices.
"""

import re
from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf

from mitseq.text.rows import Rows
from mitseq.text.tokens import WORD

# a letter or a digit begins it; numbers say nothing about the language
IS_WORD = f"[{WORD}].*"
IS_NUMBER = r"[0-9.,:/]+"


def words_among(vocabulary: Sequence[str]) -> np.ndarray:
    """Tells words from numbers, signs and emoticons, `(V,)` of 0 and 1.

    Example:

    >>> words_among(["", "[UNK]", "good", "!", "10/10", "'90s", ":)"])
    array([0., 0., 1., 0., 0., 0., 0.], dtype=float32)
    """
    found = [
        bool(re.fullmatch(IS_WORD, token))
        and not re.fullmatch(IS_NUMBER, token)
        for token in vocabulary
    ]
    return np.array(found, "float32")


@keras.saving.register_keras_serializable(package="mitseq")
class Familiar(keras.layers.Layer):
    """Leaves nothing of a text of which too few words are known.

    Whatever is not known counts as an unknown word. Known numbers, signs and
    emoticons are not counted: a text of these alone stays.

    Args:
        least: The share of the words that must be known, [0, 1].
        num_ids: Positive int, V: indices are below it.
        **kwargs: Passed to `keras.layers.Layer` (`name`, ...).

    Call arguments:
        tokens: `(B, T)` of string, "" behind a text's end.
        ids: `(B, T)` of int, the index of each: 1 is an unknown word, 0 stands
            behind a text's end.

    Returns:
        Both, "" and 0 throughout in the rows of texts that are not familiar.

    Example: of the second text, one word in three is known.

    >>> layer = Familiar(0.5, num_ids=5)
    >>> tokens = tf.constant([["so", "good", "!"], ["so", "ein", "mist"]])
    >>> ids = tf.constant([[2, 3, 4], [2, 1, 1]])
    >>> _ = layer(tokens, ids)
    >>> layer.is_word.assign(words_among(["", "[UNK]", "so", "good", "!"]))
    <...>
    >>> layer(tokens, ids)[1].numpy()
    array([[2, 3, 4],
           [0, 0, 0]], dtype=int32)
    """

    def __init__(self, least: float, num_ids: int, **kwargs):
        super().__init__(**kwargs)
        self.least, self.num_ids = least, num_ids
        self.supports_jit = False

    def build(self, tokens_shape, ids_shape=None):
        self.is_word = self.add_weight(
            name="is_word",
            shape=(self.num_ids,),
            dtype="float32",
            initializer="zeros",
            trainable=False,
        )

    def call(self, tokens: tf.Tensor, ids: tf.Tensor):
        known = tf.gather(self.is_word, ids)  # (B, T)
        known = tf.reduce_sum(known, axis=1, keepdims=True)
        unknown = tf.cast(tf.equal(ids, 1), known.dtype)
        unknown = tf.reduce_sum(unknown, axis=1, keepdims=True)
        stays = known >= self.least * (known + unknown)  # (B, 1)
        return (
            tf.where(stays, tokens, tf.zeros_like(tokens)),
            tf.where(stays, ids, tf.zeros_like(ids)),
        )

    def knows(self, ids: Rows) -> np.ndarray:
        """Returns which of many texts `call` leaves as they are, `(N,)`."""
        rows, count = ids.numbers, len(ids)
        is_word = np.asarray(self.is_word)[ids.values]
        known = np.bincount(rows, is_word, count)
        unknown = np.bincount(rows, ids.values == 1, count)
        return known >= self.least * (known + unknown)

    def compute_output_spec(self, tokens, ids):
        return (
            keras.KerasTensor(tokens.shape, dtype="string"),
            keras.KerasTensor(ids.shape, dtype=ids.dtype),
        )

    def get_config(self) -> dict:
        config = {"least": self.least, "num_ids": self.num_ids}
        return super().get_config() | config
