"""The season is where a series is most like itself; a random walk has none."""

import numpy as np
import pytest

from mitseq.tasks.forecast.season import autocorrelation, find_season
from mitseq.tasks.forecast.sensors import random_walk, seasonal
from mitseq.tasks.forecast.series import Series
from mitseq.tasks.forecast.times import read_calendar


def test_the_autocorrelation_is_that_of_the_definition():
    x = np.random.default_rng(0).normal(size=50).cumsum()
    t = np.arange(50)
    off = x - np.polyval(np.polyfit(t, x, 1), t)
    expected = [
        (off[k:] @ off[: 50 - k] / (50 - k)) / (off @ off / 50)
        for k in range(6)
    ]
    np.testing.assert_allclose(autocorrelation(x, 5), expected)


@pytest.mark.parametrize("season", [7, 12, 24])
def test_a_season_is_found_under_noise_and_trend(season):
    for seed in range(3):
        assert find_season(seasonal(30 * season, seed, season)) == season


def test_what_has_no_season_is_said_to_have_none():
    rng = np.random.default_rng(1)
    walks = [random_walk(600, seed) for seed in range(10)]
    noise = [rng.normal(size=300) for _ in range(10)]
    assert not any(map(find_season, walks + noise))
    assert find_season(np.ones(50)) == find_season(np.arange(5.0)) == 0


def test_months_have_a_year_and_the_end_is_not_looked_at():
    values = np.sin(2 * np.pi * np.arange(240) / 12.3)
    cells = [f"{1990 + i // 12}-{1 + i % 12:02}" for i in range(240)]
    calendar, _ = read_calendar(cells, range(240), "a.csv")
    assert find_season(Series(values, calendar=calendar)) == 12
    changed = values.copy()
    changed[120:] = 0
    assert find_season(changed, until=120) == find_season(values, until=120)
