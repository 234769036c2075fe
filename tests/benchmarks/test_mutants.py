"""What mutmut says is read; the files that it changes are there."""

from pathlib import Path

import pytest
from mutants import MUTATED, Outcome, configuration, read_results

ROOT = Path(__file__).parents[2]


def test_the_files_and_their_tests_are_there():
    for part in MUTATED.values():
        for path in (part.file, *part.tests):
            assert (ROOT / path).is_file(), path


def test_the_configuration_is_toml_of_one_file():
    tomllib = pytest.importorskip("tomllib")  # Python 3.11
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for part in MUTATED.values():
        said = tomllib.loads(text + configuration(part))["tool"]["mutmut"]
        assert said["only_mutate"] == [part.file]
        assert said["pytest_add_cli_args_test_selection"] == list(part.tests)


def test_what_no_test_saw_is_counted_whatever_it_is_called():
    outcome = read_results(
        "mitseq\n"
        "    a.x_f__mutmut_1: killed\n"
        "    a.x_f__mutmut_2: survived\n"
        "    a.x_f__mutmut_3: no tests\n"
        "    a.x_f__mutmut_4: timeout\n"
        "    a.xǁCǁf__mutmut_12: suspicious\n"
    )
    assert outcome.count == 5
    assert outcome.survived == [
        "a.x_f__mutmut_2",
        "a.x_f__mutmut_3",
        "a.xǁCǁf__mutmut_12",
    ]
    assert outcome.share == pytest.approx(0.4)


def test_nothing_is_no_success():
    assert read_results("") == Outcome(0, [])
