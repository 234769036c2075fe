"""The computational graph of a recurrence across time, with its numbers.

Slide: Lecture 2, "RNNs: Computational Graph Across Time"
(docs/slides.md#graph).
"""

from collections.abc import Mapping, Sequence

from mitseq.plots.style import (
    BLACK,
    BLUE,
    GRAY,
    GREEN,
    ORANGE,
    RED,
    Figure,
    new_figure,
)

COLORS = {"W_xh": BLUE, "W_hh": GREEN, "W_hy": ORANGE}
INPUT, STATE, OUTPUT, LOSS, TOTAL = 0, 1.15, 2.3, 3.3, 4.4  # heights


def plot_graph(
    words: Sequence[str],
    losses: Sequence[float],
    shapes: Mapping[str, Sequence[int]],
) -> Figure:
    """Returns a recurrence unrolled over a sentence.

    At each step stands the same matrix, in the same color; only the numbers
    that flow are others.

    Args:
        words: T + 1 words: the inputs, each the target of the step before.
        losses: The T losses L_t, nats.
        shapes: Name -> shape of `W_xh`, `W_hh` and `W_hy`.
    """
    num_steps = len(losses)
    figure, axes = new_figure(
        size=(2.4 * num_steps + 2.2, 5.6),
        title="The same three matrices at every step, a loss at each, and "
        "their sum",
    )
    axes.set(xlim=(-1.15, num_steps - 0.3), ylim=(-0.75, TOTAL + 0.35))
    axes.axis("off")
    _node(axes, -0.85, STATE, "$h_0 = 0$", GRAY)
    middle = (num_steps - 1) / 2
    for t, loss in enumerate(losses):
        _edge(axes, (t - 0.62 if not t else t - 0.78, STATE), (t - 0.2, STATE))
        _weight(axes, t - 0.46, STATE, "W_hh")
        _edge(axes, (t, INPUT + 0.22), (t, STATE - 0.2))
        _weight(axes, t, (INPUT + STATE) / 2, "W_xh")
        _edge(axes, (t, STATE + 0.2), (t, OUTPUT - 0.2))
        _weight(axes, t, (STATE + OUTPUT) / 2, "W_hy")
        _edge(axes, (t, OUTPUT + 0.2), (t, LOSS - 0.2))
        side = (0.3 if t < middle else -0.3) if t != middle else 0
        _edge(axes, (t, LOSS + 0.2), (middle - side, TOTAL - 0.22))
        _node(axes, t, INPUT, f"$x_{t + 1}$", BLUE)
        read, asked = words[t], words[t + 1]
        axes.text(t, INPUT - 0.32, read, ha="center", va="top", fontsize=12)
        _node(axes, t, STATE, f"$h_{t + 1}$", GREEN)
        _node(axes, t, OUTPUT, rf"$\hat{{y}}_{t + 1}$", ORANGE)
        axes.text(
            t + 0.13,
            OUTPUT,
            f"“{asked}”?",
            va="center",
            fontsize=10,
            color=GRAY,
        )
        _node(axes, t, LOSS, f"$L_{t + 1}$ = {loss:.2f}", RED)
    _node(axes, middle, TOTAL, f"$L$ = {sum(losses):.2f} nats", RED)
    for i, (name, shape) in enumerate(shapes.items()):
        axes.text(
            num_steps - 0.62,
            TOTAL - 0.32 * i,
            f"{_tex(name)}: {shape[0]} × {shape[1]}",
            color=BLACK,
            fontsize=11,
            ha="left",
            va="center",
            bbox=_box(COLORS[name], filled=True),
        )
    return figure


def _tex(name):
    return f"${name[0]}_{{{name[2:]}}}$"


def _box(color, filled=False):
    if filled:
        return {
            "boxstyle": "round,pad=0.25",
            "fc": color,
            "ec": color,
            "alpha": 0.35,
        }
    return {"boxstyle": "round,pad=0.35", "fc": "white", "ec": color, "lw": 2}


def _node(axes, x, y, text, color):
    look = {"ha": "center", "va": "center", "fontsize": 13}
    axes.text(x, y, text, bbox=_box(color), zorder=3, **look)


def _weight(axes, x, y, name):
    # On white first: its color lets the arrow behind it through.
    look = {"ha": "center", "va": "center", "fontsize": 11, "zorder": 3}
    axes.text(
        x,
        y,
        _tex(name),
        bbox={"boxstyle": "round,pad=0.2", "fc": "white", "ec": "none"},
        **look,
    )
    axes.text(x, y, _tex(name), bbox=_box(COLORS[name], filled=True), **look)


def _edge(axes, start, end):
    look = {"arrowstyle": "->", "color": GRAY, "lw": 1.5, "shrinkA": 0}
    axes.annotate("", end, start, arrowprops=look, zorder=1)
