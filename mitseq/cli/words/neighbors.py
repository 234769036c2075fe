"""`mitseq words neighbors`: the words whose vectors are most like one's."""

from pathlib import Path

import click

from mitseq.cli.options import (
    device_options,
    json_option,
    model_option,
    option,
    positive,
)
from mitseq.cli.program import command, print_json
from mitseq.cli.work import at_work


@command("mitseq words neighbors France walk cloud")
@click.argument("words", nargs=-1, required=True, metavar="WORD ...")
@model_option("the model")
@option("--top", type=positive, default=8, help="How many neighbors.")
@device_options
@json_option
def neighbors(
    words: tuple[str, ...],
    model: Path | None,
    top: int,
    device: str,
    verbose: bool,
    as_json: bool,
) -> None:
    """Print the words whose vectors point most nearly the same way.

    The number is the cosine of two vectors of the trained embedding: 1 for the
    same direction, 0 for none in common.
    """
    with at_work(device, verbose):
        from mitseq.tasks.words.embedding import (
            find_word,
            vectors_of,
        )
        from mitseq.tasks.words.embedding import neighbors as nearest
        from mitseq.tasks.words.model import load_words_model

        loaded = load_words_model(model)
        known, vectors = vectors_of(loaded)
        names = [find_word(loaded, word) for word in words]
        found = {name: nearest(known, vectors, name, top) for name in names}
    if as_json:
        print_json(
            {
                name: [{"word": w, "cosine": c} for w, c in near]
                for name, near in found.items()
            }
        )
        return
    for name, near in found.items():
        listed = "  ".join(f"{word} {cosine:.2f}" for word, cosine in near)
        click.echo(f"{name}: {listed}")
