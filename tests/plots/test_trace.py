"""The figure of the trace shows the numbers of the trace."""

import pytest

from mitseq.by_hand.trace import trace_by_hand
from mitseq.errors import MitseqError
from mitseq.plots.trace import plot_trace
from tests.figure_checks import check_figure


def test_figure_shows_states_and_influences():
    traces = [trace_by_hand(keep=k) for k in ("0.5", "0.9")]
    figure = plot_trace(traces)
    check_figure(figure)
    left, right = figure.axes
    for line, trace in zip(left.lines, traces, strict=True):
        assert list(line.get_ydata()) == [float(h) for h in trace.h]
    heights = [bar.get_height() for bar in right.patches]
    assert heights == [float(i) for t in traces for i in t.influence]
    words = [label.get_text() for label in right.get_xticklabels()]
    assert words == ["The", "quick", "brown", "fox", "jumps"]


@pytest.mark.parametrize("count", [1, 12, 40])
def test_short_and_long_sentences_stay_readable(count):
    words = [f"word{i}" for i in range(count)]
    check_figure(plot_trace([trace_by_hand(words, keep="-0.8")]))


def test_traces_of_two_sentences_are_an_error():
    with pytest.raises(MitseqError, match="one sentence.*'a', 'b'"):
        plot_trace([trace_by_hand("a"), trace_by_hand("b")])
    with pytest.raises(MitseqError, match="one sentence"):
        plot_trace([])
