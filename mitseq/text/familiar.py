r"""Whether a text is in a language that a model has read.

Slide: Lecture 2, "Encoding Language for a Neural Network"
(docs/slides.md#encoding). A word that the vocabulary lacks is an unknown one.
Where most of them are, what is left is chance: "die" and "war" stand in German
texts too. A text of which too few words are known is better not read at all.

Letters: B batch, T tokens.
"""

import re

import keras
import tensorflow as tf

from mitseq.text.tokens import WORD

# what begins with a letter, also of scripts that are cut sign by sign
IS_WORD = f"[{WORD}\u3040-\u30ff\u3400-\u9fff].*"
IS_NUMBER = r"[0-9.,:/]+"


@keras.saving.register_keras_serializable(package="mitseq")
class Familiar(keras.layers.Layer):
    """Leaves nothing of a text of which too few words are known.

    Numbers, signs and emoticons are not counted: a text of these alone stays.

    Args:
        least: The share of the words that must be known, [0, 1].
        **kwargs: Passed to `keras.layers.Layer` (`name`, ...).

    Call arguments:
        tokens: `(B, T)` of string, "" behind a text's end.
        ids: `(B, T)` of int, the index of each: 1 is an unknown word, 0 stands
            behind a text's end.

    Returns:
        Both, "" and 0 throughout in the rows of texts that are not familiar.

    Example: of the second text, one word in three is known.

    >>> tokens = tf.constant([["so", "good", "!"], ["so", "ein", "mist"]])
    >>> Familiar(0.5)(tokens, tf.constant([[2, 3, 4], [2, 1, 1]]))[1].numpy()
    array([[2, 3, 4],
           [0, 0, 0]], dtype=int32)
    """

    def __init__(self, least: float, **kwargs):
        super().__init__(**kwargs)
        self.least = least
        self.supports_jit = False

    def call(self, tokens: tf.Tensor, ids: tf.Tensor):
        is_word = tf.strings.regex_full_match(tokens, IS_WORD)
        is_number = tf.strings.regex_full_match(tokens, IS_NUMBER)
        counts = is_word & ~is_number  # (B, T)
        words = tf.reduce_sum(tf.cast(counts, tf.float32), 1, keepdims=True)
        known = counts & (ids > 1)
        known = tf.reduce_sum(tf.cast(known, tf.float32), 1, keepdims=True)
        stays = known >= self.least * words  # (B, 1)
        return (
            tf.where(stays, tokens, tf.zeros_like(tokens)),
            tf.where(stays, ids, tf.zeros_like(ids)),
        )

    @staticmethod
    def counts_as_word(token: str) -> bool:
        """Tells words from numbers, signs and emoticons, in plain Python."""
        is_word = re.fullmatch(IS_WORD, token)
        return bool(is_word) and not re.fullmatch(IS_NUMBER, token)

    def compute_output_spec(self, tokens, ids):
        return (
            keras.KerasTensor(tokens.shape, dtype="string"),
            keras.KerasTensor(ids.shape, dtype=ids.dtype),
        )

    def get_config(self) -> dict:
        return {**super().get_config(), "least": self.least}
