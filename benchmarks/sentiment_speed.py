r"""How many texts a second are classified, beside a peer, and in what memory.

    python benchmarks/sentiment_speed.py --data mr
    python benchmarks/sentiment_speed.py --data mr --lines 1000000

`--data` takes what `mitseq sentiment train` takes, such as the two files of
rt-polarity. The texts, strings in a list, are classified by

    bundled    the classifier that comes with mitseq
    plain      the slide's model as `mitseq sentiment train --plain` builds it,
               its weights drawn by chance: the time is the same
    tfidf      TF-IDF of words and pairs, logistic regression: scikit-learn,
               as in sentiment.py

one after the other in each round, on one core and one thread. Times are those
of the processor (`time.process_time`), the best of the rounds, so that other
work on the machine disturbs little; on a quiet one they are those of the clock.
"long" are reviews of about 230 words, made of the same sentences. `--lines`
sends so many lines, each of its own, to `mitseq sentiment predict -`, and says
what memory that took, a tenth of them and all.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from memory import cost_of
from sentiment import tfidf
from tables import print_results
from threadpoolctl import threadpool_limits

from mitseq.tasks.sentiment.read import read_texts

COLUMNS = {
    "texts": "texts",
    "model": "model",
    "second": "texts a second|,.0f",
    "microseconds": "microseconds a text|.1f",
}
LINES = {
    "lines": "lines|,d",
    "second": "lines a second of the processor|,.0f",
    "megabytes": "most memory, MB|,.0f",
}
WORDS = 230  # of a long review
LONG = 1500  # reviews


def long_texts(texts: list[str], number: int = LONG) -> list[str]:
    """Returns reviews of about `WORDS` words, made of sentences.

    Args:
        texts: Sentences.
        number: How many reviews.
    """
    draw = np.random.default_rng(0)
    found = []
    for _ in range(number):
        review: list[str] = []
        while sum(len(text.split()) for text in review) < WORDS:
            review.append(texts[draw.integers(len(texts))])
        found.append(" ".join(review))
    return found


def plain_model(texts: list[str]):
    """Returns the slide's model over the words of texts, not trained."""
    from mitseq.tasks.sentiment.classifier import SentimentClassifier
    from mitseq.tasks.sentiment.model import build_sentiment_model
    from mitseq.tasks.sentiment.train import words_of
    from mitseq.text.tokens import tokenize

    classifier = SentimentClassifier()
    model = build_sentiment_model(
        words_of([tokenize(text) for text in texts], 1),
        units=classifier.units,
        embedding_dim=classifier.embedding_dim,
    )
    return classifier._take_over(model, {})


def measure(texts: list[str], labels: list, rounds: int) -> list[dict]:
    """Classifies texts by each model in turn, several times."""
    from mitseq.tasks.sentiment.classifier import SentimentClassifier

    models = {
        "bundled": SentimentClassifier.load(),
        "plain": plain_model(texts),
        "tfidf": tfidf().fit(texts, labels),
    }
    rows = []
    for kind, chosen in (("short", texts), ("long", long_texts(texts, LONG))):
        best = dict.fromkeys(models, float("inf"))
        for model in models.values():
            model.predict_proba(chosen[:2000])  # nothing is built while timed
        for _ in range(rounds):
            for name, model in models.items():
                started = time.process_time()
                model.predict_proba(chosen)
                seconds = time.process_time() - started
                best[name] = min(best[name], seconds)
        rows += [
            {
                "texts": kind,
                "model": name,
                "second": len(chosen) / seconds,
                "microseconds": 1e6 * seconds / len(chosen),
            }
            for name, seconds in best.items()
        ]
    return rows


def stream(texts: list[str], number: int) -> dict:
    """Sends lines to the command; returns its time and its peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "lines.txt"
        with lines.open("w", encoding="utf-8") as file:
            for i in range(number):
                file.write(f"{texts[i % len(texts)]} {i}\n".replace("\r", " "))
        command = [sys.executable, "-m", "mitseq", "sentiment", "predict", "-"]
        with lines.open("rb") as source:
            cost = cost_of(*command, stdin=source)
    return {
        "lines": number,
        "second": number / cost.processor,
        "megabytes": cost.megabytes,
    }


def main(arguments: list[str] | None = None) -> list[dict]:
    """Runs the benchmark and prints its tables."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", required=True, help="labeled texts")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--lines", type=int, help="lines to stream, too")
    parser.add_argument("--json", action="store_true", help="print JSON only")
    options = parser.parse_args(arguments)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    # two threads of BLAS on one core wait for each other
    with threadpool_limits(1):
        return _measure_all(options)


def _measure_all(options) -> list[dict]:
    data = read_texts(options.data)
    texts = [" ".join(text.split()) for text in data.texts]
    rows = measure(texts, list(data.labels), options.rounds)
    notes = [f"{len(texts):,} short texts, {LONG:,} long ones, one core"]
    print_results("Texts a second", COLUMNS, rows, notes, as_json=options.json)
    if options.lines:
        streamed = [
            stream(texts, number)
            for number in (max(options.lines // 10, 1), options.lines)
        ]
        notes = ["the start of Python and TensorFlow is part of the time"]
        print_results(
            "Lines of standard input",
            LINES,
            streamed,
            notes,
            as_json=options.json,
        )
        rows += streamed
    return rows


if __name__ == "__main__":
    main()
