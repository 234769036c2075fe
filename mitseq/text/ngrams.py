r"""Which words, pairs of words and triples a text has: what bigrams know.

Slide: Lecture 2, "Capture Differences in Sequence Order". A bag of words
forgets the order; a bag of word *pairs* keeps a little of it ("not good"), and
a linear layer over such a bag is hard to beat on short texts. A sentiment
model adds one to its recurrent layer.

A pair is known by a key, `id_1 * num_words + id_2`. A triple is a known pair
and one more word, so it has the same kind of key. All keys are kept in one
sorted weight, and a feature's index follows from the place of its key:

    0           nothing (padding)
    1           unknown, never used
    2 .. V-1    the words, by their own index
    V + k       the pair or triple with the k-th smallest key

Letters: B batch, T tokens, V `num_words`, F features of a text.
"""

from collections.abc import Iterable

import keras
import numpy as np
import tensorflow as tf

from mitseq.text.rows import Rows


@keras.saving.register_keras_serializable(package="mitseq")
class NGrams(keras.layers.Layer):
    """Word indices to the distinct n-grams that are present.

    Args:
        num_words: Positive int, V: indices of words are below it; 0 is
            padding and 1 an unknown word.
        num_keys: Int, the number of known pairs and triples.
        size: Positive int, how many words the longest n-gram has.
        **kwargs: Passed to `keras.layers.Layer` (`name`, ...).

    Call arguments:
        ids: `(B, T)` of int.

    Returns:
        `(B, F)` of int64, each feature of a text once, zeros in between.

    Example: of the pairs only (2, 3) is known, it has key 2 * 5 + 3.

    >>> layer = NGrams(num_words=5, num_keys=1)
    >>> _ = layer(np.array([[0]]))
    >>> layer.keys.assign([13])
    <...>
    >>> layer(np.array([[2, 3, 2, 3, 4]])).numpy().tolist()
    [[0, 0, 2, 0, 3, 0, 4, 5, 0]]
    """

    def __init__(self, num_words: int, num_keys: int, size: int = 2, **kwargs):
        super().__init__(**kwargs)
        self.num_words, self.num_keys, self.size = num_words, num_keys, size
        self.supports_jit = False

    @property
    def num_features(self) -> int:
        """How many indices there are, 0 and 1 included."""
        return self.num_words + self.num_keys

    def build(self, input_shape):
        self.keys = self.add_weight(
            name="keys",
            shape=(self.num_keys,),
            dtype="int64",
            initializer="zeros",
            trainable=False,
        )

    def at_positions(self, ids: tf.Tensor) -> list[tf.Tensor]:
        """Looks up the n-gram that begins at each token of `ids` `(B, T)`.

        Returns:
            For n = 1, 2, ..., `size` the features `(B, T - n + 1)` of int64,
            0 where the n-gram is not known.
        """
        ids = tf.cast(ids, tf.int64)
        words = tf.where(ids > 1, ids, 0)
        found = [words]
        for n in range(2, self.size + 1):
            begin, last = found[-1][:, :-1], words[:, n - 1 :]
            feature = self._find(begin * self.num_words + last)
            known = (begin > 0) & (last > 0)
            found.append(tf.where(known, feature, 0))
        return found

    def call(self, ids: tf.Tensor) -> tf.Tensor:
        return distinct(tf.concat(self.at_positions(ids), axis=1))

    def of_rows(self, ids: Rows, keys: np.ndarray) -> Rows:
        """Returns what `call` finds, of many texts at once, without TensorFlow.

        Args:
            ids: The word indices of each text.
            keys: The layer's weight `keys`.
        """
        row, words = ids.numbers, ids.values.astype("int64")
        words[words == 1] = 0
        begin, found = words, [(row, words)]
        for n in range(2, self.size + 1):
            last = words[n - 1 :]
            known = (begin[:-1] > 0) & (last > 0)
            known &= row[: len(last)] == row[n - 1 :]
            if not len(keys):
                break
            wanted = begin[:-1] * self.num_words + last
            place = np.searchsorted(keys, wanted)
            place = np.minimum(place, len(keys) - 1)
            known &= keys[place] == wanted
            begin = np.where(known, self.num_words + place, 0)
            found.append((row[: len(begin)], begin))
        rows, features = map(np.concatenate, zip(*found, strict=True))
        return distinct_rows(rows, features, len(ids), self.num_features)

    def _find(self, keys):
        """The features of keys `(B, T)`, 0 for those that are not known."""
        if not self.num_keys:
            return tf.zeros_like(keys)
        place = tf.minimum(self.place(keys), self.num_keys - 1)
        known = tf.equal(tf.gather(self.keys, place), keys)
        return tf.where(known, self.num_words + place, 0)

    def place(self, keys: tf.Tensor) -> tf.Tensor:
        """Returns how many of the known keys are smaller, for each key."""
        flat = tf.reshape(keys, [-1])
        place = tf.searchsorted(self.keys, flat, out_type=tf.int64)
        return tf.reshape(place, tf.shape(keys))

    def compute_output_spec(self, ids):
        return keras.KerasTensor((ids.shape[0], None), dtype="int64")

    def get_config(self) -> dict:
        names = ("num_words", "num_keys", "size")
        config = {name: getattr(self, name) for name in names}
        return super().get_config() | config


def distinct(features: tf.Tensor) -> tf.Tensor:
    """Sorts each row `(B, F)`; of equal features one stays, others become 0.

    Example:

    >>> distinct(tf.constant([[3, 2, 3, 0]])).numpy()
    array([[0, 2, 3, 0]], dtype=int32)
    """
    features = tf.sort(features, axis=-1)
    new = features[:, 1:] != features[:, :-1]
    first = tf.ones_like(features[:, :1], tf.bool)
    return tf.where(tf.concat([first, new], 1), features, 0)


def distinct_rows(
    rows: np.ndarray, features: np.ndarray, count: int, num_features: int
) -> Rows:
    """Returns the distinct features of each row, sorted; 0 is none.

    Args:
        rows: In which row each feature stands.
        features: The features, as many, below `num_features`.
        count: How many rows there are.
        num_features: How many features there are.

    Example:

    >>> found = distinct_rows(np.array([1, 1, 1]), np.array([3, 2, 3]), 2, 9)
    >>> [row.tolist() for row in found]
    [[], [2, 3]]
    """
    # row and feature side by side in one number: sorting such is fast
    bits = max(num_features - 1, 1).bit_length()
    small = count << bits < 2**32
    keys = features.astype("uint32" if small else "uint64")
    keys += rows.astype(keys.dtype) << keys.dtype.type(bits)
    keys.sort()
    mask = keys.dtype.type((1 << bits) - 1)
    new = np.ones(len(keys), bool)
    np.not_equal(keys[1:], keys[:-1], out=new[1:])
    new &= (keys & mask) > 0
    keys = keys[new]
    edges = np.arange(count + 1, dtype="uint64") << np.uint64(bits)
    starts = np.searchsorted(keys, edges.astype(keys.dtype))
    return Rows((keys & mask).astype("int32"), starts)


def count_keys(
    texts: Iterable[np.ndarray],
    num_words: int,
    size: int = 2,
    min_count: int = 1,
    max_keys: int = 1_000_000,
) -> np.ndarray:
    """Collects the keys of the pairs and triples that stand in texts.

    Args:
        texts: Word indices of each text, without padding.
        num_words: V.
        size: How many words the longest n-gram has.
        min_count: In how many texts an n-gram has to stand.
        max_keys: The most frequent ones are kept if there are more.

    Returns:
        The sorted keys, for `NGrams.keys`.

    Example:

    >>> count_keys([np.array([2, 3, 4]), np.array([2, 3])], 5, min_count=2)
    array([13])
    """
    texts = [np.asarray(ids, "int64") for ids in texts]
    rows = np.repeat(np.arange(len(texts)), [len(ids) for ids in texts])
    words = np.concatenate([*texts, np.zeros(0, "int64")])
    kept = np.zeros(0, "int64")
    begin = np.where(words > 1, words, 0)
    for n in range(2, size + 1):
        begin, last = begin[:-1], words[n - 1 :]
        inside = rows[: len(last)] == rows[n - 1 :]
        known = inside & (begin > 0) & (last > 1)
        keys = begin * num_words + last
        row, key = rows[: len(last)][known], keys[known]
        order = np.lexsort((row, key))
        row, key = row[order], key[order]
        again = np.all(
            [np.diff(i, prepend=-1) == 0 for i in (row, key)], axis=0
        )
        found, counts = np.unique(key[~again], return_counts=True)
        enough = counts >= min_count
        found, counts = found[enough], counts[enough]
        most = np.argsort(-counts, kind="stable")[: max_keys - len(kept)]
        new = np.sort(found[most])
        # keys of triples are larger than those of pairs, see the module
        kept = np.concatenate([kept, new])
        if len(new):
            place = np.minimum(np.searchsorted(kept, keys), len(kept) - 1)
            known &= kept[place] == keys
        else:
            known &= False
            place = np.zeros_like(keys)
        begin = np.where(known, num_words + place, 0)
    return kept
