"""`mitseq music generate`: new tunes from a trained model."""

import time
from pathlib import Path

import click

from mitseq.cli.music.options import choose_option, formats_option
from mitseq.cli.music.tunes import (
    generated_as_dict,
    print_tunes,
    read_one,
    remark_on,
)
from mitseq.cli.options import (
    PositiveNumber,
    device_options,
    json_option,
    model_option,
    option,
    out_option,
    paths,
    positive,
    seed,
)
from mitseq.cli.program import command, print_json
from mitseq.cli.work import at_work
from mitseq.errors import MitseqError


@command(
    "mitseq music generate --count 4 --seed 7 --out tunes",
    'mitseq music generate --key "A minor" --meter 6/8 --formats abc,png',
    'mitseq music generate --prompt "|:A2 d2" --temperature 0.8 --json',
    'mitseq music generate --form AABB --bars 8 --range "D:b"',
    'mitseq music generate --like tune.abc --key "E dorian"',
)
@model_option("the model")
@option("--count", type=positive, default=1, help="Tunes.")
@option(
    "--seed",
    type=seed,
    help="The same seed gives the same tunes. Without it a new one is drawn "
    "and shown.",
)
@option(
    "--temperature",
    type=PositiveNumber(),
    default=1.0,
    help="Below 1 safer tunes, above 1 stranger ones.",
)
@option(
    "--top-k", type=positive, help="Choose among the K likeliest tokens only."
)
@option(
    "--top-p",
    type=PositiveNumber(most=1.0),
    help="Choose among the likeliest tokens that together have this share.",
)
@option("--key", metavar="KEY", help='Key of the tunes: "D major", Em, Ador.')
@option("--meter", metavar="METER", help="Meter of the tunes: 6/8, 4/4, C|.")
@option(
    "--form",
    metavar="FORM",
    help="Form as played: AABB, AAB, AB; each section once or twice.",
)
@option(
    "--bars",
    type=click.IntRange(min=1, max=64),
    help="Bars of each section.",
)
@option(
    "--range",
    metavar="LOW:HIGH",
    help='Lowest and highest note as written in ABC: "G,:b".',
)
@option(
    "--like",
    type=paths,
    metavar="FILE",
    help="A tune in ABC: write others of its meter, key, form, bars, range and "
    "opening rhythm.",
)
@option("--prompt", metavar="ABC", help="How the tunes begin, in ABC notation.")
@choose_option
@formats_option
@out_option("Folder for the files.", default="tunes")
@option(
    "--unchecked",
    is_flag=True,
    help="Keep tunes whose bars do not add up, too.",
)
@device_options
@json_option
def generate(
    model: Path | None,
    formats: tuple[str, ...],
    out: Path,
    device: str,
    verbose: bool,
    as_json: bool,
    like: Path | None,
    **wishes,
) -> None:
    """Write new tunes: as text, MIDI, score, sound and a page.

    Prints each tune in ABC notation and the paths of its files. Tunes that the
    checker rejects are thrown away and counted, and of those that are left a
    discriminator chooses.
    """
    from mitseq.output import check_folder
    from mitseq.tasks.music.like import wish_like
    from mitseq.tasks.music.prompts import read_wish

    # A mistake shows before TensorFlow loads.
    wish = read_wish(
        wishes["prompt"],
        wishes["key"],
        wishes["meter"],
        **{name: wishes[name] for name in ("form", "bars", "range")},
    )
    if like is not None:
        wishes["like"] = read_one(like)
        try:
            wish_like(wishes["like"], wish)
        except MitseqError as error:
            raise MitseqError(f"{like}: {error}") from None
    check_folder(out)
    started = time.monotonic()
    with at_work(device, verbose):
        from mitseq.tasks.music.discriminator import discriminator_beside
        from mitseq.tasks.music.generate import generate_tunes
        from mitseq.tasks.music.model import load_music_model
        from mitseq.tunes.render import next_number, render

        loaded = load_music_model(model)
        chooses = wishes["choose_from"] > 1 and not wishes["unchecked"]
        discriminator = discriminator_beside(model) if chooses else None
        result = generate_tunes(loaded, discriminator=discriminator, **wishes)
        result = result.numbered(next_number(out))
        files = render(result.tunes, formats, out)
    seconds = time.monotonic() - started
    if as_json:
        told = generated_as_dict(result, files)
        print_json({**told, "seconds": round(seconds, 3)})
        return
    print_tunes(result.tunes, files)
    remark_on(result, seconds)
