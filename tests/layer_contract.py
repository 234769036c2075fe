"""What every layer of mitseq keeps, checked by one call for each layer.

`check_layer` runs a layer in every way in which a user may run it.
`check_config` gives every constructor argument a value that is not its
default and looks for it in the config: a forgotten argument is an error that
shows only when somebody loads a model.
"""

import inspect
import json
import operator

import keras
import numpy as np
import tensorflow as tf
from keras import ops

# For `check_config`: what all recurrent cells, and all recurrent layers, take
CELL_ARGUMENTS = {
    "units": 7,
    "activation": "relu",
    "use_bias": False,
    "kernel_initializer": "he_normal",
    "recurrent_initializer": "identity",
    "bias_initializer": "ones",
    "kernel_regularizer": "l1",
    "recurrent_regularizer": "l2",
    "bias_regularizer": keras.regularizers.L1L2(0.1),
    "kernel_constraint": "non_neg",
    "recurrent_constraint": "unit_norm",
    "bias_constraint": "max_norm",
    "dropout": 0.25,
    "recurrent_dropout": 0.5,
    "seed": 3,
}
GATED_ARGUMENTS = {
    **CELL_ARGUMENTS,
    "recurrent_activation": "hard_sigmoid",
    "implementation": 1,
}
LOOP_ARGUMENTS = {
    "activity_regularizer": "l2",
    "return_sequences": True,
    "return_state": True,
    "go_backwards": True,
    "stateful": True,
    "unroll": True,
    "zero_output_for_mask": True,
}


def check_layer(
    layer_class: type,
    arguments: dict,
    inputs: np.ndarray | tuple[np.ndarray, ...],
    weight_names: list[str],
    folder,
    as_layer=None,
    use_xla: bool = True,
    atol: float = 1e-5,
) -> None:
    """Checks config, weights, calls, one training step, saving, half precision.

    Args:
        layer_class: The class to check.
        arguments: What to construct it with.
        inputs: What to call it with: an array, or a tuple of arrays that are
            passed in this order.
        weight_names: The names of its weights, in order, which are also the
            names of the attributes of the layer (or of its `cell`); with a dot
            where the weight is a layer's inside, as in "attention.W_q".
        folder: An empty folder (`tmp_path`) to save a model in.
        as_layer: Turns an instance into a layer that is called with `inputs`
            alone: `keras.layers.RNN(cell, ...)` for a cell.
        use_xla: Also call it compiled, which takes a second or more.
        atol: How far two roads to the same numbers may differ.
    """
    inputs = inputs if isinstance(inputs, tuple) else (inputs,)
    as_layer = as_layer or (lambda layer: layer)
    layer = layer_class(**arguments)
    _check_round_trip(layer)

    caller = as_layer(layer)
    model = _functional(caller, inputs)
    _check_weights(layer, weight_names)

    expected = _first(caller(*inputs))
    assert np.isfinite(expected).all()
    assert np.abs(expected).max() > 0
    roads = {
        "functional model": lambda *x: model(list(x)),
        "predict": lambda *x: model.predict(list(x), verbose=0),
        "tf.function": tf.function(lambda *x: caller(*x)),
    }
    if use_xla:
        roads["tf.function with XLA"] = tf.function(
            lambda *x: caller(*x), jit_compile=True
        )
    for name, road in roads.items():
        np.testing.assert_allclose(
            _first(road(*map(tf.constant, inputs))),
            expected,
            atol=atol,
            err_msg=name,
        )

    _check_empty(caller, inputs)
    _check_training(model, inputs)
    _check_saving(model, inputs, folder)
    for dtype in ("float16", "bfloat16"):
        half = layer_class(**arguments, dtype=f"mixed_{dtype}")
        output = keras.tree.flatten(as_layer(half)(*inputs))[0]
        assert keras.backend.standardize_dtype(output.dtype) == dtype
        assert np.isfinite(_first(ops.cast(output, "float32"))).all()
        for weight in half.trainable_weights:
            assert weight.dtype == "float32", weight.path


def _check_empty(caller, inputs) -> None:
    """No example gives no output; no step is refused, or gives no step."""
    whole = keras.tree.flatten(caller(*inputs))
    none = keras.tree.flatten(caller(*(x[:0] for x in inputs)))
    for output, full in zip(none, whole, strict=True):
        assert tuple(output.shape) == (0, *full.shape[1:])
    has_steps = [x.ndim == 3 for x in inputs]
    if type(caller) is keras.layers.RNN or not all(has_steps):
        return  # Keras's own loop says it its way
    try:
        outputs = keras.tree.flatten(caller(*(x[:, :0] for x in inputs)))
    except ValueError as error:
        assert "at least one step" in str(error)
    else:
        assert all(output.shape[1] == 0 for output in outputs)


def under_keras_rnn(cell):
    """A cell as a layer, for `as_layer` of `check_layer`."""
    return keras.layers.RNN(
        cell, return_sequences=True, dtype=cell.dtype_policy
    )


def check_config(layer_class: type, arguments: dict) -> None:
    """Checks that no constructor argument is lost in the config.

    Args:
        layer_class: The class to check.
        arguments: A value for *every* argument of the constructor, other than
            its default.
    """
    parameters = dict(inspect.signature(layer_class.__init__).parameters)
    del parameters["self"], parameters["kwargs"]
    assert set(arguments) == set(parameters), "give every argument a value"
    for name, value in arguments.items():
        assert value != parameters[name].default, f"{name} is its default"

    layer = layer_class(**arguments, name="a_name")
    config = layer.get_config()
    assert config["name"] == "a_name"
    for name, value in arguments.items():
        if isinstance(config[name], dict):  # an initializer, or another kind
            kind = getattr(keras, f"{name.rpartition('_')[2]}s")
            class_name = type(kind.get(value)).__name__
            assert config[name]["class_name"] == class_name, name
        else:
            assert config[name] == value, name
    _check_round_trip(layer)


def _check_round_trip(layer):
    config = layer.get_config()
    again = type(layer).from_config(json.loads(json.dumps(config)))
    for name, value in again.get_config().items():
        assert value == config[name], name
    assert set(again.get_config()) == set(config)


def _check_weights(layer, weight_names):
    owner = getattr(layer, "cell", layer)
    names = [name.rpartition(".")[2] for name in weight_names]
    assert [weight.name for weight in layer.weights] == names
    for weight, name in zip(layer.weights, weight_names, strict=True):
        assert operator.attrgetter(name)(owner) is weight


def _check_training(model, inputs):
    before = [ops.convert_to_numpy(w.value) for w in model.trainable_weights]
    target = np.random.default_rng(1).normal(size=model.outputs[0].shape[1:])
    target = np.broadcast_to(target, (len(inputs[0]), *target.shape))
    # One output of several is enough to reach every weight.
    trained = keras.Model(model.inputs, model.outputs[0])
    trained.compile(
        optimizer=keras.optimizers.SGD(1.0), loss="mse", jit_compile=False
    )
    history = trained.fit(list(inputs), target, epochs=1, verbose=0)
    assert np.isfinite(history.history["loss"][0])
    for weight, old in zip(model.trainable_weights, before, strict=True):
        new = ops.convert_to_numpy(weight.value)
        assert np.abs(new - old).max() > 0, f"{weight.path} did not learn"


def _check_saving(model, inputs, folder):
    path = folder / "model.keras"
    model.save(path)
    again = keras.saving.load_model(path)
    for old, new in zip(
        keras.tree.flatten(model.predict(list(inputs), verbose=0)),
        keras.tree.flatten(again.predict(list(inputs), verbose=0)),
        strict=True,
    ):
        np.testing.assert_array_equal(old, new)


def _functional(caller, inputs):
    symbols = [keras.Input(x.shape[1:], dtype=x.dtype) for x in inputs]
    return keras.Model(symbols, caller(*symbols))


def _first(outputs):
    return ops.convert_to_numpy(keras.tree.flatten(outputs)[0])
