"""`mitseq words generate`: a text goes on, word by word."""

import secrets
from pathlib import Path

import click

from mitseq.cli.options import (
    PositiveNumber,
    device_options,
    json_option,
    model_option,
    option,
    positive,
    seed,
)
from mitseq.cli.program import command, print_json, remark
from mitseq.cli.texts import given_text
from mitseq.cli.work import at_work


@command(
    'mitseq words generate --count 3 --seed 7 "I grew up in Japan"',
    "mitseq words generate --model runs/words --words 50 --temperature 0.8",
    "mitseq words generate - < beginning.txt",
)
@click.argument("text", default="", metavar="[TEXT | -]")
@model_option("the model")
@option("--count", type=positive, default=1, help="Texts.")
@option("--words", type=positive, default=30, help="Most words that are added.")
@option(
    "--seed",
    type=seed,
    help="The same seed gives the same texts. Without it a new one is drawn "
    "and shown.",
)
@option(
    "--temperature",
    type=PositiveNumber(),
    default=1.0,
    help="Below 1 safer texts, above 1 stranger ones.",
)
@option(
    "--top-k", type=positive, help="Choose among the K likeliest words only."
)
@option(
    "--top-p",
    type=PositiveNumber(most=1.0),
    help="Choose among the likeliest words that together have this share.",
)
@device_options
@json_option
def generate(
    text: str,
    model: Path | None,
    seed: int | None,
    device: str,
    verbose: bool,
    as_json: bool,
    **wishes,
) -> None:
    """Go on with a text: each next word is drawn from the prediction.

    Without TEXT whole texts are written; "-" reads it from standard input.
    """
    text = given_text(text)
    seed = secrets.randbits(32) if seed is None else seed
    with at_work(device, verbose):
        from mitseq.tasks.words.model import load_words_model
        from mitseq.tasks.words.predict import write_on

        texts = write_on(load_words_model(model), text, seed=seed, **wishes)
    if as_json:
        print_json({"texts": texts, "seed": seed})
        return
    for each in texts:
        click.echo(each)
    remark(f"seed {seed}")
