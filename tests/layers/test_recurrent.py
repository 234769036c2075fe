"""What SimpleRNN, LSTM and GRU share: time, masks, states, dropout, saving."""

import inspect

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops

from mitseq.layers.gru import GRU, GRUCell
from mitseq.layers.lstm import LSTM, LSTMCell
from mitseq.layers.my_rnn_cell import MyRNNCell
from mitseq.layers.rnn import SimpleRNN, SimpleRNNCell
from tests.fresh_process import run_fresh
from tests.keras_twins import packed, twin
from tests.layers.arrays import random

B, T, D, H = 4, 6, 3, 5
LAYERS = {
    "rnn": SimpleRNN,
    "lstm": LSTM,
    "gru": GRU,
    "gru, reset before": lambda units, **kwargs: GRU(
        units, reset_after=False, **kwargs
    ),
}
CELLS = {SimpleRNN: SimpleRNNCell, LSTM: LSTMCell, GRU: GRUCell}
MASKS = {
    "none": None,
    "left": [[0, 0, 1, 1, 1, 1], [1] * 6, [0, 0, 0, 0, 0, 1], [0] + [1] * 5],
    "right": [[1, 1, 1, 1, 0, 0], [1] * 6, [1, 0, 0, 0, 0, 0], [1] * 5 + [0]],
    "gaps": [
        [1, 0, 1, 0, 0, 1],
        [0, 1, 0, 1, 1, 0],
        [1] * 6,
        [1, 1, 0, 1, 1, 1],
    ],
    "an empty row": [[1] * 6, [0] * 6, [1, 1, 1, 0, 0, 0], [0, 0, 1, 1, 0, 0]],
}


@pytest.fixture(params=LAYERS)
def make(request):
    return LAYERS[request.param]


@pytest.fixture(autouse=True)
def seed():
    keras.utils.set_random_seed(7)


def mask_of(name):
    return None if MASKS[name] is None else np.array(MASKS[name], bool)


def numpy(tensors):
    """Tensors or weights as arrays (a Keras variable itself would warn)."""
    return [
        ops.convert_to_numpy(getattr(t, "value", t))
        for t in keras.tree.flatten(tensors)
    ]


def states_of(layer, batch_size=B):
    sizes = layer.cell.get_initial_state(1)
    return [random(batch_size, H, seed=9 + i) for i, _ in enumerate(sizes)]


def built(make, **kwargs):
    """A layer whose biases are not zero, so that a wrong one shows."""
    layer = make(
        H, bias_initializer=keras.initializers.RandomNormal(), **kwargs
    )
    layer.build((None, None, D))
    return layer


def assert_equal(ours, keras_s, atol=2e-6):
    for one, other in zip(numpy(ours), numpy(keras_s), strict=True):
        np.testing.assert_allclose(one, other, atol=atol)


# Two oracles: Keras's layer and our own cell


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("go_backwards", [False, True])
def test_outputs_states_and_gradients_equal_keras(make, mask, go_backwards):
    layer = built(
        make,
        return_sequences=True,
        return_state=True,
        go_backwards=go_backwards,
    )
    # with a GPU, Keras would put zeros where the mask is
    own_loop = {} if make is SimpleRNN else {"use_cudnn": False}
    mask = mask_of(mask)
    results = []
    for one in (layer, twin(layer, **own_loop)):
        x, *states = map(tf.constant, [random(B, T, D), *states_of(layer)])
        with tf.GradientTape() as tape:
            tape.watch([x, *states])
            outputs = one(x, initial_state=states, mask=mask)
            # Every output and every state gets a gradient of its own.
            loss = sum(
                tf.reduce_sum(y * random(*y.shape, seed=20 + i))
                for i, y in enumerate(outputs)
            )
        sources = [x, *states, *(w.value for w in one.trainable_weights)]
        results.append((outputs, tape.gradient(loss, sources)))
    (ours, our_gradients), (theirs, their_gradients) = results
    assert_equal(ours, theirs)
    count = 1 + len(states)
    assert_equal(our_gradients[:count], their_gradients[:count], atol=1e-5)
    by_name = {
        w.name: ops.convert_to_numpy(g)
        for w, g in zip(layer.weights, our_gradients[count:], strict=True)
    }
    assert_equal(
        packed(layer, by_name, are_gradients=True),
        their_gradients[count:],
        atol=1e-5,
    )


@pytest.mark.parametrize("mask", ["none", "right", "gaps"])
def test_last_output_equals_keras_without_sequences(make, mask):
    layer = built(make)
    x, mask = random(B, T, D), mask_of(mask)
    assert_equal(layer(x, mask=mask), twin(layer)(x, mask=mask))


def test_zero_output_for_mask_equals_keras(make):
    layer = built(make, return_sequences=True, zero_output_for_mask=True)
    x, mask = random(B, T, D), mask_of("gaps")
    output = layer(x, mask=mask)
    assert_equal(output, twin(layer)(x, mask=mask))
    assert np.all(numpy(output)[0][~mask] == 0)


def test_without_bias_equals_keras(make):
    layer = make(H, use_bias=False, return_sequences=True)
    x = random(B, T, D)
    output = layer(x)
    assert_equal(output, twin(layer)(x))
    assert not [w.name for w in layer.weights if w.name.startswith("b_")]


@pytest.mark.parametrize("mask", ["none", "gaps"])
def test_layer_equals_its_cell_under_keras_rnn(make, mask):
    layer = built(make, return_sequences=True, return_state=True)
    road = keras.layers.RNN(
        layer.cell, return_sequences=True, return_state=True
    )
    x, mask = random(B, T, D), mask_of(mask)
    assert_equal(layer(x, mask=mask), road(x, mask=mask))


@pytest.mark.parametrize(
    ("mode", "num_steps", "mask"),
    [("eager", 1, "none"), ("graph", T, "gaps"), ("xla", T, "right")],
)
def test_gradients_equal_the_plain_loop_of_the_cell(
    make, mode, num_steps, mask
):
    layer = built(make, return_sequences=True, return_state=True)
    road = keras.layers.RNN(
        layer.cell, return_sequences=True, return_state=True
    )
    x, *states = map(tf.constant, [random(B, num_steps, D), *states_of(layer)])
    mask = mask_of(mask)
    weights = [w.value for w in layer.trainable_weights]

    def outputs_and_gradients(one):
        with tf.GradientTape() as tape:
            tape.watch([x, *states])
            outputs = one(x, initial_state=states, mask=mask)
            loss = sum(tf.reduce_sum(tf.sin(2 * y)) for y in outputs)
        return outputs, tape.gradient(loss, [x, *states, *weights])

    ours = outputs_and_gradients
    if mode != "eager":
        ours = tf.function(ours, jit_compile=mode == "xla")
    assert_equal(ours(layer), outputs_and_gradients(road), atol=1e-5)


def test_layer_equals_its_cell_step_by_step(make):
    layer = built(make, return_sequences=True)
    x = random(B, T, D)
    states, steps = layer.cell.get_initial_state(B), []
    for t in range(T):
        h_t, states = layer.cell(x[:, t], states)
        steps.append(h_t)
    assert_equal(layer(x), ops.stack(steps, axis=1))


# Masks and shapes


def test_what_stands_at_masked_steps_does_not_matter(make):
    layer = built(make, return_sequences=True)
    mask = mask_of("gaps")
    x = random(B, T, D)
    other = np.where(mask[..., None], x, 100 * random(B, T, D, seed=3))
    assert_equal(layer(x, mask=mask), layer(other, mask=mask), atol=0)


def test_integer_mask_means_the_same_as_bool(make):
    layer = built(make)
    x, mask = random(B, T, D), mask_of("gaps")
    assert_equal(
        layer(x, mask=mask), layer(x, mask=mask.astype("int32")), atol=0
    )


def test_mask_travels_from_embedding_to_the_end(make):
    tokens = np.array([[1, 2, 3, 0, 0], [4, 1, 0, 0, 0]])
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            keras.layers.Embedding(6, D, mask_zero=True),
            make(H, return_sequences=True),
            make(H),
        ]
    )
    longer = np.pad(tokens, ((0, 0), (0, 4)))
    np.testing.assert_allclose(
        model.predict(tokens, verbose=0),
        model.predict(longer, verbose=0),
        atol=1e-6,
    )


def test_unknown_batch_and_steps_in_one_graph(make):
    layer = built(make, return_sequences=True)
    reference = twin(layer)
    shape = tf.TensorSpec([None, None, D], tf.float32)
    graph = tf.function(lambda x: layer(x), input_signature=[shape])
    for batch_size, num_steps in ((2, 9), (5, 1), (1, 4)):
        x = random(batch_size, num_steps, D)
        assert_equal(graph(x), reference(x))
    assert layer.compute_output_shape((None, None, D)) == (None, None, H)


def test_bidirectional_equals_keras(make):
    x, mask = tf.constant(random(B, T, D)), mask_of("right")

    def output_and_gradient(one):
        with tf.GradientTape() as tape:
            tape.watch(x)
            output = one(x, mask=mask)
            loss = tf.reduce_sum(tf.sin(output))
        return output, tape.gradient(loss, x)

    for merge_mode in ("concat", "sum"):
        layer = keras.layers.Bidirectional(
            make(H, return_sequences=True), merge_mode=merge_mode
        )
        results = output_and_gradient(layer)
        reference = keras.layers.Bidirectional(
            twin(layer.forward_layer),
            backward_layer=twin(layer.backward_layer),
            merge_mode=merge_mode,
        )
        reference.build(x.shape)
        # Bidirectional makes its forward layer anew, without the weights.
        for part in ("forward_layer", "backward_layer"):
            getattr(reference, part).set_weights(
                twin(getattr(layer, part)).get_weights()
            )
        assert_equal(results, output_and_gradient(reference), atol=1e-5)


def test_stacked_layers_learn_what_keras_learns(make):
    # Without bias, because Keras moves the two biases of a GRU's gates.
    layers = [
        make(H, return_sequences=True, use_bias=False),
        make(H, use_bias=False),
    ]
    x, y = random(8, T, D), random(8, H, seed=1)
    ours = keras.Sequential([keras.Input((None, D)), *layers])
    theirs = keras.Sequential([keras.Input((None, D)), *map(twin, layers)])
    for model in (ours, theirs):
        model.compile(
            optimizer=keras.optimizers.SGD(0.1),
            loss="mse",
            run_eagerly=model is theirs,
        )
        model.fit(x, y, batch_size=4, epochs=2, shuffle=False, verbose=0)
    for layer, reference in zip(layers, theirs.layers, strict=True):
        assert_equal(twin(layer).weights, reference.weights, atol=1e-5)


def test_compiled_with_xla_learns_the_same(make):
    x, y = random(B, T, D), random(B, T, H, seed=1)
    losses = []
    for jit_compile in (False, True):
        keras.utils.set_random_seed(1)
        model = keras.Sequential(
            [keras.Input((None, D)), make(H, return_sequences=True)]
        )
        model.compile(optimizer="sgd", loss="mse", jit_compile=jit_compile)
        losses.append(model.fit(x, y, epochs=3, verbose=0).history["loss"])
    np.testing.assert_allclose(*losses, rtol=1e-5)
    assert losses[0][2] < losses[0][0]


# States


def test_final_states_continue_the_sequence(make):
    layer = built(make, return_sequences=True, return_state=True)
    x = random(B, T, D)
    whole, *last = layer(x)
    start, *states = layer(x[:, :2])
    rest, *last_of_two = layer(x[:, 2:], initial_state=states)
    assert_equal(ops.concatenate([start, rest], axis=1), whole)
    assert_equal(last_of_two, last)


def test_initial_state_from_another_layer_in_a_model(make):
    source = keras.Input((None, D))
    _, *states = make(H, return_state=True, name="encoder")(source)
    target = keras.Input((None, D))
    decoder = make(H, return_sequences=True, name="decoder")
    model = keras.Model([source, target], decoder(target, initial_state=states))
    x, y = random(B, T, D), random(B, 3, D, seed=1)
    _, *states = model.get_layer("encoder")(x)
    assert_equal(
        model.predict([x, y], verbose=0), decoder(y, initial_state=states)
    )


def test_stateful_windows_equal_the_whole_sequence(make):
    layer = make(H, return_sequences=True, stateful=True)
    x = random(B, T, D)
    whole = layer(x)
    layer.reset_state()
    windows = [layer(x[:, :2]), layer(x[:, 2:3]), layer(x[:, 3:])]
    assert_equal(ops.concatenate(windows, axis=1), whole)
    assert np.abs(numpy(layer(x))[0] - numpy(whole)[0]).max() > 1e-3


@pytest.mark.parametrize("mode", ["eager", "graph"])
def test_a_single_step_lays_no_weights_side_by_side(make, monkeypatch, mode):
    """A copy of all weights for one step costs more than the step."""
    layer = make(H, return_sequences=True, stateful=True)
    x = random(B, T, D)
    whole = layer(x)
    layer.reset_state()
    monkeypatch.setattr(layer.cell, "packed", lambda: pytest.fail("packed"))
    call = layer if mode == "eager" else tf.function(layer)
    steps = [call(tf.constant(x[:, t : t + 1])) for t in range(T)]
    assert_equal(ops.concatenate(steps, axis=1), whole)
    assert_equal(layer.states[0], whole[:, -1])


def test_stateful_training_is_truncated_bptt_as_in_keras(make):
    """The state crosses from window to window, the gradient does not."""
    layer = make(H, stateful=True, use_bias=False)
    window = keras.Input(batch_shape=(B, 3, D))
    ours = keras.Model(window, layer(window))
    reference = twin(layer)
    theirs = keras.Model(window, reference(window))
    x, y = random(B, T, D), random(B, H, seed=1)
    for model in (ours, theirs):
        model.compile(optimizer=keras.optimizers.SGD(0.5), loss="mse")
        for part in (x[:, :3], x[:, 3:]):
            model.train_on_batch(part, y)
    assert_equal(twin(layer).weights, reference.weights, atol=1e-5)
    assert_equal(layer.states, reference.states, atol=1e-5)


def test_first_input_reaches_the_last_state(make):
    """Backpropagation goes through all of time, not through one step."""
    layer = built(make)
    x = tf.constant(random(B, T, D))
    with tf.GradientTape() as tape:
        tape.watch(x)
        loss = tf.reduce_sum(layer(x))
    gradient = ops.convert_to_numpy(tape.gradient(loss, x))
    assert np.abs(gradient[:, 0]).min() > 0


# Initial weights


def test_gates_do_not_start_as_copies_of_one_another(make):
    initializer = keras.initializers.RandomNormal(seed=3)
    for kwargs in ({}, {"kernel_initializer": initializer}):
        layer = make(H, **kwargs)
        layer.build((None, None, H))  # so that every matrix has one shape
        matrices = [w for w in numpy(layer.weights) if w.ndim == 2]
        for i, one in enumerate(matrices):
            for other in matrices[:i]:
                assert np.abs(one - other).max() > 1e-3


def test_same_seed_gives_the_same_weights(make):
    layers = []
    for _ in range(2):
        keras.utils.set_random_seed(5)
        layers.append(built(make))
    assert_equal(layers[0].weights, layers[1].weights, atol=0)


def test_identity_initializer_reaches_every_recurrent_matrix(make):
    layer = make(H, recurrent_initializer="identity")
    layer.build((None, None, D))
    for weight in layer.weights:
        if weight.name.startswith("W_h"):
            assert_equal(weight, np.eye(H), atol=0)


class Halves(keras.initializers.Initializer):
    """One of the user's own, which has no config."""

    def __init__(self, of):
        self.of = of

    def __call__(self, shape, dtype=None):
        return np.full(shape, self.of / 2, "float32")


@pytest.mark.parametrize("initializer", [Halves, keras.initializers.Identity])
def test_initializer_keeps_what_its_config_does_not_say(make, initializer):
    # that of Keras's Identity says nothing of its gain
    layer = make(H, recurrent_initializer=initializer(3.0))
    layer.build((None, None, D))
    expected = initializer(3.0)((H, H))
    for weight in layer.weights:
        if weight.name.startswith("W_h"):
            assert_equal(weight, expected, atol=0)


# Dropout


def test_dropout_happens_in_training_only(make):
    layer = built(make, dropout=0.5, recurrent_dropout=0.5)
    x = random(B, T, D)
    assert_equal(layer(x, training=False), twin(layer)(x, training=False))
    assert np.abs(numpy(layer(x, training=True) - layer(x))[0]).max() > 1e-3


@pytest.mark.parametrize(
    "rates", [{"dropout": 0.4}, {"dropout": 0.2, "recurrent_dropout": 0.5}]
)
def test_dropout_equals_that_of_the_cell_under_keras_rnn(make, rates):
    layer = built(make, return_sequences=True, seed=11, **rates)
    cell = CELLS[type(layer)].from_config(
        {k: v for k, v in layer.cell.get_config().items() if k != "name"}
    )
    road = keras.layers.RNN(cell, return_sequences=True)
    road.build((None, None, D))
    road.set_weights(layer.get_weights())
    x = random(B, T, D)
    # The same seed, so the same masks, at the first call and at the second.
    for _ in range(2):
        results = []
        for one in (layer, road):
            weights = [w.value for w in one.trainable_weights]
            with tf.GradientTape() as tape:
                output = one(x, training=True)
                loss = tf.reduce_sum(output * random(B, T, H, seed=1))
            results.append([output, *tape.gradient(loss, weights)])
        assert_equal(*results, atol=1e-5)


def test_dropout_masks_change_between_calls_and_repeat_with_the_seed(make):
    x = random(B, T, D)
    runs = []
    for _ in range(2):
        keras.utils.set_random_seed(2)
        layer = built(make, dropout=0.5, seed=4)
        runs.append([layer(x, training=True) for _ in range(2)])
    assert_equal(runs[0], runs[1], atol=0)
    assert np.abs(numpy(runs[0][0] - runs[0][1])[0]).max() > 1e-3


def test_input_dropout_has_one_mask_a_sequence():
    """With W_xh = I and W_hh = 0 the output shows the mask."""
    layer = SimpleRNN(
        50,
        activation="linear",
        kernel_initializer="identity",
        recurrent_initializer="zeros",
        dropout=0.2,
        return_sequences=True,
    )
    [output] = numpy(layer(np.ones((20, T, 50), "float32"), training=True))
    assert_equal(output, np.repeat(output[:, :1], T, axis=1), atol=0)
    np.testing.assert_allclose(np.unique(output), [0, 1 / 0.8], rtol=1e-6)
    assert 0.15 < np.mean(output[:, 0] == 0) < 0.25
    assert len(np.unique(output[:, 0], axis=0)) == 20  # each row its own


def test_recurrent_dropout_has_one_mask_a_sequence():
    """With W_hh = I the state is multiplied by the same mask at each step."""
    layer = SimpleRNN(
        50,
        activation="linear",
        recurrent_initializer="identity",
        recurrent_dropout=0.5,
        return_sequences=True,
    )
    x, h_0 = np.zeros((20, 3, 2), "float32"), np.ones((20, 50), "float32")
    [output] = numpy(layer(x, initial_state=[h_0], training=True))
    kept = output[:, 0] > 0
    for t in range(3):
        assert_equal(output[:, t], np.where(kept, 2.0 ** (t + 1), 0))
    assert 0.4 < kept.mean() < 0.6


def test_dropout_in_a_compiled_model_changes_from_step_to_step(make):
    model = keras.Sequential(
        [keras.Input((T, D)), make(H, dropout=0.5, recurrent_dropout=0.2)]
    )
    model.compile(optimizer=keras.optimizers.SGD(0.0), loss="mse")
    x, y = random(B, T, D), random(B, H, seed=1)
    losses = {float(model.train_on_batch(x, y)) for _ in range(3)}
    assert len(losses) == 3


# Precision


@pytest.mark.parametrize(
    ("policy", "atol"),
    [("float64", 1e-6), ("mixed_bfloat16", 0.05), ("mixed_float16", 0.01)],
)
def test_precision_changes_the_dtype_not_the_result(make, policy, atol):
    layer = built(make, return_sequences=True, return_state=True)
    other = built(make, return_sequences=True, return_state=True, dtype=policy)
    other.set_weights(layer.get_weights())
    x, mask = random(B, T, D), mask_of("gaps")
    with tf.GradientTape() as tape:
        outputs = other(x, mask=mask)
        loss = tf.reduce_sum(tf.cast(outputs[0], "float32") ** 2)
    expected = policy.removeprefix("mixed_")
    for output in outputs:
        assert output.dtype.name == expected
    for weight, gradient in zip(
        other.weights,
        tape.gradient(loss, [w.value for w in other.weights]),
        strict=True,
    ):
        assert gradient.dtype == weight.value.dtype
        assert np.isfinite(ops.convert_to_numpy(gradient)).all()
    assert_equal(
        [ops.cast(y, "float32") for y in outputs],
        layer(x, mask=mask),
        atol=atol,
    )


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_dropout_and_kept_states_in_mixed_precision(make, policy):
    layer = make(H, stateful=True, recurrent_dropout=0.5, dtype=policy)
    x = random(B, T, D)
    for _ in range(2):  # the second starts from the kept states
        output = layer(x, training=True)
    assert output.dtype.name == policy.removeprefix("mixed_")
    assert np.isfinite(numpy([ops.cast(output, "float32")])[0]).all()


def test_initial_state_has_the_dtype_that_the_cell_computes_in(make):
    layer = make(H, dtype="mixed_float16")
    for state in layer.cell.get_initial_state(B):
        assert state.dtype == "float16"
        np.testing.assert_array_equal(state, np.zeros((B, H)))


# Saving


def test_a_saved_model_loads_in_a_new_process(tmp_path):
    inputs = keras.Input((None, D))
    x = SimpleRNN(4, activation="relu", return_sequences=True)(inputs)
    x = keras.layers.Bidirectional(LSTM(4, return_sequences=True))(x)
    x = keras.layers.RNN(MyRNNCell(4, 8, 3), return_sequences=True)(x)
    x = keras.layers.RNN(LSTMCell(3), return_sequences=True)(x)
    x = GRU(4, reset_after=False, dropout=0.1, seed=3)(x)
    model = keras.Model(inputs, x)
    data = random(B, T, D)
    model.save(tmp_path / "model.keras")
    np.save(tmp_path / "data.npy", data)
    np.save(tmp_path / "expected.npy", model.predict(data, verbose=0))
    program = """if True:
        import sys
        import keras, numpy as np, tensorflow as tf
        import mitseq.layers.gru, mitseq.layers.lstm, mitseq.layers.rnn
        # all digits on a GPU, as here
        tf.config.experimental.enable_tensor_float_32_execution(False)
        folder = sys.argv[1]
        model = keras.saving.load_model(f"{folder}/model.keras")
        output = model.predict(np.load(f"{folder}/data.npy"), verbose=0)
        assert np.array_equal(output, np.load(f"{folder}/expected.npy"))
    """
    done = run_fresh(program, tmp_path)
    assert done.returncode == 0, done.stderr


def test_export_of_a_plain_model_serves_and_has_gradients(make, tmp_path):
    inputs = keras.Input((None, D))
    model = keras.Model(inputs, make(H)(make(H, return_sequences=True)(inputs)))
    model.export(tmp_path / "exported", verbose=False)
    loaded = tf.saved_model.load(tmp_path / "exported")
    x = tf.constant(random(B, T, D))
    results = []
    for one in (loaded.serve, model):
        with tf.GradientTape() as tape:
            tape.watch(x)
            output = one(x)
        results.append([output, tape.gradient(output, x)])
    assert_equal(*results)


# Errors


@pytest.mark.parametrize("units", [0, -3, 2.5, "4", None, True])
def test_units_must_be_a_positive_int(make, units):
    with pytest.raises(ValueError, match="`units` must be a positive int.*"):
        make(units)


def test_a_numpy_integer_is_an_int(make):
    layer = make(np.int64(4))
    assert type(layer.units) is int


@pytest.mark.parametrize("name", ["dropout", "recurrent_dropout"])
@pytest.mark.parametrize("rate", [1, 1.5, -0.1, "0.5", True, float("nan")])
def test_rates_must_be_in_range(make, name, rate):
    with pytest.raises(
        ValueError, match=rf"`{name}` must be a number in \[0, 1\).*Received"
    ):
        make(H, **{name: rate})


def test_mask_of_another_shape_is_refused(make):
    layer = built(make)
    for shape in ((B, T + 1), (B + 1, T), (B, T, 1), (B,)):
        with pytest.raises(ValueError, match="`mask` must have the batch"):
            layer(random(B, T, D), mask=np.ones(shape, bool))


def test_mask_of_another_kind_is_refused(make):
    with pytest.raises(ValueError, match="`mask` must be boolean.*float32"):
        built(make)(random(B, T, D), mask=np.ones((B, T), "float32"))


@pytest.mark.parametrize("dtype", ["int32", "bool", "complex64", "string"])
def test_inputs_of_another_kind_are_refused(make, dtype):
    x = tf.zeros((B, T, D), tf.int32)
    other = tf.as_string(x) if dtype == "string" else tf.cast(x, dtype)
    layer = built(make)
    with pytest.raises(
        ValueError, match=f"`sequences` must .*float32.*sequences.dtype={dtype}"
    ):
        layer(other)


@pytest.mark.parametrize("dtype", ["int32", "bool"])
def test_a_layer_computes_in_floating_point_only(make, dtype):
    with pytest.raises(ValueError, match=f"`dtype` must .* dtype={dtype}"):
        make(H, dtype=dtype)


def test_initial_state_of_another_size_is_refused(make):
    layer = built(make)
    count = len(states_of(layer))
    for states in ([random(B, H + 1)] * count, [random(B, H)] * (count + 1)):
        with pytest.raises(ValueError, match="`initial_state` must be one"):
            layer(random(B, T, D), initial_state=states)


def test_inputs_of_another_size_are_refused(make):
    layer = built(make)
    with pytest.raises(ValueError, match="expected axis -1 .* value 3"):
        layer(random(B, T, D + 1))
    with pytest.raises(ValueError, match="expected ndim=3, found ndim=2"):
        layer(random(B, D))


# Watching


def test_a_watcher_stands_around_the_loop_while_it_watches(make):
    layer = built(make, return_sequences=True)
    x, seen = random(B, T, D), []
    h_seq = layer(x)

    def doubled(loop, sequences, initial_state, mask, training):
        seen.append((tuple(sequences.shape), len(initial_state), mask))
        last, h_seq, final = loop(sequences, initial_state, mask, training)
        return last, 2 * h_seq, final

    with layer.watched(doubled):
        assert_equal(layer(x), 2 * h_seq, atol=0)
        with layer.watched(lambda loop, *arguments: loop(*arguments)):
            assert_equal(layer(x), h_seq, atol=0)  # the inner one alone
        assert_equal(layer(x), 2 * h_seq, atol=0)
    assert_equal(layer(x), h_seq, atol=0)
    assert seen == [((B, T, D), len(states_of(layer)), None)] * 2


def test_an_error_ends_the_watching(make):
    layer, x = built(make), random(B, T, D)
    h_T = layer(x)

    def fails(loop, *arguments):
        raise RuntimeError("watched")

    with pytest.raises(RuntimeError, match="watched"), layer.watched(fails):
        layer(x)
    assert_equal(layer(x), h_T, atol=0)


@pytest.mark.parametrize("kind", [SimpleRNN, LSTM, GRU])
@pytest.mark.parametrize("is_cell", [False, True])
def test_arguments_are_keras_s_in_its_order_and_are_explained(kind, is_cell):
    name = f"{kind.__name__}Cell" if is_cell else kind.__name__
    ours, keras_s = (
        inspect.signature(one).parameters
        for one in (CELLS[kind] if is_cell else kind, getattr(layers, name))
    )
    *expected, _ = ((x.name, x.default) for x in keras_s.values())
    *got, _ = ((x.name, x.default) for x in ours.values())
    assert got[: len(expected)] == expected
    own = {"implementation", "zero_output_for_mask"}  # Keras's **kwargs
    assert {each for each, _ in got[len(expected) :]} <= own
    for each, _ in got:
        help_text = inspect.getdoc(CELLS[kind] if is_cell else kind)
        assert f"\n    {each}: " in help_text, each
    with pytest.raises(TypeError, match="units"):
        kind()


@pytest.mark.parametrize("kind", [LSTM, GRU])
def test_use_cudnn_is_a_word_that_keras_knows(kind):
    with pytest.raises(ValueError, match="`use_cudnn` must be .*'never'"):
        kind(2, use_cudnn="never")


def test_a_layer_shows_what_keras_s_shows_of_its_cell():
    layer, cell = GRU(3, "relu", dropout=0.5), GRUCell(3, "relu", dropout=0.5)
    names = set(dir(layers.GRU)) - set(dir(layers.RNN)) - {"cell"}
    names = {n for n in names if isinstance(getattr(layers.GRU, n), property)}
    assert {"units", "activation", "kernel_constraint"} < names
    for name in names - {each for each in names if "initializer" in each}:
        assert getattr(layer, name) == getattr(cell, name), name
    with pytest.raises(AttributeError, match="unit_forget_bias"):
        layer.unit_forget_bias  # noqa: B018
