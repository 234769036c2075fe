"""Heat maps and traces show the values of the cell, at their tokens."""

import numpy as np
import pytest

from mitseq.plots.cells import plot_gates, plot_unit
from tests.figure_checks import check_figure

T, H = 7, 5


def values(steps=T):
    rng = np.random.default_rng(0)
    return {"f": rng.random((steps, H)), "c": rng.normal(size=(steps, H))}


def test_each_gate_is_a_map_of_units_against_tokens():
    inside = values()
    figure = plot_gates(inside, list("abcdefg"), units=[3, 0])
    check_figure(figure)
    gate, state = [ax for ax in figure.axes if ax.images]
    np.testing.assert_allclose(
        gate.images[0].get_array(), inside["f"][:, [3, 0]].T
    )
    assert gate.images[0].get_clim() == (0, 1)
    low, high = state.images[0].get_clim()
    assert low == -high
    assert [x.get_text() for x in state.get_xticklabels()] == list("abcdefg")


@pytest.mark.parametrize("steps", [1, 60, 200])
def test_short_and_long_texts_stay_readable(steps):
    tokens = [f"word{t}" for t in range(steps)]
    check_figure(plot_gates(values(steps), tokens))


def test_masked_steps_are_blank():
    inside = values()
    inside["f"][2] = np.nan
    check_figure(plot_gates(inside, list("abcdefg")))


def test_tokens_are_no_formulas():
    check_figure(plot_gates(values(2), ["$x_{", "^c$"]))


def test_unit_is_drawn_above_its_signal():
    signal = np.linspace(0, 1, T)
    figure = plot_unit(
        values()["c"][:, 0],
        list("abcdefg"),
        signal,
        ("unit 0", "position"),
        marks=[3],
    )
    check_figure(figure)
    top, bottom = figure.axes
    np.testing.assert_allclose(top.lines[-1].get_ydata(), values()["c"][:, 0])
    np.testing.assert_allclose(bottom.lines[-1].get_ydata(), signal)
    assert top.lines[0].get_xdata() == [3, 3]


def test_values_without_tokens_are_an_error():
    with pytest.raises(ValueError, match="`values` must.*7 rows of 'f', 2"):
        plot_gates(values(), ["a", "b"])
