r"""Which short strings of characters a text has: stems, endings, misspellings.

A word that was never seen still has parts that were ("unwatchable": "unwat",
"able"), and parts of neighbors stand side by side ("not g"). A linear layer
over the character n-grams present reads them. There are too many to list, so
each is sent to one of a fixed number of buckets by a hash of its code points:

    h = c_1 m^(n-1) + c_2 m^(n-2) + ... + c_n    modulo 2^64
    bucket = 1 + (the upper bits of h * a odd number) modulo the buckets

Letters: B batch, L characters, F features of a text.
"""

import itertools

import keras
import numpy as np
import tensorflow as tf

from mitseq.text.ngrams import distinct
from mitseq.text.rows import Rows

MULTIPLIER = 1_000_003
ODD = 0x1E3779B97F4A7C15  # near 2^64 / golden ratio, within int64


@keras.saving.register_keras_serializable(package="mitseq")
class CharacterNGrams(keras.layers.Layer):
    """Tokens to the buckets of their character n-grams, each once.

    The tokens are joined by single spaces, with one at either end.

    Args:
        buckets: Positive int, how many there are.
        sizes: `(shortest, longest)` n-gram.
        max_length: Characters that are read; the rest of a text is not.
        **kwargs: Passed to `keras.layers.Layer` (`name`, ...).

    Call arguments:
        tokens: `(B, T)` of string, "" where there is none.

    Returns:
        `(B, F)` of int64, from 1 to `buckets`, zeros in between.

    Example: " ab " has two n-grams of three characters.

    >>> layer = CharacterNGrams(buckets=1000, sizes=(3, 3))
    >>> layer(tf.constant([["ab"]])).shape
    TensorShape([1, 2])
    """

    def __init__(
        self,
        buckets: int,
        sizes: tuple[int, int] = (3, 6),
        max_length: int = 20_000,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.buckets, self.max_length = buckets, max_length
        self.sizes = tuple(sizes)
        self.supports_jit = False

    @property
    def num_features(self) -> int:
        """How many indices there are, 0 included."""
        return self.buckets + 1

    def at_positions(self, tokens: tf.Tensor) -> list[tf.Tensor]:
        """Hashes the n-gram that begins at each character of the tokens.

        Returns:
            For each size n the features `(B, L - n + 1)` of int64, 0 where it
            would run over the text's end.
        """
        codes = self.characters(tokens)
        shortest, longest = self.sizes
        h, found = codes, []
        for n in range(2, longest + 1):
            last = codes[:, n - 1 :]
            h = h[:, :-1] * MULTIPLIER + last
            if n >= shortest:
                found.append(tf.where(last > 0, self.bucket(h), 0))
        return found

    def of_rows(self, codes: Rows) -> Rows:
        """Returns what `call` finds, of many texts at once, without TensorFlow.

        They are not sorted: to mark them in a table takes half the time.

        Args:
            codes: The code points of the tokens of each text, with a space at
                either end and between them.
        """
        if codes.lengths.max(initial=0) > self.max_length:
            cut = [row[: self.max_length] for row in codes]
            codes = Rows.behind_each_other(cut)
        row = codes.numbers.astype("int32")
        values, starts = codes.values.astype("int64"), codes.starts.tolist()
        shortest, longest = self.sizes
        # what begins at each character, a column a size; 0 behind a text's end
        features = np.zeros((len(values), longest - shortest + 1), "int32")
        h = values
        for n in range(2, longest + 1):
            h = h[:-1] * MULTIPLIER
            h += values[n - 1 :]
            if n >= shortest:
                is_inside = row[: len(h)] == row[n - 1 :]
                features[: len(h), n - shortest] = self._bucket(h) * is_inside
        place = np.empty(self.num_features, "int32")
        numbers = np.arange(codes.lengths.max(initial=0) * features.shape[1])
        numbers = numbers.astype("int32")
        found = []
        for first, stop in itertools.pairwise(starts):
            each = features[first:stop].ravel()
            mine = numbers[: len(each)]
            place[each] = mine
            # of equal ones the last stays; the last of all is 0, no n-gram
            found.append(each[place[each] == mine][:-1])
        return Rows.behind_each_other(found)

    def _bucket(self, h):
        mixed = h * ODD
        mixed >>= 33
        if self.buckets & (self.buckets - 1) == 0:  # a power of two
            mixed &= self.buckets - 1
        else:
            mixed %= self.buckets
        mixed = mixed.astype("int32")
        mixed += 1
        return mixed

    def bucket(self, h: tf.Tensor) -> tf.Tensor:
        """Returns the bucket of each hash, from 1 on."""
        mixed = tf.bitwise.right_shift(h * ODD, 33)
        return 1 + tf.math.floormod(mixed, self.buckets)

    def characters(self, tokens: tf.Tensor) -> tf.Tensor:
        """Returns the code points `(B, L)` of the tokens, joined; 0 behind."""
        joined = tf.strings.reduce_join(tokens, axis=1, separator=" ")
        joined = " " + tf.strings.strip(joined) + " "
        codes = tf.strings.unicode_decode(joined, "UTF-8")
        codes = codes[:, : self.max_length].to_tensor(0)
        # at least as long as the longest n-gram, so that no slice is negative
        missing = tf.maximum(self.sizes[1] - tf.shape(codes)[1], 0)
        return tf.cast(tf.pad(codes, [[0, 0], [0, missing]]), tf.int64)

    def call(self, tokens: tf.Tensor) -> tf.Tensor:
        return distinct(tf.concat(self.at_positions(tokens), axis=1))

    def compute_output_spec(self, tokens):
        return keras.KerasTensor((tokens.shape[0], None), dtype="int64")

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "buckets": self.buckets,
            "sizes": list(self.sizes),
            "max_length": self.max_length,
        }
