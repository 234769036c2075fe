"""One or many in, one or many out: the shapes, and the task behind each."""

import dataclasses

from mitseq.plots.style import BLUE, GRAY, GREEN, ORANGE, Figure, new_figure


@dataclasses.dataclass(frozen=True)
class Pattern:
    """One drawing.

    Args:
        title: Of the lecture.
        example: The problem.
        where: What solves it here.
        inputs: Steps with an input from outside.
        outputs: Steps with an output.
        fed_back: Steps whose input is the output of the step before.
    """

    title: str
    example: str
    where: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    fed_back: tuple[int, ...] = ()

    @property
    def steps(self) -> int:
        """How many steps are drawn."""
        return 1 + max(*self.inputs, *self.outputs)


PATTERNS = (
    Pattern("One to one", "will I pass this class?", "Lab 18", (0,), (0,)),
    Pattern("Many to one", "sentiment", "mitseq sentiment", (0, 1, 2), (2,)),
    Pattern(
        "One to many",
        "image captioning",
        "mitseq caption",
        (0,),
        (0, 1, 2),
        (1, 2),
    ),
    Pattern(
        "Many to many",
        "tagging each word",
        "mitseq tag",
        (0, 1, 2),
        (0, 1, 2),
    ),
    Pattern(
        "Many to many, one after the other",
        "translation",
        "mitseq translate",
        (0, 1),
        (1, 2, 3),
        (2, 3),
    ),
)


def plot_patterns() -> Figure:
    """Returns which steps have an input (below) and which an output.

    An orange line leads from an output to the step that reads it.
    """
    widths = [max(each.steps, 2) for each in PATTERNS]
    figure, axes = new_figure(
        1,
        len(PATTERNS),
        size=(14, 4.6),
        title="What goes in, what comes out, and what is read again (orange)",
        width_ratios=widths,
    )
    for panel, pattern, width in zip(axes, PATTERNS, widths, strict=True):
        shift = (width - pattern.steps) / 2
        panel.set(
            title=f"{pattern.title}\n{pattern.example}",
            xlim=(-0.6, width - 0.4),
            ylim=(-0.9, 2.6),
        )
        panel.axis("off")
        panel.text(
            (width - 1) / 2,
            -0.75,
            pattern.where,
            ha="center",
            family="monospace",
            fontsize=11,
            color=GRAY,
        )
        for t in range(pattern.steps):
            _step(panel, pattern, t, t + shift)
    return figure


def _step(axes, pattern, t, x):
    if t in pattern.inputs:
        _box(axes, x, 0, f"$x_{t + 1}$", BLUE)
    first = min(pattern.outputs)
    if t in pattern.fed_back:
        _box(axes, x, 0, rf"$\hat{{y}}_{t - first}$", ORANGE, dashed=True)
        _feedback(axes, x)
    if t in pattern.inputs or t in pattern.fed_back:
        _arrow(axes, (x, 0.28), (x, 0.72))
    _box(axes, x, 1, f"$h_{t + 1}$", GREEN)
    if t in pattern.outputs:
        _box(axes, x, 2, rf"$\hat{{y}}_{t - first + 1}$", ORANGE)
        _arrow(axes, (x, 1.28), (x, 1.72))
    if t:
        _arrow(axes, (x - 0.72, 1), (x - 0.28, 1))


def _box(axes, x, y, text, color, dashed=False):
    box = {"boxstyle": "round,pad=0.35", "fc": "white", "ec": color, "lw": 2}
    if dashed:
        box["ls"] = "--"
    axes.text(x, y, text, ha="center", va="center", fontsize=14, bbox=box)


def _feedback(axes, x):
    """From the output of the step before, between the columns, to the input."""
    between = x - 0.5
    look = {"color": ORANGE, "linewidth": 2.2, "zorder": 1}
    axes.plot([x - 0.75, between, between], [2, 2, 0], **look)
    look = {"arrowstyle": "-|>", "color": ORANGE, "linewidth": 2.2}
    look |= {"mutation_scale": 14, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", (x - 0.24, 0), (between, 0), arrowprops=look)


def _arrow(axes, start, end):
    look = {"arrowstyle": "->", "color": GRAY, "linewidth": 1.5}
    axes.annotate("", end, start, arrowprops=look)
