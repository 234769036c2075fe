"""`mitseq music check`: does every bar add up?"""

from pathlib import Path

import click

from mitseq.cli.options import json_option, paths
from mitseq.cli.program import example, one_line, print_json, remark

REJECTED = 1


@click.command(
    epilog=example(
        "mitseq music check tunes/tune-1.abc",
        "mitseq music check my-tunes/ other.abc --json",
    )
)
@click.argument(
    "files", type=paths, nargs=-1, required=True, metavar="FILE ..."
)
@json_option
@click.pass_context
def check(
    context: click.Context, files: tuple[Path, ...], as_json: bool
) -> None:
    """Check tunes: every bar, repeat, ending and tie.

    Prints a line for each problem, "FILE: line 7, bar 3: 7/8 in a 6/8 tune",
    and counts at the end. Exit code 0: all tunes are accepted; 1: at least one
    is rejected; 2: a file cannot be read or has no tune.
    """
    from mitseq.tunes.check import check as problems_of
    from mitseq.tunes.corpus import read_tunes
    from mitseq.tunes.events import Problem

    judged, accepted, count = [], 0, 0
    for raw in read_tunes(files):
        found = [
            Problem(raw.file_line(p.line), p.bar, p.reason)
            for p in problems_of(raw.text)
        ]
        count += 1
        rejected = bool(found or raw.damage)
        accepted += not rejected
        if as_json:
            judged.append(_as_dict(raw, found))
            continue
        if raw.damage:
            click.echo(one_line(f"{raw.source}: line {raw.line}: {raw.damage}"))
        for problem in found:
            click.echo(one_line(f"{raw.source}: {problem}"))
    if as_json:
        print_json(
            {
                "tunes": count,
                "accepted": accepted,
                "rejected": count - accepted,
                "checked": judged,
            }
        )
    else:
        remark(f"{accepted} of {count} tunes accepted")
    context.exit(REJECTED if accepted < count else 0)


def _as_dict(raw, found) -> dict:
    problems = [
        {"line": p.line, "bar": p.bar, "reason": p.reason} for p in found
    ]
    if raw.damage:
        problems.insert(
            0, {"line": raw.line, "bar": None, "reason": raw.damage}
        )
    return {
        "file": raw.source,
        "line": raw.line,
        "number": raw.number,
        "accepted": not problems,
        "problems": problems,
    }
