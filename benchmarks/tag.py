r"""Tag each word: on a treebank of real English, next to what is usual.

    python benchmarks/tag.py --data UD_English-EWT      # 12 trainings
    python benchmarks/tag.py --data UD_English-EWT --model mitseq \
        --seeds 0 1 2 --json

`--data` is a folder with the three files of a treebank of Universal
Dependencies, as https://universaldependencies.org has them; the names end with
"train", "dev" and "test". Every model learns from "train", stops by "dev" and
is judged by "test", which nothing else reads. Each number is the mean over the
seeds, with the lowest and the highest.

`mitseq` is the tagger of `mitseq tag train` with its default settings. Its
peers in the same run: the most frequent tag of each word; a bidirectional
`keras.layers.LSTM` on words only, and one on words, beginnings and endings as
ours has them; ours reading forward only. And the bundled model, which has never
seen a treebank.

An unknown word is one that no training sentence has, in any spelling; `cased`
counts a word as unknown when it is not there in just this spelling.

Time is the wall clock of the training; give the script the machine to itself.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tables import print_results

from mitseq.errors import MitseqError

COUNTED, BUNDLED = "most frequent tag", "bundled, grammar only"
MODELS = {
    "mitseq": {},
    "mitseq, forward only": {"directions": 1},
    "keras.layers.LSTM": {"cell": "keras"},
    "keras.layers.LSTM, words only": {"cell": "keras", "affix_dim": 0},
}


def train(name: str, treebank, seed: int, options: argparse.Namespace):
    """Trains one model.

    Args:
        name: One of `MODELS`.
        treebank: The sentences.
        seed: Of weights, order and dropout.
        options: The command line.

    Returns:
        The model, and the seconds that it took.
    """
    import keras

    from mitseq.tasks.tag import model as building
    from mitseq.tasks.tag.train import train_tag_model

    building.CELLS["keras"] = keras.layers.LSTM  # the peer, in the same place
    settings = {"seed": seed, "patience": 100, **MODELS[name]}
    settings |= {"epochs": options.epochs, "minutes": options.minutes}
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        train_tag_model(
            treebank, folder, verbose=0 if options.json else 2, **settings
        )
        seconds = time.perf_counter() - started
        return building.load_tag_model(folder), seconds


def judge(treebank, given, counted) -> dict:
    """Returns the figures of tags that were given, in percent.

    Args:
        treebank: Whose test sentences were tagged.
        given: The tags of each word.
        counted: What the training sentences have, a `MostFrequentTag`.
    """
    from mitseq.tasks.tag.evaluation import evaluate_tags

    cased = {word for s in treebank.train for word in s.words}
    found = evaluate_tags(treebank.test, given, counted.knows)
    as_spelled = evaluate_tags(treebank.test, given, cased.__contains__)
    return {
        "all": 100 * found.accuracy,
        "unknown": 100 * found.unknown_accuracy,
        "cased": 100 * as_spelled.unknown_accuracy,
        "whole": 100 * found.whole / found.sentences,
        "unknown_words": found.unknown,
        "cased_words": as_spelled.unknown,
    }


def measure(
    name: str, treebank, seeds: list[int], options: argparse.Namespace
) -> dict:
    """Returns the row of one tagger: its figures, weights and seconds."""
    from mitseq.tasks.tag.baseline import MostFrequentTag
    from mitseq.tasks.tag.model import load_tag_model
    from mitseq.tasks.tag.predict import tag_words

    counted = MostFrequentTag.count(treebank.train)
    words = [sentence.words for sentence in treebank.test]
    if name == COUNTED:
        given = [counted.tags_for(each) for each in words]
        return spread(name, [judge(treebank, given, counted)])
    rows = []
    for seed in seeds:
        model, seconds = load_tag_model(), None
        if name != BUNDLED:
            model, seconds = train(name, treebank, seed, options)
        given = [each.tags for each in tag_words(model, words)]
        row = judge(treebank, given, counted)
        row["weights"] = model.count_params()
        if seconds is not None:
            row["seconds"] = seconds
        if name in MODELS:
            print(name, seed, row, file=sys.stderr, flush=True)
        rows.append(row)
    return spread(name, rows)


def spread(name: str, rows: list[dict]) -> dict:
    """Returns one row of all seeds: means, with the lowest and the highest.

    Example:

    >>> spread("mitseq", [{"all": 94.0}, {"all": 94.4}])["all"]
    '94.20 (94.00-94.40)'
    """
    joined: dict = {"model": name, "seeds": len(rows)}
    for key in rows[0]:
        values = [row[key] for row in rows]
        if key in ("weights", "unknown_words", "cased_words"):
            joined[key] = values[0]
        elif len(rows) == 1:
            joined[key] = f"{values[0]:.2f}"
        else:
            mean = sum(values) / len(values)
            joined[key] = f"{mean:.2f} ({min(values):.2f}-{max(values):.2f})"
    return joined


def main(arguments: list[str] | None = None) -> list[dict]:
    """Trains, judges and prints the table."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", nargs="+", required=True)
    parser.add_argument(
        "--model", nargs="*", choices=MODELS, default=list(MODELS)
    )
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--epochs", type=int, help="instead of the default")
    parser.add_argument("--minutes", type=float, help="likewise")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    from mitseq.tasks.tag.treebank import read_treebank

    treebank = read_treebank(options.data)
    if not treebank.test:
        raise MitseqError(f"{treebank.name}: expected a test file, too.")
    rows = [
        measure(COUNTED, treebank, [0], options),
        measure(BUNDLED, treebank, [0], options),
        *(
            measure(name, treebank, options.seeds, options)
            for name in options.model
        ),
    ]
    print_results(
        f"Tag each word: {Path(treebank.name).name}",
        {
            "model": "model",
            "weights": "weights|,d",
            "seconds": "seconds",
            "all": "all words [%]",
            "unknown": "unknown [%]",
            "cased": "cased [%]",
            "whole": "whole sentences [%]",
        },
        rows,
        [
            f"mean (lowest-highest) of seeds {options.seeds}; "
            f"{len(treebank.train)} sentences to learn from, "
            f"{sum(len(s.words) for s in treebank.test)} words to judge by, "
            f"{rows[0]['unknown_words']} of them unknown, "
            f"{rows[0]['cased_words']} cased",
        ],
        as_json=options.json,
    )
    return rows


if __name__ == "__main__":
    try:
        main()
    except MitseqError as error:
        sys.exit(f"error: {error}")
