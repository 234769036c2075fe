r"""Held-out bits per character at equal training time: LSTM and Transformer.

    mitseq music prepare --out data/music
    python benchmarks/music_cells.py --data data/music --minutes 10 \
        --out runs/cells --figure docs/images/music_cells.png

Each cell is trained by `train_music_model` with its own defaults, for the same
minutes of wall clock, on the same tunes, batches and schedule, and scored on
the held-out tunes after each epoch. A run that was stopped goes on where it
was when the same command is given again; what is finished is not trained anew.
It leaves in its folder, for each cell:

    model.keras, history.csv, run.json         as `mitseq music train` does
    result.json                                when it is finished

Give it the machine to itself. The minutes include the scoring of each epoch,
and for each cell the compiling of its graphs.
"""

import argparse
import contextlib
import json
import os
import sys
from pathlib import Path

from errors import told_in_one_line
from music_training import read_history
from splits import read_split
from tables import print_results

from mitseq.errors import MitseqError
from mitseq.output import atomic_write
from mitseq.plots.style import new_figure, save_figure
from mitseq.tasks.music.model import CELLS, load_music_model
from mitseq.tunes.corpus import Corpus

COLUMNS = {
    "cell": "cell",
    "weights": "weights|,d",
    "epochs": "epochs|d",
    "minutes": "minutes|.1f",
    "validation": "validation bits/char|.3f",
    "test": "test bits/char|.3f",
}


def train_cell(cell: str, corpus: Corpus, options: argparse.Namespace) -> dict:
    """Train one cell, or go on with it, or read what it came to.

    Args:
        cell: One of `CELLS`.
        corpus: Tunes to learn from, and those to score with.
        options: The command line.

    Returns:
        The row of the table.
    """
    from mitseq.tasks.music.evaluation import bits_per_character
    from mitseq.tasks.music.train import train_music_model

    out = options.out / cell
    settings = {
        "minutes": options.minutes,
        "seed": options.seed,
        "tunes": len(corpus.train),
    }
    done = out / "result.json"
    if done.is_file():
        record = json.loads(done.read_text(encoding="utf-8"))
        if record["settings"] != settings:
            raise MitseqError(
                f"{done}: expected an empty folder, or a run with "
                f"{settings}. Received: {record['settings']}."
            )
        return record["row"]
    # What `fit` prints is no part of the result.
    with contextlib.redirect_stdout(sys.stderr):
        history = train_music_model(
            corpus,
            out,
            cell=cell,
            minutes=options.minutes,
            seed=options.seed,
            resume=(out / "run.json").is_file(),
            patience=10**6,  # equal time, so none stops before
            sample=False,
            verbose=2,
        )
    best = min(history, key=lambda row: row["val_bits_per_character"])
    model = load_music_model(out)
    row = {
        "cell": cell,
        "weights": model.count_params(),
        "epochs": len(history),
        "minutes": history[-1]["seconds"] / 60,
        "validation": best["val_bits_per_character"],
        "test": bits_per_character(model, corpus.test),
    }
    atomic_write(done, json.dumps({"settings": settings, "row": row}, indent=1))
    return row


def draw(curves: dict[str, list[dict]]):
    """The figure: held-out bits per character against minutes.

    Args:
        curves: Rows of the history of each cell.

    Returns:
        The matplotlib figure.
    """
    figure, axes = new_figure(size=(7.2, 4.4))
    for cell, rows in curves.items():
        minutes = [row["seconds"] / 60 for row in rows]
        bits = [row["val_bits_per_character"] for row in rows]
        best = min(range(len(bits)), key=bits.__getitem__)
        (line,) = axes.plot(minutes, bits, label=cell, markersize=4)
        axes.annotate(
            f"{bits[best]:.3f}",
            (minutes[best], bits[best]),
            xytext=(0, -14),
            textcoords="offset points",
            ha="center",
            color=line.get_color(),
        )
    lowest = min(
        row["val_bits_per_character"]
        for rows in curves.values()
        for row in rows
    )
    axes.set(
        xlabel="minutes of training",
        ylabel="bits per character of held-out tunes",
        ylim=(lowest - 0.1, min(axes.get_ylim()[1], lowest + 1.5)),
        xlim=(0, None),
    )
    axes.set_title("Music: recurrence and attention at equal time")
    axes.legend()
    return figure


def main(arguments: list[str] | None = None) -> None:
    """Train what is not yet trained, print the table, draw the curves."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--data",
        type=Path,
        required=True,
        help="folder of `mitseq music prepare`",
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument(
        "--cells", nargs="+", choices=CELLS, default=["lstm", "transformer"]
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--figure", type=Path, help="where to draw (.png)")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    corpus = Corpus(
        *(
            read_split(options.data, name)
            for name in ("train", "validation", "test")
        ),
        {},
    )
    rows = [train_cell(cell, corpus, options) for cell in options.cells]
    curves = {
        cell: read_history(options.out / cell / "history.csv")
        for cell in options.cells
    }
    if options.figure:
        save_figure(draw(curves), options.figure)
    print_results(
        "Held-out bits per character at equal training time",
        COLUMNS,
        rows,
        notes=[
            f"{len(corpus.train)} training, {len(corpus.validation)} "
            f"validation, {len(corpus.test)} test tunes, normalized ABC.",
            "Validation: the best epoch. Test: the weights of that epoch.",
            f"Minutes of wall clock, scoring included, {os.cpu_count()} cores.",
        ],
        as_json=options.json,
    )


if __name__ == "__main__":
    with told_in_one_line():
        main()
