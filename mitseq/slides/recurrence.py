"""Examples for the slides on neurons with recurrence.

Each function runs in seconds, prints what it finds and returns the figure of
its slide. `mitseq slides show` runs them.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def trace() -> "Figure":
    """The notes' exercise: once with 0.5, once with 0.9."""
    from mitseq.plots.trace import plot_trace
    from mitseq.slides.trace import trace_by_hand

    traces = [trace_by_hand(keep=keep) for keep in (0.5, 0.9)]
    for each in traces:
        print(f"h_t = {each.keep} * h_prev + {each.write} * x_t")
        print(each.table(), end="\n\n")
    return plot_trace(traces)
