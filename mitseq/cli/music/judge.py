"""`mitseq music judge`: a blind test of a model's tunes, for a class."""

from pathlib import Path

import click

from mitseq.cli.music.options import overwrite_option
from mitseq.cli.options import (
    PositiveNumber,
    device_options,
    json_option,
    model_option,
    option,
    out_option,
    paths,
    seed,
)
from mitseq.cli.program import ManyPaths, command, print_json
from mitseq.cli.work import at_work

PAGE, KEY = "judge.html", "key.json"


class ManyResults(ManyPaths):
    """A command whose `--results` takes one path or several."""

    many = ("--results", "--people")


@command(
    "mitseq music judge --out judge",
    "mitseq music judge --results answers-1.json answers-2.json "
    "--key judge/key.json",
    cls=ManyResults,
)
@model_option("the model")
@option(
    "--count",
    type=click.IntRange(min=2, max=50),
    default=10,
    help="Tunes of each side.",
)
@option(
    "--people",
    type=paths,
    multiple=True,
    metavar="PATH ...",
    help="ABC files and folders, of which tunes of people are drawn. Without "
    "it, tunes in music21 that the bundled model has not learned from.",
)
@option("--seed", type=seed, default=0, help="Another seed, another test.")
@option(
    "--temperature",
    type=PositiveNumber(),
    default=1.0,
    help="Of the model's tunes: below 1 safer, above 1 stranger.",
)
@out_option(f"Folder for {PAGE} and {KEY}.", default="judge")
@overwrite_option
@option(
    "--results",
    type=paths,
    multiple=True,
    metavar="FILE ...",
    help="Files that judges saved from the page: computes what they say.",
)
@option(
    "--key",
    type=paths,
    metavar="FILE",
    help=f"The test's {KEY}, for --results. Without it, that of --out.",
)
@device_options
@json_option
def judge(
    model: Path | None,
    count: int,
    people: tuple[Path, ...],
    seed: int,
    temperature: float,
    out: Path,
    overwrite: bool,
    results: tuple[Path, ...],
    key: Path | None,
    device: str,
    verbose: bool,
    as_json: bool,
) -> None:
    """Make a blind test: which tunes were written by people?

    Writes a page with tunes of people and of a model in random order, which
    works offline, and a key to keep. Judges open the page, answer, and save
    their answers as a file; with --results it says whether they can tell.
    """
    if results:
        _tell(results, key or out / KEY, seed, as_json)
        return
    from mitseq.output import atomic_write, check_folder, check_new

    check_folder(out)
    for name in (PAGE, KEY):
        check_new(out / name, overwrite)
    with at_work(device, verbose):
        import json

        from mitseq.tasks.music.discriminator import discriminator_beside
        from mitseq.tasks.music.generate import generate_tunes
        from mitseq.tasks.music.judge import blind_test, rare_tunes
        from mitseq.tasks.music.judge_page import judge_page
        from mitseq.tasks.music.model import load_music_model
        from mitseq.tunes.normalize import normalize

        ours = rare_tunes(count, people or None, seed)
        written = generate_tunes(
            load_music_model(model),
            count,
            seed=seed,
            temperature=temperature,
            discriminator=discriminator_beside(model),
        )
        test = blind_test(ours, [normalize(t.abc) for t in written], seed)
        atomic_write(out / PAGE, judge_page(test))
        text = json.dumps(test.to_dict(), indent=1)
        atomic_write(out / KEY, text + "\n")
    if as_json:
        print_json(
            {
                "test": test.name,
                "tunes": len(test.entries),
                "seed": seed,
                "files": [out / PAGE, out / KEY],
            }
        )
        return
    click.echo(out / PAGE)
    click.echo(f"{out / KEY}  (who wrote what: keep it from the judges)")


def _tell(results, key, seed, as_json) -> None:
    from dataclasses import asdict

    from mitseq.tasks.music.judge import BlindTest, read_results, verdict

    test = BlindTest.from_file(key)
    found = verdict(test, [read_results(path, test) for path in results], seed)
    if as_json:
        print_json(asdict(found))
        return
    click.echo(
        f"{found.judges} judge{'s' * (found.judges != 1)}, {found.tunes} "
        f"tunes; {found.known} times a tune was known"
    )
    click.echo(
        f"who wrote it: {found.right} of {found.answers} answers right, "
        f"{found.right / found.answers:.0%} ({found.low:.0%} to "
        f"{found.high:.0%}); guessing gives 50%"
    )
    for one in found.questions:
        click.echo(
            f"{one.question}: people {one.people:.2f}, program "
            f"{one.program:.2f}, difference {one.difference:+.2f} "
            f"({one.low:+.2f} to {one.high:+.2f}), p = {one.p:.3f}"
        )
