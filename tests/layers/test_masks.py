"""Masks: what is kept, by definition; what does not fit is named."""

import numpy as np
import pytest
from keras import ops

from mitseq.layers.attention import SelfAttentionHead
from mitseq.layers.masks import (
    both_masks,
    causal_mask,
    check_attention_mask,
    check_padding_mask,
    padding_mask,
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
