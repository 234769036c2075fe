"""`mitseq sentiment explain`: the reasons of a folder of texts as a page."""

from collections.abc import Iterator
from pathlib import Path

import click

from mitseq.cli.options import (
    device_options,
    json_option,
    model_option,
    option,
    out_option,
    paths,
)
from mitseq.cli.program import command, one_line, print_json
from mitseq.cli.sentiment.predict import EXPLAINED
from mitseq.cli.work import at_work


@command(
    "mitseq sentiment explain letters --out reasons.html",
    "mitseq sentiment explain a.txt b.txt --model runs/reviews --out r.html",
)
@click.argument(
    "files", nargs=-1, required=True, metavar="FOLDER|FILE ...", type=paths
)
@model_option("the classifier")
@out_option("The page to write, an .html file.", metavar="FILE", required=True)
@option("--overwrite", is_flag=True, help="Replace a page that is there.")
@device_options
@json_option
def explain(
    files: tuple[Path, ...],
    model: Path | None,
    out: Path,
    overwrite: bool,
    device: str,
    verbose: bool,
    as_json: bool,
) -> None:
    """Show on one page which words decided, in each text of a folder.

    Each file is a text; of a folder those that end in .txt, and of the folders
    in it. The page needs no network, and no mitseq to be read.
    """
    from mitseq.output import atomic_write, check_new
    from mitseq.progress import follow

    check_new(out, overwrite)
    texts = list(_texts(files))
    with at_work(device, verbose):
        from mitseq.tasks.sentiment.classifier import SentimentClassifier
        from mitseq.tasks.sentiment.explanation_page import explanation_page

        classifier = SentimentClassifier.load(model)
        found = [
            (name, classifier.explain(text))
            for name, text in follow(texts, "explaining texts")
        ]
    name = " ".join(file.name or str(file) for file in files)
    atomic_write(out, explanation_page(found, f"Reasons: {name}"))
    if as_json:
        shown = [{"file": name} | each.to_dict() for name, each in found]
        print_json({"out": out, "texts": shown})
        return
    for name, each in found:
        head = f"{one_line(str(each.said))}\t{each.probability:.4f}"
        click.echo(f"{head}\t{one_line(name)}")
    click.echo(out)


def _texts(files: tuple[Path, ...]) -> Iterator[tuple[str, str]]:
    """Yields the name and the text of each file."""
    from mitseq.errors import MitseqError
    from mitseq.text.encodings import read_text

    for given in files:
        members = [given]
        if given.is_dir():
            members = sorted(p for p in given.rglob("*.txt") if p.is_file())
            if not members:
                raise MitseqError(f"{given}: no file in it ends in .txt")
        for file in members:
            text, _ = read_text(file)
            if len(text) > EXPLAINED:
                raise MitseqError(
                    f"{file}: {len(text):,} characters, at most {EXPLAINED:,} "
                    "are explained word by word"
                )
            name = file if file == given else file.relative_to(given)
            yield str(name), text
