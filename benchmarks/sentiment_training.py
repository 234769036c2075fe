r"""From labeled texts to a trained classifier: how long, in what memory.

    python benchmarks/sentiment_training.py --data mr
    python benchmarks/sentiment_training.py --data mr --long aclImdb/train
    python benchmarks/sentiment_training.py --data mr --reviews 0   # MR alone

`--data` takes what `mitseq sentiment train` takes, such as the two files of
rt-polarity. Trained is, by the command in a fresh process each time, with the
settings that it has for any data,

    fold     nine tenths of the sentences, as in one fold of sentiment.py
    reviews  as many reviews of about 230 words as `--reviews` says, made of
             sentences of which about two thirds are of the review's class; or
             those of `--long`

The import is that of TensorFlow and Keras alone, measured before each training;
`beyond` is what the command takes more. Memory is the most that the process
had. TF-IDF with logistic regression, as in sentiment.py, learns the same texts.
"""

import argparse
import csv
import json
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from memory import cost_of
from sentiment import tfidf
from sentiment_speed import WORDS
from tables import print_results

from mitseq.tasks.sentiment.read import read_texts

COLUMNS = {
    "texts": "texts",
    "number": "number|,d",
    "round": "round|d",
    "import": "import s|.1f",
    "seconds": "command s|.1f",
    "beyond": "beyond the import s|.1f",
    "megabytes": "most memory, MB|,.0f",
    "epochs": "epochs|d",
    "held_out": "right of those held out %|.1f",
    "tfidf": "TF-IDF s|.1f",
}
OWN_CLASS = 0.65  # of a review's draws, those from its own class alone


def made_reviews(
    texts: list[str], labels: list[str], number: int
) -> tuple[list[str], list[str]]:
    """Returns reviews of about `WORDS` words and their labels.

    Args:
        texts: Sentences.
        labels: The class of each, two in all.
        number: How many reviews, half of them of each class.
    """
    draw = np.random.default_rng(0)
    classes = sorted(set(labels))
    of = [
        [t for t, label in zip(texts, labels, strict=True) if label == each]
        for each in classes
    ]
    found = []
    for i in range(number):
        review: list[str] = []
        while sum(len(text.split()) for text in review) < WORDS:
            is_own = draw.random() < OWN_CLASS
            source = of[i % 2 if is_own else 1 - i % 2]
            review.append(source[draw.integers(len(source))])
        found.append(" ".join(review))
    return found, [classes[i % 2] for i in range(number)]


def train(name: str, texts: list[str], labels: list[str]) -> dict:
    """Trains the default on texts, and the peer; returns a row."""
    python = sys.executable
    imported = cost_of(python, "-c", "import tensorflow, keras").seconds
    with tempfile.TemporaryDirectory() as folder:
        data, out = Path(folder) / "texts.csv", Path(folder) / "run"
        with data.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["text", "label"])
            writer.writerows(zip(texts, labels, strict=True))
        cost = cost_of(
            *(python, "-m", "mitseq", "sentiment", "train"),
            *("--data", str(data), "--out", str(out)),
        )
        record = json.loads((out / "classifier.json").read_text("utf-8"))
    started = time.perf_counter()
    tfidf().fit(texts, labels)
    return {
        "texts": name,
        "number": len(texts),
        "import": imported,
        "seconds": cost.seconds,
        "beyond": cost.seconds - imported,
        "megabytes": cost.megabytes,
        "epochs": len(record["history"]["epochs"]),
        "held_out": 100 * record["history"]["val_all"],
        "tfidf": time.perf_counter() - started,
    }


def main(arguments: list[str] | None = None) -> list[dict]:
    """Runs the benchmark and prints its table."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", required=True, help="labeled sentences")
    parser.add_argument("--long", help="labeled reviews, instead of made ones")
    parser.add_argument("--reviews", type=int, default=25_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="print JSON only")
    options = parser.parse_args(arguments)
    data = read_texts(options.data)
    texts = [" ".join(text.split()) for text in data.texts]
    rows = []
    for k in range(options.rounds):
        order = np.random.default_rng(k).permutation(len(texts))
        learned = order[len(texts) // 10 :]
        fold = [[each[i] for i in learned] for each in (texts, data.labels)]
        rows.append({**train("fold", *fold), "round": k + 1})
    reviews = ([], [])
    if options.long:
        long = read_texts(options.long)
        reviews = long.texts, long.labels
    elif options.reviews:
        reviews = made_reviews(texts, list(data.labels), options.reviews)
    if reviews[0]:
        rows.append({**train("reviews", *reviews), "round": 1})
    notes = [f"{os.cpu_count()} cores; whole commands, each a new process"]
    print_results("Training", COLUMNS, rows, notes, as_json=options.json)
    return rows


if __name__ == "__main__":
    main()
