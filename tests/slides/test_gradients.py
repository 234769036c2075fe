"""The examples print what they find and return a figure."""

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


def test_random_relu_explodes(capsys):
    figure = gradients.exploding()
    check_figure(figure)
    largest = figure.axes[1].lines[4]  # of the third network; radii between
    assert largest.get_ydata()[0] > 10


def test_vanishing_shows_every_cure(capsys):
    check_figure(gradients.vanishing())
    printed = capsys.readouterr().out
    for name in ("SimpleRNN", "ReLU + identity", "GRU", "LSTM"):
        assert f"{name}: dL/dh_1" in printed


def test_long_term_counts_what_is_remembered(capsys):
    check_figure(gradients.long_term(steps=2, distances=(2,)))
    assert "GRU, 2 steps of noise" in capsys.readouterr().out


def test_gates_are_those_of_a_trained_cell(capsys):
    check_figure(gradients.gates(steps=2))
    assert "mean of f" in capsys.readouterr().out
