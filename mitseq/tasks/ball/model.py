"""Where will the ball go next: positions in, the next position at each step.

Slide: Lecture 2, "Given an image of a ball, can you predict where it will go
next?" (docs/slides.md#ball).
Many to many. A recurrent model has a state in which it can keep where the ball
was and how fast it is. The other two are what it is compared with: "present"
sees one position only, "window" a fixed number of them.

Letters: B batch, T steps.
"""

import os
from pathlib import Path

import keras

from mitseq.arguments import check_choice, check_model, check_share, check_sizes
from mitseq.layers.gru import GRU
from mitseq.layers.lstm import LSTM
from mitseq.layers.rnn import SimpleRNN
from mitseq.training.saved import ModelError, load_saved_model

RECURRENT = {"rnn": SimpleRNN, "lstm": LSTM, "gru": GRU}
CELLS = (*RECURRENT, "window", "present")
# Positions are spread before the cell reads them, and its output is gathered:
# a step is a few hundredths of the box, too little for a tanh to tell.
SPREAD, STEP = 4.0, 0.1
BUNDLED = Path(__file__).parents[2] / "pretrained" / "ball.keras"


def build_ball_model(
    cell: str = "gru",
    *,
    units: int = 64,
    window: int = 4,
    noise: float = 0.0,
) -> keras.Model:
    """Builds a functional model that predicts the next position of a ball.

    It predicts how far the ball moves, and adds that to where it is.

    Args:
        cell: "rnn", "lstm" or "gru"; "window" for a dense network over the
            last positions, "present" for one over the last position alone.
        units: Positive int, hidden units.
        window: Positive int, the positions that "window" sees.
        noise: What positions are shaken by during training (the standard
            deviation, in box widths), for paths that were measured.

    Returns:
        A `keras.Model`: positions `(B, T, 2)` in a box from 0 to 1 -> the next
        position after each, `(B, T, 2)`.

    Raises:
        MitseqError: if `cell` is unknown or a number is out of its range.

    Example:

    >>> build_ball_model("lstm", units=8).output_shape
    (None, None, 2)
    """
    check_choice(CELLS, cell=cell)
    check_sizes(units=units, window=window)
    check_share(noise=noise)
    positions = keras.Input((None, 2), name="positions")
    x = positions
    exact = {"dtype": "float32"}  # 16 bits would round a position to the next
    if noise:
        x = keras.layers.GaussianNoise(noise, name="noise", **exact)(x)
    h = keras.layers.Rescaling(SPREAD, -SPREAD / 2, name="spread", **exact)(x)
    if cell in RECURRENT:
        layer = RECURRENT[cell](units, return_sequences=True, name=cell)
    elif cell == "window":
        layer = keras.layers.Conv1D(
            units, window, padding="causal", activation="relu", name=cell
        )
    else:
        layer = keras.layers.Dense(units, "relu", name=cell)
    h = layer(h)  # (B, T, H)
    h = keras.layers.Dense(units, "relu", name="hidden")(h)
    step = keras.layers.Dense(2, name="step", **exact)(h)  # (B, T, 2)
    step = keras.layers.Rescaling(STEP, name="gather", **exact)(step)
    return keras.Model(positions, x + step, name="ball")


def load_ball_model(path: str | os.PathLike | None = None) -> keras.Model:
    """Loads a model that `mitseq ball train` wrote.

    Args:
        path: A `.keras` file, or the folder that holds `model.keras`; None
            for the model that comes with the package.

    Returns:
        The `keras.Model`, as `build_ball_model` describes it.

    Raises:
        ModelError: if there is no such file, it is damaged, or it holds a
            model of another kind.

    Example:

    >>> load_ball_model().input_shape
    (None, None, 2)
    """
    return load_saved_model(
        BUNDLED if path is None else path,
        "mitseq ball train --out DIR",
        _check,
    )


def _check(model: keras.Model) -> None:
    check_model(model, "be a model of balls")
    shapes = [
        getattr(model, name, None) for name in ("input_shape", "output_shape")
    ]
    if shapes != [(None, None, 2)] * 2:
        raise ModelError(
            "the model must be one that `mitseq ball train` wrote: positions "
            f"(B, T, 2) in, positions out. Received: {shapes[0]} in, "
            f"{shapes[1]} out."
        )
