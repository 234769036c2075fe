r"""Two numbers of W_hh: how fast a product of many W_hh grows, and one at most.

Slide: Lecture 2, "Standard RNN Gradient Flow". Back over k steps the gradient
meets W_hh k times (docs/slides.md#gradient-flow):

    dL/dh_{t} = dL/dh_{t+k} W_hh^T ... W_hh^T     (linear, no local losses)

The *spectral radius*, the largest |eigenvalue|, is the factor for each step
when there are many of them. The *largest singular value* is the factor of the
worst single step; it is never smaller. An orthogonal matrix has 1 for both.
"""

from typing import NamedTuple

import keras
import numpy as np

from mitseq.layers.recurrent import RecurrentLayer


class Spectrum(NamedTuple):
    """What a square matrix does to a vector: after many products, after one."""

    spectral_radius: float
    largest_singular_value: float


def spectra(layer: RecurrentLayer) -> dict[str, Spectrum]:
    """Returns the two numbers of each recurrent matrix of a layer.

    Args:
        layer: A `SimpleRNN`, `LSTM` or `GRU` that is built.

    Returns:
        From the weight's name (`W_hh`; with gates also `W_hf`, ...).

    Example:

    >>> from mitseq.layers.rnn import SimpleRNN
    >>> rnn = SimpleRNN(2)
    >>> rnn.build((None, None, 1))
    >>> _ = rnn.cell.W_hh.assign([[0.5, 100.0], [0.0, 0.5]])
    >>> [f"{value:.1f}" for value in spectra(rnn)["W_hh"]]
    ['0.5', '100.0']
    """
    return {
        weight.name: spectrum(keras.ops.convert_to_numpy(weight.value))
        for weight in layer.cell.weights
        if weight.name.startswith("W_h")
    }


def spectrum(matrix: np.ndarray) -> Spectrum:
    """Returns the two numbers of a matrix `(H, H)`.

    They are NaN if the matrix has a number that is none.
    """
    matrix = np.asarray(matrix, "float64")
    if not np.isfinite(matrix).all():
        return Spectrum(float("nan"), float("nan"))
    return Spectrum(
        float(np.abs(np.linalg.eigvals(matrix)).max()),
        float(np.linalg.norm(matrix, 2)),
    )


def decay_per_step(norms: np.ndarray) -> float:
    """Returns the factor by which norms change with each step *back* in time.

    A line is fitted to their logarithms. Steps whose norm is zero or not
    finite do not count.

    Args:
        norms: `(T,)`, as `gradients_through_time` gives them.

    Returns:
        The factor: below 1 they vanish, above 1 they explode; NaN if fewer
        than two norms count.

    Example:

    >>> round(decay_per_step(np.array([0.125, 0.25, 0.5, 1.0])), 6)
    0.5
    """
    norms = np.asarray(norms, "float64")
    (steps,) = np.nonzero(np.isfinite(norms) & (norms > 0))
    if len(steps) < 2:
        return float("nan")
    slope, _ = np.polyfit(steps, np.log(norms[steps]), 1)
    return float(np.exp(-slope))
