"""Commands beside the import: what a row says, and that each command runs."""

import click
import commands as bench
import pytest
from memory import Cost


def cost(seconds, megabytes=1.0):
    return Cost(seconds, 0.0, megabytes)


def test_a_row_has_the_median_of_the_differences():
    pairs = [
        (cost(5.0), cost(6.0, 700.0)),
        (cost(9.0), cost(7.0, 900.0)),
        (cost(4.0), cost(8.0, 800.0)),
    ]
    assert bench.row_of("music", pairs) == {
        "command": "music",
        "import": 5.0,
        "seconds": 7.0,
        "beyond": 1.0,  # not 7 - 5: each with the import before it
        "least": -2.0,
        "most": 4.0,
        "megabytes": 900.0,
    }


def test_rounds_take_turns(monkeypatch):
    asked = []

    def measured(command, turn):
        asked.append((turn, command))
        return cost(1.0), cost(float(turn))

    monkeypatch.setattr(bench, "measure", measured)
    rows = bench.main(["--rounds", "2", "--only", "tag", "words", "--json"])
    assert asked == [(1, "tag"), (1, "words"), (2, "tag"), (2, "words")]
    assert [row["beyond"] for row in rows] == [0.5, 0.5]


def test_commands_are_those_of_the_program():
    from mitseq.cli import cli

    jobs = cli.list_commands(click.Context(cli))
    assert set(bench.COMMANDS) <= set(jobs)


@pytest.mark.slow
@pytest.mark.parametrize("command", bench.COMMANDS)
def test_a_command_runs(command):
    imported, own = bench.measure(command, 1)
    assert imported.seconds > 0.5 and own.megabytes > 100
