"""Masks: what is kept, by definition; what does not fit is named."""

import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from mitseq.layers.attention import SelfAttentionHead
from mitseq.layers.masks import (
    both_masks,
    causal_mask,
    check_attention_mask,
    check_padding_mask,
    joined_mask,
    padding_mask,
    sees,
)


@pytest.mark.parametrize("window", [None, 1, 3, 99])
@pytest.mark.parametrize(("T", "S"), [(1, 1), (5, 5), (4, 6), (6, 4)])
def test_causal_mask_keeps_the_past_and_the_present(T, S, window):
    expected = [
        [s <= t and (window is None or t - s < window) for s in range(S)]
        for t in range(T)
    ]
    mask = causal_mask(T, S, window)
    assert mask.dtype == "bool"
    np.testing.assert_array_equal(mask, expected)


def test_padding_mask_hides_what_fills_a_row():
    mask = padding_mask(np.array([[4, 9, 9], [9, 5, 6]]), padding_id=9)
    np.testing.assert_array_equal(
        mask, [[[True, False, False]], [[False, True, True]]]
    )


def test_both_masks_keep_what_each_keeps():
    padding = padding_mask(np.array([[1, 0, 1], [1, 1, 0]]))
    mask = both_masks(None, causal_mask(3), padding)
    assert mask.shape == (2, 3, 3)
    np.testing.assert_array_equal(
        mask, np.tril(np.ones((3, 3), bool)) & padding.numpy()
    )
    assert both_masks(None, None) is None


def test_integers_count_as_bool():
    np.testing.assert_array_equal(
        both_masks(np.array([0, 2, 1])), [False, True, True]
    )


@pytest.mark.parametrize("shape", [(3, 4), (1, 4), (2, 1, 1), (2, 3, 4), (4,)])
def test_masks_that_broadcast_to_the_scores_fit(shape):
    check_attention_mask(np.ones(shape, bool), (2, 3, 4))
    check_attention_mask(np.ones(shape, bool), (None, None, 4))


@pytest.mark.parametrize("shape", [(4, 3), (2, 2, 4), (1, 2, 3, 4), (3,)])
def test_masks_of_the_wrong_shape_are_an_error(shape):
    with pytest.raises(ValueError, match=r"`attention_mask` must broadcast"):
        check_attention_mask(np.ones(shape, bool), (2, 3, 4))


@pytest.mark.parametrize("shape", [(2, 3), (1, 4), (2, 4, 1), (4,)])
def test_padding_of_the_wrong_shape_is_an_error(shape):
    with pytest.raises(ValueError, match=r"the keys, \(2, 4\). Received: mask"):
        check_padding_mask(np.ones(shape, bool), (2, 4))


def test_numbers_are_no_mask():
    scores = np.zeros((3, 3), "float32")
    with pytest.raises(ValueError, match="must be boolean.*float32"):
        check_attention_mask(scores, (3, 3))
    with pytest.raises(ValueError, match="`mask` must be boolean"):
        check_padding_mask(scores, (3, 3))


def test_layer_names_the_mask_that_does_not_fit():
    head, x = SelfAttentionHead(2), ops.ones((2, 3, 4))
    with pytest.raises(ValueError, match="`attention_mask` must broadcast"):
        head(x, attention_mask=np.ones((2, 4, 3), bool))
    with pytest.raises(ValueError, match="`mask` must have the batch"):
        head(x, mask=np.ones((2, 4), bool))


def test_one_mask_for_padding_and_pairs():
    x = ops.ones((1, 2, 3))
    padding = np.array([[True, False]])
    pairs = np.array([[True, True], [False, True]])
    np.testing.assert_array_equal(
        joined_mask(x, x, padding, pairs), [[[True, False], [False, False]]]
    )
    assert joined_mask(x, x, None, None) is None


def test_a_mask_for_heads_has_four_axes():
    x = ops.ones((2, 3, 4))
    padding = np.array([[True, True, False]] * 2)
    for shape in [(3,), (3, 3), (2, 3, 3), (2, 5, 3, 3)]:
        pairs = np.random.default_rng(0).random(shape) < 0.5
        mask = joined_mask(x, x, padding, pairs, num_heads=5)
        whole = pairs[:, None] if len(shape) == 3 else pairs
        np.testing.assert_array_equal(
            np.broadcast_to(mask, (2, 5, 3, 3)),
            np.broadcast_to(whole & padding[:, None, None], (2, 5, 3, 3)),
        )
        assert len(mask.shape) == 4
    with pytest.raises(ValueError, match="`attention_mask` must broadcast"):
        joined_mask(x, x, None, np.ones((2, 4, 3, 3), bool), num_heads=5)


def test_numpy_sees_what_tensors_see():
    t, s = np.arange(4)[:, None], np.arange(6)
    np.testing.assert_array_equal(sees(t, s, 2), causal_mask(4, 6, 2))
    np.testing.assert_array_equal(sees(t, s), causal_mask(4, 6))


@pytest.mark.parametrize("size", [-1, 1.5, None, True, "3", b"3", 2**40])
def test_a_mask_of_no_size_is_refused(size):
    with pytest.raises(ValueError, match="`num_queries` must be"):
        causal_mask(size)
    if size is not None:
        with pytest.raises(ValueError, match="`num_keys` must be"):
            causal_mask(2, size)
        with pytest.raises(ValueError, match="`window` must be"):
            causal_mask(2, window=size if size != 2**40 else 0)


def test_a_mask_of_nothing_is_empty():
    assert causal_mask(0).shape == (0, 0)
    assert causal_mask(0, 3).shape == (0, 3)


def test_a_mask_may_be_as_long_as_a_tensor_says():
    assert causal_mask(tf.constant(2), tf.constant(3)).shape == (2, 3)
    with pytest.raises(
        ValueError, match="`num_keys` must be at most 1,048,576"
    ):
        causal_mask(2, 2**20 + 1)


@pytest.mark.parametrize("tokens", [[1, 2], 3, None, "ab", [[None]], object()])
def test_tokens_that_are_no_rows_of_ids_are_named(tokens):
    with pytest.raises(ValueError) as caught:
        padding_mask(tokens)
    told = str(caught.value)
    flat = isinstance(tokens, list) and len(tokens) == 2
    must = "ids of shape (B, S)" if flat else "a tensor or an array of numbers"
    assert told.startswith(f"`tokens` must be {must}. Received: tokens=")
    assert "None" not in told or tokens is None or tokens == [[None]]


def test_zero_is_padding_unless_another_id_is():
    tokens = [[7, 1, 0]]
    assert ops.convert_to_numpy(padding_mask(tokens)).tolist() == [
        [[True, True, False]]
    ]
    assert ops.convert_to_numpy(padding_mask(tokens, 1)).tolist() == [
        [[True, False, True]]
    ]
    with pytest.raises(ValueError, match="`padding_id` must be an int"):
        padding_mask(tokens, 0.5)


def test_what_is_no_mask_is_named():
    with pytest.raises(
        ValueError, match="^`mask` must be a tensor or an array"
    ):
        both_masks(None, "mask")


def test_the_mask_that_keras_has_hung_on_the_value_counts():
    value = tf.zeros((1, 3, 2))
    value._keras_mask = tf.constant([[True, False, True]])
    found = joined_mask(tf.zeros((1, 2, 2)), value, None, None)
    assert np.broadcast_to(found, (1, 2, 3)).tolist() == [
        [[True, False, True]] * 2
    ]
    # a mask that is given comes before it
    given = tf.constant([[False, True, True]])
    found = joined_mask(tf.zeros((1, 2, 2)), value, given, None)
    assert np.broadcast_to(found, (1, 2, 3))[0, 0].tolist() == [
        *(False, True, True)
    ]


def test_masks_may_be_of_ones_and_zeros():
    check_attention_mask(tf.constant([[1, 0]], "int32"), (2, 1, 2))
    check_attention_mask(tf.constant([[1, 0]], "uint8"), (2, 1, 2))
    with pytest.raises(ValueError, match="`attention_mask` must be boolean"):
        check_attention_mask(tf.constant([[1.0, 0.0]]), (2, 1, 2))


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (
            lambda mask: check_attention_mask(mask, (2, 1, 2)),
            "`attention_mask` must be boolean, True where a key may be seen. "
            "Received: attention_mask.dtype=float32.",
        ),
        (
            lambda mask: check_padding_mask(mask, (None, 2)),
            "`mask` must be boolean, True where a step counts. "
            "Received: mask.dtype=float32.",
        ),
    ],
)
def test_a_mask_of_floats_is_told_in_full(call, told):
    with pytest.raises(ValueError) as caught:
        call(tf.ones((1, 2)))
    assert str(caught.value) == told


def test_a_size_that_is_not_known_fits_any():
    check_padding_mask(tf.ones((3, 2), "bool"), (None, 2))
    check_padding_mask(tf.ones((3, 2), "bool"), (None, None))
    with pytest.raises(ValueError, match="`mask` must have the batch"):
        check_padding_mask(tf.ones((3, 2), "bool"), (None, 4))
