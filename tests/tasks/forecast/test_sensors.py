"""Sensors break as they are said to, and a seed decides everything."""

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.forecast.sensors import (
    KINDS,
    WARM,
    random_walk,
    seasonal,
    sensors,
)


@pytest.fixture(scope="module")
def made():
    return sensors(30, 500, seed=0)


def test_whole_values_are_clean_and_broken_ones_are_not(made):
    whole = made.faults == 0
    np.testing.assert_array_equal(made.values[whole], made.clean[whole])
    assert not made.faults[:, :WARM].any()
    off = np.abs(made.values - made.clean)
    for kind in range(1, len(KINDS) + 1):
        assert (off[made.faults == kind] > 0).mean() > 0.9


def test_a_stuck_sensor_stays_and_a_spike_is_one_value(made):
    stuck = (made.faults == 2)[:, 1:]
    assert stuck.any()
    assert not np.diff(made.values, axis=1)[stuck].any()
    spikes = (made.faults == 1).astype(int)
    assert spikes.any() and not (spikes[:, 1:] & spikes[:, :-1]).any()


def test_a_seed_decides(made):
    again = sensors(30, 500, seed=0)
    np.testing.assert_array_equal(again.values, made.values)
    assert (sensors(30, 500, seed=1).values != made.values).all()
    assert not sensors(3, 500, 0, faults_per_thousand=0).faults.any()


def test_a_season_repeats_and_a_walk_does_not():
    values = seasonal(600, 0, season=6)
    change = np.diff(values).reshape(-1)[:594].reshape(-1, 6)
    assert np.ptp(change.mean(axis=0)) > 2 * change.std(axis=0).mean()
    walk = random_walk(500, 0)
    assert abs(np.diff(walk).mean()) < 0.15 and walk[0] > 90


@pytest.mark.parametrize("wrong", [(0, 9, 0), (1, 0, 0), (1, 9, 0, -1)])
def test_numbers_out_of_range_are_refused(wrong):
    with pytest.raises(MitseqError, match="`count` and `length` must be"):
        sensors(*wrong)
