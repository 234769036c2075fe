"""`mitseq sentiment predict`: the label of each text, and why."""

import itertools
import os
from pathlib import Path

import click

from mitseq.cli.options import (
    device_options,
    json_option,
    model_option,
    option,
)
from mitseq.cli.program import command, one_line, print_json_list, remark
from mitseq.cli.texts import given_batches
from mitseq.cli.work import at_work, placement_report

BATCH, EXPLAINED_BATCH = 8192, 8  # texts that are classified together
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
    how frequent the classes are. Lines are answered as they come: there may be
    millions.
    """
    if not texts:
        raise click.UsageError("no text: expected TEXT ..., or - for lines")
    batches = given_batches(texts, EXPLAINED_BATCH if explain else BATCH)
    first = next(batches, [])  # a mistake shows before TensorFlow loads
    with at_work(device):
        from mitseq.devices import device as on_device
        from mitseq.tasks.sentiment.classifier import SentimentClassifier

        classifier = SentimentClassifier.load(model)
        if neutral is not None:
            classifier.neutral = neutral
    classes = [str(name) for name in classifier.classes_]
    with on_device(device), placement_report(verbose):
        results = (
            _results(classifier, classes, batch, explain)
            for batch in itertools.chain([first], batches)
        )
        if as_json:
            plain = (list(map(_plain, batch)) for batch in results)
            print_json_list({"classes": classes}, "texts", plain)
            return
        for batch in results:
            if batch:
                click.echo("\n".join(map(_told, batch)))


def _results(
    classifier, classes: list[str], texts: list[str], explain: bool
) -> list[dict]:
    """Returns what is known of each text."""
    from mitseq.tasks.sentiment.neutral import scores_of

    results = []
    probs = classifier.predict_proba(texts)
    scores = scores_of(probs, classes)
    told = zip(
        texts,
        probs.tolist(),
        classifier.answers(probs).tolist(),
        [None] * len(texts) if scores is None else scores.tolist(),
        strict=True,
    )
    for text, row, answer, score in told:
        result = {
            "text": text,
            "label": str(answer),
            "score": score,
            "probability": max(row),
            "probabilities": dict(zip(classes, row, strict=True)),
        }
        if explain:
            result["explanation"] = _explain(classifier, text)
        results.append(result)
    return results


def _plain(result: dict) -> dict:
    found = result.get("explanation")
    return (
        result if found is None else {**result, "explanation": found.to_dict()}
    )


def _explain(classifier, text: str):
    if len(text) > EXPLAINED:
        remark(
            f"a text of {len(text):,} characters is not explained word by word "
            f"(at most {EXPLAINED:,})"
        )
        return None
    return classifier.explain(text)


def _told(result: dict) -> str:
    """The lines of a text."""
    found = result.get("explanation")
    head = f"{one_line(result['label'])}\t{result['probability']:.4f}\t"
    text = one_line(result["text"])
    if found is not None and _colors() and len(result["text"]) <= SHOWN:
        text = " ".join(found.ansi().split("\n"))
    elif len(text) > SHOWN:
        text = text[:SHOWN] + " ..."
    lines = [head + text]
    if found is None:
        return lines[0]
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
            lines.append(f"  {side}: {listed}")
    return "\n".join(lines)


def _colors() -> bool:
    stdout = click.get_text_stream("stdout")
    return stdout.isatty() and not os.environ.get("NO_COLOR")
