import keras
import numpy as np
import pytest

import mitseq
from mitseq import layers as attention
from mitseq.errors import MitseqError
from mitseq.generation.step_model import StepModel

layers = keras.layers
V = 11


def functional(*stack, ids=None, softmax=False):
    ids = keras.Input((None,), dtype="int32") if ids is None else ids
    x = layers.Embedding(V, 5)(ids)
    for layer in stack:
        x = layer(x)
    x = layers.Dense(V, activation="softmax" if softmax else None)(x)
    return keras.Model(ids, x)


def random_ids(B=3, T=7):
    return np.random.default_rng(0).integers(1, V, (B, T), "int32")


def check_same_by_two_roads(model, atol=1e-5, whole=None):
    ids = random_ids()
    whole = np.asarray(model(ids, training=False)) if whole is None else whole
    step_model = StepModel(model)
    states = step_model.initial_states(*ids.shape)
    for t in range(ids.shape[1]):
        logits, states = step_model(ids[:, t], states)
        np.testing.assert_allclose(logits, whole[:, t], atol=atol)


@pytest.mark.parametrize("module", [layers, mitseq], ids=["keras", "mitseq"])
@pytest.mark.parametrize("name", ["SimpleRNN", "LSTM", "GRU"])
def test_steps_equal_the_whole_sequence(module, name):
    try:
        cls = getattr(module, name)
    except ModuleNotFoundError:
        pytest.skip(f"{name} is not written yet")
    check_same_by_two_roads(
        functional(
            cls(6, return_sequences=True),
            layers.Dropout(0.5),
            cls(4, return_sequences=True, dropout=0.3),
            layers.LayerNormalization(),
        )
    )


def test_stacked_cells_have_nested_states():
    cells = [layers.LSTMCell(4), layers.GRUCell(3)]
    model = functional(layers.RNN(cells, return_sequences=True))
    check_same_by_two_roads(model)
    shapes = [tuple(s.shape) for s in StepModel(model).initial_states(2)]
    assert shapes == [(2, 4), (2, 4), (2, 3)]


def test_skip_connections_and_plain_operations():
    ids = keras.Input((None,), dtype="int32")
    x = layers.Embedding(V, 5)(ids)
    y = layers.LSTM(5, return_sequences=True)(x * 2.0)
    x = layers.Concatenate()([layers.Add()([x, y]), y])
    check_same_by_two_roads(keras.Model(ids, layers.Dense(V)(x)))


def test_returned_states_of_a_layer_may_stay_unused():
    ids = keras.Input((None,), dtype="int32")
    x = layers.Embedding(V, 5)(ids)
    x, _, _ = layers.LSTM(5, return_sequences=True, return_state=True)(x)
    check_same_by_two_roads(keras.Model(ids, layers.Dense(V)(x)))


def test_one_layer_called_twice_has_two_states():
    gru = layers.GRU(5, return_sequences=True)
    model = functional(gru, gru)
    assert len(StepModel(model).initial_states(1)) == 2
    check_same_by_two_roads(model)


def test_sequential_with_a_model_inside():
    inner = keras.Sequential(
        [layers.LSTM(4, return_sequences=True), layers.Dense(6)]
    )
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(V, 5),
            inner,
            layers.GRU(4, return_sequences=True),
            layers.Dense(V),
        ]
    )
    check_same_by_two_roads(model)


def test_softmax_at_the_end_is_undone():
    model = functional(layers.GRU(4, return_sequences=True), softmax=True)
    whole = np.log(np.asarray(model(random_ids())))
    check_same_by_two_roads(model, whole=whole)


def test_masked_embedding():
    ids = keras.Input((None,), dtype="int32")
    x = layers.Embedding(V, 5, mask_zero=True)(ids)
    x = layers.LSTM(5, return_sequences=True)(x)
    model = keras.Model(ids, layers.Dense(V)(x))
    check_same_by_two_roads(model)
    step_model = StepModel(model)
    _, states = step_model(np.array([3]), step_model.initial_states(1))
    _, after_pad = step_model(np.array([0]), states)
    np.testing.assert_array_equal(after_pad[0], states[0])


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision(policy):
    ids = keras.Input((None,), dtype="int32")
    x = layers.Embedding(V, 5, dtype=policy)(ids)
    x = layers.LSTM(6, return_sequences=True, dtype=policy)(x)
    model = keras.Model(ids, layers.Dense(V, dtype=policy)(x))
    whole = np.asarray(keras.ops.cast(model(random_ids()), "float32"))
    check_same_by_two_roads(model, atol=0.02, whole=whole)


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_attention_in_mixed_precision(policy):
    ids = keras.Input((None,), dtype="int32")
    x = layers.Embedding(V, 6, dtype=policy)(ids)
    x = attention.TransformerBlock(2, 8, causal=True, dtype=policy)(x)
    model = keras.Model(ids, layers.Dense(V, dtype=policy)(x))
    whole = np.asarray(keras.ops.cast(model(random_ids()), "float32"))
    check_same_by_two_roads(model, atol=0.05, whole=whole)


def test_integer_states_and_ids_as_input_of_a_cell():
    class CountCell(layers.Layer):
        """Counts how often id 5 came so far; no float, no weight."""

        state_size = 1
        output_size = 1

        def get_initial_state(self, batch_size):
            return [keras.ops.zeros((batch_size, 1), "int32")]

        def call(self, token, states):
            fives = keras.ops.cast(keras.ops.equal(token, 5), "int32")
            return states[0] + fives, [states[0] + fives]

    class Count(layers.RNN):
        def __init__(self):
            super().__init__(CountCell(), return_sequences=True, dtype="int32")

        def call(self, sequences, initial_state=None):
            fives = keras.ops.cast(keras.ops.equal(sequences, 5), "int32")
            return keras.ops.cumsum(fives, axis=1)[..., None]

        def compute_output_shape(
            self, sequences_shape, initial_state_shape=None
        ):
            return (*sequences_shape, 1)

    ids = keras.Input((None,), dtype="int32")
    count = Count()(ids)
    x = layers.Embedding(20, 6)(count)[:, :, 0]
    model = keras.Model(ids, layers.Dense(V)(x))
    step_model = StepModel(model)
    assert step_model.initial_states(2)[0].dtype == "int32"
    check_same_by_two_roads(model)
    # and it matters: another number of fives gives other logits
    other = np.full((1, 3), 5, "int32")
    assert np.ptp(np.asarray(model(other))[0], axis=0).max() > 1e-4


class RunningMean(layers.Layer):
    """A layer of the user's own: the mean of all steps so far."""

    def call(self, x):
        n = keras.ops.arange(1, keras.ops.shape(x)[1] + 1, dtype="float32")
        return keras.ops.cumsum(x, axis=1) / n[None, :, None]


class SteppedRunningMean(RunningMean):
    def step_state(self, batch_size, num_steps):
        return {
            "sum": keras.ops.zeros((batch_size, 5)),
            "n": keras.ops.zeros((batch_size, 1)),
        }

    def step(self, x_t, states):
        states = {"sum": states["sum"] + x_t, "n": states["n"] + 1}
        return states["sum"] / states["n"], states


def test_layer_of_ones_own_says_what_a_step_is():
    check_same_by_two_roads(functional(SteppedRunningMean()))


def test_layer_of_ones_own_without_a_step_is_named():
    model = functional(RunningMean(name="mean_so_far"))
    with pytest.raises(MitseqError, match=r"'mean_so_far' \(RunningMean\)"):
        StepModel(model)


def test_layer_of_ones_own_that_acts_on_each_step_is_accepted():
    @keras.saving.register_keras_serializable("tests")
    class Double(layers.Layer):
        def call(self, x):
            return 2 * x

    check_same_by_two_roads(functional(Double()))


def test_training_afterwards_changes_the_step_model():
    model = functional(layers.GRU(4, return_sequences=True))
    step_model = StepModel(model)
    before, _ = step_model([1], step_model.initial_states(1))
    model.compile("sgd", "mse")
    model.fit(random_ids(), np.ones((3, 7, V)), verbose=0)
    after, _ = step_model([1], step_model.initial_states(1))
    assert np.abs(before - after).max() > 1e-4
    np.testing.assert_allclose(
        after, np.asarray(model(np.array([[1]])))[:, 0], atol=1e-6
    )


def test_model_can_be_saved_afterwards(tmp_path):
    model = functional(layers.GRU(4, return_sequences=True))
    StepModel(model)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(
        again(random_ids()), model(random_ids()), atol=1e-6
    )


def test_attention_is_named():
    ids = keras.Input((None,), dtype="int32")
    x = layers.Embedding(V, 4)(ids)
    x = layers.MultiHeadAttention(2, 2, name="culprit")(x, x)
    with pytest.raises(MitseqError, match="'culprit' .MultiHeadAttention"):
        StepModel(keras.Model(ids, layers.Dense(V)(x)))


def test_layer_normalization_over_the_steps_is_named():
    model = functional(
        layers.Lambda(lambda x: x - keras.ops.mean(x, axis=1, keepdims=True))
    )
    with pytest.raises(MitseqError, match="Lambda"):
        StepModel(model)


def test_attention_that_looks_ahead_raises():
    layer = attention.MultiHeadAttention(1, name="culprit")
    with pytest.raises(MitseqError, match="'culprit'.*`causal=True`"):
        StepModel(functional(layer))


def test_attention_to_another_sequence_raises():
    ids = keras.Input((None,), dtype="int32")
    x = layers.Embedding(V, 4)(ids)
    x = attention.MultiHeadAttention(2, causal=True)(x, layers.Dense(4)(x))
    with pytest.raises(MitseqError, match="must have one input.*2 inputs"):
        StepModel(keras.Model(ids, layers.Dense(V)(x)))


def test_returned_attention_weights_raise():
    ids = keras.Input((None,), dtype="int32")
    x = layers.Embedding(V, 4)(ids)
    x, _ = attention.TransformerBlock(2, 8, causal=True, name="culprit")(
        x, return_attention_scores=True
    )
    with pytest.raises(MitseqError, match="'culprit' must return its output"):
        StepModel(keras.Model(ids, layers.Dense(V)(x)))


def test_computed_initial_state_raises():
    ids = keras.Input((None,), dtype="int32")
    x = layers.Embedding(V, 4)(ids)
    x, h = layers.GRU(4, return_sequences=True, return_state=True)(x)
    x = layers.GRU(4, return_sequences=True)(x, initial_state=h)
    with pytest.raises(MitseqError, match="must have one input.*2 inputs"):
        StepModel(keras.Model(ids, layers.Dense(V)(x)))


def test_other_kinds_of_models_raise():
    class Subclassed(keras.Model):
        def call(self, x):
            return x

    with pytest.raises(MitseqError, match="functional or Sequential"):
        StepModel(Subclassed())
    with pytest.raises(MitseqError, match="functional or Sequential"):
        StepModel("model.keras")
    x = keras.Input((4,))
    with pytest.raises(MitseqError, match=r"ids \(B, T\) to logits"):
        StepModel(keras.Model(x, layers.Dense(3)(x)))


def with_context():
    """Ids, and what an encoder has read: a start, states, which count."""
    ids = keras.Input((None,), dtype="int32")
    start, memory = keras.Input((6,)), keras.Input((None, 4))
    mask = keras.Input((None,), dtype="bool")
    x = layers.Embedding(V, 5)(ids)
    # what is made of the context alone is the same at every step
    first = layers.Dense(6, activation="tanh")(start)
    x = layers.GRU(6, return_sequences=True)(x, initial_state=first)
    asked = attention.AdditiveAttention(3)(x, memory, value_mask=mask)
    x = layers.Concatenate()([x, asked])
    x = layers.Dense(8)(x)
    x = attention.TransformerDecoderBlock(2, 12)(x, memory, value_mask=mask)
    return keras.Model([ids, start, memory, mask], layers.Dense(V)(x))


def test_a_context_is_seen_whole_at_every_step():
    keras.utils.set_random_seed(0)
    model, ids = with_context(), random_ids()
    rng = np.random.default_rng(1)
    context = [
        rng.normal(size=(3, 6)).astype("float32"),
        rng.normal(size=(3, 5, 4)).astype("float32"),
        np.arange(5) < np.array([[5], [2], [3]]),
    ]
    whole = model([ids, *context])
    step_model = StepModel(model)
    states = step_model.initial_states(*ids.shape, context)
    for t in range(ids.shape[1]):
        logits, states = step_model(ids[:, t], states)
        np.testing.assert_allclose(logits, whole[:, t], atol=1e-5)
    # through the compiled loop, a row each and all together
    first = ids[:, :1]
    options = {"max_length": 9, "temperature": 0}
    together, _ = mitseq.generate(model, first, context=context, **options)
    for i in range(3):
        alone, _ = mitseq.generate(
            model,
            first[i : i + 1],
            context=[x[i : i + 1] for x in context],
            **options,
        )
        np.testing.assert_array_equal(alone[0], together[i])
    with pytest.raises(MitseqError, match="`context` must be the inputs"):
        mitseq.generate(model, first, context=context[:2], **options)
    with pytest.raises(MitseqError, match="`context` must be the inputs"):
        mitseq.generate(model, first, **options)


def test_a_layer_that_mixes_steps_is_found_beside_a_context():
    ids, start = keras.Input((None,), dtype="int32"), keras.Input((6,))
    x = layers.GRU(6, return_sequences=True)(
        layers.Embedding(V, 5)(ids), initial_state=start
    )

    class Backwards(layers.Layer):
        def call(self, x):
            return keras.ops.flip(x, 1)

    x = Backwards(name="culprit")(x)
    with pytest.raises(MitseqError, match="'culprit'"):
        StepModel(keras.Model([ids, start], layers.Dense(V)(x)))
