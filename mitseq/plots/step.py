"""One step of the recurrence: every matrix of the slide's two equations."""

import numpy as np

from mitseq.plots.style import DIVERGING, Figure, new_figure, write_cells


def plot_step(
    x_t: np.ndarray,
    W_xh: np.ndarray,
    h_prev: np.ndarray,
    W_hh: np.ndarray,
    h_t: np.ndarray,
    W_hy: np.ndarray,
) -> Figure:
    """Returns a figure of the two equations, every number in its cell.

    `h_t = tanh(x_t W_xh + h_prev W_hh)` and `y_t = h_t W_hy`.

    Args:
        x_t: `(1, D)`, the input.
        W_xh: `(D, H)`.
        h_prev: `(1, H)`, the old state.
        W_hh: `(H, H)`.
        h_t: `(1, H)`, the new state.
        W_hy: `(H, O)`.
    """
    parts = {
        "$x_t$": x_t,
        "$W_{xh}$": W_xh,
        "$h_{t-1}$": h_prev,
        "$W_{hh}$": W_hh,
        "$h_t$": h_t,
        "$W_{hy}$": W_hy,
        r"$\hat{y}_t$": h_t @ W_hy,
    }
    widths = [max(1.6, np.shape(part)[1]) for part in parts.values()]
    figure, axes = new_figure(
        1,
        len(parts),
        size=(13, 3.4),
        width_ratios=widths,
        title=r"$h_t = \tanh(x_t W_{xh} + h_{t-1} W_{hh})$,   "
        r"$\hat{y}_t = h_t W_{hy}$",
    )
    largest = max(np.abs(part).max() for part in parts.values())
    for each, (name, part) in zip(axes, parts.items(), strict=True):
        each.imshow(part, cmap=DIVERGING, vmin=-largest, vmax=largest)
        rows, columns = np.shape(part)
        size = f"{rows} × {columns}"
        each.set(title=name, xlabel=size, xticks=[], yticks=[])
        dark = np.abs(part) > 0.6 * largest
        write_cells(each, np.char.mod("%.1f", part), dark, fontsize=8)
    return figure
