r"""Positions: attention has no order of its own, so the order is written in.

Slide: Lecture 2, "Learning Self-Attention with Neural Networks", step 1:
encode position information (docs/slides.md#position). `SinusoidalPosition` and
`LearnedPosition` add a vector for each place to the tokens; another way, inside
attention, is in `rotary.py`.

Letters: B batch, T steps, D features of one token.
"""

import keras
import tensorflow as tf
from keras import ops

from mitseq.arguments import is_number, wrong
from mitseq.layers.arguments import check_sequence_shape, check_size
from mitseq.layers.rotary import angles_of


def sinusoids(
    positions: tf.Tensor,  # (...)
    model_dim: int,
    max_wavelength: float = 10_000.0,
) -> tf.Tensor:  # (..., D)
    """Returns each position as sines and cosines of growing wavelengths.

    Equation: `P[t, 2i] = sin(t / max_wavelength^(2i / D))`, and
    `P[t, 2i + 1] = cos` of the same; float32.

    Example:

    >>> print(sinusoids(ops.arange(2), 4).numpy().round(2))
    [[0.   1.   0.   1.  ]
     [0.84 0.54 0.01 1.  ]]
    """
    num_waves = (model_dim + 1) // 2
    angles = angles_of(positions, num_waves, model_dim, max_wavelength)
    # sine and cosine take turns: (..., D / 2, 2) -> (..., D)
    pairs = ops.stack([ops.sin(angles), ops.cos(angles)], axis=-1)
    shape = (*ops.shape(angles)[:-1], 2 * angles.shape[-1])
    return ops.reshape(pairs, shape)[..., :model_dim]


class _Position(keras.layers.Layer):
    """A vector for each place is added; the subclass has `vectors`."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def build(self, x_shape):
        check_sequence_shape(x_shape, "x")

    def call(self, x: tf.Tensor) -> tf.Tensor:
        positions = ops.arange(ops.shape(x)[1])
        return x + ops.cast(self.vectors(positions, x.shape[-1]), x.dtype)

    def step_state(self, batch_size, num_steps) -> list[tf.Tensor]:
        """Returns the place of the first token of each row: 0."""
        return [ops.zeros((batch_size,), "int32")]

    def step(
        self, x_t: tf.Tensor, states: list[tf.Tensor]
    ) -> tuple[tf.Tensor, list[tf.Tensor]]:
        """Returns a token with the vector of its place; counts on."""
        (position,) = states  # (B,)
        vectors = self.vectors(position, x_t.shape[-1])
        return x_t + ops.cast(vectors, x_t.dtype), [position + 1]


@keras.saving.register_keras_serializable(package="mitseq")
class SinusoidalPosition(_Position):
    r"""Adds sines and cosines of the position to each token.

    Slide: Lecture 2, "Learning Self-Attention with Neural Networks", step 1
    (docs/slides.md#position).

    Equations:
        P[t, 2i]     = sin(t / max_wavelength^(2i / D))
        P[t, 2i + 1] = cos(t / max_wavelength^(2i / D))
        y_t = x_t + P[t]

    Intuition: the hands of many clocks, from fast to slow. Together they say
    what time it is, and a shift in time is a turn of each hand.

    Args:
        max_wavelength: Number above 1, the longest wavelength over 2 pi.
        **kwargs: Passed to `keras.layers.Layer` (`name`, `dtype`, ...).

    Call arguments:
        x: `(B, T, D)`, of any length T.

    Returns:
        `(B, T, D)`.

    Raises:
        ValueError: if `max_wavelength` is not above 1, or `x` no sequence.

    Masking: passed on; a masked token has its place too.

    Example:

    >>> SinusoidalPosition()(ops.zeros((1, 1, 4))).numpy()
    array([[[0., 1., 0., 1.]]], dtype=float32)

    Reference: Vaswani et al., 2017, section 3.5.
    """

    def __init__(self, max_wavelength: float = 10_000.0, **kwargs):
        super().__init__(**kwargs)
        if not is_number(max_wavelength) or max_wavelength <= 1:
            must = "be a number above 1"
            raise wrong("max_wavelength", must, max_wavelength)
        self.max_wavelength = max_wavelength

    def vectors(self, positions: tf.Tensor, model_dim: int) -> tf.Tensor:
        """Returns `P[positions]`, `(..., D)`."""
        return sinusoids(positions, model_dim, self.max_wavelength)

    def get_config(self):
        return {**super().get_config(), "max_wavelength": self.max_wavelength}


@keras.saving.register_keras_serializable(package="mitseq")
class LearnedPosition(_Position):
    r"""Adds a learned vector for each place to the token that stands there.

    Slide: Lecture 2, "Learning Self-Attention with Neural Networks", step 1
    (docs/slides.md#position).

    Equation: `y_t = x_t + P[t]`, row t of the weight matrix `P`.

    Args:
        max_length: Positive int, the longest sequence there are vectors for.
        embeddings_initializer: Initializer of `P`.
        **kwargs: Passed to `keras.layers.Layer` (`name`, `dtype`, ...).

    Call arguments:
        x: `(B, T, D)`, T at most `max_length`.

    Returns:
        `(B, T, D)`.

    Raises:
        ValueError: if `max_length` is not a positive int, or a sequence is
            longer. (In a graph that does not know T, `InvalidArgumentError`.)

    Masking: passed on; a masked token has its place too.

    Example:

    >>> layer = LearnedPosition(max_length=10)
    >>> layer(ops.zeros((2, 3, 4))).shape
    TensorShape([2, 3, 4])

    Differs from an embedding of `arange(T)`: too long is an error on every
    device.
    """

    def __init__(
        self, max_length: int, embeddings_initializer="uniform", **kwargs
    ):
        super().__init__(**kwargs)
        self.max_length = check_size(max_length, "max_length")
        self.embeddings_initializer = keras.initializers.get(
            embeddings_initializer
        )

    def build(self, x_shape):
        super().build(x_shape)
        if x_shape[1] is not None:
            self._check_length(x_shape[1])
        self.P = self.add_weight(
            name="P",
            shape=(self.max_length, x_shape[-1]),
            initializer=self.embeddings_initializer,
        )

    def call(self, x: tf.Tensor) -> tf.Tensor:
        T = ops.shape(x)[1]
        if isinstance(T, int):
            self._check_length(T)
        else:
            is_short = tf.debugging.assert_less_equal(
                T, self.max_length, self._too_long("the sequence's length")
            )
            # the sum below would fail too, and say less
            with tf.control_dependencies([is_short]):
                x = tf.identity(x)
        return x + ops.cast(self.P[:T], x.dtype)

    def vectors(self, positions: tf.Tensor, model_dim: int) -> tf.Tensor:
        """Returns `P[positions]`, `(..., D)`."""
        return ops.take(self.P, positions, axis=0)

    def step_state(self, batch_size, num_steps) -> list[tf.Tensor]:
        """Returns the place of the first token; checks that all have one."""
        if isinstance(num_steps, int):
            self._check_length(num_steps)
        return super().step_state(batch_size, num_steps)

    def _check_length(self, length):
        if length > self.max_length:
            raise ValueError(self._too_long(length))

    def _too_long(self, length):
        return (
            f"a sequence must not be longer than `max_length`, of the layer "
            f"'{self.name}': it has no vectors for later places. Received: "
            f"length={length}, max_length={self.max_length}."
        )

    def get_config(self):
        serialize = keras.initializers.serialize
        return {
            **super().get_config(),
            "max_length": self.max_length,
            "embeddings_initializer": serialize(self.embeddings_initializer),
        }
