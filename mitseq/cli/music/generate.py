"""`mitseq music generate`: new tunes from a trained model."""

import time
from pathlib import Path

import click

from mitseq.cli.music.options import formats_option
from mitseq.cli.options import (
    PositiveNumber,
    device_option,
    json_option,
    model_option,
    paths,
    positive,
    seed,
)
from mitseq.cli.program import (
    example,
    load_tensorflow,
    print_json,
    progress,
    remark,
)


@click.command(
    epilog=example(
        "mitseq music generate --count 4 --seed 7 --out tunes",
        'mitseq music generate --key "A minor" --meter 6/8 --formats abc,png',
        'mitseq music generate --prompt "|:A2 d2" --temperature 0.8 --json',
    )
)
@model_option(more="Without it, the model that comes with mitseq.")
@click.option(
    "--count", type=positive, default=1, show_default=True, help="Tunes."
)
@click.option(
    "--seed",
    type=seed,
    help="The same seed gives the same tunes. Without it a new one is drawn "
    "and shown.",
)
@click.option(
    "--temperature",
    type=PositiveNumber(),
    default=1.0,
    show_default=True,
    help="Below 1 safer tunes, above 1 stranger ones.",
)
@click.option(
    "--top-k", type=positive, help="Choose among the K likeliest tokens only."
)
@click.option(
    "--top-p",
    type=PositiveNumber(most=1.0),
    help="Choose among the likeliest tokens that together have this share.",
)
@click.option(
    "--key",
    metavar="KEY",
    help='Key of the tunes: "D major", Em, Ador.',
)
@click.option(
    "--meter",
    metavar="METER",
    help="Meter of the tunes: 6/8, 4/4, C|.",
)
@click.option(
    "--prompt", metavar="ABC", help="How the tunes begin, in ABC notation."
)
@formats_option
@click.option(
    "--out",
    type=paths,
    default="tunes",
    show_default=True,
    metavar="DIR",
    help="Folder for the files.",
)
@click.option(
    "--unchecked",
    is_flag=True,
    help="Keep tunes whose bars do not add up, too.",
)
@device_option
@json_option
def generate(
    model: Path | None,
    count: int,
    seed: int | None,
    temperature: float,
    top_k: int | None,
    top_p: float | None,
    key: str | None,
    meter: str | None,
    prompt: str | None,
    formats: tuple[str, ...],
    out: Path,
    unchecked: bool,
    device: str,
    as_json: bool,
) -> None:
    """Write new tunes: as text, MIDI, score, sound and a page.

    Prints each tune in ABC notation and the paths of its files. Tunes that the
    checker rejects are thrown away and counted.
    """
    from mitseq.output import check_folder
    from mitseq.tasks.music.prompts import read_wish

    read_wish(prompt, key, meter)  # a mistake shows before TensorFlow loads
    check_folder(out)
    started = time.monotonic()
    with progress():
        load_tensorflow()
        from mitseq.devices import device as on_device
        from mitseq.tasks.music.generate import generate_tunes
        from mitseq.tasks.music.model import load_music_model
        from mitseq.tunes.render import render

        with on_device(device):
            result = generate_tunes(
                load_music_model(model),
                count,
                temperature=temperature,
                top_k=top_k,
                top_p=top_p,
                seed=seed,
                prompt=prompt,
                key=key,
                meter=meter,
                unchecked=unchecked,
            )
        files = render(result.tunes, formats, out)
    seconds = time.monotonic() - started
    if as_json:
        print_json(
            {
                "tunes": [
                    {
                        "title": tune.title,
                        "key": tune.key,
                        "meter": tune.meter,
                        "abc": tune.abc,
                        "problems": [str(p) for p in tune.check()],
                    }
                    for tune in result.tunes
                ],
                "files": files,
                "rejected": result.rejected,
                "reasons": result.reasons,
                "seed": result.seed,
                "seconds": round(seconds, 3),
            }
        )
        return
    for tune in result.tunes:
        click.echo(tune.abc.rstrip("\n") + "\n")
    for path in files:
        click.echo(path)
    remark(
        f"{_number(len(result.tunes), 'tune')} in {seconds:.1f} s, seed "
        f"{result.seed}; {_number(result.rejected, 'sample')} thrown away"
        + "".join(f"\n  {n} x {why}" for why, n in _most(result.reasons))
    )


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"


def _most(reasons: dict[str, int], shown: int = 3) -> list[tuple[str, int]]:
    return sorted(reasons.items(), key=lambda item: -item[1])[:shown]
