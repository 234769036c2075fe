"""`mitseq words predict`: the likeliest next words of each text."""

from pathlib import Path

import click

from mitseq.cli.options import (
    device_options,
    json_option,
    model_option,
    option,
    positive,
)
from mitseq.cli.program import command, one_line, print_json, remark
from mitseq.cli.texts import given_texts, listed
from mitseq.cli.work import at_work
from mitseq.errors import MitseqError

END = "(end)"  # of the text


@command(
    'mitseq words predict "The clouds are in the"',
    'mitseq words predict --top 3 --json "I took my dog for a"',
    "mitseq words predict - < beginnings.txt",
)
@click.argument("texts", nargs=-1, metavar="TEXT ... | -")
@model_option("the model")
@option("--top", type=positive, default=5, help="How many words.")
@device_options
@json_option
def predict(
    texts: tuple[str, ...],
    model: Path | None,
    top: int,
    device: str,
    verbose: bool,
    as_json: bool,
) -> None:
    """Print the likeliest next words of each text, with their probabilities.

    "-" reads a text a line from standard input. A word that the model does not
    know is read as an unknown one, and named. "(end)" is the end of the text.
    """
    if not texts:
        raise click.UsageError("no text: expected TEXT ..., or - for lines")
    texts = list(given_texts(texts))
    if not texts:
        raise MitseqError("standard input is empty")
    with at_work(device, verbose):
        from mitseq.tasks.words.model import load_words_model
        from mitseq.tasks.words.predict import next_words

        found = next_words(load_words_model(model), texts, top)
    for each in found:
        if each.unknown:
            remark(one_line(f"read as unknown: {listed(each.unknown)}"))
    if as_json:
        print_json({"texts": [_as_dict(each) for each in found]})
        return
    for each in found:
        if len(found) > 1:
            click.echo(one_line(each.text))
        names = [word or END for word in each.words]
        width = max(map(len, names))
        for name, p in zip(names, each.probabilities, strict=True):
            click.echo(f"{name:{width}}  {p:.4f}")


def _as_dict(each) -> dict:
    words = [
        {"word": word or None, "probability": p}
        for word, p in zip(each.words, each.probabilities, strict=True)
    ]
    return {"text": each.text, "next": words, "unknown": each.unknown}
