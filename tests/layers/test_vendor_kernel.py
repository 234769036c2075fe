"""The GPU vendor's kernel: Keras's function, run on a CPU.

There is no GPU here. `cudnn` below is what cuDNN computes, written from its
documentation; it takes the kernel's place, and all around it is Keras's code.
"""

import logging
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

from mitseq.layers import vendor_kernel
from mitseq.layers.equations import GRUEquations, LSTMEquations
from mitseq.layers.gru import GRU
from mitseq.layers.lstm import LSTM
from mitseq.layers.rnn import SimpleRNN
from tests.layers.arrays import random
from tests.layers.gpu import without_gpu

B, T, D, H = 3, 5, 2, 4
MASKS = {
    "none": None,
    "right": [[1, 1, 1, 1, 1], [1, 1, 0, 0, 0], [1, 1, 1, 1, 0]],
    "left": [[1, 1, 1, 1, 1], [0, 0, 1, 1, 1], [1, 1, 1, 1, 0]],
    "gap": [[1, 1, 0, 1, 1], [1, 1, 1, 1, 1], [1, 1, 1, 1, 0]],
    "empty row": [[1, 1, 1, 1, 1], [0, 0, 0, 0, 0], [1, 1, 0, 0, 0]],
}


def cudnn(
    input,
    input_h,
    input_c,
    params,
    is_training,
    rnn_mode,
    sequence_lengths,
    time_major,
):
    """cuDNN's equations; gates are i, f, c, o of an LSTM, r, z, h of a GRU."""
    assert is_training and not time_major
    CALLS.append(rnn_mode)
    gates = {"lstm": 4, "gru": 3}[rnn_mode]
    h, units, features = input_h[:, 0], input_h.shape[-1], input.shape[-1]
    c = input_c[:, 0] if rnn_mode == "lstm" else None
    count = gates * units
    sizes = [count * features, count * units, count, count]
    W, R, b_W, b_R = tf.split(params, sizes)
    W = tf.reshape(W, [count, features])
    R = tf.reshape(R, [count, units])
    outputs = []
    for t in range(input.shape[1]):
        from_x = input[:, t] @ tf.transpose(W) + b_W
        from_h = h @ tf.transpose(R) + b_R
        if rnn_mode == "lstm":
            i, f, c_tilde, o = tf.split(from_x + from_h, gates, -1)
            c_new = tf.sigmoid(f) * c + tf.sigmoid(i) * tf.tanh(c_tilde)
            h_new = tf.sigmoid(o) * tf.tanh(c_new)
        else:
            x_r, x_z, x_h = tf.split(from_x, gates, -1)
            h_r, h_z, h_h = tf.split(from_h, gates, -1)
            z = tf.sigmoid(x_z + h_z)
            h_tilde = tf.tanh(x_h + tf.sigmoid(x_r + h_r) * h_h)
            h_new = (1 - z) * h_tilde + z * h
        runs = (t < sequence_lengths)[:, None]
        outputs.append(tf.where(runs, h_new, tf.zeros_like(h)))
        h = tf.where(runs, h_new, h)
        c = None if c is None else tf.where(runs, c_new, c)
    c = None if c is None else c[:, None]
    return tf.stack(outputs, 1), h[:, None], c, None, None


CALLS = []
KERAS = sys.modules["keras.src.backend.tensorflow.rnn"]


@pytest.fixture(autouse=True)
def seed():
    keras.utils.set_random_seed(3)


@pytest.fixture
def gpu(monkeypatch):
    listed = tf.config.list_logical_devices
    monkeypatch.setattr(
        tf.config,
        "list_logical_devices",
        lambda kind=None: ["a GPU"] if kind == "GPU" else listed(kind),
    )
    monkeypatch.setattr(vendor_kernel, "_on_cpu", lambda: False)
    monkeypatch.setattr(tf.raw_ops, "CudnnRNNV3", cudnn)
    assert vendor_kernel._agrees(LSTMEquations, tf.float32)
    assert vendor_kernel._agrees(GRUEquations, tf.float32)
    CALLS.clear()


@pytest.fixture
def unchecked(gpu):
    vendor_kernel._agrees.cache_clear()
    yield
    vendor_kernel._agrees.cache_clear()


def built(make, **options):
    layer = make(H, bias_initializer="normal", return_state=True, **options)
    layer.build((B, T, D))
    return layer


def trained(layer, mask, in_graph=False):
    """Outputs, states and every gradient of one step of training."""
    x = tf.constant(random(B, T, D))
    mask = None if mask is None else tf.constant(np.array(mask, bool))
    states = [
        tf.constant(random(B, H, seed=seed))
        for seed in range(1, 1 + len(layer.state_size))
    ]

    def step(x, *states):
        with tf.GradientTape() as tape:
            tape.watch([x, *states])
            results = layer(
                x, initial_state=list(states), mask=mask, training=True
            )
            loss = tf.add_n(
                [tf.reduce_sum(r * (r + k)) for k, r in enumerate(results)]
            )
        weights = [weight.value for weight in layer.trainable_weights]
        return results, tape.gradient(loss, [x, *states, *weights])

    step = tf.function(step, autograph=False) if in_graph else step
    return [y.numpy() for y in tf.nest.flatten(step(x, *states))]


def kernel_calls(layer, training=True):
    """How often a call of `layer` reached the kernel, after the check."""
    layer(random(B, T, D), training=training)
    CALLS.clear()
    layer(random(B, T, D), training=training)
    return len(CALLS)


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("make", [LSTM, GRU])
def test_kernel_equals_our_loop(make, mask, request):
    layer = built(make, return_sequences=True)
    expected = trained(layer, MASKS[mask])
    request.getfixturevalue("gpu")
    received = trained(layer, MASKS[mask])
    assert len(CALLS) == (mask in ("none", "right"))
    for a, b in zip(received, expected, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)


@pytest.mark.parametrize(
    ("make", "mask"), [(LSTM, "right"), (LSTM, "empty row"), (GRU, "right")]
)
def test_kernel_equals_our_loop_in_a_graph(make, mask, request):
    layer = built(make)
    expected = trained(layer, MASKS[mask])
    request.getfixturevalue("gpu")
    received = trained(layer, MASKS[mask], in_graph=True)
    assert CALLS
    for a, b in zip(received, expected, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)


@pytest.mark.parametrize(
    "options",
    [
        {"go_backwards": True},
        {"go_backwards": True, "return_sequences": True},
        {"zero_output_for_mask": True},
        {"zero_output_for_mask": True, "return_sequences": True},
        {"use_bias": False},
    ],
    ids=lambda options: " ".join(options),
)
@pytest.mark.parametrize("make", [LSTM, GRU])
def test_arguments_mean_the_same_on_both_roads(make, options, request):
    layer = built(make, **options)
    expected = trained(layer, MASKS["right"])
    request.getfixturevalue("gpu")
    received = trained(layer, MASKS["right"])
    assert len(CALLS) == 1
    for a, b in zip(received, expected, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)


def test_where_the_kernel_is_taken(gpu):
    assert kernel_calls(LSTM(H)) == kernel_calls(GRU(H)) == 1
    assert kernel_calls(LSTM(H, dropout=0.5)) == 1
    assert kernel_calls(LSTM(H, dtype="mixed_float16")) == 1


@pytest.mark.parametrize(
    "layer",
    [
        lambda: SimpleRNN(H),
        lambda: GRU(H, reset_after=False),
        lambda: LSTM(H, recurrent_dropout=0.5),
        lambda: LSTM(H, dtype="mixed_bfloat16"),
        lambda: LSTM(H, dtype="float64"),
    ],
    ids=["rnn", "reset before", "recurrent dropout", "bfloat16", "float64"],
)
def test_what_the_kernel_lacks_runs_in_our_loop(layer, gpu):
    layer = layer()
    assert kernel_calls(layer) == 0


def test_inference_keeps_our_loop(gpu):
    assert kernel_calls(LSTM(H), training=False) == 0


def test_xla_may_compile_a_model_that_took_the_kernel(gpu):
    """Keras's layer says no; ours has a loop that XLA compiles."""
    layer = LSTM(H)
    assert kernel_calls(layer) == 1
    assert layer.supports_jit


def test_inside_xla_our_loop_runs(gpu):
    layer = LSTM(H)
    expected = layer(random(B, T, D))
    CALLS.clear()
    call = tf.function(lambda x: layer(x, training=True), jit_compile=True)
    np.testing.assert_allclose(call(random(B, T, D)), expected, atol=1e-5)
    assert not CALLS


def test_fit_takes_the_kernel(gpu):
    model = keras.Sequential([keras.Input((T, D)), LSTM(H)])
    model.compile("sgd", "mse", jit_compile=False)
    CALLS.clear()
    model.fit(random(B, T, D), random(B, H), verbose=0)
    assert CALLS


@without_gpu
def test_without_a_gpu_nothing_is_asked(monkeypatch):
    monkeypatch.setattr(vendor_kernel, "_on_cpu", None)  # not callable
    monkeypatch.setattr(vendor_kernel, "_agrees", None)
    LSTM(H)(random(B, T, D), training=True)


def test_a_cpu_that_was_asked_for_is_seen():
    with tf.device("/CPU:0"):
        assert vendor_kernel._on_cpu()
        assert tf.function(lambda: tf.constant(vendor_kernel._on_cpu()))()


def test_the_log_says_once_which_road_is_taken(unchecked, caplog):
    caplog.set_level(logging.INFO, vendor_kernel.__name__)
    for _ in range(2):
        LSTM(H)(random(B, T, D), training=True)
    assert caplog.messages == [
        "LSTM, float32: training by the GPU vendor's kernel."
    ]


def swapped(weight):
    return weight  # as if f, i, c, o were Keras's order


def refuses(*arguments, **options):
    raise NotImplementedError


def fails(**arguments):
    raise tf.errors.InternalError(None, None, "no such\nlibrary")


def is_nan(**arguments):
    outputs, *others = cudnn(**arguments)
    return outputs * float("nan"), *others


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (lambda m: m.setattr(tf.raw_ops, "CudnnRNNV3", fails), "InternalError"),
        (lambda m: m.setattr(tf.raw_ops, "CudnnRNNV3", is_nan), "by nan"),
        (lambda m: m.setattr(vendor_kernel, "_input_first", swapped), "by "),
        (
            lambda m: m.setattr(KERAS, "lstm", refuses),
            "NotImplementedError",
        ),
        (
            lambda m: m.delattr(KERAS, "lstm"),
            "ImportError",
        ),
    ],
    ids=["fails", "is NaN", "gates swapped", "refuses", "moved"],
)
def test_a_broken_kernel_is_left_alone(
    broken, said, unchecked, monkeypatch, caplog
):
    layer = built(LSTM, return_sequences=True)
    broken(monkeypatch)
    caplog.set_level(logging.INFO, vendor_kernel.__name__)
    received = trained(layer, MASKS["right"])
    trained(layer, None)
    [record] = caplog.records
    assert record.levelname == "WARNING"
    assert record.message.startswith("LSTM, float32: training by our loop")
    assert said in record.message
    monkeypatch.undo()
    expected = trained(layer, MASKS["right"])
    for a, b in zip(received, expected, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)


def test_a_kernel_that_refuses_after_the_check_leaves_the_work(
    gpu, monkeypatch
):
    layer = LSTM(H)
    expected = layer(random(B, T, D))
    monkeypatch.setattr(vendor_kernel, "_call", refuses)
    received = layer(random(B, T, D), training=True)
    np.testing.assert_allclose(received, expected, atol=1e-6)


@pytest.mark.parametrize("make", [LSTM, GRU])
def test_a_layer_on_the_cpu_beside_a_visible_gpu_runs(make, monkeypatch):
    """Keras asks only whether a GPU is visible; the layer may be elsewhere."""

    def weights(epochs=1):
        keras.utils.set_random_seed(1)
        with tf.device("/CPU:0"):
            model = keras.Sequential([keras.Input((T, D)), make(H)])
            model.compile("sgd", "mse")
            x = np.ones((B, T, D), "float32")
            model.fit(x, np.ones((B, H)), epochs=epochs, verbose=0)
        return model.get_weights()

    expected = weights()
    for name in ("list_logical_devices", "list_physical_devices"):
        listed = getattr(tf.config, name)
        monkeypatch.setattr(
            tf.config,
            name,
            lambda kind=None, listed=listed: (
                ["a GPU"] if kind == "GPU" else listed(kind)
            ),
        )

    def refuse(**arguments):
        raise AssertionError("there is no such kernel on a CPU")

    monkeypatch.setattr(tf.raw_ops, "CudnnRNNV3", refuse)
    for a, b in zip(expected, weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)
