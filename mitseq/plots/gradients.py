"""Figures of gradients through time: how they vanish, explode and are cured.

Slide: Lecture 2, "Standard RNN Gradient Flow" (docs/slides.md#gradient-flow).
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from mitseq.by_hand.backpropagation import ScalarBPTT, influence
from mitseq.plots.style import (
    BLACK,
    BLUE,
    DIVERGING,
    GRAY,
    GREEN,
    MARKERS,
    ORANGE,
    PALETTE,
    RED,
    SEQUENTIAL,
    Figure,
    new_figure,
    write_cells,
)

if TYPE_CHECKING:
    from mitseq.inside.gradient_norms import GradientNorms
    from mitseq.inside.gradients import GradientFlow

SMALLEST = 1e-30  # of a norm that is drawn; below it is nothing


def plot_gradient_flow(
    flows: "Mapping[str, GradientFlow]",
    title: str = "How much of the error reaches each step of the past",
) -> Figure:
    """Returns the norms of dL/dh_t and dh_T/dh_t against the steps back.

    A dotted line falls (or rises) by the spectral radius of W_hh each step,
    where the layer has one W_hh. A dashed line is the way back by the cell
    state of an LSTM, dL/dc_t and dh_T/dc_t.

    Args:
        flows: From a name for the legend to the `GradientFlow` of a layer.
        title: Title of the figure.
    """
    figure, axes = new_figure(1, 2, size=(11.5, 4.6), title=title)
    from matplotlib.lines import Line2D  # installed, or there is no figure
    from matplotlib.patheffects import withStroke

    for ax, field, label in zip(
        axes,
        ("dL_dh", "dhT_dh"),
        ("norm of dL/dh_t", "spectral norm of dh_T/dh_t"),
        strict=True,
    ):
        for i, (name, flow) in enumerate(flows.items()):
            norms = getattr(flow, field)
            if norms is None:
                continue
            color = PALETTE[i % len(PALETTE)]
            back, drawn = _positive(norms)
            ax.plot(back, drawn, color=color, label=name)
            through_c = getattr(flow, field.replace("_dh", "_dc"))
            if through_c is not None:
                label_c = f"{name}, by the cell state"
                ax.plot(*_positive(through_c), "--", color=color, label=label_c)
            if set(flow.matrices) == {"W_hh"} and len(drawn):
                radius = flow.matrices["W_hh"].spectral_radius
                expected = np.maximum(drawn[-1] * radius**back, SMALLEST)
                # Dark edges: seen where it lies on the measured line, too.
                edges = [withStroke(linewidth=3, foreground="0.25")]
                look = {"color": color, "lw": 2, "path_effects": edges}
                ax.plot(back, expected, ":", **look)
        ax.set_yscale("log")
        ax.set(
            xlabel="steps back from the last one, T - t",
            ylabel=f"{label} (log scale)",
            title=label,
        )
        ax.grid(alpha=0.3)
    handles, _ = axes[0].get_legend_handles_labels()
    name = "spectral radius of W_hh, per step"
    dotted = Line2D([0], [0], color=GRAY, ls=":", label=name)
    axes[0].legend(handles=[*handles, dotted], fontsize="small")
    return figure


def plot_flows(
    panels: Mapping[str, Mapping[str, np.ndarray]],
    title: str,
) -> Figure:
    """Returns the share of the last gradient that reaches each step before.

    Each line is divided by its value at the last step, so that all begin at 1.
    At its end stands its name.

    Args:
        panels: Title of the axes -> name of a line -> `(T,)`, the norms of
            dL/dh_t for t = 1 to T.
        title: What to see.
    """
    figure, axes = new_figure(
        1,
        len(panels),
        size=(5.6 * len(panels) + 0.8, 4.8),
        title=title,
        sharey=True,
        squeeze=False,
    )
    for ax, (name, lines) in zip(axes[0], panels.items(), strict=True):
        ax.set_yscale("log")
        ends = {}
        for i, (label, norms) in enumerate(lines.items()):
            back, drawn = _positive(relative(norms))
            color = PALETTE[i % len(PALETTE)]
            ax.plot(
                back,
                drawn,
                color=color,
                marker=MARKERS[i % len(MARKERS)],
                markevery=max(1, len(back) // 6),
                markersize=5,
                lw=2,
                label=label,
            )
            ends[label] = (back.max(), drawn[back.argmax()], color)
        ax.set(title=name, xlabel="steps back from the last one, T - t")
        ax.grid(alpha=0.3)
        _label_ends(ax, ends)
    axes[0, 0].set_ylabel("|dL/dh_t| / |dL/dh_T|")
    return figure


def relative(norms: Sequence[float]) -> np.ndarray:
    """Returns norms as shares of the last one.

    Example:

    >>> relative([1.0, 2.0, 4.0]).tolist()
    [0.25, 0.5, 1.0]
    """
    norms = np.asarray(norms, "float64")
    return norms / norms[-1]


def plot_clipping(
    flows: Mapping[str, np.ndarray],
    trainings: Mapping[str, np.ndarray],
    bound: float,
    title: str,
) -> Figure:
    """Returns gradients that grow on their way back, and what clipping does.

    Args:
        flows: Name -> `(T,)`, the norms of dL/dh_t for t = 1 to T.
        trainings: Name -> `(steps,)`, the norm of the gradient of all weights
            in each step of a training.
        bound: What the norm is clipped to.
        title: What to see.
    """
    panels = {"The way back: a factor for each step": flows}
    figure = plot_flows(panels, title)
    figure.set_size_inches(12, 4.8)
    (left,) = figure.axes
    left.set_subplotspec(figure.add_gridspec(1, 2)[0])
    right = figure.add_subplot(1, 2, 2)
    right.spines[["top", "right"]].set_visible(False)
    right.set_yscale("log")
    look = {"color": GRAY, "ls": "--", "lw": 1, "zorder": 1}
    right.axhline(bound, label=f"the bound, {bound:g}", **look)
    for (name, norms), color, marker in zip(
        trainings.items(), (RED, ORANGE, BLUE), MARKERS, strict=False
    ):
        steps = np.arange(1, len(norms) + 1)
        right.plot(steps, norms, color=color, marker=marker, ms=4, label=name)
    right.set(
        title="Training: clipping scales the gradient down",
        xlabel="step of the training",
        ylabel="norm of the gradient of all weights",
    )
    most = max(float(np.max(norms)) for norms in trainings.values())
    right.set_ylim(0.3 * bound, most**1.6)  # room for the legend
    right.legend(loc="upper left")
    return figure


def _label_ends(axes, ends: Mapping[str, tuple]) -> None:
    """Writes names beside the ends of lines, on a log axis, apart."""
    figure = axes.get_figure()
    figure.canvas.draw()  # the limits are known
    low, high = np.log10(axes.get_ylim())
    gap = 0.062 * (high - low)
    names = sorted(ends, key=lambda name: ends[name][1])
    places = [float(np.log10(ends[name][1])) for name in names]
    for _ in range(200):  # push neighbors apart, each as far
        for i in range(1, len(places)):
            lack = gap - (places[i] - places[i - 1])
            if lack > 1e-6:
                places[i - 1] -= lack / 2
                places[i] += lack / 2
    for name, place in zip(names, places, strict=True):
        back, _, color = ends[name]
        axes.annotate(
            name,
            (back, 10**place),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
            color=BLACK,
            annotation_clip=False,
            bbox={"boxstyle": "square,pad=0.1", "fc": "white", "ec": color},
        )


def plot_gradient_norms(
    norms: "GradientNorms", layer: str | None = None
) -> Figure:
    """Returns what `GradientNorms` has seen of a layer during the training.

    Args:
        norms: The callback, after `fit`.
        layer: Name of the layer; None for the first.
    """
    layer = next(iter(norms.flows)) if layer is None else layer
    looks = norms.flows[layer]
    figure, (left, right) = new_figure(
        1, 2, size=(11.5, 4.4), title=f"Gradients of {layer!r} during training"
    )
    logs = np.log10(np.maximum([flow.dL_dh for flow in looks], SMALLEST))
    x = np.arange(len(looks) + 1) - 0.5
    y = np.arange(logs.shape[1] + 1) + 0.5
    mesh = left.pcolormesh(x, y, logs.T, cmap=SEQUENTIAL)
    ticks = np.unique(np.linspace(0, len(looks) - 1, 6).round().astype(int))
    left.set_xticks(ticks, [norms.batches[i] for i in ticks])
    left.set(
        xlabel="training batches",
        ylabel="step t of the sequence",
        title="norm of dL/dh_t",
    )
    figure.colorbar(mesh, ax=left, label="log10 of the norm")
    for i, matrix in enumerate(looks[0].matrices):
        color = PALETTE[i % len(PALETTE)]
        spectra = [flow.matrices[matrix] for flow in looks]
        right.plot(
            norms.batches,
            [s.spectral_radius for s in spectra],
            color=color,
            marker=MARKERS[i % len(MARKERS)],
            markersize=3,
            label=f"{matrix}: spectral radius",
        )
        largest = [s.largest_singular_value for s in spectra]
        name = f"{matrix}: singular value"
        right.plot(norms.batches, largest, "--", color=color, label=name)
    right.axhline(1, color=GRAY, lw=1)
    right.set(
        xlabel="training batches",
        ylabel="factor per step",
        title="the recurrent matrices",
    )
    right.legend(fontsize="small")
    return figure


def plot_learned_distances(
    accuracies: Mapping[str, Mapping[int, float]],
    learned: Mapping[str, int],
    chance: float,
    enough: float,
) -> Figure:
    """Returns how far each variant remembers: accuracies and distances.

    Args:
        accuracies: For each variant the share of right answers at each
            distance that was tried.
        learned: For each variant the longest distance that it learned, 0 for
            none.
        chance: Share of right answers of a guess.
        enough: Share of right answers that counts as learned.
    """
    figure, (left, right) = new_figure(
        1, 2, size=(12, 4.8), title="The memory distance each network learns"
    )
    tried = sorted({d for row in accuracies.values() for d in row})
    for i, (name, row) in enumerate(accuracies.items()):
        left.plot(
            list(row),
            list(row.values()),
            color=PALETTE[i % len(PALETTE)],
            marker=MARKERS[i % len(MARKERS)],
            ls="-" if i < len(PALETTE) else "--",
            label=name,
        )
    left.axhline(chance, color=GRAY, ls=":")
    left.annotate(
        "a guess", (tried[-1], chance + 0.015), color=GRAY, ha="right"
    )
    left.axhline(enough, color=GRAY, ls="--", lw=1)
    left.set_xscale("log", base=2)
    left.set_xticks(tried, tried)
    left.set(
        xlabel="memory distance of the task (steps of noise)",
        ylabel="share of right answers",
        ylim=(0, 1.04),
    )
    left.legend(fontsize="small", loc="lower left", framealpha=0.9)
    names = list(learned)[::-1]
    order = [list(accuracies).index(name) for name in names]
    bars = right.barh(
        names,
        [learned[name] for name in names],
        color=[PALETTE[i % len(PALETTE)] for i in order],
        hatch=["" if i < len(PALETTE) else "//" for i in order],
        edgecolor="white",
    )
    right.bar_label(bars, padding=3)
    right.set(
        xlabel=f"longest distance with {enough:.0%} right (steps)",
        xlim=(0, 1.12 * max([1, *learned.values()])),
    )
    return figure


def plot_forgetting(
    accuracies: Mapping[str, Mapping[int, float]],
    chance: float,
    trained: int,
    title: str,
) -> Figure:
    """Returns how much each network still knows after so many steps.

    Args:
        accuracies: Name -> distance -> share of right answers.
        chance: Share of right answers of a guess.
        trained: The longest distance in the training.
        title: What to see.
    """
    figure, axes = new_figure(size=(8.2, 4.8), title=title)
    tried = sorted({d for row in accuracies.values() for d in row})
    axes.axvspan(tried[0], trained, color="#eeeeee", lw=0)
    axes.annotate(
        f"in training: up to {trained} steps",
        (trained, 106),
        xytext=(-4, 0),
        textcoords="offset points",
        ha="right",
        va="center",
        color=GRAY,
    )
    for i, (name, row) in enumerate(accuracies.items()):
        axes.plot(
            list(row),
            [100 * share for share in row.values()],
            color=PALETTE[i],
            marker=MARKERS[i],
            lw=2,
            label=name,
        )
    axes.axhline(100 * chance, color=GRAY, ls="--", label="a guess")
    axes.set_xscale("log", base=2)
    axes.set_xticks(tried, tried)
    axes.set(
        xlabel="steps of noise between the symbol and the question",
        ylabel="right answers [%]",
        ylim=(0, 111),
    )
    axes.set_yticks(range(0, 101, 20))
    axes.legend(loc="lower left", framealpha=1)
    return figure


def plot_scalar_bptt(
    passes: ScalarBPTT, w: float, cuts: Mapping[int, float]
) -> Figure:
    """Returns the backward pass of one unit, step by step.

    Args:
        passes: What `scalar_bptt` returned.
        w: The weight from the state to the next one.
        cuts: dL/dw for each number of steps after which the way back is cut.
    """
    figure, (left, middle, right) = new_figure(
        1, 3, size=(13.5, 4.3), title="Backpropagation through time, one unit"
    )
    T = len(passes.h)
    steps = np.arange(1, T + 1)
    left.bar(steps, passes.local, color=BLUE, width=0.38, label="local")
    left.bar(
        steps + 0.38, passes.later, color=ORANGE, width=0.38, label="from later"
    )
    left.plot(steps + 0.19, passes.dh, "D", color=BLACK, label="dL/dh_t")
    left.axhline(0, color=GRAY, lw=0.8)
    left.set(
        xlabel="step t",
        ylabel="derivative of the loss",
        title="what reaches h_t",
    )
    every = slice(None, None, -(-T // 12))  # labels that have room
    left.set_xticks((steps + 0.19)[every], steps[every])
    left.legend(fontsize="small")
    grid = np.full((T, T), np.nan)
    for t, row in enumerate(influence(passes.h, w)):
        grid[t, : t + 1] = row
    most = np.nanmax(np.abs(grid))
    image = middle.imshow(grid, cmap=DIVERGING, vmin=-most, vmax=most)
    if T <= 8:
        texts = np.where(np.isfinite(grid), np.char.mod("%.2f", grid), "")
        dark = np.abs(grid) > 0.6 * most
        write_cells(middle, texts, dark, fontsize="small")
    middle.set_xticks((steps - 1)[every], steps[every])
    middle.set_yticks((steps - 1)[every], steps[every])
    middle.set(
        xlabel="step k", ylabel="step t", title="dh_t/dh_k: one factor a step"
    )
    middle.spines[:].set_visible(False)
    figure.colorbar(image, ax=middle, label="dh_t/dh_k", shrink=0.8)
    right.plot(list(cuts), list(cuts.values()), "o-", color=GREEN)
    right.axhline(passes.dw, color=GRAY, ls="--")
    above = {"xytext": (0, 4), "textcoords": "offset points"}
    right.annotate("no cut", (min(cuts), passes.dw), color=GRAY, **above)
    right.set_xticks(list(cuts))
    right.set(
        xlabel="way back cut every ... steps",
        ylabel="dL/dw",
        title="truncated: another derivative",
    )
    return figure


def _positive(norms: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    """Returns steps back and norms that a log scale can show."""
    norms = np.asarray(norms, "float64")
    back = len(norms) - 1 - np.arange(len(norms))
    shown = np.isfinite(norms) & (norms > SMALLEST)
    return back[shown], norms[shown]
