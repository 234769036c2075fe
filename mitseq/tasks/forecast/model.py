"""The forecaster: values in, quantiles of the next values at each step.

Slide: Lecture 2, "Sequence Modeling Applications"
(docs/slides.md#applications).
Many to many: after each value the model says where the next H will lie. A
linear autoregression over what is seen of the past and a recurrence add up: the
first is fitted at once (train.py), the second learns what it cannot say. With
`faults` the model also says of each value whether it is one that a broken
sensor gave.

Read look_back.py first. Letters: B batch, T steps, H horizon, Q quantiles.
"""

import os
from pathlib import Path

import keras

from mitseq.arguments import (
    MOST_SIZE,
    check_choice,
    check_count,
    check_flag,
    check_model,
    check_sizes,
)
from mitseq.layers.gru import GRU
from mitseq.layers.lstm import LSTM
from mitseq.layers.rnn import SimpleRNN
from mitseq.tasks.forecast.look_back import LookBackCell, Quantiles, Shown
from mitseq.training.saved import ModelError, load_saved_model

CELLS = {"lstm": LSTM, "gru": GRU, "rnn": SimpleRNN}
# Two intervals around the middle: 95 and 80 of 100 values are to be in them.
LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)
SPAN = 192  # values over which mean and deviation run
MIDDLE = LEVELS.index(0.5)
INTERVALS = {80: (1, 3), 95: (0, 4)}  # where their ends are among LEVELS
BUNDLED = Path(__file__).parents[2] / "pretrained" / "forecast.keras"


def build_forecast_model(
    horizon: int = 12,
    *,
    cell: str = "lstm",
    units: int = 32,
    season: int = 0,
    lags: int = 12,
    span: int = SPAN,
    faults: bool = False,
) -> keras.Model:
    """Builds a functional model that forecasts after each value of a series.

    The values may be of any size: the model sees them in running units.

    Args:
        horizon: Positive int, H, how many values ahead.
        cell: "lstm", "gru" or "rnn".
        units: Positive int, hidden units.
        season: Values of a season, such as 12 for months; 0 if there is none.
        lags: The last values that the linear part sees, at least 2.
        span: Over how many values mean and deviation run, at least 2.
        faults: Whether it also says which values are faults.

    Returns:
        A `keras.Model`: values `(B, T, 1)` -> quantiles `(B, T, H, Q)` at
        `LEVELS` of the H values after each; with `faults` a list of these and
        of logits `(B, T, 1)` that the value is a fault.

    Raises:
        MitseqError: if `cell` is unknown or a number is out of its range.

    Example:

    >>> build_forecast_model(horizon=3, units=4, lags=2).output_shape
    (None, None, 3, 5)
    """
    check_choice(CELLS, cell=cell)
    check_sizes(horizon=horizon, units=units)
    check_count(2, MOST_SIZE, lags=lags, span=span)
    check_count(0, MOST_SIZE, season=season)
    check_flag(faults=faults)
    Q = len(LEVELS)
    exact = {"dtype": "float32"}  # 16 bits would round a value to the next
    zeros = {"kernel_initializer": "zeros", **exact}
    layers = [
        Shown(name="shown", **exact),
        CELLS[cell](units, return_sequences=True, name="recurrence"),
        keras.layers.Dense(horizon, name="linear", **zeros),
        keras.layers.Dense(horizon, name="rest", **zeros),
        keras.layers.Add(name="middle", **exact),
        keras.layers.Concatenate(name="state", **exact),
        keras.layers.Dense(
            horizon * (Q - 1),
            bias_initializer=keras.initializers.Constant(-0.5),
            name="outwards",
            **zeros,
        ),
        keras.layers.Concatenate(name="said", **exact),
        Quantiles(horizon, Q, name="quantiles", **exact),
    ]
    if faults:
        layers += [
            keras.layers.Dense(2 * units, "relu", name="suspicion"),
            keras.layers.Dense(1, name="fault", **exact),
        ]
    values = keras.Input((None, 1), name="values")
    look_back = keras.layers.RNN(
        LookBackCell(horizon, season, lags, span, **exact),
        return_sequences=True,
        name="look_back",
        **exact,
    )(values)
    outputs = _call({layer.name: layer for layer in layers}, look_back)
    return keras.Model(values, outputs, name="forecast")


def trunk_of(model: keras.Model) -> keras.Model:
    """Returns the part of a model that learns; its layers are the same ones.

    Args:
        model: From `build_forecast_model`.

    Returns:
        A `keras.Model` that reads what `LookBackCell` returned, `(B, T, F)`,
        and gives what the model gives.

    Example:

    >>> model = build_forecast_model(horizon=3, units=4, lags=2)
    >>> trunk_of(model).input_shape
    (None, None, 7)
    """
    layers = {layer.name: layer for layer in model.layers}
    look_back = keras.Input((None, look_back_of(model).output_size))
    return keras.Model(look_back, _call(layers, look_back), name="trunk")


def _call(layers: dict, look_back):
    """Calls the layers that learn, in the order of the equations."""
    z = layers["shown"](look_back)  # (B, T, F - 3)
    h = layers["recurrence"](z)  # (B, T, units)
    middle = layers["middle"]([layers["linear"](z), layers["rest"](h)])
    state = layers["state"]([h, z])
    outwards = layers["outwards"](state)
    said = layers["said"]([middle, outwards])  # (B, T, H * Q)
    quantiles = layers["quantiles"](said, look_back)  # (B, T, H, Q)
    if "fault" not in layers:
        return quantiles
    return [quantiles, layers["fault"](layers["suspicion"](state))]


def load_forecast_model(path: str | os.PathLike | None = None) -> keras.Model:
    """Loads a model that `mitseq forecast train` wrote.

    Args:
        path: A `.keras` file, or the folder that holds `model.keras`; None
            for the model that comes with the package: it knows sensors and
            their faults, and looks one value ahead.

    Returns:
        The `keras.Model`, as `build_forecast_model` describes it.

    Raises:
        ModelError: if there is no such file, it is damaged, or it holds a
            model of another kind.

    Example:

    >>> model = load_forecast_model()
    >>> horizon_of(model), has_faults(model)
    (1, True)
    """
    return load_saved_model(
        BUNDLED if path is None else path,
        "mitseq forecast train DATA --out DIR",
        _check,
        compile=False,
    )


def look_back_of(model: keras.Model) -> LookBackCell:
    """Returns the cell that keeps what a model sees of the past."""
    _check(model)
    return model.get_layer("look_back").cell


def horizon_of(model: keras.Model) -> int:
    """Returns how many values ahead a model looks."""
    return look_back_of(model).horizon


def has_faults(model: keras.Model) -> bool:
    """Returns whether a model says which values are faults."""
    return len(model.outputs) > 1


def _check(model: keras.Model) -> None:
    check_model(model, "be a model of forecasts")
    names = {layer.name for layer in model.layers}
    shape = getattr(model, "input_shape", None)
    if not {"look_back", "quantiles"} <= names or shape != (None, None, 1):
        raise ModelError(
            "the model must be one that `mitseq forecast train` wrote: values "
            "(B, T, 1) in, quantiles out. Received: "
            f"{shape} in, {getattr(model, 'output_shape', None)} out."
        )
