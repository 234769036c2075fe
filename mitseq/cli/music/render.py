"""`mitseq music render`: see and hear tunes that are already written."""

from pathlib import Path

import click

from mitseq.cli.music.options import files_argument, formats_option
from mitseq.cli.options import json_option, out_option
from mitseq.cli.program import REJECTED, command, one_line, print_json, remark
from mitseq.cli.work import progress


@command(
    "mitseq music render my.abc --out rendered",
    "mitseq music render my.abc other.abc --formats midi,wav",
)
@files_argument
@formats_option
@out_option("Folder for the files.", default="tunes")
@json_option
@click.pass_context
def render(
    context: click.Context,
    files: tuple[Path, ...],
    formats: tuple[str, ...],
    out: Path,
    as_json: bool,
) -> None:
    """Turn ABC files into MIDI, MusicXML, score, sound and a page.

    Tunes that `mitseq music check` rejects are left out and named. Exit code
    0: all tunes are rendered; 1: some are left out; 2: nothing could be done.
    """
    from mitseq.errors import MitseqError
    from mitseq.output import check_folder
    from mitseq.tunes.corpus import read_tunes
    from mitseq.tunes.render import render as render_tunes
    from mitseq.tunes.tune import Tune

    check_folder(out)
    tunes: dict[Path, list[Tune]] = {}
    rejected = []
    for raw in read_tunes(files):
        tune = Tune(raw.text)
        problems = tune.check()
        if raw.damage or problems:
            rejected.append(_why(raw, problems))
        else:
            tunes.setdefault(raw.source, []).append(tune)
    if not tunes:
        raise MitseqError(
            f"{_in_words(rejected[0])} (none of {len(rejected)} tunes can be "
            "rendered)"
        )
    with progress():
        written = [
            path
            for stem, found in _by_stem(tunes).items()
            for path in render_tunes(found, formats, out, stem=stem)
        ]
    if as_json:
        print_json({"files": written, "rejected": rejected})
    else:
        for path in written:
            click.echo(path)
        for reason in rejected:
            remark(f"{_in_words(reason)} (left out)")
    context.exit(REJECTED if rejected else 0)


def _why(raw, problems) -> dict:
    """Returns where and why a tune is rejected: its first problem."""
    if raw.damage:
        line, bar, reason = raw.line, None, raw.damage
    else:
        line, bar, reason = problems[0]
        line = raw.file_line(line)
    return {"file": raw.source, "line": line, "bar": bar, "reason": reason}


def _in_words(why: dict) -> str:
    bar = f", bar {why['bar']}" if why["bar"] else ""
    place = f"{why['file']}: line {why['line']}{bar}"
    return one_line(f"{place}: {why['reason']}")


def _by_stem(tunes: dict[Path, list]) -> dict[str, list]:
    """Names the output of each file; two files of one name stay apart."""
    named: dict[str, list] = {}
    for path, found in tunes.items():
        stem, number = path.stem, 2
        while stem in named:
            stem, number = f"{path.stem}-{number}", number + 1
        named[stem] = found
    return named
