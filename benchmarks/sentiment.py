r"""Accuracy on labeled texts: mitseq, its parts, and the peers, fold by fold.

    python benchmarks/sentiment.py --data PATH --out runs/sentiment
    python benchmarks/sentiment.py --long aclImdb --out runs/long

`--data` takes what `mitseq sentiment train` takes: the two files of
rt-polarity, a CSV file, a folder a class, ... The texts are dealt into folds
once, by a seed; each model is trained on all folds but one and judged on that
one. A model never sees the fold it is judged on: what it needs to stop early,
or to be calibrated, it holds out of its own training texts. Every model and
fold is a line in OUT/results.jsonl, and those that are there are not run again.
`--long` takes data that come with their own test texts, and uses these.

The models, all from scratch, without outside vectors:

    majority      the most frequent class
    tfidf         TF-IDF of words and pairs, logistic regression: scikit-learn,
                  the best of 24 settings on another deal of MR (seed 7)
    keras         keras.layers.LSTM in the shape of the Keras example: 20,000
                  words, 200 steps, embedding 128, two bidirectional layers of
                  64, a sigmoid; two epochs of batches of 32
    slide         build_sentiment_model as on the slide: embedding, LSTM, the
                  last output; stopped early on held-out texts
    pooling       the same with a bidirectional LSTM, max and mean pooling,
                  dropout
    words         the n-grams of words alone
    characters    the n-grams of characters alone
    linear        both of these: the default without its LSTM
    mitseq        SentimentClassifier(), the default of `mitseq sentiment train`

Calibration error: 15 bins of equal width. Predictions a second are measured
from a list of strings, on one core if the process has only one
(`taskset -c 0`).
"""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from tables import print_results

from mitseq.errors import MitseqError
from mitseq.tasks.sentiment.read import read_texts
from mitseq.training.metrics import evaluate_probabilities

COLUMNS = {
    "model": "model",
    "folds": "folds|d",
    "accuracy": "accuracy %|.2f",
    "spread": "+/-|.2f",
    "calibration": "calibration error|.3f",
    "seconds": "training s|.0f",
    "predictions": "predictions/s|,.0f",
}


class Majority:
    """The most frequent class, with its share as the probability."""

    def fit(self, texts, labels):
        self.classes_, counts = np.unique(labels, return_counts=True)
        self.shares = counts / counts.sum()
        return self

    def predict_proba(self, texts):
        return np.tile(self.shares, (len(texts), 1))


def tfidf():
    """The peer that is hard to beat."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    return make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        LogisticRegression(C=30, max_iter=1000),
    )


class KerasExample:
    """The bidirectional LSTM of keras.io's example, on two epochs."""

    def fit(self, texts, labels):
        import keras
        import tensorflow as tf

        keras.utils.set_random_seed(0)
        self.classes_, y = np.unique(labels, return_inverse=True)
        reader = keras.layers.TextVectorization(
            20_000, output_sequence_length=200
        )
        reader.adapt(tf.constant(texts), batch_size=256)
        self.reader = reader
        layers = keras.layers
        self.model = keras.Sequential(
            [
                layers.Embedding(20_000, 128),
                layers.Bidirectional(layers.LSTM(64, return_sequences=True)),
                layers.Bidirectional(layers.LSTM(64)),
                layers.Dense(1, activation="sigmoid"),
            ]
        )
        self.model.compile("adam", loss="binary_crossentropy")
        self.model.fit(self._ids(texts), y, batch_size=32, epochs=2, verbose=0)
        return self

    def _ids(self, texts):
        return self.reader(np.array(texts, object)).numpy()

    def predict_proba(self, texts):
        p = self.model.predict(self._ids(texts), batch_size=256, verbose=0)
        return np.concatenate([1 - p, p], axis=1)


def ours(**settings):
    """A `SentimentClassifier` with some settings changed."""
    from mitseq.tasks.sentiment.classifier import SentimentClassifier

    return SentimentClassifier(**settings)


LINEAR_ONLY = {"cell": None}
NO_NGRAMS = {"ngrams": 0, "characters": 0}
MODELS: dict[str, Callable] = {
    "majority": Majority,
    "tfidf": tfidf,
    "keras": KerasExample,
    "slide": lambda: ours(
        bidirectional=False, pooling="last", dropout=0.0, **NO_NGRAMS
    ),
    "pooling": lambda: ours(**NO_NGRAMS),
    "words": lambda: ours(characters=0, **LINEAR_ONLY),
    "characters": lambda: ours(ngrams=0, **LINEAR_ONLY),
    "linear": lambda: ours(**LINEAR_ONLY),
    "mitseq": ours,
}


def deal(labels: np.ndarray, folds: int, seed: int) -> np.ndarray:
    """Deals texts into folds, each class evenly.

    Args:
        labels: `(N,)`.
        folds: How many folds.
        seed: Of the deal.

    Returns:
        `(N,)` of int, the fold of each text.
    """
    rng = np.random.default_rng(seed)
    fold = np.empty(len(labels), int)
    for c in np.unique(labels):
        members = rng.permutation(np.flatnonzero(labels == c))
        fold[members] = np.arange(len(members)) % folds
    return fold


def judge(name: str, train: tuple, test: tuple) -> dict:
    """Trains a model and judges it.

    Args:
        name: One of `MODELS`.
        train: Texts and labels.
        test: Texts and labels.

    Returns:
        Its figures.
    """
    started = time.monotonic()
    model = MODELS[name]().fit(list(train[0]), train[1])
    seconds = time.monotonic() - started
    texts = list(test[0])
    model.predict_proba(texts)  # so that nothing is built while it is timed
    started = time.monotonic()
    probs = model.predict_proba(texts)
    predictions = len(texts) / (time.monotonic() - started)
    result = evaluate_probabilities(list(test[1]), probs, model.classes_)
    return {
        "model": name,
        "accuracy": 100 * result.accuracy,
        "calibration": result.calibration_error,
        "seconds": seconds,
        "predictions": predictions,
    }


def run(
    names: list[str], splits: list[tuple], out: Path, show: Callable
) -> list[dict]:
    """Judges models on folds; what `out` holds already is not run again.

    Args:
        names: Of `MODELS`.
        splits: (train, test) of each fold, each texts and labels.
        out: Folder for `results.jsonl`.
        show: Called with a line of text after each result.

    Returns:
        All results, one for each model and fold.
    """
    out.mkdir(parents=True, exist_ok=True)
    file = out / "results.jsonl"
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    results = [json.loads(line) for line in lines]
    done = {(row["model"], row["fold"]) for row in results}
    for fold, (train, test) in enumerate(splits):
        for name in names:
            if (name, fold) in done:
                continue
            row = {"fold": fold, **judge(name, train, test)}
            results.append(row)
            with file.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(row) + "\n")
            show(
                f"fold {fold}  {name:<10}  {row['accuracy']:.2f} %  "
                f"{row['seconds']:.0f} s"
            )
    return [r for r in results if r["model"] in names]


def table(results: list[dict], names: list[str]) -> list[dict]:
    """The mean over the folds of each model.

    Args:
        results: From `run`.
        names: The models, in the order of the table.

    Returns:
        One row a model; "spread" is the standard error of the mean accuracy.
    """
    rows = []
    for name in names:
        mine = [r for r in results if r["model"] == name]
        if not mine:
            continue
        row: dict = {"model": name, "folds": len(mine)}
        for key in ("accuracy", "calibration", "seconds", "predictions"):
            row[key] = float(np.mean([r[key] for r in mine]))
        if len(mine) > 1:
            accuracies = [r["accuracy"] for r in mine]
            row["spread"] = float(np.std(accuracies, ddof=1)) / len(mine) ** 0.5
        rows.append(row)
    return rows


def main(arguments: list[str] | None = None) -> list[dict]:
    """Runs the benchmark and prints its table."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--data", help="labeled texts to deal into folds")
    what.add_argument("--long", help="labeled texts with their own test texts")
    parser.add_argument("--folds", type=int, default=10)
    parser.add_argument(
        "--only", type=int, help="run only so many of the folds"
    )
    parser.add_argument(
        "--models", nargs="+", choices=list(MODELS), default=list(MODELS)
    )
    parser.add_argument("--seed", type=int, default=1, help="of the folds")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--json", action="store_true", help="print JSON only")
    options = parser.parse_args(arguments)
    if options.folds < 2:
        raise MitseqError(
            f"--folds must be at least 2. Received: {options.folds}."
        )

    def of(data):
        return np.array(data.texts, object), np.array(data.labels)

    if options.long:
        splits = [
            tuple(
                of(read_texts(options.long, split=part))
                for part in ("train", "test")
            )
        ]
    else:
        texts, labels = of(read_texts(options.data))
        fold = deal(labels, options.folds, options.seed)
        splits = [
            (
                (texts[fold != k], labels[fold != k]),
                (texts[fold == k], labels[fold == k]),
            )
            for k in range(options.only or options.folds)
        ]

    def show(line):
        if not options.json:
            print(line, flush=True)

    results = run(options.models, splits, options.out, show)
    rows = table(results, options.models)
    (train, _), (test, _) = splits[0]
    print_results(
        "Sentiment classification",
        COLUMNS,
        rows,
        [
            f"{options.data or options.long}: {len(train):,} texts to learn "
            f"from and {len(test):,} to judge on in the first fold",
            "spread: the standard error of the mean over the folds",
        ],
        as_json=options.json,
    )
    return rows


if __name__ == "__main__":
    main()
