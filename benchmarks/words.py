r"""Next word: who remembers the word that decides, by distance.

    python benchmarks/words.py                  # 12 trainings: about an hour
    python benchmarks/words.py --cell lstm --seeds 0 1 2 --minutes 3 \
        --figure docs/images/words.png --json

Every model is trained on texts of the grammar in which up to `--distance` words
stand between the word that decides and the answer. It is asked about words in
frames in which no training text has them (`mitseq/tasks/words/grammar.py`). The
peer is an n-gram of order 5, counted on the same texts. Each number is the mean
over the seeds, with the lowest and the highest: a seed decides the texts, the
weights and the questions.

`far` is right answers at the largest distance: `number` (is or are; a guess is
right in 50 %) and `language` (which of twelve; 8.3 %). `place` and `activity`
are near. `lecture` counts the lecture's three sentences that are completed
rightly. `group` is how many words have a nearest neighbor of their group in the
trained embedding.

Time is the wall clock of the training; give the script the machine to itself.
"""

import argparse
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from tables import print_results

from mitseq.errors import MitseqError

CELLS = ("rnn", "gru", "lstm", "transformer")
NGRAM = "n-gram, order 5"
RATES = {"rnn": 1e-3, "transformer": 1.5e-3}  # of the others: the default


def train(cell: str, texts, seed: int, options: argparse.Namespace):
    """Trains one model.

    Args:
        cell: One of `CELLS`.
        texts: Of the grammar.
        seed: Of the weights.
        options: The command line.

    Returns:
        The model, and the seconds that it took.
    """
    from mitseq.tasks.words.model import load_words_model
    from mitseq.tasks.words.train import train_words_model

    settings = {"cell": cell, "seed": seed, "patience": 100}
    if cell in RATES:
        settings["learning_rate"] = RATES[cell]
    if options.minutes is not None:
        settings["minutes"] = options.minutes
    else:
        settings["epochs"] = options.epochs
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        train_words_model(
            texts, folder, verbose=0 if options.json else 2, **settings
        )
        seconds = time.perf_counter() - started
        return load_words_model(folder), seconds


def ask(next_probs, index, seed: int, options: argparse.Namespace) -> dict:
    """Returns right answers in percent, and those of each distance."""
    from mitseq.tasks.words.evaluation import agreement, right_answers
    from mitseq.tasks.words.grammar import LECTURE

    asked = {"count": options.questions, "seed": 1000 + seed}
    curves = agreement(next_probs, index, options.asked, **asked)
    row = {
        f"far_{kind}": 100 * points[options.distance]
        for kind, points in curves.items()
    }
    for kind in ("place", "activity"):
        row[kind] = 100 * right_answers(next_probs, index, kind, **asked)
    probs = next_probs(list(LECTURE))
    said = ["".join(index.words([best])) for best in probs.argmax(axis=1)]
    row["lecture"] = sum(
        word == answer
        for word, answer in zip(said, LECTURE.values(), strict=True)
    )
    return row | {"curves": curves}


def measure(name: str, seed: int, options: argparse.Namespace) -> dict:
    """Trains or counts one model, and asks it.

    Args:
        name: One of `CELLS`, or `NGRAM`.
        seed: Of texts, weights and questions.
        options: The command line.

    Returns:
        A row: the answers, seconds, weights and perplexity.
    """
    from mitseq.tasks.words.embedding import same_group, vectors_of
    from mitseq.tasks.words.evaluation import evaluate_words_model
    from mitseq.tasks.words.lexicon import group_of
    from mitseq.tasks.words.model import embedding_of
    from mitseq.tasks.words.ngram import WordNGram
    from mitseq.tasks.words.predict import next_probs
    from mitseq.tasks.words.texts import grammar_texts
    from mitseq.text.words import WordIndex

    texts = grammar_texts(options.distance, options.texts, seed)
    if name == NGRAM:
        started = time.perf_counter()
        ngram = WordNGram(texts.train)
        seconds = time.perf_counter() - started
        found = ask(ngram.next_probs, ngram.index, seed, options)
        return {"seconds": seconds, **found}
    model, seconds = train(name, texts, seed, options)
    index = WordIndex(embedding_of(model).vocabulary)
    words, vectors = vectors_of(model)
    groups = [group_of(word) for word in words]
    return {
        "seconds": seconds,
        "weights": model.count_params(),
        "perplexity": evaluate_words_model(model, texts.test)["perplexity"],
        "group": 100 * same_group(words, vectors, groups),
        **ask(partial(next_probs, model), index, seed, options),
    }


def spread(name: str, rows: list[dict]) -> dict:
    """Returns one row of all seeds: means, with the lowest and the highest.

    Example:

    >>> spread("lstm", [{"group": 90.0}, {"group": 94.0}])["group"]
    '92.0 (90.0-94.0)'
    """
    joined: dict = {"model": name, "seeds": len(rows)}
    for key in rows[0]:
        values = [row[key] for row in rows]
        if key in ("curves", "weights"):
            joined[key] = values[0] if key == "weights" else values
        else:
            mean = sum(values) / len(values)
            joined[key] = f"{mean:.1f} ({min(values):.1f}-{max(values):.1f})"
    return joined


def draw(rows: list[dict], options: argparse.Namespace) -> None:
    """Writes the curves of the languages, the mean over the seeds."""
    from mitseq.plots.style import save_figure
    from mitseq.tasks.words.evaluation import chance
    from mitseq.tasks.words.figures import plot_agreement

    curves = {}
    for row in rows:
        of_seeds = [each["language"] for each in row["curves"]]
        curves[row["model"]] = {
            distance: sum(each[distance] for each in of_seeds) / len(of_seeds)
            for distance in of_seeds[0]
        }
    figure = plot_agreement(
        curves,
        chance=chance("language"),
        trained=options.distance,
        title="Which language? The country was named so far back\n"
        f"(texts of the grammar, mean of {len(options.seeds)} seeds)",
    )
    save_figure(figure, options.figure)


def main(arguments: list[str] | None = None) -> list[dict]:
    """Trains, asks, prints the table and draws the curves."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--cell", nargs="*", choices=CELLS, default=list(CELLS))
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    for name, value in (
        ("distance", 20),
        ("asked", 30),
        ("texts", 20_000),
        ("questions", 200),
        ("epochs", 16),
    ):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--minutes", type=float, help="instead of --epochs")
    parser.add_argument("--figure", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    rows = []
    for name in (NGRAM, *options.cell):
        found = [measure(name, seed, options) for seed in options.seeds]
        rows.append(spread(name, found))
    if options.figure is not None:
        draw(rows, options)
    print_results(
        f"Next word: the word that decides up to {options.distance} back",
        {
            "model": "model",
            "weights": "weights|,d",
            "seconds": "seconds",
            "perplexity": "perplexity",
            "far_language": f"language at {options.distance} [%]",
            "far_number": f"number at {options.distance} [%]",
            "place": "place [%]",
            "activity": "activity [%]",
            "lecture": "lecture of 3",
            "group": "group [%]",
        },
        rows,
        [
            f"mean (lowest-highest) of seeds {options.seeds}; "
            f"{options.questions} questions each, {options.texts} texts",
        ],
        as_json=options.json,
    )
    return rows


if __name__ == "__main__":
    try:
        main()
    except MitseqError as error:
        sys.exit(f"error: {error}")
