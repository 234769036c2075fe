"""What a forecaster sees of the past, in a state that does not grow.

Slide: Lecture 2, "Design Criteria": variable lengths, order, the same
parameters at each step. A series may count passengers or millivolts, and may
rise for years. So a model sees it as it is now: how far values are from their
running mean, in units of their running deviation. The last values and those of
a season ago are kept in a memory of fixed size, so the millionth value is read
like the first.

Letters: B batch, T steps, H horizon, F features.
"""

import keras
from keras import ops

FAR = 6.0  # deviations; a value farther off moves mean and deviation as if here
SURE = 8  # values after which the deviation is known well enough for that
CLIP = 20.0  # deviations, of what the network sees
SMALL = 1e-6  # of the mean: the least deviation, where a series stands still
VALUE, SCALE = -3, -1  # of what the cell returns


@keras.saving.register_keras_serializable(package="mitseq")
class LookBackCell(keras.layers.Layer):
    """One value in; the past around it out, in running units.

    Equations, with n the number of values so far, a = max(1 / n, 1 / span):
        m_t = m_prev + a (x_t - m_prev)         running mean
        s_t = s_prev + a (|x_t - m_t| - s_prev) running deviation
        z_i = (x_i - m_t) / s_t                 for the values kept
        j_t = |x_t - 2 x_prev + x_before|       how rough it goes on
        r_t = r_prev + a (j_t - r_prev)         how rough on the average

    Args:
        horizon: Positive int, H. With a season, the values that stood a season
            before the next H are shown.
        season: Values of a season, or 0.
        lags: Positive int, the last values shown, at least two.
        span: Over how many values mean and deviation run.
        **kwargs: Passed to `keras.layers.Layer`.

    Call arguments:
        x_t: `(B, 1)`, the value at step t.
        states: Number of values `(B, 1)`, mean, deviation, roughness, and the
            last values `(B, max(season, lags))`.

    Returns:
        `(B, F)`: the values shown, how much the last one changed and how rough
        that was, on a logarithmic scale, and in the unit of the series the
        value, the mean and the deviation; and the new states.

    Example:

    >>> cell = LookBackCell(horizon=1, lags=2, span=4)
    >>> states = cell.get_initial_state(1)
    >>> for value in (10.0, 12.0):
    ...     y, states = cell(ops.reshape(value, (1, 1)), states)
    >>> y[0, -2:].numpy().round(2), y[0, :2].numpy().round(2)
    (array([11. ,  0.5], dtype=float32), array([-2.,  2.], dtype=float32))
    """

    def __init__(
        self,
        horizon: int,
        season: int = 0,
        lags: int = 12,
        span: int = 24,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.horizon, self.season = horizon, season
        self.lags, self.span = lags, span
        self.memory = max(season, lags)
        self.state_size = [1, 1, 1, 1, self.memory]
        self.output_size = lags + 5 + (horizon if season else 0)

    def call(self, x_t, states):
        n, m, s, r, memory = states
        is_first = ops.cast(n < 1, x_t.dtype)
        memory = is_first * x_t + (1 - is_first) * memory
        change = x_t - memory[:, -1:]
        jolt = ops.abs(change - (memory[:, -1:] - memory[:, -2:-1]))
        memory = ops.concatenate([memory[:, 1:], x_t], axis=1)
        far = ops.where(n < SURE, 1e30, FAR * s + SMALL * ops.abs(m))
        off = ops.clip(x_t - m, -far, far)
        a = ops.maximum(1 / (n + 1), 1 / self.span)
        m = m + a * off
        s = s + a * (ops.minimum(ops.abs(x_t - m), far) - s)
        scale = s + SMALL * ops.abs(m) + 1e-30
        rough = jolt / (r + SMALL * scale)  # before this one counts
        r = r + a * (ops.minimum(jolt, ops.where(n < SURE, 1e30, FAR * r)) - r)
        shown = [memory[:, -self.lags :]]
        if self.season:
            before = self.memory - self.season
            at = [before + h % self.season for h in range(self.horizon)]
            shown.append(ops.take(memory, at, axis=1))
        z = (ops.concatenate(shown, axis=1) - m) / scale
        z = ops.clip(z, -CLIP, CLIP)
        changed = ops.log(ops.abs(change) / scale + 1e-3) / 3
        rough = ops.log(ops.clip(rough, 1e-3, 1e3)) / 3
        # no float32 holds how many values there were, and none has to
        n = ops.minimum(n + 1, float(max(self.span, SURE)))
        y = ops.concatenate([z, changed, rough, x_t, m, scale], axis=1)
        return y, [n, m, s, r, memory]

    def get_initial_state(self, batch_size=None):
        return [
            ops.zeros((batch_size, size), dtype=self.compute_dtype)
            for size in self.state_size
        ]

    def get_config(self):
        return super().get_config() | {
            "horizon": self.horizon,
            "season": self.season,
            "lags": self.lags,
            "span": self.span,
        }


@keras.saving.register_keras_serializable(package="mitseq")
class Shown(keras.layers.Layer):
    """What a network may see of `LookBackCell`: nothing in its own unit.

    Example:

    >>> Shown()(ops.ones((1, 1, 5))).shape
    TensorShape([1, 1, 2])
    """

    def call(self, look_back):
        return look_back[..., :VALUE]

    def compute_output_shape(self, shape):
        return (*shape[:-1], shape[-1] + VALUE)


@keras.saving.register_keras_serializable(package="mitseq")
class Quantiles(keras.layers.Layer):
    """From what a network says, in running units, to quantiles of the values.

    The middle one is where it says, and each other lies beyond the one next to
    it, so that they never cross.

    Args:
        horizon: Positive int, H.
        count: Odd number of quantiles, Q.
        **kwargs: Passed to `keras.layers.Layer`.

    Call arguments:
        said: `(B, T, H * Q)`, the middle quantiles as a change from the value,
            then the others as steps outwards.
        look_back: `(B, T, F)`, as `LookBackCell` returned.

    Returns:
        `(B, T, H, Q)`, in the unit of the values.

    Example:

    >>> said = ops.zeros((1, 1, 3))
    >>> look_back = ops.convert_to_tensor([[[0.0, 1.0, 0.0, 2.0]]])
    >>> Quantiles(1, 3)(said, look_back).numpy().ravel().round(2)
    array([-0.39,  1.  ,  2.39], dtype=float32)
    """

    def __init__(self, horizon: int, count: int, **kwargs):
        super().__init__(**kwargs)
        self.horizon, self.count = horizon, count

    def call(self, said, look_back):
        B, T = ops.shape(said)[:2]
        H, half = self.horizon, self.count // 2
        x = look_back[..., VALUE, None, None]  # (B, T, 1, 1)
        scale = look_back[..., SCALE, None, None]
        middle = said[..., :H, None]  # (B, T, H, 1)
        steps = ops.softplus(said[..., H:])
        steps = ops.reshape(steps, (B, T, H, 2 * half))
        down = ops.cumsum(steps[..., :half], axis=-1)
        up = ops.cumsum(steps[..., half:], axis=-1)
        parts = [middle - ops.flip(down, axis=-1), middle, middle + up]
        return x + scale * ops.concatenate(parts, axis=-1)

    def compute_output_shape(self, said_shape, look_back_shape):
        return (*said_shape[:2], self.horizon, self.count)

    def get_config(self):
        return super().get_config() | {
            "horizon": self.horizon,
            "count": self.count,
        }
