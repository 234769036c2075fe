"""`mitseq sentiment evaluate`: how good is a classifier, and how honest?"""

from dataclasses import asdict
from pathlib import Path

import click

from mitseq.cli.options import (
    device_options,
    json_option,
    model_option,
    option,
    out_option,
)
from mitseq.cli.program import (
    check_out,
    command,
    one_line,
    print_figures,
    print_json,
    remark,
)
from mitseq.cli.sentiment.data import data_options, has_test, judge, read
from mitseq.cli.work import at_work

FILES = ("confusion.png", "calibration.png", "evaluation.json")  # in --out


@command(
    "mitseq sentiment evaluate --model runs/sentiment --data test.csv",
    "mitseq sentiment evaluate --data reviews/ --out figures --json",
)
@model_option("the classifier")
@option(
    "--data",
    required=True,
    metavar="PATH",
    help="Labeled texts, as for `mitseq sentiment train`. Of data with a train "
    "and a test part the latter.",
)
@data_options
@out_option("Folder for confusion.png, calibration.png and evaluation.json.")
@option("--overwrite", is_flag=True, help="Replace files that are there.")
@device_options
@json_option
def evaluate(
    model: Path | None,
    data: str,
    out: Path | None,
    overwrite: bool,
    device: str,
    verbose: bool,
    as_json: bool,
    **columns,
) -> None:
    """Measure a classifier on labeled texts that it has not learned from.

    The interval is Wilson's: where the accuracy may lie, as far as so many
    texts tell; below it, what always the commonest label reaches. macro_f1 is
    the mean of the classes' F1. calibration_error is how far its
    probabilities are from its accuracy, in 15 bins: 0.02 means two percent; of
    a class, how far the probability of that class is from its share. A
    classifier that may answer neutral takes sides where no label is neutral.
    """
    from mitseq.errors import MitseqError

    check_out(out, FILES, overwrite)
    texts = read(data, "test" if has_test(data) else None, **columns)
    with at_work(device, verbose):
        from mitseq.tasks.sentiment.classifier import SentimentClassifier
        from mitseq.tasks.sentiment.labels import match_labels
        from mitseq.tasks.sentiment.neutral import NEUTRAL

        classifier = SentimentClassifier.load(model)
        answers = list(map(str, classifier.classes_))
        answers += [NEUTRAL] if classifier.neutral else []
        try:
            known = match_labels(texts.labels, answers)
        except MitseqError as error:
            raise MitseqError(f"{data}: {error}") from None
        renamed = [f"{a} as {b}" for a, b in known.items() if a != b]
        if renamed:
            remark("  labels read: " + one_line(", ".join(renamed)))
        labels = [known[label] for label in texts.labels]
        found = classifier.evaluate(texts.texts, labels)
    result = found.as_dict()
    result["notes"] = [*texts.notes, *judge(result)]
    if out is not None:
        result["files"] = _write(out, found, result)
    if as_json:
        print_json(result)
        return
    low, high = found.accuracy_interval
    print_figures(
        {
            "n": found.n,
            "accuracy": found.accuracy,
            "  95 % interval": f"{low:.4f} to {high:.4f}",
            f"  always {one_line(found.majority_class)!r}": found.majority,
            "macro_f1": found.macro_f1,
            "calibration_error": found.calibration_error,
        }
    )
    click.echo("each class:")
    click.echo(_by_class(found))
    click.echo("confusion matrix, truth in rows:")
    click.echo(_table(found))
    for path in result.get("files", ()):
        click.echo(path)


def _write(out: Path, found, result: dict) -> list[Path]:
    import json

    from mitseq.output import atomic_write
    from mitseq.plots.classification import (
        plot_confusion_matrix,
        plot_reliability,
    )
    from mitseq.plots.style import save_figure

    matrix = plot_confusion_matrix(found.confusion, found.classes)
    calibration = plot_reliability(found.confidences, found.hits)
    confusion, reliability, figures = (out / name for name in FILES)
    return [
        save_figure(matrix, confusion),
        save_figure(calibration, reliability),
        atomic_write(figures, json.dumps(result, indent=2) + "\n"),
    ]


def _by_class(found) -> str:
    scores = [asdict(each) for each in found.by_class.values()]
    columns = [
        (
            name,
            [f"{x[name]:.4f}" if name != "n" else x[name] for x in scores],
        )
        for name in scores[0]
    ]
    return _drawn(map(one_line, found.classes), columns)


def _table(found) -> str:
    names = [one_line(name) for name in found.classes]
    return _drawn(names, zip(names, found.confusion.T, strict=True))


def _drawn(names, columns) -> str:
    """Columns of a table, each with its head; the names stand in front."""
    drawn = []
    for head, column in [("", names), *columns]:
        cells = [head, *map(str, column)]
        width = max(map(len, cells))
        side = ">" if drawn else "<"
        drawn.append([f"{cell:{side}{width}}" for cell in cells])
    return "\n".join(map("  ".join, zip(*drawn, strict=True)))
