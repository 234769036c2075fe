"""`mitseq music check`: does every bar add up?"""

from pathlib import Path

import click

from mitseq.cli.music.options import files_argument
from mitseq.cli.options import json_option
from mitseq.cli.program import REJECTED, command, one_line, print_json, remark


@command(
    "mitseq music check tunes/tune-1.abc",
    "mitseq music check my-tunes/ other.abc --json",
)
@files_argument
@json_option
@click.pass_context
def check(
    context: click.Context, files: tuple[Path, ...], as_json: bool
) -> None:
    """Check tunes: every bar, repeat, ending and tie.

    Prints a line for each problem, "FILE: line 7, bar 3: 7/8 in a 6/8 tune",
    and counts at the end. Exit code 0: all tunes are accepted; 1: at least one
    is rejected; 2: a file cannot be read or has no tune. A tune that is
    accepted, but cannot be drawn or played, is told in a remark.
    """
    from mitseq.tunes.check import check as problems_of
    from mitseq.tunes.corpus import read_tunes
    from mitseq.tunes.events import Problem
    from mitseq.tunes.melody import why_not_drawn

    judged, accepted, count = [], 0, 0
    for raw in read_tunes(files):
        found = [
            Problem(raw.file_line(p.line), p.bar, p.reason)
            for p in problems_of(raw.text)
        ]
        if raw.damage:
            found.insert(0, Problem(raw.line, None, raw.damage))
        count += 1
        accepted += not found
        not_drawn = None if found else why_not_drawn(raw.text)
        if as_json:
            judged.append(_as_dict(raw, found, not_drawn))
            continue
        if not_drawn:
            where = f"{raw.source}: line {raw.line}"
            remark(one_line(f"{where}: accepted, but not drawn: {not_drawn}"))
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


def _as_dict(raw, found, not_drawn) -> dict:
    return {
        "file": raw.source,
        "line": raw.line,
        "number": raw.number,
        "accepted": not found,
        "not_drawn": not_drawn,
        "problems": [
            {"line": p.line, "bar": p.bar, "reason": p.reason} for p in found
        ],
    }
