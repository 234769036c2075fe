"""`mitseq music prepare`: any pile of ABC to a clean, split corpus."""

from pathlib import Path

import click

from mitseq.cli.options import (
    data_option,
    json_option,
    option,
    out_option,
    seed,
)
from mitseq.cli.program import ManyPaths, command, print_json, remark
from mitseq.cli.work import progress


@command(
    "mitseq music prepare --out corpus",
    "mitseq music prepare --data my.abc more-tunes/ --out corpus",
    cls=ManyPaths,
)
@data_option(
    "ABC files and folders. Without it, the collections in the installed "
    "music21."
)
@out_option(
    "Folder for train.abc, validation.abc, test.abc and report.json.",
    required=True,
)
@option("--seed", type=seed, default=0, help="Another seed, another split.")
@json_option
def prepare(
    data: tuple[Path, ...], out: Path, seed: int, as_json: bool
) -> None:
    """Read tunes, normalize them, drop near-duplicates, and split.

    Writes train.abc, validation.abc, test.abc (90, 5 and 5 percent of the
    tunes, near-duplicates never on both sides) and report.json, which says
    what was dropped and why.
    """
    from mitseq.output import check_folder
    from mitseq.tunes import corpus

    check_folder(out)
    with progress():
        prepared = corpus.prepare(data or None, seed=seed)
    prepared.save(out)
    report = prepared.report
    for note in prepared.notes:
        remark(note)
    if as_json:
        print_json(report | {"out": out, "notes": prepared.notes})
        return
    for split, size in report["splits"].items():
        click.echo(
            f"{out / split}.abc: {size['tunes']} tunes, "
            f"{size['characters']} characters"
        )
    dropped = "; dropped:" if report["dropped"] else ""
    remark(f"read {report['read']} tunes, kept {report['kept']}{dropped}")
    for reason, count in report["dropped"].items():
        remark(f"  {count} x {reason}")
    for skipped in report.get("skipped_files", ()):
        remark(f"  {skipped}")
    if report["dropped"]:
        remark(f"examples of each reason: {out / 'report.json'}")
