"""`mitseq sentiment predict`: the label of each text, and why."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import click

from mitseq.cli.options import (
    device_options,
    json_option,
    model_option,
    option,
)
from mitseq.cli.program import command, one_line, print_json, remark
from mitseq.cli.texts import given_texts
from mitseq.cli.work import at_work, placement_report

CHUNK = 4096  # lines that are classified together
SHOWN = 300  # characters of a text that are printed
EXPLAINED = 20_000  # characters of a text that is explained word by word


@command(
    'mitseq sentiment predict "good" "not good"',
    "mitseq sentiment predict --model runs/sentiment --explain "
    '"too long by half"',
    "mitseq sentiment predict - --json < reviews.txt",
)
@click.argument("texts", nargs=-1, metavar="TEXT ... | -")
@model_option("the classifier")
@click.option(
    "--explain/--no-explain",
    help="Show what each word contributes: blue for the label, orange against "
    "it.",
)
@option(
    "--neutral",
    type=click.FloatRange(0, 1, max_open=True),
    help="Answer neutral where the score, from -1 to 1, is nearer to 0. "
    "[default: the classifier's own; 0 for one of yours]",
)
@device_options
@json_option
def predict(
    texts: tuple[str, ...],
    model: Path | None,
    explain: bool,
    neutral: float | None,
    device: str,
    verbose: bool,
    as_json: bool,
) -> None:
    """Classify texts, given as arguments or one a line on standard input.

    Prints the label, the probability of the likeliest class and the text,
    separated by tabs. The bundled classifier calls a text neutral that is
    neither praise nor blame, and one of whose words it knows too few. Of an
    empty text, or one without a known word, all that other classifiers know is
    how frequent the classes are.
    """
    if not texts:
        raise click.UsageError("no text: expected TEXT ..., or - for lines")
    chunks = _chunks(texts)
    first = next(chunks, [])  # a mistake shows before TensorFlow loads
    results = []
    with at_work(device):
        from mitseq.devices import device as on_device
        from mitseq.tasks.sentiment.classifier import SentimentClassifier
        from mitseq.tasks.sentiment.neutral import scores_of

        classifier = SentimentClassifier.load(model)
        if neutral is not None:
            classifier.neutral = neutral
    classes = [str(name) for name in classifier.classes_]
    with on_device(device), placement_report(verbose):
        for chunk in itertools.chain([first], chunks):
            probs = classifier.predict_proba(chunk)
            answers = classifier.answers(probs)
            scores = scores_of(probs, classes)
            if scores is None:
                scores = [None] * len(chunk)
            for text, row, answer, score in zip(
                chunk, probs, answers, scores, strict=True
            ):
                result = {
                    "text": text,
                    "label": str(answer),
                    "score": score,
                    "probability": row.max(),
                    "probabilities": dict(zip(classes, row, strict=True)),
                }
                found = _explain(classifier, text) if explain else None
                if as_json:
                    if explain:
                        result["explanation"] = found and found.to_dict()
                    results.append(result)
                else:
                    _print(result, found)
    if as_json:
        print_json({"classes": classes, "texts": results})


def _chunks(texts: tuple[str, ...]) -> Iterator[list[str]]:
    """Yields the texts, and lines of standard input in the place of "-"."""
    given = given_texts(texts)
    while chunk := list(itertools.islice(given, CHUNK)):
        yield chunk


def _explain(classifier, text: str):
    if len(text) > EXPLAINED:
        remark(
            f"a text of {len(text):,} characters is not explained word by word "
            f"(at most {EXPLAINED:,})"
        )
        return None
    return classifier.explain(text)


def _print(result: dict, found) -> None:
    head = f"{one_line(result['label'])}\t{result['probability']:.4f}\t"
    text = one_line(result["text"])
    if found is not None and _colors() and len(result["text"]) <= SHOWN:
        text = " ".join(found.ansi().split("\n"))
    elif len(text) > SHOWN:
        text = text[:SHOWN] + " ..."
    click.echo(head + text)
    if found is None:
        return
    sides = ("for", "against")
    if result["label"] != str(found.label):  # neutral
        sides = tuple(f"{side} {one_line(str(found.label))}" for side in sides)
    spoken = {
        "for": [(w, x) for w, x in found.top() if x >= 0.005],
        "against": [(w, x) for w, x in found.top() if x <= -0.005],
    }
    for side, words in zip(sides, spoken.values(), strict=True):
        if words:
            listed = ", ".join(f"{one_line(w)} {x:+.2f}" for w, x in words)
            click.echo(f"  {side}: {listed}")


def _colors() -> bool:
    stdout = click.get_text_stream("stdout")
    return stdout.isatty() and not os.environ.get("NO_COLOR")
