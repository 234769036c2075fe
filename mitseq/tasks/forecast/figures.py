"""A forecast with its intervals beside the naive ones, and a watched sensor.

Slide: Lecture 2, "Sequence Modeling Applications"
(docs/slides.md#applications).
"""

import textwrap
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mitseq.plots.style import (
    BLACK,
    BLUE,
    GRAY,
    GREEN,
    MARKERS,
    ORANGE,
    PALETTE,
    PURPLE,
    RED,
    Figure,
    new_figure,
)
from mitseq.tasks.forecast.baselines import LAST, LINEAR, SEASONAL
from mitseq.tasks.forecast.evaluation import MODEL, Evaluation
from mitseq.tasks.forecast.model import INTERVALS, MIDDLE
from mitseq.tasks.forecast.sensors import KINDS
from mitseq.tasks.forecast.series import Series
from mitseq.tasks.forecast.stream import Answer

LOOK = {
    MODEL: {"color": BLUE, "marker": MARKERS[0]},
    LAST: {"color": ORANGE, "marker": MARKERS[1], "linestyle": "--"},
    SEASONAL: {"color": GREEN, "marker": MARKERS[2], "linestyle": ":"},
    LINEAR: {"color": PURPLE, "marker": MARKERS[3], "linestyle": "-."},
}
SHOWN = 4  # times the horizon, of the past
TICKS = 5  # times that are written below


def plot_forecast(
    series: Series, found: Evaluation, title: str | None = None
) -> Figure:
    """Draws how a series goes on, and how far off that was in its past.

    Left the forecast that is relied on, with its intervals, and the others as
    lines; right their errors in the held-out end.

    Args:
        series: What was seen.
        found: From `evaluate_forecast`.
        title: Above the figure; None for the series and the verdict.

    Example:

    >>> from mitseq.tasks.forecast.evaluation import evaluate_forecast
    >>> from mitseq.tasks.forecast.model import build_forecast_model
    >>> values = np.arange(60) % 7 * 1.0
    >>> model = build_forecast_model(horizon=3, units=2, lags=2)
    >>> found = evaluate_forecast(model, values, season=7)
    >>> figure = plot_forecast(Series(values), found)
    >>> figure.axes[1].get_xlabel()
    'steps ahead'
    """
    values, best = series.values, found.best
    horizon = len(found.ahead[best])
    figure, (left, right) = new_figure(
        1, 2, size=(12.5, 4.8), width_ratios=(1.7, 1)
    )
    if title is None:
        title = f"{series.name} ({Path(series.source).name}): {found.verdict()}"
    figure.suptitle(_wrapped(title).replace("$", r"\$"), fontsize=10)
    count = len(values)
    first = max(0, count - max(SHOWN * horizon, 24))
    left.plot(range(first, count), values[first:], color=BLACK, label="seen")
    ahead = np.arange(count, count + horizon)
    for share, (low, high) in sorted(INTERVALS.items(), reverse=True):
        ends = found.ahead[best][:, low], found.ahead[best][:, high]
        left.fill_between(
            ahead,
            *ends,
            color=LOOK[best]["color"],
            alpha=0.32 if share == 80 else 0.16,
            linewidth=0,
            label=f"{share} % of values",
        )
    for name, quantiles in found.ahead.items():
        strong = {"linewidth": 2.2} if name == best else {"linewidth": 1.1}
        left.plot(
            ahead,
            quantiles[:, MIDDLE],
            markersize=4,
            label=f"{name} (relied on)" if name == best else name,
            **LOOK[name],
            **strong,
        )
    ticks = np.linspace(first, count + horizon - 1, TICKS).round().astype(int)
    left.set_xticks(ticks, [series.label(int(tick)) for tick in ticks])
    left.set(
        title="How it goes on",
        xlabel="number of the value" if series.calendar is None else "time",
        ylabel=series.name.replace("$", r"\$"),
    )
    left.legend(fontsize=8)
    for name, scores in found.scores.items():
        steps = range(1, horizon + 1)
        right.plot(steps, scores.by_step, markersize=4, **LOOK[name])
    origins = len(found.scores[best].errors)
    right.set(
        title=f"How far off, from {origins} places in the last fifth",
        xlabel="steps ahead",
        ylabel="mean absolute error",
        ylim=(0, None),
    )
    right.locator_params(axis="x", integer=True)
    return figure


def plot_stream(
    answers: Sequence[Answer],
    faults: np.ndarray | None = None,
    title: str = "A sensor, answered value by value",
) -> Figure:
    """Draws values with what was expected of them, and which look broken.

    Args:
        answers: From `Stream.read`, one after another.
        faults: `(T,)`, which values are faults, as `Sensors.faults` has them;
            None if that is not known.
        title: Above the figure.

    Example:

    >>> answer = Answer(1, 2.0, None, None, False, 2.0, 1.0, 3.0)
    >>> plot_stream([answer] * 3).axes[1].get_ylabel()
    'score of a fault'
    """
    figure, (top, bottom) = new_figure(
        2,
        1,
        size=(11, 5.6),
        title=title,
        sharex=True,
        height_ratios=(2.2, 1),
    )
    number = np.array([each.number for each in answers])
    values = np.array([each.value for each in answers])
    # what was said after one value is about the next
    low = [each.low for each in answers[:-1]]
    high = [each.high for each in answers[:-1]]
    top.fill_between(
        number[1:],
        low,
        high,
        color=BLUE,
        alpha=0.3,
        linewidth=0,
        label="80 % interval",
    )
    top.plot(number, values, color=BLACK, linewidth=0.9, label="value")
    is_fault = np.array([each.is_fault for each in answers])
    top.plot(
        number[is_fault],
        values[is_fault],
        MARKERS[0],
        color=RED,
        fillstyle="none",
        markersize=6,
        label="taken for a fault",
    )
    if faults is not None:
        for kind, name in enumerate(KINDS, start=1):
            _shade(top, number, faults == kind, PALETTE[kind], name)
    told = [np.nan if a.fault is None else a.fault for a in answers]
    bottom.plot(number, told, color=RED, linewidth=1)
    bottom.axhline(0.5, color=GRAY, linewidth=0.8, linestyle="--")
    top.set_ylabel("value")
    bottom.set(
        xlabel="number of the value",
        ylabel="score of a fault",
        ylim=(-0.03, 1.03),
    )
    top.legend(loc="upper left", bbox_to_anchor=(1.01, 1), fontsize=8)
    return figure


def _shade(axes, number, where, color, name):
    edges = np.flatnonzero(np.diff(np.concatenate([[0], where, [0]])))
    for i, (start, end) in enumerate(zip(edges[::2], edges[1::2], strict=True)):
        axes.axvspan(
            number[start] - 0.7,
            number[end - 1] + 0.7,
            color=color,
            alpha=0.22,
            linewidth=0,
            label=f"{name} (made)" if i == 0 else None,
        )


def _wrapped(text: str, width: int = 120) -> str:
    return "\n".join(textwrap.wrap(text, width))
