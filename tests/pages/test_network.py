"""The network of a page gives the logits of the Keras model it came from."""

import json
from importlib import resources

import keras
import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.layers.gru import GRU
from mitseq.layers.lstm import LSTM
from mitseq.layers.rnn import SimpleRNN
from mitseq.layers.transformer import TransformerBlock
from mitseq.pages.network import network_of
from mitseq.pages.weights import Block, quantize
from tests.browser import Watched


def blocks(**options):
    """Two Transformer blocks, and what Keras can leave out of a norm."""

    def read(x):
        x = keras.layers.Dense(8)(x)
        for _ in range(2):
            x = TransformerBlock(2, 12, causal=True, **options)(x)
        x = keras.layers.LayerNormalization(center=False)(x)
        return keras.layers.LayerNormalization(scale=False, epsilon=1e-6)(x)

    return read


LAYERS = {
    "rnn": lambda: SimpleRNN(6, activation="relu", return_sequences=True),
    "lstm": lambda: LSTM(7, return_sequences=True),
    "gru": lambda: GRU(5, return_sequences=True),
    "gru before": lambda: GRU(5, reset_after=False, return_sequences=True),
    "no bias": lambda: LSTM(3, use_bias=False, return_sequences=True),
    "their lstm": lambda: keras.layers.LSTM(4, return_sequences=True),
    "their gru": lambda: keras.layers.GRU(4, return_sequences=True),
    "blocks": lambda: blocks(position="rotary", activation="relu"),
    "blocks without positions": lambda: blocks(activation="tanh"),
    "their rnn": lambda: keras.layers.SimpleRNN(4, return_sequences=True),
}
IDS = [1, 4, 0, 5, 5, 2, 3]


def build(layer):
    keras.utils.set_random_seed(1)
    ids = keras.Input((None,), dtype="int32")
    x = keras.layers.Embedding(6, 9)(ids)
    x = keras.layers.Dropout(0.5)(x)
    x = keras.layers.Concatenate()([x, layer(x)])
    hidden = keras.layers.Dense(8, "sigmoid")(x)
    model = keras.Model(ids, keras.layers.Dense(6)(hidden))
    rng = np.random.default_rng(2)
    for weight in model.weights:  # biases that are not 0, and negative rows
        weight.assign(rng.normal(size=weight.shape))
    return model


def rounded(model, bits):
    """The model with the weights that its page has."""
    for weight in model.weights:
        value = keras.ops.convert_to_numpy(weight)
        if value.ndim > 1 and bits == 16:
            weight.assign(value.astype("float16"))


@pytest.fixture(scope="module")
def harness(browser, tmp_path_factory):
    path = tmp_path_factory.mktemp("network") / "network.html"
    script = resources.files("mitseq").joinpath("pages/network.js")
    path.write_text(f"<script>{script.read_text('utf-8')}</script>", "utf-8")
    found = Watched(browser, path)
    yield found.page
    found.context.close()
    assert found.messages == []


def logits_in(page, model, bits=16):
    block = Block(bits)
    layers = json.loads(json.dumps(network_of(model, block)))
    said = page.evaluate(
        """async ([layers, text, ids]) => {
            const network = new Network(layers, await unpack(text));
            network.step(ids[0]);  // a state that `reset` has to forget
            network.reset();
            return ids.map((id) => [...network.step(id)]);
        }""",
        [layers, block.text(), IDS],
    )
    return np.array(said)


@pytest.mark.parametrize("name", LAYERS)
def test_logits_are_those_of_keras(harness, name):
    model = build(LAYERS[name]())
    rounded(model, 16)
    want = model(np.array([IDS]), training=False)[0]
    np.testing.assert_allclose(logits_in(harness, model), want, atol=1e-4)


def test_with_8_bits_they_are_those_of_the_rounded_weights(harness):
    model = build(SimpleRNN(6, return_sequences=True))
    got = logits_in(harness, model, bits=8)
    exact = model(np.array([IDS]), training=False)[0].numpy()
    for weight in model.weights:
        value = keras.ops.convert_to_numpy(weight)
        if value.ndim > 1:
            # a row for each output; of an embedding, for each index
            is_table = weight.shape[0] == 6 and weight.shape[1] == 9
            rows = value if is_table else value.T
            scales, integers = quantize(rows)
            rows = scales[:, None] * integers
            weight.assign(rows if is_table else rows.T)
    want = model(np.array([IDS]), training=False)[0].numpy()
    # what enters is rounded as well, to 14 bits and more
    np.testing.assert_allclose(got, want, atol=2e-3)
    assert np.abs(want - exact).max() > 1e-2  # or nothing was rounded


def test_two_rows_in_one_number_never_mix(harness):
    rng = np.random.default_rng(5)
    for rows, columns in ((1, 3), (2, 512), (5, 640), (7, 1)):
        W = rng.choice([-127, 127], size=(rows, columns))
        x = rng.choice([-1.0, 1.0], size=columns)
        W[0] = 127 * x  # the largest sum that there can be
        W[-1] = -127 * x if rows > 1 else W[0]
        got = harness.evaluate(
            """([rows, columns, values, x]) => [...times({
                rows, columns, values: Int8Array.from(values),
                scales: new Float64Array(rows).fill(1),
            }, Float64Array.from(x))]""",
            [rows, columns, W.ravel().tolist(), x.tolist()],
        )
        np.testing.assert_allclose(got, W @ x, rtol=1e-9)


def test_half_precision_is_read_bit_by_bit(harness):
    values = np.array(
        [1.0, -2.5, 65504.0, 2.0**-14, 2.0**-24, -(2.0**-20), 0.1, 0.0],
        "float16",
    )
    bits = values.view("uint16").tolist()
    got = harness.evaluate("bits => bits.map(halfPrecision)", bits)
    assert got == values.astype(float).tolist()


def test_softmax_with_a_temperature(harness):
    z = [1.0, 3.0, -700.0, 2.0]
    got = harness.evaluate("z => [...softmax(Float64Array.from(z), 0.5)]", z)
    e = np.exp(2 * (np.array(z) - 3))
    np.testing.assert_allclose(got, e / e.sum(), rtol=1e-12)


def test_what_no_page_can_run_is_refused_by_name():
    ids = keras.Input((None,), dtype="int32")
    x = keras.layers.Embedding(6, 8)(ids)
    conv = keras.layers.Conv1D(8, 2, padding="causal", name="conv_1")
    with pytest.raises(MitseqError, match="'conv_1', a Conv1D"):
        network_of(keras.Model(ids, conv(x)), Block())
    for options in ({}, {"causal": True, "norm": "post"}):
        block = TransformerBlock(2, 8, name="block_1", **options)
        with pytest.raises(MitseqError, match="causal.*'block_1'"):
            network_of(keras.Model(ids, block(x)), Block())
    window = TransformerBlock(2, 8, causal=True, window=3, name="block_1")
    with pytest.raises(MitseqError, match="window.*'block_1'"):
        network_of(keras.Model(ids, window(x)), Block())
    swish = LSTM(3, activation="elu", return_sequences=True, name="lstm_9")
    with pytest.raises(MitseqError, match="'lstm_9', elu"):
        network_of(keras.Model(ids, swish(x)), Block())
    back = LSTM(3, go_backwards=True, return_sequences=True, name="back")
    with pytest.raises(MitseqError, match="'back', go_backwards"):
        network_of(keras.Model(ids, back(x)), Block())
    dense = keras.layers.Dense(8, name="twice")
    with pytest.raises(MitseqError, match="'twice', used 2 times"):
        network_of(keras.Model(ids, dense(dense(x))), Block())
