"""A decoder's look at the encoder, against NumPy and Keras."""

import keras
import numpy as np
import pytest
from keras import ops

from mitseq.layers.cross_attention import AdditiveAttention, DotProductAttention
from tests import numpy_reference
from tests.layer_contract import check_config, check_layer
from tests.layers.arrays import random, values

B, T, S, D, E, U = 3, 4, 5, 6, 7, 8


@pytest.fixture(autouse=True)
def seed():
    keras.utils.set_random_seed(7)


def mask_of(*shape):
    mask = np.random.default_rng(2).random(shape) < 0.6
    mask[:, 0] = True
    return mask


def test_additive_equals_the_equations():
    layer, query, value = AdditiveAttention(U), random(B, D), random(B, S, E)
    context, weights = layer(query, value, return_attention_scores=True)
    expected = numpy_reference.additive_context(query, value, values(layer))
    np.testing.assert_allclose(context, expected[0], atol=1e-5)
    np.testing.assert_allclose(weights, expected[1], atol=1e-5)
    np.testing.assert_allclose(np.sum(weights, -1), 1, atol=1e-6)


def test_additive_equals_keras_on_projected_states():
    layer, query, value = AdditiveAttention(U), random(B, T, D), random(B, S, E)
    mask = mask_of(B, S)
    context, weights = layer(
        query, value, value_mask=mask, return_attention_scores=True
    )
    w, twin = values(layer), keras.layers.AdditiveAttention()
    projected = [query @ w["W_q"], value, value @ w["W_k"]]
    twin.build([x.shape for x in projected])
    twin.set_weights([w["w"][:, 0]])
    expected = twin(projected, mask=[None, mask], return_attention_scores=True)
    np.testing.assert_allclose(context, expected[0], atol=1e-5)
    np.testing.assert_allclose(weights, expected[1], atol=1e-5)


def test_dot_product_equals_keras():
    layer, query, value = (
        DotProductAttention(),
        random(B, T, E),
        random(B, S, E),
    )
    mask = mask_of(B, S)
    expected = keras.layers.Attention()([query, value], mask=[None, mask])
    np.testing.assert_allclose(
        layer(query, value, value_mask=mask), expected, atol=1e-5
    )


def test_general_score_has_a_matrix_between_the_states():
    layer = DotProductAttention("general")
    query, value = random(B, D), random(B, S, E)
    _, weights = layer(query, value, return_attention_scores=True)
    W_a = values(layer)["W_a"]
    scores = np.einsum("bd,de,bse->bs", query, W_a, value)
    np.testing.assert_allclose(
        weights, numpy_reference.softmax(scores), atol=1e-5
    )


@pytest.mark.parametrize(
    "layer",
    [AdditiveAttention(U), DotProductAttention("general")],
    ids=["additive", "product"],
)
def test_several_decoder_states_are_each_asked_alone(layer):
    query, value = random(B, T, D), random(B, S, E)
    whole = layer(query, value)
    for t in range(T):
        np.testing.assert_allclose(
            layer(query[:, t], value), whole[:, t], atol=1e-6
        )


def test_masked_encoder_states_are_not_seen():
    layer, query, value = AdditiveAttention(U), random(B, D), random(B, S, E)
    mask = mask_of(B, S)
    mask[1] = False
    context = layer(query, value, value_mask=mask)
    changed = np.where(mask[..., None], value, 99).astype("float32")
    np.testing.assert_array_equal(
        layer(query, changed, value_mask=mask), context
    )
    np.testing.assert_array_equal(context[1], np.zeros(E))


def test_mask_of_an_embedding_is_used():
    ids = np.array([[1, 2, 0], [2, 0, 0]])
    value = keras.layers.Embedding(3, E, mask_zero=True)(ids)
    layer, query = AdditiveAttention(U), random(2, D)
    np.testing.assert_array_equal(
        layer(query, value),
        layer(query, ops.array(value), value_mask=ids > 0),
    )


@pytest.mark.parametrize(
    ("layer_class", "arguments", "names"),
    [
        (AdditiveAttention, {"units": U}, ["W_q", "W_k", "w"]),
        (DotProductAttention, {"score_type": "general"}, ["W_a"]),
    ],
)
def test_layers_keep_the_contract(layer_class, arguments, names, tmp_path):
    inputs = random(B, D), random(B, S, E)
    check_layer(layer_class, arguments, inputs, names, tmp_path)


def test_layers_keep_every_argument():
    common = {"kernel_initializer": "he_normal"}
    check_config(AdditiveAttention, {"units": 3, **common})
    check_config(DotProductAttention, {"score_type": "general", **common})


def test_what_does_not_fit_is_an_error():
    with pytest.raises(ValueError, match="`units` must be a positive int"):
        AdditiveAttention(0)
    with pytest.raises(ValueError, match="`score_type` must be 'dot' or"):
        DotProductAttention("cosine")
    with pytest.raises(ValueError, match="the same last size"):
        DotProductAttention()(random(B, D), random(B, S, E))
    with pytest.raises(ValueError, match="`query` must be one decoder state"):
        AdditiveAttention(U)(random(B), random(B, S, E))
    with pytest.raises(ValueError, match="`value` must be all encoder states"):
        AdditiveAttention(U)(random(B, D), random(B, 0, E))
    with pytest.raises(ValueError, match="`mask` must have the batch"):
        AdditiveAttention(U)(
            random(B, D), random(B, S, E), value_mask=np.ones((B, T), bool)
        )
