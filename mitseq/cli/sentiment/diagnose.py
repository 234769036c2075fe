"""`mitseq sentiment diagnose`: which structure can a classifier read?"""

import re
from pathlib import Path

import click

from mitseq.cli.options import (
    device_option,
    json_option,
    model_option,
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


class Distances(click.ParamType):
    """Numbers and ranges: "0-3,8"."""

    name = "distances"

    def convert(self, value, param, context) -> list[int]:
        """The numbers, each once, in order."""
        if isinstance(value, list):
            return value
        found: set[int] = set()
        for part in value.split(","):
            match = re.fullmatch(r"\s*(\d{1,3})(?:-(\d{1,3}))?\s*", part)
            if match is None or int(match[1]) > int(match[2] or match[1]):
                self.fail(f"{part!r} is no number or range", param, context)
            found |= set(range(int(match[1]), int(match[2] or match[1]) + 1))
        return sorted(found)


@click.command(
    epilog=example(
        "mitseq sentiment diagnose",
        "mitseq sentiment diagnose --model runs/sentiment --distances 0-12",
    )
)
@model_option(more="Without it, the classifier that comes with mitseq.")
@click.option(
    "--groups",
    type=positive,
    default=20,
    show_default=True,
    help="Minimal groups of each family and distance.",
)
@click.option(
    "--distances",
    type=Distances(),
    default="0-8",
    show_default=True,
    help="How many sentences stand between what has to be put together.",
)
@click.option(
    "--seed", type=seed, default=0, show_default=True, help="Of the texts."
)
@device_option
@json_option
def diagnose(
    model: Path | None,
    groups: int,
    distances: list[int],
    seed: int,
    device: str,
    as_json: bool,
) -> None:
    """Ask a classifier about a grammar of reviews, by family and by distance.

    A diagnostic of order and memory, not a measure of how good it is on real
    reviews: in the families marked "order" each text has a twin with the same
    words and the opposite label, so 50 percent is what a model reaches that
    knows which words there are and not in which order.
    """
    from mitseq.tasks.sentiment.diagnose import diagnose as ask
    from mitseq.tasks.sentiment.grammar import check_distances

    check_distances(distances)
    with progress():
        load_tensorflow()
        from mitseq.devices import device as on_device
        from mitseq.tasks.sentiment.classifier import SentimentClassifier

        with on_device(device):
            classifier = SentimentClassifier.load(model)
            found = ask(
                classifier, groups=groups, distances=distances, seed=seed
            )
    result = found.as_dict()
    if as_json:
        print_json(result)
        return
    click.echo(found.table())
    remark(
        f"percent right of {result['n']} texts of the grammar; d: sentences in "
        "between"
    )
