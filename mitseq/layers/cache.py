r"""A cache: the keys and values of the tokens read, for one step at a time.

No slide of its own; "Music Generation" needs it to write with attention
(docs/slides.md#music). A token's key and value do not change when others
follow, so each step makes its own and looks at those that are kept. With a
window only the last ones are: a new token takes the place of the oldest.

A cache is a list: keys and values `(B, N, S, K)`, and how many tokens each row
has read, `(B,)`. Letters: B batch, N heads, S places, K size of one head.
"""

import tensorflow as tf
from keras import ops


def empty_cache(
    batch_size: int | tf.Tensor,
    num_heads: int,
    num_steps: int | tf.Tensor,
    head_dim: int,
    window: int | None = None,
    dtype: str = "float32",
) -> list[tf.Tensor]:
    """Returns a cache with room for `num_steps` tokens, or for the last ones.

    Example:

    >>> [x.shape for x in empty_cache(1, 2, 9, 4, window=3)]
    [TensorShape([1, 2, 3, 4]), TensorShape([1, 2, 3, 4]), TensorShape([1])]
    """
    room = num_steps
    if window is not None:
        is_known = isinstance(num_steps, int)
        room = (min if is_known else ops.minimum)(num_steps, window)
    empty = ops.zeros((batch_size, num_heads, room, head_dim), dtype)
    return [empty, empty, ops.zeros((batch_size,), "int32")]


def read_into(
    cache: list[tf.Tensor],
    key: tf.Tensor,
    value: tf.Tensor,
    window: int | None = None,
) -> tuple[list[tf.Tensor], tf.Tensor]:
    """Reads the next token of each row, its key and value `(B, N, 1, K)`.

    Returns:
        The new cache, and `(B, S)` bool, which of its places hold a token.

    Example:

    >>> cache = empty_cache(1, 1, 3, 1)
    >>> for number in (7.0, 8.0):
    ...     token = ops.full((1, 1, 1, 1), number)
    ...     cache, is_read = read_into(cache, token, token)
    >>> cache[0][0, 0, :, 0].numpy().tolist(), is_read.numpy().tolist()
    ([7.0, 8.0, 0.0], [[True, True, False]])
    """
    keys, values, position = cache
    room = ops.shape(keys)[2]
    slot = position % room if window else position
    keys = _write(keys, key[:, :, 0], slot)
    values = _write(values, value[:, :, 0], slot)
    is_read = ops.arange(room) <= position[:, None]
    return [keys, values, position + 1], is_read


def _write(places, x, slot):
    """Returns places `(B, N, S, K)` with `x` `(B, N, K)` at `slot` `(B,)`."""
    B, N = ops.shape(x)[:2]
    b, n = ops.arange(B)[:, None], ops.arange(N)[None]
    slots = tf.broadcast_to(slot[:, None], (B, N))
    index = tf.stack([b + 0 * n, n + 0 * b, slots], -1)  # (B, N, 3)
    return tf.tensor_scatter_nd_update(places, index, x)
