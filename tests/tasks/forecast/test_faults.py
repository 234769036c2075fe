"""Faults are counted by hand, and intervals of shares are those of the book."""

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.forecast.faults import (
    count_faults,
    fault_scores,
    share_interval,
)
from mitseq.tasks.forecast.sensors import Sensors


def test_faults_and_alarms_by_hand():
    faults = np.array([[0, 1, 0, 2, 2, 2, 0, 0, 0, 0], [0] * 10])
    flags = np.array(
        [[0, 1, 0, 0, 0, 1, 1, 0, 0, 1], [1, 1, 0, 1, 0, 0, 0, 0, 0, 0]], bool
    )
    counts = count_faults(flags, Sensors(faults, faults, faults))
    told = counts.as_dict()
    assert told["faults"]["spike"]["found"] == 1
    assert told["faults"]["stuck"] | {"interval": None} == {
        "found": 1,
        "of": 1,
        "share": 1.0,
        "interval": None,
        "median_delay": 2.0,
    }
    assert told["faults"]["drift"]["share"] is None
    # a run that begins in a fault is none; two and one of their own are
    assert (told["false_alarms"], told["normal_values"]) == (3, 16)
    assert told["alarms_per_thousand"] == pytest.approx(3000 / 16)


def test_the_interval_of_a_share_is_wilsons():
    """Its ends p solve (p - 0.9)^2 = 1.96^2 p (1 - p) / 50."""
    for end in share_interval(45, 50):
        assert (end - 0.9) ** 2 == pytest.approx(1.96**2 * end * (1 - end) / 50)
    assert share_interval(0, 0) is None and share_interval(0, 9)[0] == 0


def test_a_model_that_only_forecasts_is_refused(model):
    with pytest.raises(MitseqError, match="trained with `faults`"):
        fault_scores(model, np.zeros((1, 9)))
