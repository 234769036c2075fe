"""The examples print what they find and return a figure."""

import numpy as np
import pytest

from mitseq.slides import gradients
from tests.figure_checks import check_figure


@pytest.fixture(autouse=True)
def few_steps(monkeypatch):
    monkeypatch.setattr(gradients, "STEPS", 12)
    monkeypatch.setattr(gradients, "UNITS", 8)


def test_backpropagation_prints_the_table(capsys):
    check_figure(gradients.backpropagation())
    assert "dL/dh_t" in capsys.readouterr().out


def test_linear_flow_decays_by_the_spectral_radius(capsys):
    check_figure(gradients.linear_flow())
    printed = capsys.readouterr().out
    for radius in ("0.800", "1.000", "1.250"):
        assert f"a factor of {radius} for each step back" in printed
        assert f"spectral radius {radius}" in printed


def test_a_radius_above_one_does_not_yet_explode(monkeypatch, capsys):
    monkeypatch.setattr(gradients, "STEPS", 40)
    monkeypatch.setattr(gradients, "UNITS", 32)
    figure = gradients.exploding()
    check_figure(figure)
    lines = {line.get_label(): line for line in figure.axes[0].lines}
    radii = {float(name.split()[-1]): name for name in lines}
    smallest, *_, largest = sorted(radii)
    # needed, and not enough
    assert smallest > 1.1
    assert lines[radii[smallest]].get_ydata()[0] < 1e-4
    assert lines[radii[largest]].get_ydata()[0] > 1e4
    assert "clipped to 1: loss" in capsys.readouterr().out


def test_the_drawn_flow_is_the_product_of_the_factors():
    import keras

    from mitseq.inside.gradients import gradient_flow
    from mitseq.layers.rnn import SimpleRNN
    from mitseq.plots.gradients import relative

    x, y = gradients._regression()
    start = keras.initializers.RandomNormal(0, 1.5 / np.sqrt(8), seed=3)
    layer = SimpleRNN(8, "relu", recurrent_initializer=start)
    inputs = keras.Input(x.shape[1:])
    dense = keras.layers.Dense(1)
    model = keras.Model(inputs, dense(layer(inputs)))
    model.compile(loss="mse")
    drawn = relative(gradient_flow(model, x, y).dL_dh)
    # Forward, then one factor a step: the slope times W_hh^T.
    W_xh, W_hh, b_h = layer.get_weights()
    h, slopes = np.zeros((len(x), 8)), []
    for t in range(x.shape[1]):
        total = x[:, t] @ W_xh + h @ W_hh + b_h
        h = np.maximum(total, 0)
        slopes.append(total > 0)
    kernel, bias = dense.get_weights()
    dh = 2 * (h @ kernel + bias - y) / len(x) @ kernel.T
    norms = [np.linalg.norm(dh)]
    for slope in slopes[:0:-1]:
        dh = (dh * slope) @ W_hh.T
        norms.append(np.linalg.norm(dh))
    np.testing.assert_allclose(
        drawn, np.array(norms)[::-1] / norms[0], rtol=1e-4
    )


def test_what_is_clipped_has_the_norm_of_the_bound():
    raw, used, losses = gradients.clipped_training(0.5, steps=12)
    assert (raw > 0.5).any()
    np.testing.assert_allclose(used, np.minimum(raw, 0.5), rtol=1e-5)
    free, same, lost = gradients.clipped_training(None, steps=3)
    np.testing.assert_array_equal(free, same)
    assert free[0] == raw[0] and lost[0] == losses[0]  # one start


def test_the_cure_is_relu_with_identity_and_neither_alone(monkeypatch, capsys):
    monkeypatch.setattr(gradients, "STEPS", 40)
    monkeypatch.setattr(gradients, "UNITS", 32)
    monkeypatch.setattr(gradients, "TRAINED", 2)
    figure = gradients.vanishing()
    check_figure(figure)
    left, right = figure.axes
    ends = {
        line.get_label().partition(":")[0]: line.get_ydata()[0]
        for line in left.lines
    }
    assert list(ends) == [
        "tanh",
        "ReLU",
        "tanh, identity",
        "ReLU, identity",
        "GRU",
        "LSTM",
    ]
    cured = ends.pop("ReLU, identity")
    assert cured > 0.1 > max(ends.values())
    # by itself the activation makes it worse, and a new gate is no cure
    assert ends["ReLU"] < ends["tanh"] and ends["GRU"] < 1e-4
    names = [line.get_label() for line in right.lines]
    assert names[0].startswith("GRU, untrained: ×")
    printed = capsys.readouterr().out
    assert "GRU, trained for 0 steps: a factor of 0.7" in printed


@pytest.mark.slow
def test_a_gate_is_a_cure_once_it_has_learned(monkeypatch):
    monkeypatch.setattr(gradients, "STEPS", 60)
    monkeypatch.setattr(gradients, "UNITS", 32)
    before = gradients._flow_of_memory("GRU", 0)
    after = gradients._flow_of_memory("GRU", gradients.TRAINED)
    assert before[0] / before[-1] < 1e-6
    assert after[0] / after[-1] > 0.1


def test_long_term_has_a_point_for_each_distance(monkeypatch, capsys):
    monkeypatch.setattr(gradients, "DISTANCES", (1, 2, 8))
    monkeypatch.setattr(gradients, "FARTHEST", 4)
    figure = gradients.long_term(steps=2)
    check_figure(figure)
    assert list(figure.axes[0].lines[1].get_xdata()) == [1, 2, 8]
    assert "right after (1, 2, 8) steps of noise" in capsys.readouterr().out


def test_gates_are_those_of_a_trained_cell(capsys):
    check_figure(gradients.gates(steps=2))
    assert "mean of f" in capsys.readouterr().out
