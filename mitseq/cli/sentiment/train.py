"""`mitseq sentiment train`: a classifier from anyone's labeled texts."""

import time

import click

from mitseq.cli.options import option, paths
from mitseq.cli.program import command, one_line, print_json, remark
from mitseq.cli.sentiment.data import data_options, has_test, judge, read
from mitseq.cli.training import Training, training_options
from mitseq.cli.work import load_tensorflow
from mitseq.training.record import is_shards

CELLS = ("lstm", "gru", "rnn", "attention", "transformer")

# The model of the slide: one recurrence over embedded words, its last output.
PLAIN = {
    "ngrams": 0,
    "characters": 0,
    "bidirectional": False,
    "pooling": "last",
}


@command(
    "mitseq sentiment train --data reviews.csv --out runs/sentiment",
    "mitseq sentiment train --data aclImdb --minutes 20",
    "mitseq sentiment train --data builtin --cell gru --plain",
    "mitseq sentiment train --out runs/sentiment --resume",
)
@option(
    "--data",
    metavar="PATH|builtin|imdb",
    help="Labeled texts: a CSV, TSV or JSON Lines file, a folder with a folder "
    "for each class, two files such as x.pos and x.neg; builtin is a grammar "
    "of reviews, imdb is downloaded. Or a folder of `mitseq sentiment shard`.",
)
@option(
    "--test",
    metavar="PATH",
    help="Labeled texts to judge on at the end. [default: the test part of "
    "--data, where it has one]",
)
@data_options
@option(
    "--cell",
    type=click.Choice(CELLS),
    default="lstm",
    help="What reads the words in their order.",
)
@option(
    "--plain",
    is_flag=True,
    help="The slide's model alone: no n-grams beside the cell, only its last "
    "output.",
)
@option(
    "--balanced",
    is_flag=True,
    help="Let each class count as much as any other, however few texts it has.",
)
@option(
    "--vectors",
    type=paths,
    metavar="FILE",
    help="Word vectors to start from, one word and its numbers a line.",
)
@option(
    "--unlabelled",
    type=paths,
    metavar="PATH",
    help="Texts without labels, a folder of .txt files or a file with one on "
    "each line. The vectors of words are learned from them first, by guessing "
    "the next word; at most 20 minutes more.",
)
@training_options(
    "runs/sentiment", epochs="Most passes over the texts. [default: 8]"
)
def train(training: Training, **options) -> None:
    """Train a classifier, and keep it in DIR.

    A tenth of the texts is held out: training stops when the model gets no
    better on them, and its accuracy there is printed.
    """
    started = time.monotonic()
    with training.open(options) as (run, options):
        if not options["data"]:
            raise click.UsageError("Missing option '--data'", training.context)
        data, test = _read(options)
        with training.at_work() as verbose:
            classifier = _classifier(options, verbose)
            if is_shards(options["data"]):
                classifier.fit_shards(data, out=run)
            else:
                classifier.fit(
                    data.texts, data.labels, groups=data.groups, out=run
                )
            if not training.is_first:
                return
            judged = test and _judge(classifier, test)
    history = classifier.history_
    validation = _validation(history)
    notes = list(data.notes)
    for figures, which in ((validation, "held-out "), (judged, "test ")):
        notes += judge(figures, which) if figures else []
    out = training.out
    if training.as_json:
        print_json(
            {
                "model": out / "model.keras",
                "classes": [str(name) for name in classifier.classes_],
                "n": len(data),
                "validation_accuracy": history.get("val_all"),
                "validation": validation,
                "history": history,
                "test": judged,
                "settings": options,
                "notes": notes,
                "seconds": round(time.monotonic() - started, 3),
            }
        )
        return
    click.echo(out / "model.keras")
    if validation is not None:
        click.echo(_told("held-out", validation))
    if judged:
        click.echo(_told("test", judged))


def _validation(history: dict) -> dict | None:
    """Returns what was measured on the texts held out, as of test texts."""
    from mitseq.tasks.sentiment.train import COMPARED

    if "val_n" not in history:  # of an earlier version
        return None
    figures = {name: history[f"val_{name}"] for name in COMPARED}
    return {"accuracy": history["val_all"]} | figures


def _told(which: str, figures: dict) -> str:
    """Returns an accuracy in a line, with what it is to be compared with."""
    low, high = figures["accuracy_interval"]
    return (
        f"accuracy on {figures['n']} {which} texts: {figures['accuracy']:.4f} "
        f"(95 % interval {low:.4f} to {high:.4f}; always "
        f"{one_line(figures['majority_class'])!r}: {figures['majority']:.4f}; "
        f"macro_f1 {figures['macro_f1']:.4f})"
    )


def _read(options: dict):
    """Returns the texts to learn from, and those to judge on, if any."""
    from mitseq.errors import MitseqError

    columns = ("text_column", "label_column", "encoding")
    columns = {name: options[name] for name in columns}
    if is_shards(options["data"]):
        from mitseq.tasks.sentiment.shards import SentimentShards

        load_tensorflow()
        shards = SentimentShards(options["data"])
        remark(
            one_line(f"{options['data']}: {len(shards)} texts to learn from")
        )
        test = options["test"] and _read_test(options, columns, shards)
        return shards, test
    data = read(options["data"], "train", **columns)
    if len(data.classes) < 2:
        raise MitseqError(
            f"{options['data']}: all labels are {data.classes[0]!r}, expected "
            "at least two classes"
        )
    return data, _read_test(options, columns, data)


def _classifier(options: dict, verbose: int):
    from mitseq.tasks.sentiment.classifier import SentimentClassifier

    settings = {
        "cell": options["cell"],
        "precision": options["precision"],
        "seed": options["seed"],
        "class_weight": "balanced" if options["balanced"] else None,
        "vectors": options["vectors"] and str(options["vectors"]),
        "unlabelled": options["unlabelled"] and str(options["unlabelled"]),
        "verbose": verbose,
    }
    if options["plain"]:
        settings |= PLAIN
    if options["minutes"] is not None:
        settings |= {"minutes": options["minutes"], "epochs": None}
    elif options["epochs"] is not None:
        settings["epochs"] = options["epochs"]
    return SentimentClassifier(**settings)


def _read_test(options: dict, columns: dict, data):
    """Returns the texts to judge on, if there are any."""
    from mitseq.errors import MitseqError
    from mitseq.tasks.sentiment.labels import match_labels
    from mitseq.tasks.sentiment.texts import find_duplicates

    path = options["test"]
    if path is None:
        if not has_test(options["data"]):
            return None
        path = options["data"]
    test = read(path, "test", **columns)
    try:
        match_labels(test.labels, data.classes)
    except MitseqError as error:
        raise MitseqError(f"{path}: {error}") from None
    learned = getattr(data, "texts", ())  # of shards nobody has them all
    twice = len(find_duplicates(learned, test.texts))
    if twice:
        remark(
            f"  {twice} of {len(test)} test texts stand in the training texts "
            "too: the accuracy on them says little"
        )
    return test


def _judge(classifier, test) -> dict:
    from mitseq.tasks.sentiment.labels import match_labels

    known = match_labels(test.labels, classifier.classes_)
    labels = [known[label] for label in test.labels]
    return classifier.evaluate(test.texts, labels).as_dict()
