"""One to one, many to one, one to many, many to many: the four drawings."""

from mitseq.plots.style import BLUE, GRAY, GREEN, ORANGE, Figure, new_figure

# Title, example, steps with an input, steps with an output, steps.
PATTERNS = (
    ("One to one", "will I pass this class?", (0,), (0,), 1),
    ("Many to one", "sentiment", (0, 1, 2), (2,), 3),
    ("One to many", "image captioning", (0,), (0, 1, 2), 3),
    ("Many to many", "music, translation", (0, 1, 2), (0, 1, 2), 3),
)


def plot_patterns() -> Figure:
    """Returns which steps have an input (below) and which an output."""
    figure, axes = new_figure(
        1, 4, size=(11, 3.6), title="Sequence modeling applications"
    )
    for each, (title, example, inputs, outputs, steps) in zip(
        axes, PATTERNS, strict=True
    ):
        each.set(
            title=f"{title}\n{example}", xlim=(-0.8, 2.8), ylim=(-0.6, 2.6)
        )
        each.axis("off")
        shift = (3 - steps) / 2
        for t in range(steps):
            x = t + shift
            if t in inputs:
                _box(each, x, 0, f"$x_{t + 1}$", BLUE)
                _arrow(each, (x, 0.28), (x, 0.72))
            _box(each, x, 1, f"$h_{t + 1}$", GREEN)
            if t in outputs:
                _box(each, x, 2, rf"$\hat{{y}}_{t + 1}$", ORANGE)
                _arrow(each, (x, 1.28), (x, 1.72))
            if t:
                _arrow(each, (x - 0.72, 1), (x - 0.28, 1))
    return figure


def _box(axes, x, y, text, color):
    box = {"boxstyle": "round,pad=0.35", "fc": "white", "ec": color, "lw": 2}
    axes.text(x, y, text, ha="center", va="center", fontsize=12, bbox=box)


def _arrow(axes, start, end):
    look = {"arrowstyle": "->", "color": GRAY, "linewidth": 1.5}
    axes.annotate("", end, start, arrowprops=look)
