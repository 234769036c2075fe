r"""Tunes read and written by their degrees: what holds in one key holds in all.

Slide: Lecture 2, "Encoding language for a neural network"
(docs/slides.md#encoding). To a model of tokens, `G` in G major and `D` in D
major have nothing in common, so that a tune ends on its tonic has to be learned
in each key anew. In between, this model knows degrees only
(mitseq/tunes/degrees.py): which note of the key it is.

    ids (B, T) -> degrees -> embedding, layers, logits of degrees -> logits
                                                                     (B, T, V)

Who calls the model sees tokens of ABC as before: the degree of each token in
each key stands in a table, and both ways are to look it up.

Read bar_position.py before. Letters: B batch, T steps, V vocabulary, R
degrees (and what else there is, as bar lines), K lags.
"""

from functools import lru_cache
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from mitseq.layers.embedding import VocabularyEmbedding
from mitseq.tasks.music.bar_position import TokenReader
from mitseq.text.vocabulary import SPECIAL, START, Vocabulary
from mitseq.tunes.degrees import LETTERS, all_keys, degree_of
from mitseq.tunes.keys import MODES

KEY_LINES = tuple(f"K:{key}\n" for key in all_keys())


class Degrees(NamedTuple):
    """What each token is in each key.

    `count` is R. `rows[k, v]` is the degree of token v in the k-th key, row 0
    that of a tune whose key is not known yet. `keys[v]` is k where a token
    names the k-th key, else 0.
    """

    count: int
    rows: np.ndarray  # (1 + keys, V) int32
    keys: np.ndarray  # (V,) int32


@lru_cache(maxsize=8)
def degrees(vocabulary: Vocabulary) -> Degrees:
    r"""Returns the table of a vocabulary of level "token".

    Example: `d3` is to D what `g3` is to G.

    >>> vocabulary = Vocabulary(["K:D\n", "K:G\n", "d3", "g3"])
    >>> table = degrees(vocabulary)
    >>> in_d, in_g = table.keys[-4], table.keys[-3]
    >>> bool(table.rows[in_d, -2] == table.rows[in_g, -1])
    True
    """
    keys = all_keys()
    pieces = ["PAD", "START", "END", *vocabulary.tokens]
    names = np.zeros(len(pieces), "int32")
    lines = {f"K:{key}\n": k for k, key in enumerate(keys, start=1)}
    # Before the key is known, and where it has no degree, a token is itself.
    ids = {piece: i for i, piece in enumerate(pieces)}
    rows = np.zeros((1 + len(keys), len(pieces)), "int32")
    rows[0] = np.arange(len(pieces))
    for i, piece in enumerate(pieces):
        names[i] = lines.get(piece, 0) if i >= SPECIAL else 0
        for k, key in enumerate(keys, start=1):
            if i < SPECIAL:
                degree = piece
            elif names[i]:  # the key is told apart, see `InKey`
                degree = "K:"
            else:
                degree = degree_of(piece, key)
            rows[k, i] = ids.setdefault(degree, len(ids))
    return Degrees(len(ids), rows, names)


class KeyCell(keras.layers.Layer):
    """One step of `KeyReader`: a key holds until the next one."""

    def __init__(self, vocabulary: Vocabulary | dict, **kwargs):
        kwargs["dtype"] = "int32"
        super().__init__(**kwargs)
        if isinstance(vocabulary, dict):
            vocabulary = Vocabulary.from_config(vocabulary)
        self.vocabulary = vocabulary
        self.state_size, self.output_size = 1, 1
        self._keys = degrees(vocabulary).keys

    def get_initial_state(self, batch_size: int) -> list[tf.Tensor]:
        return [tf.zeros([batch_size, 1], tf.int32)]

    def call(self, token, states):
        token = tf.cast(token, tf.int32)  # (B, 1)
        (key,) = states
        named = tf.gather(self._keys, token)
        key = tf.where(token == START, 0, key)
        key = tf.where(named > 0, named, key)
        return key, [key]

    def get_config(self) -> dict:
        vocabulary = self.vocabulary.to_config()
        return {**super().get_config(), "vocabulary": vocabulary}


@keras.saving.register_keras_serializable(package="mitseq")
class KeyReader(TokenReader):
    """The key of a tune, read off its tokens.

    Args:
        vocabulary: `Vocabulary` of level "token" (or its config dict).
        **kwargs: Passed to `keras.layers.RNN`.

    Call arguments:
        sequences: `(B, T)` of int, the ids.

    Returns:
        `(B, T, 1)` int32: the number of the key, 0 before it is known.
    """

    def __init__(self, vocabulary: Vocabulary | dict, **kwargs):
        super().__init__(KeyCell(vocabulary), **kwargs)

    def get_config(self) -> dict:
        config = super().get_config()
        cell = config.pop("cell")["config"]
        return config | {"vocabulary": cell["vocabulary"]}

    @classmethod
    def from_config(cls, config: dict, custom_objects=None):
        return cls(**config)


class _OfVocabulary(keras.layers.Layer):
    """A layer without weights that looks up the table of a vocabulary."""

    acts_on_each_step = True

    def __init__(self, vocabulary: Vocabulary | dict, **kwargs):
        super().__init__(**kwargs)
        if isinstance(vocabulary, dict):
            vocabulary = Vocabulary.from_config(vocabulary)
        self.vocabulary = vocabulary
        self.table = degrees(vocabulary)

    def get_config(self) -> dict:
        vocabulary = self.vocabulary.to_config()
        return {**super().get_config(), "vocabulary": vocabulary}


@keras.saving.register_keras_serializable(package="mitseq")
class InKey(_OfVocabulary):
    """Tokens as degrees of their key, and where they stand.

    Args:
        vocabulary: `Vocabulary` of level "token" (or its config dict).
        lags: Int, K: how many of the features are tokens, of earlier bars.
        sizes: Exclusive upper bounds of the features, of `BarPosition`.
        **kwargs: Passed to `keras.layers.Layer`.

    Call arguments:
        ids: `(B, T)` of int.
        features: `(B, T, F)` of `BarPosition`.
        key: `(B, T, 1)` of `KeyReader`.

    Returns:
        The degrees `(B, T)`; the features `(B, T, F + 2)`, tokens among them
        as degrees, with the letter of the tonic and the mode of the key; the
        degrees of the earlier bars `(B, T, K)`, 0 for none.
    """

    def __init__(self, vocabulary, lags: int, sizes, **kwargs):
        kwargs["dtype"] = "int32"
        super().__init__(vocabulary, **kwargs)
        self.lags = lags
        self.sizes = tuple(sizes)
        # The register hangs on the letter, the scale on the mode: each is
        # known from many tunes, also for a key that no tune had.
        keys = all_keys()
        about = [
            (1 + LETTERS.index(key.tonic[0]), 1 + MODES.index(key.mode))
            for key in keys
        ]
        self._about = np.array([(0, 0), *about], "int32")
        at = self._at = self.sizes.index(len(self.vocabulary))
        self.new_sizes = (
            *self.sizes[:at],
            *[self.table.count] * lags,
            *self.sizes[at + lags :],
            1 + len(LETTERS),
            1 + len(MODES),
        )

    def call(self, ids, features, key):
        place, earlier, counts = tf.split(
            features, [self._at, self.lags, -1], axis=-1
        )
        ids = tf.cast(ids, tf.int32)[..., None]
        of_key = tf.gather_nd  # (k, v) -> the degree
        tokens = tf.concat([ids, earlier], axis=-1)  # (B, T, 1 + K)
        where = tf.stack([tf.broadcast_to(key, tf.shape(tokens)), tokens], -1)
        found = of_key(self.table.rows, where)
        earlier = found[..., 1:]
        about = tf.gather(self._about, key[..., 0])
        features = tf.concat([place, earlier, counts, about], axis=-1)
        return found[..., 0], features, earlier

    def compute_output_spec(self, ids, features, key):
        steps = ids.shape
        return tuple(
            keras.KerasTensor(shape, "int32")
            for shape in (
                steps,
                (*steps, len(self.new_sizes)),
                (*steps, self.lags),
            )
        )

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "lags": self.lags,
            "sizes": list(self.sizes),
        }


@keras.saving.register_keras_serializable(package="mitseq")
class DegreeEmbedding(VocabularyEmbedding):
    """A vector for each degree, of a model that knows its tokens.

    Equation: `x_t = E[degree_t]`, row `degree_t` of the matrix `E` `(R, D)`.

    Args:
        vocabulary: `Vocabulary` of level "token" (or its config dict).
        embedding_dim: Positive int, D.
        **kwargs: Passed to `keras.layers.Embedding`.

    Call arguments:
        degrees: `(B, T)` of int, from `InKey`.

    Returns:
        `(B, T, D)`.
    """

    def __init__(
        self, vocabulary: Vocabulary | dict, embedding_dim: int, **kwargs
    ):
        super().__init__(vocabulary, embedding_dim, **kwargs)
        self.input_dim = degrees(self.vocabulary).count


@keras.saving.register_keras_serializable(package="mitseq")
class AsWritten(_OfVocabulary):
    """Logits of degrees as logits of the tokens that write them in a key.

    Args:
        vocabulary: `Vocabulary` of level "token" (or its config dict).
        **kwargs: Passed to `keras.layers.Layer`.

    Call arguments:
        logits: `(B, T, R)`.
        key: `(B, T, 1)` of `KeyReader`.

    Returns:
        Logits `(B, T, V)`.
    """

    def call(self, logits, key):
        B, T, R = tf.unstack(tf.shape(logits))
        rows = tf.reshape(logits, [B * T, R])
        degree = tf.gather(self.table.rows, tf.reshape(key, [B * T]))
        written = tf.gather(rows, degree, axis=1, batch_dims=1)
        return tf.reshape(written, [B, T, len(self.vocabulary)])

    def compute_output_shape(self, logits_shape, key_shape):
        return (*logits_shape[:-1], len(self.vocabulary))


@keras.saving.register_keras_serializable(package="mitseq")
class Pointing(keras.layers.Layer):
    """Logits, with those of earlier bars' tokens raised.

    What a model copies it need not know by heart: it points at the place. How
    much it trusts each of them it says itself:

    Equation: `logits[r] + sum_k trust_k * (r == earlier_k)`

    Call arguments:
        logits: `(B, T, R)`.
        trust: `(B, T, K)`.
        earlier: `(B, T, K)` of int, below R; 0 for none.

    Returns:
        `(B, T, R)`.

    Reference: Vinyals, Fortunato, Jaitly, "Pointer Networks", 2015.
    """

    acts_on_each_step = True

    def call(self, logits, trust, earlier):
        trust = tf.where(earlier > 0, tf.cast(trust, logits.dtype), 0)
        for k in range(earlier.shape[-1]):
            here = tf.one_hot(
                earlier[..., k], logits.shape[-1], dtype=logits.dtype
            )
            logits += here * trust[..., k, None]
        return logits

    def compute_output_shape(self, logits_shape, trust_shape, earlier_shape):
        return logits_shape
