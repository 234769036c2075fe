"""What a classifier sees of tunes, counted by hand."""

import numpy as np
import pytest

from mitseq.tasks.music.features import counted, features, kinds_of
from mitseq.tunes.measures import MEASURES, measure

HEAD = "M:2/4\nL:1/8\nK:D\n"


@pytest.fixture(scope="module")
def tunes():
    return [
        measure(f"{HEAD}d2e2|f2d2|]\n"),  # +2 +2 -4
        measure(f"{HEAD}d2d2|d2A2|]\n"),  # 0 0 -5
    ]


def test_the_commonest_kinds_come_first_and_no_more_than_asked(tunes):
    assert kinds_of(tunes, "intervals", 2) == ["2", "0"]
    assert kinds_of(tunes, "intervals") == ["2", "0", "-4", "-5"]
    assert kinds_of(tunes, "lengths") == ["1/4"]


def test_kinds_that_are_not_asked_for_are_others(tunes):
    found = counted(tunes, "intervals", ["2", "-5", "7"])
    assert found.tolist() == [[2, 0, 0, 1], [0, 1, 0, 2]]


def test_a_row_is_the_measures_and_the_shares(tunes):
    x, names = features(tunes, {"intervals": ["2", "-5"]})
    assert names == [
        *MEASURES,
        *("intervals 2", "intervals -5", "intervals others"),
    ]
    for row, tune in zip(x, tunes, strict=True):
        values = [tune.values[name] for name in MEASURES]
        assert row[: len(MEASURES)].tolist() == values
    np.testing.assert_allclose(
        x[:, -3:], [[2 / 3, 0, 1 / 3], [0, 1 / 3, 2 / 3]]
    )


def test_without_kinds_they_are_those_of_the_tunes(tunes):
    x, names = features(tunes)
    assert [n for n in names if n.startswith("intervals")] == [
        f"intervals {kind}" for kind in ("2", "0", "-4", "-5", "others")
    ]
    assert x.shape == (2, len(names))


def test_a_tune_without_intervals_has_no_shares():
    x, _ = features([measure(f"{HEAD}d4|]\n")], {"intervals": ["2"]})
    assert x[0, -2:].tolist() == [0, 0]
