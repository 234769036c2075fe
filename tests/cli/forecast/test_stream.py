"""`mitseq forecast stream`: an answer a line, at once."""

import json
import subprocess
import sys

import numpy as np
import pytest
from click.testing import CliRunner

from tests.cli.conftest import ROOT


def stream(*args, text=""):
    from mitseq.cli import cli

    return CliRunner().invoke(
        cli, ["forecast", "stream", *map(str, args)], input=text
    )


@pytest.fixture(scope="module")
def text():
    rng = np.random.default_rng(0)
    t = np.arange(120)
    values = 20 + 3 * np.sin(2 * np.pi * t / 40) + rng.normal(0, 0.1, 120)
    values[90] += 8
    return "".join(f"{value:.3f}\n" for value in values)


def test_a_spike_is_found_by_the_bundled_model(text):
    done = stream("--json", text=text)
    assert done.exit_code == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["number"] for answer in answers] == list(range(1, 121))
    assert answers[90]["is_fault"] and answers[90]["surprise"] > 3
    assert sum(answer["is_fault"] for answer in answers[:90]) <= 2
    assert answers[0]["fault"] is None
    assert answers[50]["low_80"] < answers[50]["next"] < answers[50]["high_80"]


def test_lines_for_people_and_faults_only(text):
    done = stream(text=text)
    assert "FAULT" in done.stdout.splitlines()[90]
    only = stream("--faults-only", text=text)
    assert 1 <= len(only.stdout.splitlines()) <= 6
    assert all("FAULT" in line for line in only.stdout.splitlines())
    assert "120 values, " in only.stderr


def test_a_line_that_is_no_number_is_told_and_left_out(trained):
    done = stream("--model", trained, text="1,5\n\nzero\n2.5\nnan\n")
    assert done.exit_code == 0
    assert [line.split()[1] for line in done.stdout.splitlines()] == [
        *("1.5", "2.5")
    ]
    assert "line 3: expected a number. Received: 'zero'" in done.stderr
    assert "line 5" in done.stderr and "2 lines that are no" in done.stderr


def test_nothing_at_all_is_a_mistake(trained):
    done = stream("--model", trained)
    assert done.exit_code == 2 and "no value; expected one a" in done.stderr


def test_each_value_is_answered_before_the_next_comes(trained):
    """The answer is there while standard input is still open."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "mitseq",
            "forecast",
            "stream",
            "--model",
            str(trained),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
    )
    with process:
        for number, value in enumerate(("1.5", "2.5"), start=1):
            process.stdin.write(value + "\n")
            process.stdin.flush()
            answer = process.stdout.readline().split()
            assert answer[:2] == [str(number), value]
        assert process.communicate(timeout=60)[0] == ""
    assert process.returncode == 0
