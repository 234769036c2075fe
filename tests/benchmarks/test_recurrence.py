"""The training benchmark: equal work, honest floors, all columns."""

import numpy as np
import pytest
import recurrence


@pytest.mark.parametrize(("kind", "atol"), [("lstm", 1e-3), ("gru", 0.05)])
def test_peers_learn_the_same_from_the_same_weights(
    kind, atol, capsys, monkeypatch
):
    monkeypatch.setattr(recurrence, "V", 5)  # each id is in a batch often
    rows = recurrence.main(
        ["--rows", f"{kind}-2-8", "--length", "6", "--steps", "3"]
        + ["--rounds", "1", "--no-memory", "--no-growth"]
    )
    losses = {row["peer"]: row["loss"] for row in rows}
    assert {"keras", "mitseq", "mitseq XLA"} <= set(losses)
    np.testing.assert_allclose(
        list(losses.values()), losses["mitseq"], atol=atol
    )
    table = capsys.readouterr().out
    assert f"{kind}-2-8" in table and "GFLOP/s" in table
    for row in rows:
        assert row["rate"] > 0 and row["compute"] > 0 and row["memory"] > 0


def test_floor_counts_the_products_of_forward_and_backward():
    # one gate, D = 256, V = 96: 1 row, 1 step, 2 units
    compute, memory = recurrence.floors("rnn", 1, 2, 1, rates=(1e3, 1e3))
    assert compute == 6 * (256 * 2 + 2 * 2 + 2 * 96)
    assert memory == 2 * 2 * 2 * 4


def test_an_unknown_layer_is_named():
    with pytest.raises(SystemExit, match="'cnn' is none of lstm, gru, rnn"):
        recurrence.main(["--rows", "cnn-1-2"])


@pytest.mark.slow
def test_growth_is_measured_for_each_size_once_and_drawn():
    lines = recurrence.measure_growth([3, 100], [2, 16], units=4, steps=2)
    sizes = [(line["batch"], line["length"]) for line in lines]
    assert sizes == [(16, 3), (16, 100), (2, 100)]
    for line in lines:
        assert line["ms"] > 0
        per_character = 1e6 * line["ms"] / line["batch"] / line["length"]
        assert line["each"] == pytest.approx(per_character)
    figure = recurrence.plot_growth(lines)
    left, right = figure.axes
    for ax, expected in ((left, [3, 100]), (right, [2, 16])):
        line, dots = ax.lines
        assert list(dots.get_xdata()) == expected
        # the line through the origin fits the largest size best
        assert line.get_xdata()[0] == line.get_ydata()[0] == 0
