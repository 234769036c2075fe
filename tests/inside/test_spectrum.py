"""The spectral radius and the singular value decide how gradients decay."""

import keras
import numpy as np
import pytest

from mitseq.inside.gradients import gradient_flow
from mitseq.inside.spectrum import decay_per_step, spectra, spectrum
from mitseq.layers.gru import GRU
from mitseq.layers.lstm import LSTM
from mitseq.layers.rnn import SimpleRNN


@pytest.mark.parametrize("scale", [0.8, 1.2])
def test_linear_decay_equals_the_spectral_radius_to_one_percent(scale):
    """Random W_hh, 16 units, 200 steps; measured by the tape, not by eigvals.

    The largest singular value is far from it, so it cannot be that one.
    """
    H, T = 16, 200
    rng = np.random.default_rng(int(10 * scale))
    inputs = keras.Input((T, 3))
    layer = SimpleRNN(H, "linear", use_bias=False)
    model = keras.Model(inputs, layer(inputs))
    model.compile(loss=lambda y, h_T: keras.ops.sum(h_T, axis=-1))
    layer.cell.W_hh.assign(rng.normal(0, scale / np.sqrt(H), (H, H)))
    flow = gradient_flow(
        model, rng.normal(size=(2, T, 3)), np.zeros((2, H)), examples=1
    )
    radius, largest = flow.matrices["W_hh"]
    assert abs(np.log(largest / radius)) > 0.2
    far = slice(0, T // 2)  # from the loss: the start-up is over
    assert decay_per_step(flow.dL_dh[far]) == pytest.approx(radius, rel=0.01)
    assert decay_per_step(flow.dhT_dh[far]) == pytest.approx(radius, rel=0.01)


def test_numbers_of_matrices_known_by_hand():
    # eigenvalues 0.5 and 0.5; the shear makes a single step large
    radius, largest = spectrum([[0.5, 3.0], [0.0, 0.5]])
    assert radius == pytest.approx(0.5)
    assert largest == pytest.approx((3 + np.sqrt(10)) / 2)
    rotation = [[0.0, -2.0], [2.0, 0.0]]  # eigenvalues 2i and -2i
    assert spectrum(rotation) == pytest.approx((2.0, 2.0))
    assert np.isnan(spectrum([[np.nan, 0.0], [0.0, 1.0]])).all()


@pytest.mark.parametrize(
    "layer, names",
    [
        (SimpleRNN(4), {"W_hh"}),
        (GRU(4), {"W_hz", "W_hr", "W_hh"}),
        (LSTM(4), {"W_hf", "W_hi", "W_hc", "W_ho"}),
    ],
)
def test_every_recurrent_matrix_is_named_and_starts_orthogonal(layer, names):
    layer.build((None, None, 3))
    found = spectra(layer)
    assert set(found) == names
    for values in found.values():
        assert values == pytest.approx((1.0, 1.0), rel=1e-5)


def test_decay_of_a_power_is_its_base_and_zeros_do_not_count():
    norms = 0.9 ** np.arange(50.0, 0, -1)
    assert decay_per_step(norms) == pytest.approx(0.9)
    norms[:10], norms[20] = 0.0, np.inf
    assert decay_per_step(norms) == pytest.approx(0.9)
    assert np.isnan(decay_per_step([0.0, 1.0]))
