"""`mitseq translate sentence`: each text in the other language."""

import itertools
from pathlib import Path

import click

from mitseq.cli.options import (
    device_options,
    json_option,
    model_option,
    option,
    positive,
)
from mitseq.cli.program import command, one_line, print_json_list, remark
from mitseq.cli.texts import listed
from mitseq.cli.translate.texts import checked_batches
from mitseq.cli.work import at_work, placement_report, progress

BATCH = 64  # sentences that are translated together

penalty = option(
    "--length-penalty",
    type=click.FloatRange(min=0),
    default=1.0,
    help="Of beam search: 0 favors short translations, 1 judges by the mean of "
    "the words.",
)
beams = option(
    "--beams",
    type=positive,
    default=4,
    help="Beginnings that are kept at each step; 1 is greedy.",
)


@command(
    'mitseq translate sentence "I am hungry."',
    'mitseq translate sentence --beams 1 --json "Where is the cat?"',
    'mitseq translate sentence --model runs/translate "the old dog sees a cat"',
    "mitseq translate sentence - < sentences.txt",
)
@click.argument("texts", nargs=-1, metavar="TEXT ... | -")
@model_option("the model")
@beams
@penalty
@option(
    "--count", type=positive, default=1, help="Translations, at most --beams."
)
@device_options
@json_option
def sentence(
    texts: tuple[str, ...],
    model: Path | None,
    beams: int,
    length_penalty: float,
    count: int,
    device: str,
    verbose: bool,
    as_json: bool,
) -> None:
    """Print the translation of each text, one a line.

    "-" reads a sentence a line from standard input, and leaves out lines
    without a word. A word that the model does not know is named, and may stand
    in the translation as it is.
    """
    batches = checked_batches(texts, BATCH)
    if count > beams:
        raise click.UsageError(
            f"--count must be at most --beams. Received: {count} of {beams}"
        )
    first = next(batches)  # a mistake shows before TensorFlow loads
    with at_work(device):
        from mitseq.devices import device as on_device
        from mitseq.tasks.translate.model import load_translation_model
        from mitseq.tasks.translate.translate import translate

        loaded = load_translation_model(model)

    def translated():
        for batch in itertools.chain([first], batches):
            with progress():
                found = translate(
                    loaded,
                    batch,
                    beams=beams,
                    length_penalty=length_penalty,
                    count=count,
                )
            for each in found:
                say_unknown(each)
            yield found

    with on_device(device), placement_report(verbose):
        if as_json:
            plain = (list(map(_as_dict, found)) for found in translated())
            print_json_list({}, "texts", plain)
            return
        for each in itertools.chain.from_iterable(translated()):
            for one in each:
                shown = one_line(one.text)
                click.echo(f"{one.score:7.3f}  {shown}" if count > 1 else shown)


def say_unknown(found: list) -> None:
    """Names the words that the model does not know, and those handed on."""
    best = found[0] if found else None
    if best is None or not best.unknown:
        return
    text = f"read as unknown: {listed(best.unknown)}"
    if best.copied:
        text += f"; left as it is: {listed(best.copied)}"
    remark(one_line(text))


def _as_dict(found: list) -> dict:
    return {
        "text": found[0].source,
        "unknown": found[0].unknown,
        "translations": [
            {"text": each.text, "score": each.score, "copied": each.copied}
            for each in found
        ],
    }
