"""How far the memory of a model carries: accuracy against distance.

Slide: Lecture 2, "Model Long-Term Dependencies" (docs/slides.md#order). The
figure to `mitseq.tasks.sentiment.diagnose`.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mitseq.plots.style import GRAY, MARKERS, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def plot_distances(
    curves: Mapping[str, Mapping[int, float]],
    *,
    trained: tuple[int, int] | None = None,
    title: str = "Reviews with sentences put in: how far memory carries",
) -> "Figure":
    """Draws the accuracy of models against the sentences put in.

    Args:
        curves: For each model the accuracy, 0 to 1, at each distance, as
            `Diagnosis.distances` gives it.
        trained: The smallest and the largest distance of the training texts,
            shaded where given.
        title: Above the figure.

    Returns:
        The figure.

    Example:

    >>> figure = plot_distances({"lstm": {0: 1.0, 4: 0.9}}, trained=(0, 3))
    >>> figure.axes[0].get_ylabel()
    'right answers [%]'
    """
    figure, axes = new_figure(size=(7.6, 4.6))
    if trained is not None:
        axes.axvspan(
            trained[0] - 0.3,
            trained[1] + 0.3,
            color="#e8e8e8",
            label="distances in training",
        )
    axes.axhline(50, color=GRAY, linestyle="--", label="guessing")
    for i, (name, points) in enumerate(curves.items()):
        axes.plot(
            list(points),
            [100 * share for share in points.values()],
            marker=MARKERS[i % len(MARKERS)],
            markersize=5,
            label=name,
        )
    distances = sorted({d for points in curves.values() for d in points})
    axes.set_xticks(distances)
    axes.set_ylim(min(45, axes.get_ylim()[0]), 102)
    axes.set_xlabel("sentences put in")
    axes.set_ylabel("right answers [%]")
    axes.set_title(title)
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    return figure
