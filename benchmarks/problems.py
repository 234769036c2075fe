r"""The problems of the lecture, each with its peers in the same run.

    python benchmarks/problems.py                   # all of them
    python benchmarks/problems.py --problems ball   # five minutes
    python benchmarks/problems.py --seeds 0 --json

What learns is trained once a seed, and measured on data that it has not seen.
A row has the mean over the seeds, the lowest and the highest.

    ball       mean distance to the ball, in box widths; gru is the model of
               `mitseq ball train`, the windows see 4 positions, the physical
               rule knows the walls. "At walls" are the steps in which, or just
               after which, the ball bounces

    forecast   mean absolute error 1 to 12 values ahead, from each place in the
               last fifth of made-up cycles and random walks; forecast.py tells
               more, and measures files

A problem is a function that takes the seeds and returns rows (`row`), and a
line in `PROBLEMS`.
"""

import argparse
import sys
from collections.abc import Callable, Sequence

import numpy as np
from tables import print_results

from mitseq.progress import follow, show_progress

Rows = list[dict[str, object]]
COLUMNS = {
    "problem": "problem",
    "peer": "peer",
    "measure": "measure",
    "mean": "mean|.4f",
    "low": "lowest|.4f",
    "high": "highest|.4f",
}


def row(problem: str, peer: str, measure: str, values: Sequence[float]) -> dict:
    """Returns a row of the table.

    Args:
        problem: Key of `PROBLEMS`.
        peer: Who is measured.
        measure: What is measured, with its unit.
        values: A number a seed.

    Example:

    >>> row("ball", "gru", "one step", [0.1, 0.3])["mean"]
    0.2
    """
    return {
        "problem": problem,
        "peer": peer,
        "measure": measure,
        "mean": float(np.mean(values)),
        "low": float(np.min(values)),
        "high": float(np.max(values)),
    }


# Where will the ball go next?

BALL_EPOCHS = {"gru": 30, "window": 30, "present": 10}
BALLS, AHEAD, WINDOW = 500, 20, 4


def ball(seeds: Sequence[int]) -> Rows:
    """Returns the rows of the ball."""
    from mitseq.tasks.ball.evaluation import (
        evaluate_ball_model,
        join,
        unseen_paths,
    )

    found: dict[str, list] = {}
    for seed in follow(seeds, "seeds"):
        models = {cell: _ball_model(cell, seed) for cell in BALL_EPOCHS}
        models["linear window"] = linear_window(seed)
        for name, model in models.items():
            errors = evaluate_ball_model(
                model, [unseen_paths(BALLS, seed)], AHEAD, name
            )
            found.setdefault(name, []).append(errors.pop(name))
        for name, each in errors.items():  # they need no training
            found.setdefault(name, []).append(each)
    names = {"window": "dense window", "present": "present position only"}
    rows: Rows = []
    for name, each in found.items():
        errors = join(each)
        measures = {"one step": errors.next, "one step, at walls": errors.walls}
        if errors.ahead is not None:
            measures[f"{AHEAD} steps ahead"] = errors.ahead[:, -1]
        peer = names.get(name, name)
        rows += [row("ball", peer, *each) for each in measures.items()]
    return rows


def _ball_model(cell: str, seed: int):
    import tempfile

    from mitseq.tasks.ball.model import load_ball_model
    from mitseq.tasks.ball.train import train_ball_model
    from mitseq.training.run import TrainingRun

    with tempfile.TemporaryDirectory() as folder:
        with TrainingRun(folder) as run:
            train_ball_model(
                run,
                cell=cell,
                window=WINDOW,
                epochs=BALL_EPOCHS[cell],
                seed=seed,
            )
        return load_ball_model(folder)


def linear_window(seed: int):
    """Returns the best linear function of the last positions, as a model.

    It is fitted by least squares to the balls of a first epoch.
    """
    import keras

    from mitseq.tasks.ball.train import Balls

    balls = Balls(seed=seed)
    balls.start(1)
    windows = np.lib.stride_tricks.sliding_window_view(
        balls.paths, WINDOW + 1, axis=1
    )  # (B, T - W, 2, W + 1)
    x = np.moveaxis(windows[..., :-1], -1, -2).reshape(-1, 2 * WINDOW)
    x = np.concatenate([x, np.ones((len(x), 1))], axis=-1)
    y = windows[..., -1].reshape(-1, 2)
    weights = np.linalg.lstsq(x, y, rcond=None)[0]
    layer = keras.layers.Conv1D(2, WINDOW)
    positions = keras.Input((None, 2))
    # Before it was seen, the ball lay still.
    before = [positions[:, :1]] * (WINDOW - 1)
    whole = keras.ops.concatenate([*before, positions], axis=1)
    model = keras.Model(positions, layer(whole))
    layer.set_weights([weights[:-1].reshape(WINDOW, 2, 2), weights[-1]])
    return model


# How does a series go on?

CYCLES, WALK = 1500, 1000  # values


def forecast(seeds: Sequence[int]) -> Rows:
    """Returns the rows of cycles and of random walks, new ones a seed."""
    import forecast as forecasts

    from mitseq.tasks.forecast.sensors import TEST, cycles, random_walk
    from mitseq.tasks.forecast.series import Series

    makers = {
        "cycles": lambda seed: cycles(CYCLES, [TEST, seed]),
        "walk": lambda seed: random_walk(WALK, [TEST, seed]),
    }
    rows: Rows = []
    for name, make in makers.items():
        draws = [Series(make(seed)) for seed in seeds]
        for each in forecasts.measure(name, draws, seeds):
            measure = f"{name}, MAE, {forecasts.HORIZON} ahead"
            rows.append(row("forecast", each["peer"], measure, each["maes"]))
    return rows


PROBLEMS: dict[str, Callable[[Sequence[int]], Rows]] = {
    "ball": ball,
    "forecast": forecast,
}


def main(argv: list[str] | None = None) -> Rows:
    """Runs the command line; returns the rows."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "--problems", nargs="+", default=[*PROBLEMS], choices=PROBLEMS
    )
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    rows: Rows = []
    with show_progress():
        for problem in args.problems:
            print(f"{problem} ...", file=sys.stderr, flush=True)
            rows += PROBLEMS[problem](args.seeds)
    print_results(
        "The problems of the lecture",
        COLUMNS,
        rows,
        notes=[f"seeds {', '.join(map(str, args.seeds))}"],
        as_json=args.json,
    )
    return rows


if __name__ == "__main__":
    main()
