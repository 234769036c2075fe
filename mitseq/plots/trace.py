"""The hidden state traced by hand: how it grows, and which word it hears.

Notes: "Trace the Hidden State by Hand" (docs/slides.md#trace).
"""

from collections.abc import Sequence

from mitseq.by_hand.trace import Trace
from mitseq.errors import MitseqError
from mitseq.plots.style import GRAY, MARKERS, PALETTE, Figure, new_figure


def plot_trace(traces: Sequence[Trace]) -> Figure:
    """Returns traces of one sentence: h_t by step, dh_T/dx_t by word.

    Args:
        traces: What `trace_by_hand` returned for one sentence, with different
            `keep`.

    Raises:
        MitseqError: if there is no trace, or they are of different sentences.

    Example:

    >>> from mitseq.by_hand.trace import trace_by_hand
    >>> figure = plot_trace([trace_by_hand(keep=k) for k in (0.5, 0.9)])
    >>> [axes.get_title() for axes in figure.axes]
    ['The hidden state', 'What each word counts in h_5']
    """
    if not traces or len({trace.words for trace in traces}) != 1:
        raise MitseqError(
            "`traces` must be of one sentence. Received: "
            f"{[' '.join(trace.words) for trace in traces]}."
        )
    words = traces[0].words
    text = " ".join(words)
    last = len(words)
    steps = range(last + 1)
    figure, (left, right) = new_figure(
        1,
        2,
        size=(max(11, 1.3 * last), 4.2),
        title=f"“{text if len(text) <= 70 else text[:69] + '…'}”",
    )
    width = 0.8 / len(traces)
    for i, trace in enumerate(traces):
        look = {
            "color": PALETTE[i % len(PALETTE)],
            "label": f"keep {float(trace.keep):g}",
        }
        left.plot(
            steps,
            [float(h) for h in trace.h],
            marker=MARKERS[i % len(MARKERS)],
            **look,
        )
        right.bar(
            [t + (i - (len(traces) - 1) / 2) * width for t in steps[1:]],
            [float(influence) for influence in trace.influence],
            width,
            **look,
        )
    left.set(
        title="The hidden state",
        xlabel="step t [words read]",
        ylabel="hidden state $h_t$ [units of x]",
    )
    left.set_xticks(steps[:: max(1, len(steps) // 10)])
    left.legend()
    right.axhline(0, color=GRAY, linewidth=0.8)
    right.set(
        title=f"What each word counts in h_{last}",
        xlabel="word",
        ylabel=rf"influence $\partial h_{{{last}}} / \partial x_t$ [1]",
    )
    crowded = sum(map(len, words)) > 45
    right.set_xticks(
        steps[1:],
        words,
        rotation=45 if crowded else 0,
        ha="right" if crowded else "center",
    )
    right.legend()
    return figure
