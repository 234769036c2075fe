r"""Order and memory: what each cell knows of the grammar, by distance.

    python benchmarks/sentiment_grammar.py              # six minutes, two cores
    python benchmarks/sentiment_grammar.py --cell lstm gru \
        --figure docs/images/sentiment_grammar.png --csv runs/grammar.csv

Every model is trained on reviews of the grammar with 0 to 3 sentences put in,
and asked about reviews of other groups with 0 to 12: what it has learned about
order, and how far its memory carries. It is a diagnostic, not a measure of
sentiment. The peer is a bag of words (no cell, the words alone), which is right
half of the time in each order family by construction. The slide's models are
one recurrence and its last output; the others read both ways and look at all
outputs.

Time is the wall clock of `fit`; give the script the machine to itself.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

from tables import print_results

from mitseq.errors import MitseqError
from mitseq.output import atomic_write

DISTANCES = tuple(range(13))
BAG = "bag of words"
SLIDE = "lstm, last output"
SETTINGS = {
    BAG: {"cell": None, "ngrams": 1},
    SLIDE: {"cell": "lstm", "bidirectional": False, "pooling": "last"},
    "rnn": {"cell": "rnn"},
    "gru": {"cell": "gru"},
    "lstm": {"cell": "lstm"},
    "attention": {"cell": "attention"},
    "transformer": {"cell": "transformer"},
}


def train(name: str, options: argparse.Namespace):
    """Trains one model on the grammar.

    Args:
        name: A key of `SETTINGS`.
        options: The command line.

    Returns:
        The `SentimentClassifier`, and the seconds of `fit`.
    """
    from mitseq.tasks.sentiment.classifier import SentimentClassifier
    from mitseq.tasks.sentiment.grammar import grammar_texts

    data = grammar_texts(groups=options.groups, seed=options.seed)
    settings = {
        "ngrams": 0,
        "characters": 0,
        "bidirectional": True,
        "pooling": "max_mean",
        "dropout": 0.1,
        "validation_split": 0.05,
        "batch_size": 64,
        "learning_rate": 3e-3,
        "epochs": options.epochs,
        "patience": options.epochs,  # order may be found late
        "minutes": options.minutes,
        "units": options.units,
        "embedding_dim": options.units,
        "seed": options.seed,
        "verbose": 0 if options.json else 2,
        **SETTINGS[name],
    }
    started = time.perf_counter()
    classifier = SentimentClassifier(**settings)
    classifier.fit(data.texts, data.labels, groups=data.groups)
    return classifier, time.perf_counter() - started


def measure(name: str, options: argparse.Namespace) -> dict:
    """Trains one model and asks it.

    Args:
        name: A key of `SETTINGS`.
        options: The command line.

    Returns:
        A row of the table: the model, seconds, weights, and the accuracies
        (`as_dict` of its `Diagnosis`).
    """
    from mitseq.tasks.sentiment.diagnose import diagnose

    classifier, seconds = train(name, options)
    found = diagnose(
        classifier,
        groups=options.test_groups,
        distances=DISTANCES,
        seed=options.seed,
    )
    return {
        "model": name,
        "seconds": seconds,
        "weights": classifier.model.count_params(),
        **found.as_dict(),
    }


def main(arguments: list[str] | None = None) -> list[dict]:
    """Trains, asks, prints the table and draws the curves."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--cell", nargs="+", choices=list(SETTINGS), default=list(SETTINGS)
    )
    for name, value in (
        ("groups", 120),
        ("test-groups", 40),
        ("epochs", 12),
        ("units", 64),
        ("seed", 0),
    ):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--figure", type=Path, help="where to draw (.png)")
    parser.add_argument("--csv", type=Path, help="where to write the curves")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    rows = [measure(name, options) for name in options.cell]
    if options.csv:
        write_csv(options.csv, rows)
    if options.figure:
        from mitseq.plots.style import save_figure
        from mitseq.tasks.sentiment.figures import plot_distances

        curves = {row["model"]: row["distances"] for row in rows}
        save_figure(plot_distances(curves, trained=(0, 3)), options.figure)
    print_results(
        "Accuracy on the grammar, trained with 0 to 3 sentences put in",
        {
            "model": "model",
            "weights": "weights|,d",
            "seconds": "s to train|.0f",
            "order": "order families|.1f",
            **{f"d{d}": f"d={d}|.1f" for d in (0, 3, 4, 8, 12)},
        },
        [
            {
                **row,
                "order": 100 * row["order"],
                **{f"d{d}": 100 * p for d, p in row["distances"].items()},
            }
            for row in rows
        ],
        notes=[
            f"Percent right of {rows[0]['n']:,} texts of groups that no model "
            "was trained on; d: sentences put in. Order families: all "
            "distances together, guessing gives 50.",
            f"At most {options.minutes:g} minutes of training each, "
            f"{os.cpu_count()} cores.",
            "By family: mitseq sentiment diagnose --model DIR.",
        ],
        as_json=options.json,
    )
    return rows


def write_csv(path: Path, rows: list[dict]) -> None:
    """One line for each model, family and distance."""
    lines = ["model,family,order,distance,n,accuracy"]
    lines += [
        f"{json.dumps(row['model'])},{cell['family']},{int(cell['order'])},"
        f"{cell['distance']},{cell['n']},{cell['accuracy']:.4f}"
        for row in rows
        for cell in row["cells"]
    ]
    atomic_write(path, "\n".join(lines) + "\n")


if __name__ == "__main__":
    try:
        main()
    except MitseqError as error:
        sys.exit(f"error: {error}")
