"""Where in the bar a tune stands, and what stood here some bars ago.

Slides: Lecture 2, "Sequence Modeling: Design Criteria" (order, long-term
dependencies) and "Identify and attend to what's important".

A bar of 6/8 holds six eighths. A network can learn to add up note lengths, but
it needs much data for it and errs now and then. This layer does the adding: it
has no weights, reads the tokens as they come, and tells the network the
position in the bar, what is missing to a full bar, the pickup of the section
and the number of the bar. It also remembers the bars themselves. Folk tunes
repeat their phrases after 2, 4 or 8 bars, so it looks up which token stood at
the same place that many bars ago: attention whose keys are the metre.

It is a recurrence like any other, a cell with a state, and `generate` steps it
as it steps an LSTM.
"""

import keras
import numpy as np
import tensorflow as tf

from mitseq.text.vocabulary import SPECIAL, START, Vocabulary

TICKS = 24  # of one unit length L:, so that 1/8 of it and triplets are whole
LONGEST = 20 * TICKS  # longer bars are not told apart
SLOT = TICKS // 2  # two notes that start within one slot share its memory
SLOTS = LONGEST // SLOT
MOST_BARS = 40  # of one section that are told apart
MOST_LEFT = 9  # notes of a tuplet

# columns of the first state, all int32
_STATE = (
    "position in the bar",  # ticks
    "notes left in a tuplet",
    "tuplet: in the time of",
    "tuplet: how many",
    "meter",  # in 1/64 of a whole note
    "unit length",  # in 1/64 of a whole note
    "pickup",  # ticks of the incomplete bar that opens the section
    "short",  # ticks of the last bar, if it was incomplete
    "bars",  # finished in this section
    "repeat: open",  # a |: waits for its :|
    "repeat: begun",  # a bar has ended since the repeat began
    "repeat: pickup",  # ticks of the incomplete bar that it began with
)


class BarPositionCell(keras.layers.Layer):
    """One step of `BarPosition`: read a token, move on in the bar.

    Args:
        vocabulary: `Vocabulary` of level "token" (or its config dict).
        lags: Tuple of positive ints: how many bars to look back.
        **kwargs: Passed to `keras.layers.Layer`.

    Call arguments:
        token: `(B, 1)` of int, the id at step t.
        states: `[s (B, 12), memory (B, (1 + max lag) * SLOTS)]`, both int32.

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
        self.lags = tuple(lags)
        self.bars_kept = 1 + max(self.lags, default=0)
        self.state_size = [len(_STATE), self.bars_kept * SLOTS]
        # exclusive upper bounds of the features, in their order
        self.sizes = (
            LONGEST + 1,
            LONGEST + 2,
            SLOTS * 2 + 1,
            SLOTS * 2 + 1,
            MOST_BARS + 1,
            MOST_LEFT + 1,
            2,
            LONGEST + 2,
            *(len(vocabulary) for _ in self.lags),
        )
        self.output_size = len(self.sizes)
        self._table = _token_table(vocabulary)

    def build(self, input_shape):
        del input_shape

    def get_initial_state(self, batch_size: int) -> list[tf.Tensor]:
        return [
            tf.zeros([batch_size, size], tf.int32) for size in self.state_size
        ]

    def call(self, token, states):
        token = tf.cast(token[:, 0], tf.int32)  # (B,)
        state, memory = states
        is_start = token == START
        state = tf.where(is_start[:, None], 0, state)
        memory = tf.where(is_start[:, None], 0, memory)
        position, left, num, den, meter, unit, *section = tf.unstack(
            state, axis=1
        )
        pickup, short, bars, is_open, begun, owed = section
        facts = tf.gather(tf.constant(self._table), token)  # (B, 12)
        length, is_note, is_bar, is_section, is_text, *header = tf.unstack(
            facts, axis=1
        )
        t_num, t_den, t_notes, m, u, opens_repeat, closes_repeat = header
        # what stands where: the first token that starts in a slot
        slot = tf.minimum(position // SLOT, SLOTS - 1)
        here = tf.one_hot(slot, self.bars_kept * SLOTS, dtype=tf.int32)
        free = here * is_text[:, None] * tf.cast(memory == 0, tf.int32)
        memory = memory + free * token[:, None]

        # header: what makes a full bar
        meter = tf.where(m > 0, m, meter)
        unit = tf.where(u > 0, u, unit)
        full = tf.where(unit > 0, TICKS * meter // tf.maximum(unit, 1), 0)

        # notes: a tuplet of p notes takes the time of q
        inside = (left > 0) & (is_note > 0)
        length = tf.where(inside, length * num // tf.maximum(den, 1), length)
        left = tf.where(inside, left - 1, left)
        position = tf.minimum(position + length, LONGEST)
        opens = t_den > 0
        left = tf.where(opens, t_notes, left)
        num, den = tf.where(opens, t_num, num), tf.where(opens, t_den, den)

        # bar lines
        ends = (is_bar > 0) & (position > 0)
        incomplete = position < full
        is_pickup = ends & incomplete & (bars == 0) & (pickup == 0)
        short = tf.where(ends, tf.where(incomplete, position, 0), short)
        pickup = tf.where(is_pickup, position, pickup)
        bars = tf.where(ends & ~is_pickup, bars + 1, bars)
        moved = tf.concat([tf.zeros_like(memory[:, :SLOTS]), memory], 1)
        moved = moved[:, : self.bars_kept * SLOTS]
        memory = tf.where((ends & ~is_pickup)[:, None], moved, memory)
        wiped = tf.concat(
            [tf.zeros_like(memory[:, :SLOTS]), memory[:, SLOTS:]], 1
        )
        memory = tf.where(is_pickup[:, None], wiped, memory)
        finished, position = position, tf.where(ends, 0, position)
        left = tf.where(is_bar > 0, 0, left)
        pickup = tf.where((is_section > 0) & ~is_pickup, 0, pickup)
        bars = tf.where(is_section > 0, 0, bars)

        # repeats: the bar before :| and the one after |: make one bar
        owed = tf.where(ends & incomplete & (begun == 0), finished, owed)
        begun = tf.where(ends, 1, begun)
        is_open = tf.where(closes_repeat > 0, 0, is_open)
        is_open = tf.where(opens_repeat > 0, 1, is_open)
        restarts = (opens_repeat > 0) | ((closes_repeat & is_section) > 0)
        owed, begun = tf.where(restarts, 0, owed), tf.where(restarts, 0, begun)

        missing = tf.where(full >= position, full - position + 1, 0)
        to_close = full - owed - position
        to_close = tf.where((full > 0) & (to_close >= 0), to_close + 1, 0)
        slot = tf.minimum(position // SLOT, SLOTS - 1)
        look_back = [
            tf.gather(memory, lag * SLOTS + slot, axis=1, batch_dims=1)
            for lag in self.lags
        ]
        features = tf.stack(
            [
                position,
                tf.minimum(missing, LONGEST + 1),
                tf.minimum(pickup // (SLOT // 2), SLOTS * 2),
                tf.minimum(short // (SLOT // 2), SLOTS * 2),
                tf.minimum(bars, MOST_BARS),
                tf.minimum(left, MOST_LEFT),
                is_open,
                tf.minimum(to_close, LONGEST + 1),
                *look_back,
            ],
            axis=1,
        )
        section = [pickup, short, bars, is_open, begun, owed]
        state = tf.stack(
            [position, left, num, den, meter, unit, *section], axis=1
        )
        return features, [state, memory]

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "vocabulary": self.vocabulary.to_config(),
            "lags": list(self.lags),
        }


@keras.saving.register_keras_serializable(package="mitseq")
class BarPosition(keras.layers.RNN):
    """The metre of a tune as integer features, read off its tokens.

    Args:
        vocabulary: `Vocabulary` of level "token" (or its config dict).
        lags: Tuple of positive ints: how many bars to look back.
        **kwargs: Passed to `keras.layers.RNN` (`name`, `return_state`, ...).

    Call arguments:
        sequences: `(B, T)` of int, the ids.

    Returns:
        `(B, T, F)` int32: ticks since the bar line, ticks to a full bar, the
        section's pickup, the last bar if incomplete, bars in the section,
        notes left in a tuplet, whether a repeat is open, ticks to where it may
        close, then one token id for each lag (0: none).

    Raises:
        ValueError: as `BarPositionCell`.
    """

    def __init__(
        self,
        vocabulary: Vocabulary | dict,
        lags: tuple[int, ...] = (1, 2, 4, 8),
        **kwargs,
    ):
        kwargs.setdefault("return_sequences", True)
        kwargs["dtype"] = "int32"
        super().__init__(BarPositionCell(vocabulary, tuple(lags)), **kwargs)

    @property
    def sizes(self) -> tuple[int, ...]:
        return self.cell.sizes

    def call(self, sequences, initial_state=None, mask=None, training=False):
        if sequences.shape.rank == 2:
            sequences = sequences[..., None]  # (B, T, 1)
        return super().call(sequences, initial_state, mask, training)

    def inner_loop(self, sequences, initial_state, mask, training=False):
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
            (0, array, list(initial_state)),
            maximum_iterations=num_steps,
        )
        features = tf.transpose(array.stack(), [1, 0, 2])
        return features[:, -1], features, states

    def compute_output_shape(self, sequences_shape, initial_state_shape=None):
        return super().compute_output_shape((*sequences_shape[:2], 1))

    def get_config(self) -> dict:
        config = super().get_config()
        cell = config.pop("cell")["config"]
        return {
            **config,
            "vocabulary": cell["vocabulary"],
            "lags": cell["lags"],
        }

    @classmethod
    def from_config(cls, config: dict, custom_objects=None):
        return cls(**config)


@keras.saving.register_keras_serializable(package="mitseq")
class FeatureEmbedding(keras.layers.Layer):
    """One vector for several integer features: the sum of their embeddings.

    Equation: `x = sum_k E_k[feature_k]`, with one table `E_k` a feature, all
    kept in one weight matrix.

    Args:
        sizes: Tuple of positive ints: the exclusive upper bound of each.
        embedding_dim: Positive int, D.
        **kwargs: Passed to `keras.layers.Layer`.

    Call arguments:
        features: `(B, T, F)` of int.

    Returns:
        `(B, T, D)`.
    """

    def __init__(self, sizes: tuple[int, ...], embedding_dim: int, **kwargs):
        super().__init__(**kwargs)
        self.sizes = tuple(sizes)
        self.embedding_dim = embedding_dim

    def build(self, input_shape):
        del input_shape
        self.embeddings = self.add_weight(
            name="embeddings",
            shape=(sum(self.sizes), self.embedding_dim),
            initializer=keras.initializers.RandomUniform(-0.05, 0.05),
        )

    def call(self, features):
        offsets = np.cumsum((0, *self.sizes[:-1])).astype("int32")
        rows = tf.gather(self.embeddings, features + offsets)  # (B, T, F, D)
        rows = tf.cast(rows, self.compute_dtype)
        return tf.reduce_sum(rows, axis=-2)

    def compute_output_shape(self, features_shape):
        return (*features_shape[:-1], self.embedding_dim)

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "sizes": list(self.sizes),
            "embedding_dim": self.embedding_dim,
        }


def _token_table(vocabulary: Vocabulary) -> np.ndarray:
    """What each token means to the metre: `(V, 12)` of int32."""
    from mitseq.tunes.notation import (
        is_bar_line,
        parse_meter,
        piece_length,
        tuplet_count,
    )

    table = np.zeros((len(vocabulary), 12), "int32")
    for row, piece in enumerate(vocabulary.tokens, start=SPECIAL):
        length = piece_length(piece)
        bar = is_bar_line(piece)
        tuplet = tuplet_count(piece)
        field = piece[:2] if piece[1:2] == ":" and piece[0].isalpha() else ""
        fraction = None
        if field in ("M:", "L:"):
            fraction = parse_meter(piece[2:].strip())
        share = 0 if fraction is None else int(64 * fraction)
        table[row] = (
            round(TICKS * length),
            length > 0,
            bar,
            bar and (piece[-1] == ":" or piece in (":|", "||")),
            not field and piece != "\n",
            tuplet[1] if tuplet else 0,
            tuplet[0] if tuplet else 0,
            tuplet[2] if tuplet else 0,
            share if field == "M:" else 0,
            share if field == "L:" else 0,
            bar and piece[-1] == ":",
            bar and piece[0] == ":",
        )
    return table
