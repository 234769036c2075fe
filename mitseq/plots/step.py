"""One step of the recurrence: every matrix of the slide's two equations."""

import numpy as np

from mitseq.plots.style import BLACK, DIVERGING, GRAY, Figure, new_figure


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
    total = x_t @ W_xh + h_prev @ W_hh
    lines = (
        (
            ("$x_t$", x_t),
            "·",
            ("$W_{xh}$", W_xh),
            "+",
            ("$h_{t-1}$", h_prev),
            "·",
            ("$W_{hh}$", W_hh),
            "=",
            ("the sum", total),
        ),
        (
            r"$\tanh($",
            ("the sum", total),
            ")",
            "=",
            ("$h_t$", h_t),
            "   and  ",
            ("$h_t$", h_t),
            "·",
            ("$W_{hy}$", W_hy),
            "=",
            (r"$\hat{y}_t$", h_t @ W_hy),
        ),
    )
    figure, axes = new_figure(
        2,
        1,
        size=(13, 6.4),
        title="Input and old state, each times its matrix, make the new state",
    )
    parts = [
        part[1] for line in lines for part in line if not isinstance(part, str)
    ]
    largest = max(np.abs(part).max() for part in parts)
    color_map = {"cmap": DIVERGING, "vmin": -largest, "vmax": largest}
    titles = (
        r"$h_t = \tanh(x_t W_{xh} + h_{t-1} W_{hh})$: first the sum",
        r"then its $\tanh$, and the output $\hat{y}_t = h_t W_{hy}$",
    )
    for ax, line, title in zip(axes, lines, titles, strict=True):
        x = 0.0
        for part in line:
            if isinstance(part, str):
                wide = 0.55 if len(part) == 1 else 1.9
                look = {"ha": "center", "va": "center", "fontsize": 18}
                ax.text(x + wide / 2, 0, part, **look)
                x += wide
                continue
            name, numbers = part
            rows, columns = np.shape(numbers)
            place = (x, x + columns, rows / 2, -rows / 2)
            ax.imshow(numbers, extent=place, **color_map)
            for (i, j), number in np.ndenumerate(np.asarray(numbers)):
                dark = abs(number) > 0.6 * largest
                ax.text(
                    x + j + 0.5,
                    i + 0.5 - rows / 2,
                    f"{number:.1f}",
                    ha="center",
                    va="center",
                    color="white" if dark else BLACK,
                    fontsize=10,
                )
            middle = x + columns / 2
            ax.text(middle, -rows / 2 - 0.3, name, ha="center", fontsize=13)
            ax.text(
                middle,
                rows / 2 + 0.2,
                f"{rows} × {columns}",
                ha="center",
                va="top",
                color=GRAY,
                fontsize=9,
            )
            x += columns
        ax.set(xlim=(-0.3, 22.3), ylim=(2.9, -3.0), title=title)
        ax.axis("off")
    return figure
