"""The ball: one path with its guesses, and the error by positions seen."""

import numpy as np

from mitseq.plots.style import BLACK, GRAY, MARKERS, PALETTE, Figure, new_figure


def plot_ball(
    path: np.ndarray,
    guesses: dict[str, np.ndarray],
    errors: dict[str, np.ndarray],
) -> Figure:
    """Returns a figure of where a ball went and where it was expected.

    Args:
        path: `(T, 2)`, positions in a box from 0 to 1; the last is the one to
            predict.
        guesses: Name -> `(2,)`, what was expected for the last position.
        errors: Name -> `(T - 1,)`, mean distance between guess and ball after
            1, 2, ... positions seen, in box widths.

    Example:

    >>> path = np.array([[0.1, 0.1], [0.2, 0.2], [0.3, 0.3]])
    >>> figure = plot_ball(path, {"stay": path[1]}, {"stay": [0.1, 0.1]})
    >>> figure.axes[1].get_xlabel()
    'positions seen'
    """
    figure, (left, right) = new_figure(
        1, 2, size=(11, 4.6), title="Where will the ball go next?"
    )
    seen = path[:-1]
    walls = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]])
    left.plot(*seen.T, "-o", color=GRAY, label="seen")
    left.plot(*walls.T, color=BLACK, linewidth=2.5, label="walls")
    look = {"markersize": 9, "zorder": 5}  # above a guess that it stays
    left.plot(*seen[-1], "o", color=BLACK, label="now", **look)
    left.annotate(
        "now",
        seen[-1],
        xytext=(9, 9 if seen[-1][1] < 0.5 else -16),
        textcoords="offset points",
        zorder=5,
    )
    look = {"markersize": 12, "markeredgewidth": 2, "ls": ""}
    left.plot(*path[-1], "x", color=BLACK, label="next", **look)
    for i, (name, guess) in enumerate(guesses.items()):
        look = {"color": PALETTE[i], "marker": MARKERS[i + 1], "ls": ""}
        # Open and large: a guess that lies on "now" is seen around it.
        look |= {"markersize": 13, "fillstyle": "none", "markeredgewidth": 2}
        left.plot(*np.asarray(guess), label=name, **look)
    # A guess may lie beyond a wall.
    places = np.concatenate([path, list(guesses.values())])
    edge = max(0.02, 0.04 - places.min(), places.max() - 0.96)
    left.set(
        title="One ball",
        xlabel="x [box widths]",
        ylabel="y [box widths]",
        xlim=(-edge, 1 + edge),
        ylim=(-edge, 1 + edge),
        aspect="equal",
    )
    left.spines[:].set_visible(False)
    left.legend(loc="upper left", bbox_to_anchor=(1.02, 1))
    for i, (name, error) in enumerate(errors.items()):
        look = {"color": PALETTE[i], "marker": MARKERS[i + 1]}
        right.plot(range(1, len(error) + 1), error, label=name, **look)
    right.set(
        title="All balls",
        xlabel="positions seen",
        ylabel="mean error [box widths]",
        ylim=(0, None),
    )
    right.legend()
    return figure
