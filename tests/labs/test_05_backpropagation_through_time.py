"""Lab 5: what is written out is what the tape, the layer and `fit` find."""

import numpy as np
import pytest

from tests.figure_checks import check_figure
from tests.labs.loading import load_lab

lab = load_lab("05_backpropagation_through_time")


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    return lab.Config(epochs=8, out=str(tmp_path_factory.mktemp("lab")))


@pytest.fixture(scope="module")
def results(config):
    return lab.main(config)


def test_derivatives_equal_the_tape_with_and_without_cuts(results):
    assert results["scalar_error"] < 1e-12
    assert results["cut_error"] < 1e-12


def test_a_nudge_and_the_pencil_agree_with_the_derivative(results, config):
    nudged, pencil = results["nudges"]["nudged"], results["nudges"]["by pencil"]
    assert pencil[0] == 0.0 and abs(pencil[1]) > 1e-3
    assert nudged[:2] == pytest.approx(pencil, abs=1e-9)
    weights = config.w, config.u, config.v
    for steps, dw in enumerate(nudged, start=1):
        x, targets = lab.X[:steps], lab.running_sum()[:steps]
        assert dw == pytest.approx(
            lab.scalar_bptt(x, targets, *weights).dw, abs=1e-9
        )


def test_layer_gradients_equal_the_sums_over_time(results):
    assert set(results["matrix_errors"]) == {"W_xh", "W_hh", "b_h"}
    assert max(results["matrix_errors"].values()) < 1e-5


def test_training_by_hand_is_training_by_fit(results, config):
    assert len(results["by_hand"]) == config.epochs
    np.testing.assert_allclose(results["by_hand"], results["by_fit"], rtol=1e-4)
    assert results["by_hand"][-1] < results["by_hand"][0]


def test_total_loss_is_the_sum_of_the_steps(results):
    passes = results["passes"]
    by_step = [
        (y - target) ** 2 / 2
        for y, target in zip(passes.y, lab.running_sum(), strict=True)
    ]
    assert passes.loss == pytest.approx(sum(by_step))


def test_cut_changes_the_derivative_and_no_cut_does_not(results):
    cuts, dw = results["cuts"], results["passes"].dw
    assert cuts[len(lab.X)] == pytest.approx(dw)
    assert abs(cuts[1] - dw) > 0.01


def test_running_sum_by_hand():
    assert lab.running_sum((1.0, 2.0)) == pytest.approx([0.8, 2.4])


def test_figure_shows_the_passes(results, config):
    check_figure(results["figure"])
    left, middle, right = results["figure"].axes[:3]
    heights = [bar.get_height() for bar in left.patches]
    passes = results["passes"]
    assert heights == pytest.approx([*passes.local, *passes.later])
    assert list(right.lines[0].get_ydata()) == list(results["cuts"].values())
    png = lab.Path(config.out, "bptt.png").read_bytes()
    assert png.startswith(b"\x89PNG")
