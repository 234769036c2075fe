"""The benchmark of many small trainings."""

import json
from pathlib import Path

import many_models
import pytest

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="reads /proc, Linux has it"
)


def test_a_peer_is_measured(capsys):
    many_models.print_one("attention", 2)
    result = json.loads(capsys.readouterr().out)
    assert len(result["times"]) == len(result["memory"]) == 2
    assert min(result["times"]) > 0 and min(result["memory"]) > 100


def test_too_few_models_are_refused(capsys):
    with pytest.raises(SystemExit):
        many_models.main(["--models", "3"])
    assert "at least 4" in capsys.readouterr().err
