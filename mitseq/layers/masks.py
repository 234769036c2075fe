"""Masks: which keys a query may see.

Slide: Lecture 2, "Learning Self-Attention with Neural Networks" and "Handle
Variable Sequence Lengths". A mask is a tensor of bool, True = keep; it is
broadcast to the scores `(B, T, S)`, and masks are joined by "and".

Letters: B batch, T queries, S keys.
"""

import keras
import tensorflow as tf
from keras import ops


def causal_mask(
    num_queries: int | tf.Tensor,
    num_keys: int | tf.Tensor | None = None,
    window: int | None = None,
) -> tf.Tensor:  # (T, S)
    """The past and the present may be seen, the future may not.

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
    t = ops.expand_dims(ops.arange(num_queries), 1)  # (T, 1)
    s = ops.expand_dims(ops.arange(num_keys), 0)  # (1, S)
    mask = s <= t
    return mask if window is None else mask & (s > t - window)


def padding_mask(
    tokens: tf.Tensor,  # (B, S)
    padding_id: int = 0,
) -> tf.Tensor:  # (B, 1, S)
    """What fills a row up may not be seen, by any query.

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
    return ops.expand_dims(ops.not_equal(tokens, padding_id), 1)


def both_masks(
    *masks: tf.Tensor | None,
) -> tf.Tensor | None:
    """Joins masks: a key is seen where all of them keep it.

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
    result = None
    for mask in masks:
        if mask is not None:
            mask = ops.cast(mask, "bool")
            result = mask if result is None else result & mask
    return result


def check_attention_mask(
    mask: tf.Tensor, scores_shape: tuple[int | None, ...]
) -> None:
    """Raises ValueError if a mask does not fit the scores.

    Args:
        mask: What a caller passed.
        scores_shape: `(..., T, S)`, None where a size is not known.
    """
    received = tuple(mask.shape)
    fits = len(received) <= len(scores_shape) and all(
        a in (None, 1) or b is None or a == b
        for a, b in zip(received[::-1], scores_shape[::-1], strict=False)
    )
    if not fits:
        raise ValueError(
            "`attention_mask` must broadcast to the scores, (..., T, S) = "
            f"{tuple(scores_shape)}, queries before keys. "
            f"Received: attention_mask.shape={received}."
        )
    _check_bool(mask, "attention_mask")


def check_padding_mask(
    mask: tf.Tensor, shape: tuple[int | None, int | None], name: str = "mask"
) -> None:
    """Raises ValueError if a mask is not one of keys, `(B, S)`.

    Args:
        mask: What a caller passed.
        shape: `(B, S)`, None where a size is not known.
        name: The argument's name, for the message.
    """
    received = tuple(mask.shape)
    fits = len(received) == 2 and all(
        a is None or b is None or a == b
        for a, b in zip(received, shape, strict=True)
    )
    if not fits:
        raise ValueError(
            f"`{name}` must have the batch and the steps of the keys, "
            f"{tuple(shape)}. Received: {name}.shape={received}."
        )
    _check_bool(mask, name)


def _check_bool(mask, name):
    dtype = keras.backend.standardize_dtype(mask.dtype)
    if dtype != "bool" and "int" not in dtype:
        raise ValueError(
            f"`{name}` must be boolean, True where a key may be seen. "
            f"Received: {name}.dtype={dtype}."
        )
