"""`mitseq sentiment diagnose`: which structure can a classifier read?"""

import re
from pathlib import Path

import click

from mitseq.cli.options import (
    Checked,
    device_options,
    json_option,
    model_option,
    option,
    positive,
    seed,
)
from mitseq.cli.program import command, print_json, remark
from mitseq.cli.work import at_work
from mitseq.errors import MitseqError


def read_distances(text: str) -> list[int]:
    """Returns numbers and ranges, "0-3,8", each number once and in order."""
    found: set[int] = set()
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d{1,3})(?:-(\d{1,3}))?\s*", part)
        if match is None or int(match[1]) > int(match[2] or match[1]):
            raise MitseqError(f"{part!r} is no number or range")
        found |= set(range(int(match[1]), int(match[2] or match[1]) + 1))
    return sorted(found)


@command(
    "mitseq sentiment diagnose",
    "mitseq sentiment diagnose --model runs/sentiment --distances 0-12",
)
@model_option("the classifier")
@option(
    "--groups",
    type=positive,
    default=20,
    help="Minimal groups of each family and distance.",
)
@option(
    "--distances",
    type=Checked("distances", read_distances),
    default="0-8",
    help="How many sentences stand between what has to be put together.",
)
@option("--seed", type=seed, default=0, help="Of the texts.")
@device_options
@json_option
def diagnose(
    model: Path | None, device: str, verbose: bool, as_json: bool, **questions
) -> None:
    """Ask a classifier about a grammar of reviews, by family and by distance.

    A diagnostic of order and memory, not a measure of how good it is on real
    reviews: in the families marked "order" each text has a twin with the same
    words and the opposite label, so 50 percent is what a model reaches that
    knows which words there are and not in which order.
    """
    from mitseq.tasks.sentiment.diagnose import diagnose as ask
    from mitseq.tasks.sentiment.grammar import check_distances

    check_distances(questions["distances"])
    with at_work(device, verbose):
        from mitseq.tasks.sentiment.classifier import SentimentClassifier

        found = ask(SentimentClassifier.load(model), **questions)
    result = found.as_dict()
    if as_json:
        print_json(result)
        return
    click.echo(found.table())
    remark(
        f"percent right of {result['n']} texts of the grammar, where 50 is "
        "guessing; d: sentences in between"
    )
