r"""Held-out bits per character against time: the lab's recipe and mitseq.

Three steps, each on its own:

    mitseq music prepare --out data/music
    python benchmarks/music_training.py recipe --data data/music \
        --out runs/recipe                 # 15 to 20 minutes on two cores
    mitseq music train --minutes 60 --out runs/mitseq
    python benchmarks/music_training.py compare --data data/music \
        --recipe runs/recipe --mitseq runs/mitseq \
        --figure docs/images/music_training.png --csv runs/curves.csv

`recipe` is the original lab in plain Keras (see recipe.py), trained by `fit`
and scored on the validation tunes every 250 steps. It keeps everything it has
at each of these points, so a run that was stopped goes on where it was when
the same command is given again. It leaves in its folder:

    history.csv       step, seconds of training, bits per character
    results.json      best and last step on the validation and test tunes
    best.weights.h5, last.keras
    samples-best-1.0.abc, samples-best-0.5.abc, samples-last-1.0.abc, ...
                      200 unfiltered samples each, for music_judge.py

`compare` prints one table and draws the curve of both.

Time is the wall clock. The recipe's leaves out the scoring on the validation
tunes, which the lab does not do; mitseq's includes it, with the samples and
snapshots of every epoch. Give each run the machine to itself.
"""

import argparse
import csv
import json
import os
import time
from pathlib import Path

from errors import told_in_one_line
from splits import read_split
from tables import print_results

from mitseq.errors import MitseqError
from mitseq.output import atomic_path, atomic_write

TEMPERATURES = (1.0, 0.5)
COLUMNS = {
    "model": "model",
    "step": "step|,d",
    "minutes": "minutes|.1f",
    "validation": "validation bits/char|.3f",
    "test": "test bits/char|.3f",
}


def write_tunes(path: Path, tunes: list[str]) -> None:
    """Samples as an ABC file: an `X:` line, the text and a blank line each."""
    atomic_write(
        path,
        "".join(
            f"X:{number}\n{tune.rstrip()}\n\n"
            for number, tune in enumerate(tunes, 1)
        ),
    )


def write_history(path: Path, history: list[dict]) -> None:
    """One row for each time the validation tunes were scored."""
    lines = ["step,seconds,loss,val_bits_per_character"]
    lines += [
        f"{row['step']},{row['seconds']:.2f},{row['loss']:.5f},"
        f"{row['val_bits_per_character']:.5f}"
        for row in history
    ]
    atomic_write(path, "\n".join(lines) + "\n")


def read_history(path: Path) -> list[dict]:
    """The rows of a history.csv, numbers as numbers.

    Args:
        path: Written by `recipe` here or by `mitseq music train`; both have
            the columns `seconds` and `val_bits_per_character`.

    Returns:
        One mapping a row.

    Raises:
        MitseqError: if the file is missing or lacks a column.
    """
    if not path.is_file():
        raise MitseqError(
            f"{path}: expected a training history. Received: no such file."
        )
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for column in ("seconds", "val_bits_per_character"):
        if not rows or column not in rows[0]:
            raise MitseqError(
                f"{path}: expected a column `{column}`. Received: "
                f"{list(rows[0]) if rows else 'no rows'}."
            )
    return [
        {key: float(value) for key, value in row.items() if value}
        for row in rows
    ]


def train_recipe(options: argparse.Namespace) -> dict:
    """Train the recipe, or go on with it; score and sample at the end.

    Args:
        options: The command line of `recipe`.

    Returns:
        The content of results.json.
    """
    import keras
    import recipe

    splits = {
        name: read_split(options.data, name)
        for name in ("train", "validation", "test")
    }
    text = {name: recipe.joined_text(tunes) for name, tunes in splits.items()}
    characters = recipe.Characters("".join(text.values()))
    ids = characters.encode(text["train"])
    settings = {
        "steps": options.steps,
        "every": options.every,
        "batch_size": options.batch_size,
        "sequence_length": options.sequence_length,
        "embedding": options.embedding,
        "units": options.units,
        "seed": options.seed,
        "train_characters": len(text["train"]),
        "vocabulary": "".join(characters.characters),
    }
    out = options.out
    state_path, last_path = out / "state.json", out / "last.keras"
    best_path = out / "best.weights.h5"
    keras.utils.set_random_seed(options.seed)
    history = []
    if state_path.is_file() and last_path.is_file():
        state = json.loads(state_path.read_text(encoding="utf-8"))
        same = {**state["settings"], "steps": options.steps} == settings
        if not same:
            raise MitseqError(
                f"{out}: expected an empty folder, or a run with these "
                f"settings and data. Received: {state['settings']}."
            )
        model = keras.saving.load_model(last_path)
        # the history is written before the model: it may be one row ahead
        step = int(model.optimizer.iterations.numpy())
        history = [row for row in state["history"] if row["step"] <= step]
    else:
        model = recipe.build_recipe(
            len(characters), options.embedding, options.units
        )
    step = history[-1]["step"] if history else 0
    log(out, f"recipe: {model.count_params():,} weights, from step {step}")

    seconds = history[-1]["seconds"] if history else 0.0
    while step < options.steps:
        count = min(options.every, options.steps - step)
        x, y = recipe.random_windows(
            ids,
            count * options.batch_size,
            options.sequence_length,
            [options.seed, step],
        )
        started = time.perf_counter()
        fitted = model.fit(
            x, y, batch_size=options.batch_size, shuffle=False, verbose=0
        )
        seconds += time.perf_counter() - started
        step += count
        bits = recipe.bits_per_character(
            model, splits["validation"], characters
        )
        history.append(
            {
                "step": step,
                "seconds": seconds,
                "loss": fitted.history["loss"][-1],
                "val_bits_per_character": bits,
            }
        )
        if bits <= min(row["val_bits_per_character"] for row in history):
            with atomic_path(best_path) as path:
                model.save_weights(path)
        atomic_write(
            state_path,
            json.dumps({"settings": settings, "history": history}),
        )
        with atomic_path(last_path) as path:
            model.save(path)
        write_history(out / "history.csv", history)
        log(
            out,
            f"step {step}/{options.steps}, {seconds:.0f} s, loss "
            f"{history[-1]['loss']:.3f}, validation {bits:.3f} bits/char",
        )

    best = min(history, key=lambda row: row["val_bits_per_character"])
    results = {"settings": settings, "history": history, "test": {}}
    test = splits["test"]
    for which, row in (("last", history[-1]), ("best", best)):
        if which == "best":
            model.load_weights(best_path)
        bits = recipe.bits_per_character(model, test, characters)
        results["test"][which] = {
            **row,
            "test_bits_per_character": bits,
            "test_characters": sum(map(len, test)),
        }
        log(out, f"{which} step {row['step']}: test {bits:.3f} bits/char")
        atomic_write(out / "results.json", json.dumps(results, indent=2))
        for temperature in TEMPERATURES:
            tunes = recipe.sample(
                model,
                characters,
                options.samples,
                temperature,
                options.seed,
            )
            name = f"samples-{which}-{temperature}.abc"
            write_tunes(out / name, tunes)
            log(out, f"wrote {options.samples} samples to {out / name}")
    return results


def log(out: Path, line: str) -> None:
    """Print a line, and append it to the run's log with the time of day."""
    print(line, flush=True)
    out.mkdir(parents=True, exist_ok=True)
    with (out / "log.txt").open("a", encoding="utf-8") as file:
        file.write(time.strftime("%Y-%m-%d %H:%M:%S ") + line + "\n")


def mitseq_rows(
    directory: Path, history: list[dict], recipe_seconds: float, test: list[str]
) -> list[dict]:
    """What mitseq had when the recipe was done, and at its own best.

    Args:
        directory: The folder of `mitseq music train`.
        history: Its rows.
        recipe_seconds: Seconds that the whole recipe took.
        test: The test tunes, for the saved (best) weights.

    Returns:
        The rows of the table.
    """
    from mitseq.tasks.music.evaluation import evaluate_music_model
    from mitseq.tasks.music.model import load_music_model

    in_time = [row for row in history if row["seconds"] <= recipe_seconds]
    rows = []
    if in_time:
        early = min(in_time, key=lambda row: row["val_bits_per_character"])
        rows.append(mitseq_row("in the recipe's time", early))
    best = min(history, key=lambda row: row["val_bits_per_character"])
    figures = evaluate_music_model(load_music_model(directory), test)
    rows.append(
        {**mitseq_row("best", best), "test": figures["bits_per_character"]}
    )
    return rows


def mitseq_row(name: str, row: dict) -> dict:
    """A line of the table from a row of mitseq's history."""
    return {
        "model": f"mitseq, {name}",
        "minutes": row["seconds"] / 60,
        "validation": row["val_bits_per_character"],
    }


def draw(recipe: list[dict], mitseq: list[dict], ngram: float):
    """The figure: bits per character against minutes.

    Args:
        recipe: Rows of the recipe's history.
        mitseq: Rows of mitseq's history.
        ngram: Bits per character of the n-gram on the validation tunes.

    Returns:
        The matplotlib figure.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.2, 4.2), layout="constrained")
    axes = figure.subplots()
    curves = (
        (recipe, "the lab's recipe, plain Keras", "#c4511d"),
        (mitseq, "mitseq music train", "#1f5fa8"),
    )
    end = 0.0
    for rows, name, color in curves:
        if not rows:
            continue
        minutes = [row["seconds"] / 60 for row in rows]
        bits = [row["val_bits_per_character"] for row in rows]
        best = min(range(len(bits)), key=bits.__getitem__)
        axes.plot(minutes, bits, color=color, label=name, linewidth=2)
        axes.plot(minutes[best], bits[best], "o", color=color)
        axes.annotate(
            f"{bits[best]:.2f}",
            (minutes[best], bits[best]),
            xytext=(0, -14),
            textcoords="offset points",
            ha="center",
            color=color,
        )
        end = max(end, minutes[-1])
    axes.axhline(ngram, color="#666666", linestyle="--", linewidth=1)
    axes.annotate(
        f"order-5 n-gram {ngram:.2f}",
        (end, ngram),
        xytext=(0, 4),
        textcoords="offset points",
        ha="right",
        color="#666666",
    )
    lowest = min(row["val_bits_per_character"] for row in [*recipe, *mitseq])
    axes.set_ylim(lowest - 0.2, ngram + 0.3)
    axes.set_xlim(0, end * 1.03)
    axes.set_xlabel("minutes of training")
    axes.set_ylabel("bits per character of held-out tunes")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#e5e5e5")
    axes.legend(frameon=False)
    return figure


def compare(options: argparse.Namespace) -> list[dict]:
    """Print the table; write the figure and the curves when asked.

    Args:
        options: The command line of `compare`.

    Returns:
        The rows of the table.
    """
    from ngram import WittenBell

    train, validation, test = (
        read_split(options.data, name)
        for name in ("train", "validation", "test")
    )
    ngram = WittenBell(train)
    rows = [
        {
            "model": "n-gram, 5 characters of context",
            "minutes": 0.0,
            "validation": ngram.bits_per_character(validation),
            "test": ngram.bits_per_character(test),
        }
    ]
    recipe = read_history(options.recipe / "history.csv")
    results_path = options.recipe / "results.json"
    finished = {}
    if results_path.is_file():
        finished = json.loads(results_path.read_text(encoding="utf-8"))["test"]
    best = min(recipe, key=lambda row: row["val_bits_per_character"])
    for which, row in (("best", best), ("last", recipe[-1])):
        rows.append(
            {
                "model": f"the lab's recipe, {which} step",
                "step": int(row["step"]),
                "minutes": row["seconds"] / 60,
                "validation": row["val_bits_per_character"],
                "test": finished.get(which, {}).get("test_bits_per_character"),
            }
        )
    mitseq = []
    if options.mitseq:
        mitseq = read_history(options.mitseq / "history.csv")
        rows += mitseq_rows(options.mitseq, mitseq, recipe[-1]["seconds"], test)
    if options.csv:
        lines = ["model,seconds,val_bits_per_character"]
        for name, history in (("recipe", recipe), ("mitseq", mitseq)):
            lines += [
                f"{name},{row['seconds']:.2f},"
                f"{row['val_bits_per_character']:.5f}"
                for row in history
            ]
        atomic_write(options.csv, "\n".join(lines) + "\n")
    if options.figure:
        figure = draw(recipe, mitseq, rows[0]["validation"])
        with atomic_path(options.figure) as path:
            figure.savefig(path, dpi=150, format=options.figure.suffix[1:])
    print_results(
        "Held-out bits per character against training time",
        COLUMNS,
        rows,
        notes=[
            f"{len(train)} training, {len(validation)} validation, "
            f"{len(test)} test tunes, normalized ABC.",
            "Code length of each tune from a zero state, its end included, "
            "divided by the characters of its normalized text.",
            f"Minutes of training, {os.cpu_count()} cores; the recipe's leave "
            "out the scoring on the validation tunes, mitseq's include it.",
        ],
        as_json=options.json,
    )
    return rows


def main(arguments: list[str] | None = None) -> None:
    """Run the sub-command."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("recipe", help="train the lab's recipe")
    command.set_defaults(run=train_recipe)
    command.add_argument("--data", type=Path, required=True)
    command.add_argument("--out", type=Path, required=True)
    for name, value in (
        ("steps", 3000),
        ("every", 250),
        ("batch-size", 8),
        ("sequence-length", 100),
        ("embedding", 256),
        ("units", 1024),
        ("samples", 200),
        ("seed", 0),
    ):
        command.add_argument(f"--{name}", type=int, default=value)
    command = commands.add_parser("compare", help="table and figure of both")
    command.set_defaults(run=compare)
    command.add_argument("--data", type=Path, required=True)
    command.add_argument("--recipe", type=Path, required=True)
    command.add_argument(
        "--mitseq", type=Path, help="folder of `mitseq music train --out`"
    )
    command.add_argument("--figure", type=Path, help="where to draw (.png)")
    command.add_argument("--csv", type=Path, help="where to write the curves")
    command.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    options.run(options)


if __name__ == "__main__":
    with told_in_one_line():
        main()
