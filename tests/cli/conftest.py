import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.without_xla import plain_graphs  # noqa: F401

ROOT = Path(__file__).parents[2]

GOOD = "X:1\nT:Good\nM:6/8\nL:1/8\nK:D\nDFA AFD|d3 A3|]\n"
BAD = "X:2\nT:Bad\nM:6/8\nL:1/8\nK:D\nDFA AFD|DFA AFDd|d6|]\n"


class Outcome:
    """What a command line did: exit code and what it printed where."""

    def __init__(self, code, stdout, stderr):
        self.code, self.stdout, self.stderr = code, stdout, stderr

    @property
    def json(self):
        return json.loads(self.stdout)

    def is_mistake(self, *words):
        """One line that holds the words, and nothing else."""
        assert self.code == 2, (self.code, self.stdout, self.stderr)
        assert self.stderr.startswith("mitseq: error: "), self.stderr
        assert self.stderr.count("\n") == 1, self.stderr
        assert self.stderr.endswith("\n")
        assert self.stdout == ""
        for word in words:
            assert word in self.stderr
        return True


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs a command line in this process, inside an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*args, stdin=None):
        from mitseq.cli import cli

        result = CliRunner().invoke(
            cli, [str(a) for a in args], input=stdin, prog_name="mitseq"
        )
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Outcome(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def run_process(tmp_path):
    """Runs a command line as a process of its own, inside an empty folder."""

    def run_process(*args, python=("-m", "mitseq"), **options):
        env = {
            k: v
            for k, v in os.environ.items()
            if k not in ("TF_CPP_MIN_LOG_LEVEL", "PYTHONWARNINGS")
        }
        env["PYTHONPATH"] = str(ROOT)
        env |= options.pop("env", {})
        options.setdefault("stdout", subprocess.PIPE)
        done = subprocess.run(
            [sys.executable, *python, *map(str, args)],
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env=env,
            **options,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    return run_process


@pytest.fixture
def good(tmp_path):
    path = tmp_path / "good.abc"
    path.write_text(GOOD)
    return path


@pytest.fixture
def bad(tmp_path):
    path = tmp_path / "bad.abc"
    path.write_text(GOOD + "\n" + BAD)
    return path
