"""Series that are made up: sensors with faults, seasons, random walks.

A sensor here measures something that goes up and down, with noise, in a unit of
its own. Now and then it breaks, in one of three ways: a single value is far off
("spike"), the value stays what it was ("stuck"), or it wanders off slowly
("drift"). How far is counted in steps of the noise: the standard deviation of
what cannot be known from the past.
"""

import dataclasses

import numpy as np

from mitseq.errors import MitseqError

KINDS = ("spike", "stuck", "drift")
NORMAL = 0  # in `Sensors.faults`; 1, 2, ... are KINDS
SPIKE = (6.0, 15.0)  # steps of the noise
STUCK = (10, 40)  # values
DRIFT, DRIFT_LENGTH = (10.0, 25.0), (20, 60)  # steps of the noise; values
# What a seed is for, so that no sensor is in two of them.
TRAIN, VALIDATION, TEST, SHOWN = 1, 2, 3, 4
WARM = 40  # values before the first fault
APART = 10  # at least, values between two faults


@dataclasses.dataclass(frozen=True)
class Sensors:
    """Series of several sensors.

    Args:
        values: `(B, T)`, what they show.
        clean: `(B, T)`, what they would show if they were whole.
        faults: `(B, T)` of int: 0, or the number of the fault in `KINDS` from
            1 on.
    """

    values: np.ndarray
    clean: np.ndarray
    faults: np.ndarray


def sensors(
    count: int, length: int, seed, faults_per_thousand: float = 8.0
) -> Sensors:
    """Returns sensors that break now and then.

    Args:
        count: B, how many.
        length: T, values of each.
        seed: An int or several; another one, other sensors.
        faults_per_thousand: How many faults begin in so many values.

    Returns:
        The `Sensors`.

    Raises:
        MitseqError: if a number is out of its range.

    Example:

    >>> two = sensors(2, 300, seed=1)
    >>> two.values.shape, set(np.unique(two.faults)) <= {0, 1, 2, 3}
    ((2, 300), True)
    >>> whole = two.faults == 0
    >>> bool((two.values == two.clean)[whole].all())
    True
    """
    if count < 1 or length < 1 or not 0 <= faults_per_thousand <= 100:
        raise MitseqError(
            "`count` and `length` must be at least 1, `faults_per_thousand` "
            f"from 0 to 100. Received: count={count}, length={length}, "
            f"faults_per_thousand={faults_per_thousand}."
        )
    rng = np.random.default_rng(seed)
    clean, noise = _signals(count, length, rng)
    values, faults = clean.copy(), np.zeros((count, length), "int32")
    for b in range(count):
        every = 1000 / max(faults_per_thousand, 1e-6)
        at = WARM + int(rng.exponential(every))
        while at < length:
            kind = int(rng.integers(len(KINDS)))
            end = _break(values[b], at, kind, noise[b], rng)
            faults[b, at:end] = 1 + kind
            at = end + APART + int(rng.exponential(every))
    # each in its own unit
    unit = 10 ** rng.uniform(-2, 3, (count, 1))
    zero = unit * rng.normal(0, 20, (count, 1))
    return Sensors(zero + unit * values, zero + unit * clean, faults)


def seasonal(length: int, seed, season: int = 12) -> np.ndarray:
    """Returns a series with a season and a trend, `(length,)`.

    Args:
        length: Number of values.
        seed: An int or several.
        season: Values of a season.

    Example:

    >>> seasonal(100, seed=0, season=7).shape
    (100,)
    """
    rng = np.random.default_rng(seed)
    t = np.arange(length)
    shape = np.convolve(rng.normal(size=season), [0.25, 0.5, 0.25], "same")
    trend = 100 + 40 * t / max(season * 10, 1)
    return trend + 20 * shape[t % season] + _memory(rng, 1, length, 0.6, 4)[0]


def cycles(length: int, seed, period: float = 40.0) -> np.ndarray:
    """Returns cycles of uneven length and height, as sunspots have them.

    They rise faster than they fall, and do not go below zero.

    Args:
        length: Number of values.
        seed: An int or several.
        period: Values of a cycle, on the average.

    Example:

    >>> values = cycles(400, seed=0)
    >>> bool(values.min() >= 0), values.shape
    (True, (400,))
    """
    rng = np.random.default_rng(seed)
    pieces: list[np.ndarray] = []
    while sum(map(len, pieces)) < length:
        count = round(period * rng.uniform(0.75, 1.25))
        share = np.arange(count) / count
        height = rng.uniform(40, 140)
        pieces.append(height * np.sin(np.pi * share**0.7) ** 2)
    shape = np.concatenate(pieces)[:length]
    noise = _memory(rng, 1, length, 0.5, 1)[0]
    return np.maximum(5 + shape + (2 + np.sqrt(shape)) * noise, 0)


def random_walk(length: int, seed) -> np.ndarray:
    """Returns a walk whose steps nobody can know, `(length,)`.

    Args:
        length: Number of values.
        seed: An int or several.

    Example:

    >>> steps = np.diff(random_walk(2000, seed=0))
    >>> bool(abs(np.corrcoef(steps[1:], steps[:-1])[0, 1]) < 0.05)
    True
    """
    rng = np.random.default_rng(seed)
    return 100 + np.cumsum(rng.normal(size=length))


def _signals(count, length, rng) -> tuple[np.ndarray, np.ndarray]:
    """Returns `(B, T)` whole signals, and the noise of each, `(B,)`."""
    t = np.arange(length)
    clean = np.zeros((count, length))
    for strength in (1.0, 0.4):
        period = np.exp(rng.uniform(np.log(12), np.log(120), (count, 1)))
        phase = rng.uniform(0, 2 * np.pi, (count, 1))
        size = strength * rng.uniform(0, 2, (count, 1))
        clean += size * np.sin(2 * np.pi * t / period + phase)
    noise = rng.uniform(0.05, 0.3, count)
    keeps = rng.uniform(0, 0.9, count)
    return clean + _memory(rng, count, length, keeps, noise), noise


def _memory(rng, count, length, keeps, noise) -> np.ndarray:
    """Noise that keeps a part of what it was: `(B, T)`."""
    x = np.zeros(count)
    rows = np.empty((length, count))
    for t, new in enumerate(rng.normal(size=(length, count)) * noise):
        x = keeps * x + new
        rows[t] = x
    return rows.T


def _break(values, at, kind, noise, rng) -> int:
    """Breaks one sensor in place; returns where it is whole again."""
    sign = rng.choice([-1, 1])
    if KINDS[kind] == "spike":
        values[at] += sign * noise * rng.uniform(*SPIKE)
        return at + 1
    if KINDS[kind] == "stuck":
        end = min(at + int(rng.integers(*STUCK)), len(values))
        values[at:end] = values[at - 1]
        return end
    length = int(rng.integers(*DRIFT_LENGTH))
    end = min(at + length, len(values))
    way = sign * noise * rng.uniform(*DRIFT) * np.arange(1, length + 1) / length
    values[at:end] += way[: end - at]
    return end
