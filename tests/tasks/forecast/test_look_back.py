"""Running units by the equations; quantiles that never cross."""

import keras
import numpy as np
from keras import ops

from mitseq.tasks.forecast.look_back import (
    SCALE,
    SMALL,
    VALUE,
    LookBackCell,
    Quantiles,
    Shown,
)


def run(cell, values):
    layer = keras.layers.RNN(cell, return_sequences=True)
    x = np.array(values, "float32")[None, :, None]
    return ops.convert_to_numpy(layer(x))[0]


def test_mean_and_deviation_run_as_the_equations_say():
    values = [3.0, 5.0, 4.0, 8.0, 1.0]
    seen = run(LookBackCell(horizon=1, lags=2, span=3), values)
    m = s = 0.0
    for n, x in enumerate(values):
        a = max(1 / (n + 1), 1 / 3)
        m += a * (x - m)
        s += a * (abs(x - m) - s)
        np.testing.assert_allclose(seen[n, -2], m, rtol=1e-5)
        np.testing.assert_allclose(
            seen[n, SCALE], s + SMALL * abs(m), rtol=1e-5
        )
        assert seen[n, VALUE] == x


def test_it_shows_the_last_values_and_those_of_a_season_ago():
    values = np.arange(10.0) ** 2
    cell = LookBackCell(horizon=3, season=4, lags=2, span=100)
    last = run(cell, values)[-1]
    shown = last[:5] * last[SCALE] + last[-2]
    np.testing.assert_allclose(shown, [64, 81, 36, 49, 64], rtol=1e-4)
    wraps = LookBackCell(horizon=6, season=4, lags=2, span=100)
    last = run(wraps, values)[-1]
    np.testing.assert_allclose(
        last[2:8] * last[SCALE] + last[-2], [36, 49, 64, 81, 36, 49], rtol=1e-4
    )


def test_what_the_network_sees_does_not_hang_on_the_unit():
    values = np.random.default_rng(0).normal(size=30).cumsum() + 20
    cell = LookBackCell(horizon=2, season=5, lags=3, span=20)
    shown, other = (
        ops.convert_to_numpy(Shown()(run(cell, x)[None]))[0]
        for x in (values, 1000 * values)
    )
    np.testing.assert_allclose(shown, other, atol=2e-3)
    assert shown.shape[1] == cell.output_size + VALUE


def test_one_value_that_is_far_off_moves_the_scale_little():
    values = np.random.default_rng(0).normal(size=80)
    cell = LookBackCell(horizon=1, lags=2, span=30)
    before = run(cell, values)[-1, SCALE]
    values[60] = 1e6
    assert run(cell, values)[-1, SCALE] < 1.5 * before


def test_a_series_that_stands_still_gives_finite_numbers():
    assert np.isfinite(run(LookBackCell(1, lags=2), [0.0] * 30)).all()
    assert np.isfinite(run(LookBackCell(1, lags=2), [7e20] * 30)).all()


def test_quantiles_never_cross_and_the_middle_is_what_was_said():
    said = (
        np.random.default_rng(0).normal(0, 3, (2, 4, 3 * 5)).astype("float32")
    )
    look_back = np.abs(np.random.default_rng(1).normal(size=(2, 4, 6)))
    q = Quantiles(3, 5)(said, look_back.astype("float32")).numpy()
    assert q.shape == (2, 4, 3, 5) and (np.diff(q, axis=-1) > 0).all()
    expected = (
        look_back[..., VALUE, None]
        + look_back[..., SCALE, None] * (said[..., :3])
    )
    np.testing.assert_allclose(q[..., 2], expected, rtol=1e-5)


def test_configs_come_back():
    for layer in (LookBackCell(2, 3, 4, 5), Quantiles(2, 5), Shown()):
        config = layer.get_config()
        assert type(layer).from_config(config).get_config() == config
