r"""Image captioning: exact captions of pairs never seen together.

    python benchmarks/caption.py            # 12 trainings: about an hour
    python benchmarks/caption.py --decoder attention --seeds 0 --minutes 5

Every model is trained on scenes (`mitseq/tasks/caption/scenes.py`) in which
some pairs never stand together: who does what, and which digits are beside each
other. It is asked for captions of new scenes; one counts if all its words are
right. Each number is the mean over the seeds, with the lowest and the highest,
and below it the counts of all seeds together with their 95 % interval.

    attention    the model of `mitseq caption train`: `mitseq.LSTM` begins with
                 the picture and looks at it at each word
    keras        the same with `keras.layers.LSTM`
    state        it only begins with the picture, without attention
    blind        a decoder that does not see the picture
    chance       captions drawn from all scenes

Time is the wall clock of the training; give the script the machine to itself.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tables import print_results

from mitseq.errors import MitseqError

CHANCE = "chance"
DECODERS = ("attention", "keras", "state", "blind")
BLIND_EPOCHS = 3  # it has nothing more to learn then
MEASURES = ("people, unseen", "digits, unseen", "unseen", "seen")


def train(name: str, seed: int, folder: Path, options: argparse.Namespace):
    """Trains one model, or takes the one that is finished in the folder.

    Args:
        name: One of `DECODERS`.
        seed: Of weights and scenes.
        folder: Where the training is kept.
        options: The command line.

    Returns:
        The model, and the seconds that its training took.
    """
    from mitseq.tasks.caption.model import load_caption_model
    from mitseq.tasks.caption.train import train_caption_model

    settings: dict = {"decoder": name, "seed": seed, "steps": options.steps}
    if name == "keras":
        settings |= {"decoder": "attention", "cell": "keras"}
    if options.minutes is not None:
        settings["minutes"] = options.minutes
    else:
        most = BLIND_EPOCHS if name == "blind" else options.epochs
        settings["epochs"] = min(most, options.epochs)
    started = time.perf_counter()
    train_caption_model(
        folder,
        resume=(folder / "run.json").exists(),
        verbose=0 if options.json else 2,
        **settings,
    )
    return load_caption_model(folder), time.perf_counter() - started


def measure(
    name: str, seed: int, folder: Path, options: argparse.Namespace
) -> dict:
    """Trains one model, and counts its right captions.

    Args:
        name: One of `DECODERS`.
        seed: Of weights and scenes.
        folder: Where the training is kept.
        options: The command line.

    Returns:
        The scores of the model and of captions by chance, seconds and weights.
    """
    from mitseq.tasks.caption.evaluation import evaluate_caption_model

    model, seconds = train(name, seed, folder, options)
    scores = evaluate_caption_model(model, options.count, draw=seed)
    return {
        "scores": scores["the model"],
        CHANCE: scores["by chance"],
        "seconds": seconds,
        "weights": model.count_params(),
    }


def spread(name: str, rows: list[dict], key: str = "scores") -> dict:
    """Returns one row of all seeds: means, with the lowest and the highest.

    Args:
        name: Of the row.
        rows: From `measure`, one a seed.
        key: "scores", or `CHANCE` for captions by chance.

    Example:

    >>> from mitseq.tasks.caption.evaluation import Score
    >>> scores = [{m: Score(n, 10) for m in MEASURES} for n in (8, 10)]
    >>> rows = [{"scores": s, "seconds": 1.0, "weights": 2} for s in scores]
    >>> found = spread("state", rows)
    >>> found["seen"], found["interval"]
    ('90.0 (80.0-100.0)', '90.0 % (18 of 20; 95 % interval 69.9 to 97.2)')
    """
    from mitseq.tasks.caption.evaluation import together

    joined: dict = {"model": name, "seeds": len(rows)}
    for what in MEASURES:
        values = [100 * row[key][what].share for row in rows]
        mean = sum(values) / len(values)
        joined[what] = f"{mean:.1f} ({min(values):.1f}-{max(values):.1f})"
    joined["interval"] = str(together(row[key]["unseen"] for row in rows))
    if key != CHANCE:
        joined["weights"] = rows[0]["weights"]
        seconds = [row["seconds"] for row in rows]
        joined["seconds"] = sum(seconds) / len(seconds)
    return joined


def main(arguments: list[str] | None = None) -> list[dict]:
    """Trains, counts and prints the table."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--decoder", nargs="+", choices=DECODERS, default=list(DECODERS)
    )
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    for name, value in (("epochs", 40), ("steps", 200), ("count", 500)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--minutes", type=float, help="instead of --epochs")
    parser.add_argument(
        "--keep",
        type=Path,
        help="folder for the trainings; finished ones in "
        "it are taken as they are, without their seconds",
    )
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    rows = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        for name in options.decoder:
            found = [
                measure(name, seed, folder / f"{name}-{seed}", options)
                for seed in options.seeds
            ]
            rows.append(spread(name, found))
    rows.append(spread(CHANCE, found, CHANCE))
    print_results(
        "Image captioning: exact captions [%]",
        {
            "model": "model",
            "weights": "weights|,d",
            "seconds": "seconds|.0f",
            "people, unseen": "people, unseen",
            "digits, unseen": "digits, unseen",
            "unseen": "both, unseen",
            "interval": "all seeds together, unseen",
            "seen": "both, pairs seen",
        },
        rows,
        [
            f"mean (lowest-highest) of seeds {options.seeds}; {options.count} "
            "scenes of each kind and column",
        ],
        as_json=options.json,
    )
    return rows


if __name__ == "__main__":
    try:
        main()
    except MitseqError as error:
        sys.exit(f"error: {error}")
