"""How long is a season? Where a series is most like itself.

The autocorrelation of a series with a season falls below zero half a season
away, and has a peak a whole one away. Where there is no such peak, or a weak
one, there is no season: a random walk has none.
"""

import numpy as np

from mitseq.tasks.forecast.series import Series
from mitseq.tasks.forecast.times import DAYS, MONTH_ENDS, MONTHS, SECONDS

CLEAR = 0.4  # the least autocorrelation; random walks reach 0.3
NEAR = 0.8  # a peak that is so high is as good as one that is farther away
CYCLES = 3  # at least so many are in the series
# Seasons that the times suggest, in seconds, days or months.
NATURAL = {
    MONTHS: (12,),
    MONTH_ENDS: (12,),
    DAYS: (7, 365),
    SECONDS: (3600, 86400, 604800, 31536000),
}
CLOSE = 0.04  # of a natural season


def autocorrelation(values: np.ndarray, most: int) -> np.ndarray:
    """Returns how like itself a series is, 0 to `most` values away.

    A straight trend is taken out first.

    Args:
        values: `(T,)`.
        most: Largest distance, below T.

    Returns:
        `(most + 1,)`, 1 where it is the same.

    Example:

    >>> autocorrelation(np.array([0, 1, 0, -1] * 50), 4).round(1) + 0.0
    array([ 1.,  0., -1.,  0.,  1.])
    """
    count = len(values)
    t = np.arange(count)
    x = values - np.polyval(np.polyfit(t, values, 1), t)
    spectrum = np.fft.rfft(x, 2 * count)
    found = np.fft.irfft(np.abs(spectrum) ** 2)[: most + 1]
    found /= max(found[0], 1e-300)
    return found / (1 - np.arange(most + 1) / count)


def find_season(series: Series | np.ndarray, until: int | None = None) -> int:
    """Returns how many values a season has, or 0.

    Args:
        series: A `Series`, or `(T,)` values.
        until: Only the values before this one are looked at.

    Example:

    >>> t = np.arange(200)
    >>> find_season(np.sin(2 * np.pi * t / 24) + 0.1 * t)
    24
    >>> find_season(np.random.default_rng(0).normal(size=200).cumsum())
    0
    """
    calendar = None
    if isinstance(series, Series):
        calendar, series = series.calendar, series.values
    values = np.asarray(series, "float64")[:until]
    most = len(values) // CYCLES
    if most < 3 or np.ptp(values) == 0:
        return 0
    r = autocorrelation(values, most)
    below = np.flatnonzero(r < 0)
    if not len(below):
        return 0
    first = int(below[0])
    best = float(r[first:].max())
    if best < CLEAR:
        return 0
    near = first + int(np.argmax(r[first:] >= NEAR * best))
    around = slice(near, int(1.15 * near) + 2)
    season = near + int(r[around].argmax())
    if calendar is not None:
        season = _natural(season, r, calendar)
    return season


def _natural(season: int, r: np.ndarray, calendar) -> int:
    """Returns a year, a week or a day, if the season is about that long."""
    for length in NATURAL.get(calendar.unit, ()):
        values = length / calendar.step
        whole = round(values)
        close = abs(values - season) <= CLOSE * values + 0.5
        if close and 1 < whole < len(r) and r[whole] >= NEAR * r[season]:
            return whole
    return season
