"""Masks: which keys a query may see.

Slide: Lecture 2, "Learning Self-Attention with Neural Networks" and "Handle
Variable Sequence Lengths". A mask is a tensor of bool, True = keep; it is
broadcast to the scores `(B, T, S)`, and masks are joined by "and".

Letters: B batch, N heads, T queries, S keys, D features of one token.
"""

import functools
import operator
from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from mitseq.arguments import MOST, check_count, wrong
from mitseq.layers.arguments import tensor_of

# The score of a hidden key. Not minus infinity: a row of it has no softmax,
# and no gradient.
HIDDEN = -1e30
MOST_STEPS = 2**20  # of a mask that is made here


def causal_mask(
    num_queries: int | tf.Tensor,
    num_keys: int | tf.Tensor | None = None,
    window: int | None = None,
) -> tf.Tensor:  # (T, S)
    """Returns a mask that shows the past and the present, not the future.

    Equation: query t sees key s if t - window < s <= t (docs/slides.md#masks).

    Args:
        num_queries: T.
        num_keys: S; None for T, as in self-attention.
        window: See the last `window` keys only, the present one included; None
            for the whole past.

    Returns:
        `(T, S)` bool, True where key s is not after query t.

    Example:

    >>> print(ops.cast(causal_mask(3), "int32").numpy())
    [[1 0 0]
     [1 1 0]
     [1 1 1]]
    >>> print(ops.cast(causal_mask(4, window=2), "int32").numpy())
    [[1 0 0 0]
     [1 1 0 0]
     [0 1 1 0]
     [0 0 1 1]]
    """
    num_keys = num_queries if num_keys is None else num_keys
    for name, size in (("num_queries", num_queries), ("num_keys", num_keys)):
        if not tf.is_tensor(size):
            check_count(0, MOST_STEPS, **{name: size})
    if window is not None:
        check_count(window=window)
    t = ops.expand_dims(ops.arange(num_queries), 1)  # (T, 1)
    s = ops.expand_dims(ops.arange(num_keys), 0)  # (1, S)
    return sees(t, s, window)


def sees(t: tf.Tensor, s: tf.Tensor, window: int | None = None) -> tf.Tensor:
    """Tells which queries t see which keys s: if t - window < s <= t.

    Both are places, in tensors or arrays that broadcast.

    Example:

    >>> import numpy as np
    >>> sees(5, np.arange(8), window=2).tolist()
    [False, False, False, False, True, True, False, False]
    """
    keep = s <= t
    return keep if window is None else keep & (s > t - window)


def padding_mask(
    tokens: tf.Tensor | np.ndarray | Sequence[Sequence[int]],  # (B, S)
    padding_id: int = 0,
) -> tf.Tensor:  # (B, 1, S)
    """Returns a mask that shows no query what fills a row up.

    Equation: key s is seen if tokens_s is not `padding_id`
    (docs/slides.md#masks).

    Args:
        tokens: Ids `(B, S)`, filled up with `padding_id`.
        padding_id: The id that stands for nothing.

    Returns:
        `(B, 1, S)` bool, True where a token counts; the 1 is for all queries.

    Example:

    >>> print(ops.cast(padding_mask([[7, 8, 0], [9, 0, 0]]), "int32").numpy())
    [[[1 1 0]]
    <BLANKLINE>
     [[1 0 0]]]
    """
    check_count(-MOST, padding_id=padding_id)
    tokens = tensor_of(tokens, "tokens")
    if len(tokens.shape) < 2:
        raise wrong("tokens", "be ids of shape (B, S)", tokens)
    return ops.expand_dims(ops.not_equal(tokens, padding_id), 1)


def both_masks(*masks: tf.Tensor | None) -> tf.Tensor | None:
    """Returns masks as one: a key is seen where all of them keep it.

    Equation: the masks, joined by "and" (docs/slides.md#masks).

    Args:
        *masks: Tensors of bool that broadcast together, to `(..., T, S)`; None
            keeps all.

    Returns:
        The mask of bool, or None if every one is None.

    Example:

    >>> mask = both_masks(causal_mask(3), padding_mask([[7, 8, 0]]))
    >>> print(ops.cast(mask, "int32").numpy())
    [[[1 0 0]
      [1 1 0]
      [1 1 0]]]
    """
    masks = [
        ops.cast(tensor_of(mask, "mask"), "bool")
        for mask in masks
        if mask is not None
    ]
    return functools.reduce(operator.and_, masks) if masks else None


def joined_mask(
    query: tf.Tensor,  # (B, T, D)
    value: tf.Tensor,  # (B, S, D)
    mask: tf.Tensor | None,  # (B, S)
    attention_mask: tf.Tensor | None,  # broadcast to (B, T, S)
    num_heads: int | None = None,
) -> tf.Tensor | None:  # broadcast to (B, T, S), or (B, N, T, S)
    """Returns which tokens count, and which query sees which: one mask.

    Args:
        query: The sequence that asks.
        value: The sequence that is asked.
        mask: True where a token of `value` counts; None for the mask that
            Keras has hung on it, if any.
        attention_mask: True where a query may see a key, or None. With
            `num_heads` it may have four axes, the second for the heads.
        num_heads: N, for a mask of four axes; None for one of three.

    Raises:
        ValueError: if a mask does not fit.

    Example:

    >>> x, tokens = ops.ones((1, 2, 3)), ops.array([[True, False]])
    >>> print(joined_mask(x, x, tokens, causal_mask(2)).numpy())
    [[[ True False]
      [ True False]]]
    """
    if mask is None:  # Keras passes it not in every case
        mask = getattr(value, "_keras_mask", None)
    if mask is not None:
        check_padding_mask(mask, tuple(value.shape[:2]))
        mask = ops.expand_dims(mask, 1)  # (B, S) -> (B, 1, S)
    if attention_mask is not None:
        attention_mask = ops.convert_to_tensor(attention_mask)
        B, T, S = query.shape[0], query.shape[1], value.shape[1]
        has_heads = num_heads is not None and len(attention_mask.shape) == 4
        heads = (num_heads,) if has_heads else ()
        check_attention_mask(attention_mask, (B, *heads, T, S))
    if num_heads is not None:
        mask, attention_mask = _for_heads(mask), _for_heads(attention_mask)
    return both_masks(mask, attention_mask)


def _for_heads(mask):
    """The same mask for every head: `(B, T, S)` -> `(B, 1, T, S)`."""
    if mask is None or len(mask.shape) == 4:
        return mask
    while len(mask.shape) < 3:
        mask = mask[None]
    return mask[:, None]


def check_attention_mask(
    mask: tf.Tensor,
    scores_shape: tuple[int | None, ...],
    name: str = "attention_mask",
) -> None:
    """Raises ValueError if a mask does not fit the scores, `(..., T, S)`."""
    received = tuple(mask.shape)
    fits = len(received) <= len(scores_shape) and all(
        a in (None, 1) or b is None or a == b
        for a, b in zip(received[::-1], scores_shape[::-1], strict=False)
    )
    if not fits:
        raise ValueError(
            f"`{name}` must broadcast to the scores, (..., T, S) = "
            f"{tuple(scores_shape)}, queries before keys. "
            f"Received: {name}.shape={received}."
        )
    _check_bool(mask, name, "a key may be seen")


def check_padding_mask(
    mask: tf.Tensor,
    shape: tuple[int | None, int | None],
    steps_of: str = "the keys",
) -> None:
    """Raises ValueError if a mask is not one of steps, `(B, S)`."""
    received = tuple(mask.shape)
    fits = len(received) == 2 and all(
        a is None or b is None or a == b
        for a, b in zip(received, shape, strict=True)
    )
    if not fits:
        raise ValueError(
            f"`mask` must have the batch and the steps of {steps_of}, "
            f"{tuple(shape)}. Received: mask.shape={received}."
        )
    _check_bool(mask, "mask", "a step counts")


def _check_bool(mask, name, meaning):
    dtype = keras.backend.standardize_dtype(mask.dtype)
    if dtype != "bool" and "int" not in dtype:
        raise ValueError(
            f"`{name}` must be boolean, True where {meaning}. "
            f"Received: {name}.dtype={dtype}."
        )
