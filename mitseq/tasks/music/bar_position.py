"""Where in the bar a tune stands, and what stood here some bars ago.

Slides: Lecture 2, "Sequence Modeling: Design Criteria" (order, long-term
dependencies) and "Identify and attend to what's important".

A bar of 6/8 holds six eighths. A network can learn to add up note lengths, but
it needs much data for it and errs now and then. This layer does the adding: it
has no weights, reads the tokens as they come, and tells the network the
position in the bar, what is missing to a full bar, the pickup of the section
and the number of the bar. It also remembers the bars themselves. Folk tunes
repeat their phrases after 2, 4 or 8 bars, so it looks up which token stood at
the same place that many bars ago: attention whose keys are the meter.

It is a recurrence like any other, a cell with a state, and `generate` steps it
as it steps an LSTM. Read place_in_bar.py, the rules by which it counts, before.
"""

import keras
import numpy as np
import tensorflow as tf

from mitseq.layers.custom_gradient import custom_gradient
from mitseq.tasks.music.place_in_bar import (
    LONGEST,
    TICKS,
    BarEnd,
    Meaning,
    Place,
    meanings,
)
from mitseq.text.vocabulary import START, Vocabulary

SLOT = TICKS // 2  # two notes that start within one slot share its memory
SLOTS = LONGEST // SLOT
MOST_BARS = 40  # of one section that are told apart
MOST_LEFT = 9  # notes of a tuplet
MOST_MATCHES = 15  # tokens that were those of an earlier bar


class BarPositionCell(keras.layers.Layer):
    """One step of `BarPosition`: read a token, move on in the bar.

    The arguments are those of `BarPosition`.

    Call arguments:
        token: `(B, 1)` of int, the id at step t.
        states: `[s, memory]`, int32: `Place.pack()` `(B, 12)`, and the tokens
            of the last bars by their place `(B, (1 + max lag) * slots)`; with
            `matches` also what stood here and how long that was so, each
            `(B, K)`, K lags.

    Returns:
        Features `(B, F)` int32, each below the size in `sizes`, and the new
        states.

    Raises:
        ValueError: if the level of the vocabulary is not "token" or a lag is
            not a positive int.
    """

    def __init__(
        self,
        vocabulary: Vocabulary | dict,
        lags: tuple[int, ...] = (1, 2, 4, 8),
        matches: bool = False,
        **kwargs,
    ):
        kwargs["dtype"] = "int32"  # whatever the policy: these are counts
        super().__init__(**kwargs)
        if isinstance(vocabulary, dict):
            vocabulary = Vocabulary.from_config(vocabulary)
        if vocabulary.level != "token":
            raise ValueError(
                '`vocabulary` must be of level "token", a single character '
                f"has no length. Received: level={vocabulary.level!r}."
            )
        if not all(isinstance(lag, int) and lag > 0 for lag in lags):
            raise ValueError(
                "`lags` must be positive ints, numbers of bars. "
                f"Received: lags={lags!r}."
            )
        self.vocabulary = vocabulary
        self.lags, self.matches = tuple(lags), matches
        self.depth = 2 if matches else 1  # tokens that a slot remembers
        self.slots = SLOTS * self.depth
        bars_kept = 1 + max(self.lags, default=0)
        self.state_size = [len(Place._fields), bars_kept * self.slots]
        self.state_size += [len(self.lags)] * 2 * matches
        # exclusive upper bounds of the features, in their order
        self.sizes = (
            *(LONGEST + 1, LONGEST + 2, SLOTS * 2 + 1, SLOTS * 2 + 1),
            *(MOST_BARS + 1, MOST_LEFT + 1, 2, LONGEST + 2),
            *(len(vocabulary) for _ in self.lags),
            *(MOST_MATCHES + 1 for _ in self.lags if matches),
        )
        self.output_size = len(self.sizes)
        self._table = meanings(vocabulary)

    def get_initial_state(self, batch_size: int) -> list[tf.Tensor]:
        return [
            tf.zeros([batch_size, size], tf.int32) for size in self.state_size
        ]

    def call(self, token, states):
        token = tf.cast(token[:, 0], tf.int32)  # (B,)
        is_start = (token == START)[:, None]
        states = [tf.where(is_start, 0, old) for old in states]
        state, memory, *followed = states
        place = Place.unpack(state)
        meaning = Meaning(*tf.unstack(tf.gather(self._table, token), axis=1))

        memory = self._remember(memory, place, token, meaning)
        place = place.header(meaning).note(meaning)
        full = place.full
        bar = place.bar_end(meaning, full)
        memory = self._turn_over(memory, bar)
        place = place.repeat(meaning, bar).bar_line(meaning, bar)
        here = self._look_back(memory, place)
        features = self._features(place, full) + here
        if self.matches:
            followed = self._follow(token, here, *followed)
            features += tf.unstack(followed[1], axis=1)
        return tf.stack(features, axis=1), [place.pack(), memory, *followed]

    def _remember(self, memory, place, token, meaning):
        """Keeps what stands where: the first token that starts in a slot.

        Two where matches are counted: a tuplet sign or a tie takes no time,
        and the note behind it starts where it stands.
        """
        is_kept = meaning.is_text
        slot = self._slot(place)
        if self.matches:
            at_bar = (meaning.is_bar > 0) & (place.position == 0)
            is_kept = tf.where(at_bar, 0, is_kept)
            slot += self._held(memory, slot)
        here = tf.one_hot(slot, self.state_size[1], dtype=tf.int32)
        is_free = tf.cast(memory == 0, tf.int32)
        return memory + here * is_free * (is_kept * token)[:, None]

    def _held(self, memory, slot):
        """How many tokens of this bar stand in a slot, but one at most."""
        first = tf.gather(memory, slot, axis=1, batch_dims=1)
        return tf.cast(first > 0, tf.int32)

    def _follow(self, token, here, expected, count):
        """What is to come if the tune goes on as before; how well it has.

        One more for each token that was as before. Another one halves the
        number: a second fiddler's turn is not the end of the phrase.
        """
        is_same = expected == token[:, None]
        more = tf.minimum(count + 1, MOST_MATCHES)
        count = tf.where(
            is_same, more, tf.where(expected > 0, count // 2, count)
        )
        return [tf.stack(here, axis=1), count]

    def _turn_over(self, memory, bar: BarEnd):
        """A finished bar becomes the one before; a pickup is forgotten."""
        empty = tf.zeros_like(memory[:, : self.slots])
        turned = tf.concat([empty, memory[:, : -self.slots]], axis=1)
        wiped = tf.concat([empty, memory[:, self.slots :]], axis=1)
        memory = tf.where(bar.is_pickup[:, None], wiped, memory)
        return tf.where((bar.ends & ~bar.is_pickup)[:, None], turned, memory)

    def _features(self, place: Place, full) -> list:
        """What the network is told of the place, each below its size."""
        missing = full - place.position
        to_close = missing - place.owed
        half = SLOT // 2
        return [
            place.position,
            _one_more(missing),
            tf.minimum(place.pickup // half, SLOTS * 2),
            tf.minimum(place.short // half, SLOTS * 2),
            tf.minimum(place.bars, MOST_BARS),
            tf.minimum(place.left, MOST_LEFT),
            place.is_open,
            tf.where(full > 0, _one_more(to_close), 0),
        ]

    def _look_back(self, memory, place) -> list:
        """The tokens that stood here some bars ago, 0 for none."""
        slot = self._slot(place)
        if self.matches:
            slot += self._held(memory, slot)
        return [
            tf.gather(memory, lag * self.slots + slot, axis=1, batch_dims=1)
            for lag in self.lags
        ]

    def _slot(self, place) -> tf.Tensor:
        slot = tf.minimum(place.position // SLOT, SLOTS - 1)
        return slot * self.depth

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "vocabulary": self.vocabulary.to_config(),
            "lags": list(self.lags),
            "matches": self.matches,
        }


def _one_more(ticks: tf.Tensor) -> tf.Tensor:
    """Ticks that are still to come, plus 1; 0 where there are too many."""
    return tf.where(ticks >= 0, tf.minimum(ticks, LONGEST) + 1, 0)


class TokenReader(keras.layers.RNN):
    """Runs a cell without weights over tokens; what it gives are integers.

    Args:
        cell: With `output_size`, called with tokens `(B, 1)`.
        **kwargs: Passed to `keras.layers.RNN`.
    """

    def __init__(self, cell: keras.layers.Layer, **kwargs):
        kwargs.setdefault("return_sequences", True)
        kwargs["dtype"] = "int32"
        super().__init__(cell, **kwargs)
        self._graph = None  # of the loop, where it is called without one

    def call(self, sequences, initial_state=None, mask=None, training=False):
        if sequences.shape.rank == 2:
            sequences = sequences[..., None]  # (B, T, 1)
        return super().call(sequences, initial_state, mask, training)

    def inner_loop(self, sequences, initial_state, mask, training=False):
        sequences = tf.cast(sequences, tf.int32)
        states = list(initial_state)
        if not tf.executing_eagerly():
            return self._read(sequences, states)
        if self._graph is None:  # each step is some forty small operations
            # concrete: TensorFlow does not warn that many layers are many
            self._graph = tf.function(
                self._read, autograph=False
            ).get_concrete_function(
                tf.TensorSpec([None, None, *sequences.shape[2:]], tf.int32),
                [
                    tf.TensorSpec([None, *state.shape[1:]], state.dtype)
                    for state in states
                ],
            )
        return self._graph(sequences, states)

    def _read(self, sequences, states):
        num_steps = tf.shape(sequences)[1]
        tokens = tf.transpose(sequences, [1, 0, 2])  # (T, B, 1)
        array = tf.TensorArray(
            tf.int32,
            num_steps,
            element_shape=[sequences.shape[0], self.cell.output_size],
        )

        def step(t, array, states):
            features, states = self.cell(tokens[t], states)
            return t + 1, array.write(t, features), states

        _, array, states = tf.while_loop(
            lambda t, *_: t < num_steps,
            step,
            (0, array, states),
            maximum_iterations=num_steps,
        )
        features = tf.transpose(array.stack(), [1, 0, 2])
        return features[:, -1], features, states

    def compute_output_shape(self, sequences_shape, initial_state_shape=None):
        return super().compute_output_shape((*sequences_shape[:2], 1))


@keras.saving.register_keras_serializable(package="mitseq")
class BarPosition(TokenReader):
    """The meter of a tune as integer features, read off its tokens.

    Args:
        vocabulary: `Vocabulary` of level "token" (or its config dict).
        lags: Tuple of positive ints: how many bars to look back.
        matches: Whether to tell as well, for each lag, how well the tune has
            followed the music of so many bars ago: a number that grows by one
            with each token that stood there, and is halved by another.
        **kwargs: Passed to `keras.layers.RNN` (`name`, `return_state`, ...).

    Call arguments:
        sequences: `(B, T)` of int, the ids.

    Returns:
        `(B, T, F)` int32: ticks since the bar line, ticks to a full bar, the
        section's pickup, the last bar if incomplete, bars in the section,
        notes left in a tuplet, whether a repeat is open, ticks to where it may
        close, then one token id for each lag (0: none), then with `matches` a
        number for each lag.

    Raises:
        ValueError: as `BarPositionCell`.
    """

    def __init__(
        self,
        vocabulary: Vocabulary | dict,
        lags: tuple[int, ...] = (1, 2, 4, 8),
        matches: bool = False,
        **kwargs,
    ):
        cell = BarPositionCell(vocabulary, tuple(lags), matches)
        super().__init__(cell, **kwargs)

    @property
    def sizes(self) -> tuple[int, ...]:
        return self.cell.sizes

    def get_config(self) -> dict:
        config = super().get_config()
        cell = config.pop("cell")["config"]
        names = ("vocabulary", "lags", "matches")
        return config | {name: cell[name] for name in names}

    @classmethod
    def from_config(cls, config: dict, custom_objects=None):
        return cls(**config)


@keras.saving.register_keras_serializable(package="mitseq")
class FeatureEmbedding(keras.layers.Layer):
    """One vector for several integer features: the sum of their embeddings.

    Equation: `x = sum_k E_k[feature_k]`, with one table `E_k` a feature, all
    kept in one weight matrix. The gradient of a row of `E_k` is the sum of
    dL/dx where it was looked up.

    Args:
        sizes: Tuple of positive ints: the exclusive upper bound of each.
        embedding_dim: Positive int, D.
        **kwargs: Passed to `keras.layers.Layer`.

    Call arguments:
        features: `(B, T, F)` of int.

    Returns:
        `(B, T, D)`.
    """

    acts_on_each_step = True

    def __init__(self, sizes: tuple[int, ...], embedding_dim: int, **kwargs):
        super().__init__(**kwargs)
        self.sizes = tuple(sizes)
        self.embedding_dim = embedding_dim

    def build(self, input_shape):
        self.embeddings = self.add_weight(
            name="embeddings",
            shape=(sum(self.sizes), self.embedding_dim),
            initializer=keras.initializers.RandomUniform(-0.05, 0.05),
        )

    def call(self, features, training=False):
        offsets = np.cumsum((0, *self.sizes[:-1])).astype("int32")

        def look_up(embeddings):
            rows = tf.gather(embeddings, features + offsets)  # (B, T, F, D)
            rows = tf.cast(rows, self.compute_dtype)
            return tf.reduce_sum(rows, axis=-2)

        if not training:  # a graph that is exported stays plain
            return look_up(self.embeddings)

        # TensorFlow would copy dL/dx for each feature, and add the copies up
        # twice: to clip the gradient, and to use it.
        @custom_gradient
        def look_up_in_training(embeddings):
            def gradient(dx):
                flat_dx = tf.reshape(dx, [-1, self.embedding_dim])
                flat = tf.reshape(features, [-1, len(self.sizes)])
                tables = [
                    tf.math.unsorted_segment_sum(flat_dx, flat[:, k], size)
                    for k, size in enumerate(self.sizes)
                ]
                return tf.cast(tf.concat(tables, axis=0), embeddings.dtype)

            return look_up(embeddings), gradient

        return look_up_in_training(self.embeddings)

    def compute_output_shape(self, features_shape):
        return (*features_shape[:-1], self.embedding_dim)

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "sizes": list(self.sizes),
            "embedding_dim": self.embedding_dim,
        }
