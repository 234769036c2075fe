"""The picture decides, in the way that each decoder says."""

import keras
import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.caption.model import (
    FILTERS,
    build_caption_model,
    decoder_of,
    load_caption_model,
    picture_shape,
    vocabulary_of,
)
from mitseq.training.saved import ModelError
from tests.tasks.caption.conftest import bar, small_vocabulary

SIZE = {"units": 8, "size": 16, "embedding_dim": 4}


@pytest.fixture(scope="module")
def inputs():
    pictures = np.stack([bar("top"), bar("left")])[..., None]
    return pictures, np.array([[1, 100, 101], [1, 100, 101]])


@pytest.mark.parametrize("decoder", ["attention", "state", "blind"])
def test_the_picture_decides_unless_the_decoder_is_blind(decoder, inputs):
    keras.utils.set_random_seed(0)
    model = build_caption_model(small_vocabulary(), decoder=decoder, **SIZE)
    first, second = np.asarray(model(inputs))
    differs = np.abs(first - second).max() > 1e-6
    assert differs == (decoder != "blind")
    assert decoder_of(model) == decoder and picture_shape(model) == (16, 1)
    assert first.shape == (3, len(vocabulary_of(model)))


@pytest.mark.parametrize("decoder", ["attention", "state", "blind"])
def test_no_word_sees_those_that_come_after_it(decoder, inputs):
    model = build_caption_model(small_vocabulary(), decoder=decoder, **SIZE)
    pictures, ids = inputs
    other = ids.copy()
    other[:, 2] = 103
    one, two = np.asarray(model((pictures, ids))), model((pictures, other))
    np.testing.assert_allclose(one[:, :2], np.asarray(two)[:, :2], atol=1e-6)
    assert np.abs(one[:, 2] - np.asarray(two)[:, 2]).max() > 1e-6


def test_the_decoder_of_keras_gives_the_same_numbers(inputs):
    """With our weights in `keras.layers.LSTM`: it differs in nothing else."""
    ours = build_caption_model(small_vocabulary(), **SIZE)
    peer = build_caption_model(small_vocabulary(), cell="keras", **SIZE)
    for layer in ours.layers:
        if layer.name != "lstm":
            peer.get_layer(layer.name).set_weights(layer.get_weights())
    cell = ours.get_layer("lstm").cell
    packed = [
        np.concatenate(
            [np.asarray(getattr(cell, f"{kind}{gate}")) for gate in "ifco"], -1
        )
        for kind in ("W_x", "W_h", "b_")
    ]
    peer.get_layer("lstm").set_weights(packed)
    np.testing.assert_allclose(
        np.asarray(ours(inputs)), np.asarray(peer(inputs)), atol=1e-5
    )


def test_saved_and_loaded_it_says_the_same(tmp_path, inputs):
    model = build_caption_model(small_vocabulary(), channels=3, **SIZE)
    model.save(tmp_path / "model.keras")
    loaded = load_caption_model(tmp_path)
    pictures, ids = inputs
    pictures = np.repeat(pictures, 3, axis=-1)
    np.testing.assert_array_equal(
        np.asarray(loaded((pictures, ids))), np.asarray(model((pictures, ids)))
    )
    assert vocabulary_of(loaded) == small_vocabulary()
    assert picture_shape(loaded) == (16, 3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"decoder": "x"}, "`decoder` must be one of"),
        ({"cell": "gru"}, "`cell` must be one of"),
        ({"channels": 2}, "`channels` must be one of"),
        ({"units": 0}, "`units` must be a positive int"),
        ({"embedding_dim": 1.5}, "`embedding_dim` must be a positive int"),
        ({"size": 20}, "`size` must be a multiple of 8"),
        ({"dropout": 1}, r"`dropout` must be in \[0, 1\)"),
        ({"word_dropout": -1}, r"`word_dropout` must be in \[0, 1\)"),
        ({"state_dropout": 1}, r"`state_dropout` must be in \[0, 1\)"),
    ],
)
def test_arguments_out_of_range_are_named(arguments, message):
    with pytest.raises(MitseqError, match=message):
        build_caption_model(small_vocabulary(), **arguments)


def test_a_model_of_another_kind_is_refused(tmp_path):
    x = keras.Input((2,))
    keras.Model(x, keras.layers.Dense(1)(x)).save(tmp_path / "model.keras")
    with pytest.raises(ModelError, match="must be a model that captions"):
        load_caption_model(tmp_path)
    with pytest.raises(ModelError, match="mitseq caption train --out DIR"):
        load_caption_model(tmp_path / "none.keras")


def test_words_are_kept_from_the_decoder_in_training_only(inputs):
    keras.utils.set_random_seed(0)
    model = build_caption_model(
        small_vocabulary(),
        decoder="blind",
        dropout=0.0,
        word_dropout=0.9,
        **SIZE,
    )
    pictures, ids = inputs
    other = ids.copy()
    other[:, 1] = 102
    differ = [
        np.abs(model((pictures, ids)) - model((pictures, other))).max()
        for _ in range(2)
    ]
    assert differ[0] == differ[1] > 1e-6
    trained = [
        np.asarray(model((pictures, ids), training=True)) for _ in range(6)
    ]
    assert np.std(trained, axis=0).max() > 1e-6


def test_a_hidden_state_leaves_the_word_to_the_attention(inputs):
    keras.utils.set_random_seed(0)
    settings = {"dropout": 0.0, "word_dropout": 0.0, **SIZE}
    model = build_caption_model(
        small_vocabulary(), state_dropout=1 - 1e-6, **settings
    )
    frozen = [layer for layer in model.layers if layer.name.startswith("norm")]
    for layer in frozen:
        layer.trainable = False  # or training computes with another mean
    pictures, ids = inputs
    hidden = np.asarray(model((pictures, ids), training=True))
    told = np.asarray(model((pictures, ids)))
    kernel, bias = model.get_layer("hidden").get_weights()
    from_state = len(kernel) - FILTERS[-1]
    kernel[:from_state] = 0
    model.get_layer("hidden").set_weights([kernel, bias])
    np.testing.assert_allclose(
        hidden, model((pictures, ids)), rtol=1e-5, atol=1e-6
    )
    assert np.abs(told - hidden).max() > 1e-4
