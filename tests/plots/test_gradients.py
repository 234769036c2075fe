"""Figures of gradients show the numbers that they were given."""

import types

import numpy as np
import pytest

from mitseq.by_hand.backpropagation import scalar_bptt
from mitseq.inside.gradients import GradientFlow
from mitseq.inside.spectrum import Spectrum
from mitseq.plots.gradients import (
    plot_clipping,
    plot_flows,
    plot_forgetting,
    plot_gradient_flow,
    plot_gradient_norms,
    plot_learned_distances,
    plot_scalar_bptt,
)
from tests.figure_checks import check_figure

T = 20


def flow(factor, matrices=("W_hh",), cell=False):
    norms = factor ** np.arange(T - 1.0, -1, -1)
    return GradientFlow(
        "rnn",
        norms,
        norms / 2 if cell else None,
        norms,
        norms / 2 if cell else None,
        {name: Spectrum(factor, 1.5 * factor) for name in matrices},
    )


def test_flow_is_drawn_against_steps_back_with_its_radius():
    figure = plot_gradient_flow({"one": flow(0.5), "other": flow(1.2)})
    check_figure(figure)
    line, radius = figure.axes[0].lines[:2]
    np.testing.assert_array_equal(line.get_xdata(), np.arange(T)[::-1])
    np.testing.assert_allclose(line.get_ydata(), flow(0.5).dL_dh)
    np.testing.assert_allclose(radius.get_ydata(), line.get_ydata())


def test_lstm_has_two_ways_back_and_no_radius():
    lstm = flow(0.9, ("W_hf", "W_hi", "W_hc", "W_ho"), cell=True)
    figure = plot_gradient_flow({"LSTM": lstm})
    check_figure(figure)
    through_h, through_c = figure.axes[1].lines
    np.testing.assert_allclose(2 * through_c.get_ydata(), through_h.get_ydata())


@pytest.mark.parametrize("bad", [0.0, np.nan, np.inf])
def test_norms_that_a_log_scale_cannot_show_are_left_out(bad):
    lost = flow(0.5)
    lost.dL_dh[:5] = bad
    figure = plot_gradient_flow({"one": lost, "no Jacobian": flow(1.0)})
    check_figure(figure)
    assert len(figure.axes[0].lines[0].get_xdata()) == T - 5


def test_norms_of_a_training_are_a_map_and_curves():
    looks = [flow(factor) for factor in (0.8, 0.9, 1.0)]
    norms = types.SimpleNamespace(flows={"rnn": looks}, batches=[0, 10, 20])
    figure = plot_gradient_norms(norms)
    check_figure(figure)
    left, right = figure.axes[:2]
    drawn = left.collections[0].get_array().reshape(T, 3)
    np.testing.assert_allclose(drawn[0], np.log10([f.dL_dh[0] for f in looks]))
    radius, largest = right.lines[:2]
    assert list(radius.get_ydata()) == [0.8, 0.9, 1.0]
    np.testing.assert_allclose(largest.get_ydata(), [1.2, 1.35, 1.5])


def test_learned_distances_are_curves_and_bars():
    accuracies = {"RNN": {8: 1.0, 16: 0.2}, "GRU": {8: 1.0, 16: 0.95}}
    figure = plot_learned_distances(
        accuracies, {"RNN": 8, "GRU": 16}, chance=0.125, enough=0.9
    )
    check_figure(figure)
    left, right = figure.axes
    assert list(left.lines[0].get_ydata()) == [1.0, 0.2]
    assert sorted(bar.get_width() for bar in right.patches) == [8, 16]


def test_nothing_learned_is_still_a_figure():
    check_figure(
        plot_learned_distances({"RNN": {8: 0.1}}, {"RNN": 0}, 0.1, 0.9)
    )


@pytest.mark.parametrize("count", [1, 5, 30])
def test_passes_of_one_unit(count):
    x = np.linspace(-1, 1, count).tolist()
    passes = scalar_bptt(x, [0.1] * count, 0.9, 0.5, 1.0)
    figure = plot_scalar_bptt(passes, 0.9, {1: passes.dw, 2: 0.1})
    check_figure(figure)
    heights = [bar.get_height() for bar in figure.axes[0].patches]
    assert heights == pytest.approx([*passes.local, *passes.later])


def test_lines_begin_at_one_and_their_names_stand_at_their_ends():
    norms = {"slow": 3 * 0.9 ** np.arange(9.0, -1, -1), "fast": flow(0.5).dL_dh}
    figure = plot_flows({"left": norms, "right": {"one": flow(1.0).dL_dh}}, "T")
    check_figure(figure)
    left, _ = figure.axes
    for line, values in zip(left.lines, norms.values(), strict=True):
        np.testing.assert_allclose(line.get_ydata(), values / values[-1])
        assert line.get_ydata()[-1] == 1 and line.get_xdata()[-1] == 0
    assert {text.get_text() for text in left.texts} == set(norms)


def test_names_at_the_ends_do_not_lie_upon_each_other():
    near = {f"line {i}": np.array([0.1 + 1e-5 * i, 1.0]) for i in range(5)}
    figure = plot_flows({"all": near}, "T")
    check_figure(figure)
    renderer = figure.canvas.get_renderer()
    boxes = [t.get_window_extent(renderer) for t in figure.axes[0].texts]
    boxes.sort(key=lambda box: box.y0)
    for below, above in zip(boxes, boxes[1:], strict=False):
        assert below.y1 <= above.y0 + 1


def test_clipping_draws_the_trainings_and_the_bound():
    trainings = {"free": np.array([5.0, 50.0]), "used": np.array([0.5, 2.0])}
    figure = plot_clipping({"a": flow(0.5).dL_dh}, trainings, 2.0, "T")
    check_figure(figure)
    _, right = figure.axes
    bound, *drawn = right.lines
    assert set(bound.get_ydata()) == {2.0}
    assert [list(line.get_ydata()) for line in drawn] == [[5, 50], [0.5, 2]]


def test_forgetting_is_in_percent_over_the_distances():
    row = {1: 1.0, 8: 0.75, 64: 0.25}
    figure = plot_forgetting({"RNN": row}, chance=0.125, trained=8, title="T")
    check_figure(figure)
    line, guess = figure.axes[0].lines
    assert list(line.get_xdata()) == [1, 8, 64]
    assert list(line.get_ydata()) == [100, 75, 25]
    assert set(guess.get_ydata()) == {12.5}
