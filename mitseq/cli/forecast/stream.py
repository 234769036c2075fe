"""`mitseq forecast stream`: values in, a line each, answered at once."""

import json
import sys
from pathlib import Path

import click

from mitseq.cli.options import (
    PositiveNumber,
    device_options,
    json_option,
    model_option,
    option,
)
from mitseq.cli.program import command, remark
from mitseq.cli.work import at_work

WIDTH = 12


@command(
    "mitseq forecast stream < sensor.txt",
    "mitseq forecast stream --json < sensor.txt",
    "mitseq forecast stream --model runs/forecast --far 4",
)
@model_option("the model of sensors")
@option(
    "--score",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.5,
    help="From which on a value is called a fault, between 0 and 1.",
)
@option(
    "--far",
    type=PositiveNumber(),
    default=3.0,
    help="For a model that does not know faults: half widths of the 80 % "
    "interval off, from which on a value is called one.",
)
@option("--faults-only", is_flag=True, help="Answer faults only.")
@device_options
@json_option
def stream(
    model: Path | None,
    score: float,
    far: float,
    faults_only: bool,
    device: str,
    verbose: bool,
    as_json: bool,
) -> None:
    """Answer each value on standard input as it comes.

    A value a line; a decimal comma will do. The answer: the number of the
    value, the value, FAULT if it looks like one, and the next value as it is
    expected, with the interval in which 80 of 100 will be. With --json it is a
    document a line, with the surprise and the score of a fault. For the
    first 24 values nothing is called a fault. A line that is no number is told
    in one line, and the stream goes on.
    """
    with at_work(device, verbose):
        from mitseq.tasks.forecast.model import load_forecast_model
        from mitseq.tasks.forecast.stream import Stream

        reader = Stream(load_forecast_model(model), score, far)
    faults = wrong = 0
    for number, line in enumerate(sys.stdin, start=1):
        if not line.strip():
            continue
        answer = _read(reader, line.strip(), number)
        if answer is None:
            wrong += 1
            continue
        faults += answer.is_fault
        if faults_only and not answer.is_fault:
            continue
        click.echo(_json(answer) if as_json else _told(answer))
        sys.stdout.flush()
    if not reader.number:
        from mitseq.errors import MitseqError

        raise MitseqError("standard input: no value; expected one a line")
    left = f", {wrong} lines that are no number" if wrong else ""
    remark(f"{reader.number} values, {faults} taken for faults{left}")


def _read(reader, line: str, number: int):
    from mitseq.errors import MitseqError

    try:
        return reader.read(float(line.replace(",", ".", 1)))
    except (ValueError, MitseqError):
        remark(
            f"standard input: line {number}: expected a number. Received: "
            f"{line[:60]!r}; it is left out"
        )
        return None


def _told(answer) -> str:
    mark = "FAULT" if answer.is_fault else ""
    return (
        f"{answer.number:6}  {answer.value:{WIDTH}.6g}  {mark:5}  next "
        f"{answer.next:{WIDTH}.6g}  ({answer.low:.6g} to {answer.high:.6g})"
    )


def _json(answer) -> str:
    return json.dumps(
        {
            "number": answer.number,
            "value": answer.value,
            "surprise": answer.surprise,
            "fault": answer.fault,
            "is_fault": answer.is_fault,
            "next": answer.next,
            "low_80": answer.low,
            "high_80": answer.high,
        }
    )
