r"""How much of the error reaches each step of the past: |dL/dh_t| for every t.

Slide: Lecture 2, "Standard RNN Gradient Flow"
(docs/slides.md#gradient-flow). Read mitseq/layers/bptt.py first. The chain
rule multiplies one factor for each step back from the loss:

    dL/dh_t = dL/dh_T * dh_T/dh_{T-1} * ... * dh_{t+1}/dh_t

With factors below 1 it vanishes, above 1 it explodes. These norms come from a
real training step: the model's own loss on a real batch, in training mode.

The trick: add d_t = 0 to h_t. Nothing changes, and dL/dd_t is dL/dh_t, with
all that flows back from later steps in it. The same trick gives the product
of the factors alone, the Jacobian dh_T/dh_t: its row i is the gradient of unit
i of h_T, and H copies of a sequence, one for each unit, give all rows at once.

An LSTM hands on two states. dL/dh_t is then taken with c_t held fixed and
dL/dc_t with h_t held fixed: the two ways back are told apart.
"""

import contextlib
from collections.abc import Sequence
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf

from mitseq.arguments import check_count, check_flag, check_model, wrong
from mitseq.inside.spectrum import Spectrum, spectra
from mitseq.inside.watch import Watch, find_layer, unchanged, watched_loop
from mitseq.layers.arguments import tensor_of
from mitseq.layers.recurrent import RecurrentLayer

MOST_NUMBERS = 2**22  # of one kind that the tape of the Jacobian keeps


class GradientFlow(NamedTuple):
    """What flows back through one layer in one training step.

    All arrays are `(T,)`. The last two norms are means over the examples.
    """

    layer: str
    dL_dh: np.ndarray  # norm of dL/dh_t over batch and units
    dL_dc: np.ndarray | None  # the same for the cell state of an LSTM
    dhT_dh: np.ndarray | None  # spectral norm of the Jacobian dh_T/dh_t
    dhT_dc: np.ndarray | None  # the same for the cell state of an LSTM
    matrices: dict[str, Spectrum]  # of W_hh, or of each gate's W_h


def gradients_through_time(
    model: keras.Model,
    x: Any,
    y: Any,
    layer: str | RecurrentLayer | None = None,
    training: bool = True,
) -> np.ndarray:
    """Returns the norm of dL/dh_t for every step t.

    Args:
        model: See `gradient_flow`, as for the next four.
        x: A batch of inputs.
        y: Its targets.
        layer: The recurrent layer or its name; None for the first.
        training: Whether dropout happens.

    Returns:
        `(T,)` of float: at t the norm of dL/dh_t over batch and units. With
        `go_backwards` t counts the steps in the order in which they are made.

    Raises:
        ValueError: if the model is not compiled, has no such layer, or does
            not run it on this batch exactly once.

    Example:

    >>> from mitseq.layers.rnn import SimpleRNN
    >>> inputs = keras.Input((4, 1))
    >>> rnn = SimpleRNN(1, "linear", use_bias=False)
    >>> model = keras.Model(inputs, rnn(inputs))
    >>> rnn.set_weights([np.ones((1, 1)), np.full((1, 1), 0.5)])
    >>> model.compile(loss=lambda y, h_T: h_T)
    >>> gradients_through_time(model, np.ones((1, 4, 1)), np.ones((1, 1)))
    array([0.125, 0.25 , 0.5  , 1.   ])
    """
    layer = find_layer(model, layer)
    return gradient_flow(model, x, y, layer, training, examples=0).dL_dh


def gradient_flow(
    model: keras.Model,
    x: Any,
    y: Any,
    layer: str | RecurrentLayer | None = None,
    training: bool = True,
    examples: int = 1,
) -> GradientFlow:
    """Returns how much of the error reaches each step, and what decides it.

    Slide: Lecture 2, "Standard RNN Gradient Flow"
    (docs/slides.md#gradient-flow). From one training step: the norms of
    dL/dh_t and of the Jacobian dh_T/dh_t for every t (of an LSTM also by its
    cell state), and the spectral radius of W_hh.

    Args:
        model: A compiled model with a `SimpleRNN`, `LSTM` or `GRU` in it. It is
            not changed: no weight, no state of a layer, no optimizer step.
        x: A batch of inputs, as for `fit`.
        y: Its targets.
        layer: The recurrent layer or its name; None for the first.
        training: Whether dropout happens, as it does in `fit`. The Jacobian is
            taken without the dropout of the recurrent layer itself.
        examples: Of how many examples of the batch, the first ones, to take
            the Jacobian dh_T/dh_t; 0 for none. It costs H gradients each.

    Returns:
        The `GradientFlow` of the layer.

    Raises:
        ValueError: if the model is not compiled, has no such layer, or does
            not run it on this batch exactly once.

    Example:

    >>> from mitseq.layers.rnn import SimpleRNN
    >>> inputs = keras.Input((3, 1))
    >>> rnn = SimpleRNN(2, "linear", recurrent_initializer="identity")
    >>> model = keras.Model(inputs, rnn(inputs))
    >>> model.compile(loss="mse")
    >>> flow = gradient_flow(model, np.ones((1, 3, 1)), np.ones((1, 2)))
    >>> flow.dhT_dh.tolist(), flow.matrices["W_hh"].spectral_radius
    ([1.0, 1.0, 1.0], 1.0)
    """
    check_model(model)
    check_count(0, examples=examples)
    check_flag(training=training)
    layer = find_layer(model, layer)
    [flow], _ = flows(model, x, y, [layer], training, examples)
    return flow


def _tensors(batch: Any, name: str):
    """A batch as tensors: one, or several in a list or dict."""
    parts = keras.tree.flatten(batch)
    if not isinstance(batch, (dict, tuple)):
        is_list = isinstance(batch, list) and all(map(np.ndim, parts))
        parts = parts if is_list else [batch]
    if len(parts) == 1 and not isinstance(batch, dict):
        return tensor_of(batch, name)
    if not parts:
        raise wrong(name, "be a batch, as for `fit`", batch)
    return keras.tree.map_structure(lambda x: tensor_of(x, name), batch)


def flows(
    model: keras.Model,
    x: Any,
    y: Any,
    layers: Sequence[RecurrentLayer],
    training: bool = True,
    examples: int = 1,
) -> tuple[list[GradientFlow], float]:
    """Returns the flow through several layers, from one training step.

    The arguments are those of `gradient_flow`.

    Returns:
        One `GradientFlow` a layer, and the norm of the gradient of all
        trainable weights together (what `global_clipnorm` looks at).
    """
    if not model.compiled:
        raise ValueError(
            "`model` must be compiled: it is the gradient of its loss. "
            f"Received: model={model.name!r}, not compiled."
        )
    x, y = _tensors(x, "x"), _tensors(y, "y")
    tape = tf.GradientTape()
    watches = [Watch(layer, tape) for layer in layers]
    with contextlib.ExitStack() as watching, unchanged(model), tape:
        for watch in watches:
            watching.enter_context(watch.layer.watched(watch.run))
        prediction = model(x, training=training)
        loss = model.compute_loss(x, y, prediction, training=training)
    sources = [watch.probes for watch in watches]
    weights = [v.value for v in model.trainable_variables]
    dprobes, dweights = tape.gradient(
        loss,
        (sources, weights),
        unconnected_gradients=tf.UnconnectedGradients.ZERO,
    )
    return [
        _flow(watch, gradients, examples)
        for watch, gradients in zip(watches, dprobes, strict=True)
    ], float(np.sqrt(np.sum(np.square([_norm(g) for g in dweights]))))


def _flow(watch, gradients, examples):
    if watch.arguments is None:
        raise ValueError(
            "`layer` must be used once in the model. "
            f"Received: layer={watch.layer.name!r}, not used."
        )
    by_state = [
        np.array([_norm(g) for g in column])
        for column in zip(*gradients, strict=True)
    ]
    jacobians = []
    if examples:
        jacobians = _jacobian_norms(watch.layer, *watch.arguments, examples)
    norms = *_pair(by_state), *_pair(jacobians)
    return GradientFlow(watch.layer.name, *norms, spectra(watch.layer))


def _jacobian_norms(layer, sequences, states, mask, examples):
    """Spectral norms of dh_T/dh_t (and dh_T/dc_t), each `(T,)`."""
    batch, num_steps = sequences.shape[:2]
    units = layer.units
    rows = max(1, MOST_NUMBERS // (num_steps * units))
    norms = []
    for b in range(min(examples, batch)):
        parts = []
        for first in range(0, units, rows):
            # One copy of example b for each of these units of h_T.
            chosen = tf.one_hot(
                range(first, min(first + rows, units)), units, dtype=tf.float32
            )
            sequence, *state, keep = [
                None if a is None else tf.repeat(a[b : b + 1], len(chosen), 0)
                for a in (sequences, *states, mask)
            ]
            probes = []
            with tf.GradientTape() as tape:
                *_, final = watched_loop(
                    layer, tape, probes, sequence, state, keep, False
                )
                picked = tf.cast(final[0], tf.float32) * chosen
            gradients = tape.gradient(
                picked, probes, unconnected_gradients="zero"
            )
            parts.append(
                [
                    np.stack([tf.cast(g, tf.float32) for g in column])
                    for column in zip(*gradients, strict=True)
                ]
            )
        norms.append(
            [
                _spectral_norms(np.concatenate(J, axis=1))
                for J in zip(*parts, strict=True)  # J is (T, H, H)
            ]
        )
    return [np.mean(column, axis=0) for column in zip(*norms, strict=True)]


def _spectral_norms(J):
    """`(T, H, H)` -> `(T,)`; NaN where a gradient exploded to no number."""
    finite = np.isfinite(J).all(axis=(1, 2))
    J = np.where(finite[:, None, None], J, 0.0)
    # NumPy's takes many times as long where others compute too.
    norms = tf.linalg.svd(J, compute_uv=False).numpy()[:, 0]
    return np.where(finite, norms, np.nan)


def _pair(columns):
    return (*columns, None, None)[:2]


def _norm(gradient):
    # float64: the square of what explodes is beyond float32.
    return float(tf.norm(tf.cast(gradient, tf.float64)))
