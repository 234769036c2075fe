"""Train the bundled model of the ball again, and write it small.

    python -m mitseq.pretrained.ball --out runs/bundled

Trains three models, one a seed, in two minutes each on two cores, and writes
the first of them, `ball.keras`, and its card `ball.md` into the folder. Copy
both beside this file to make them the bundled ones.
"""

import argparse
import json
from pathlib import Path

import keras

from mitseq.output import atomic_write
from mitseq.pretrained.half_precision import MANTISSA_BITS, halve
from mitseq.progress import follow
from mitseq.tasks.ball.evaluation import (
    Errors,
    evaluate_ball_model,
    unseen_paths,
)
from mitseq.tasks.ball.model import load_ball_model
from mitseq.tasks.ball.train import SPEED, train_ball_model
from mitseq.training.run import MODEL, TrainingRun

SETTINGS = {"cell": "gru", "units": 64, "epochs": 40}
SEEDS = (0, 1, 2)
BALLS, DRAWS, AHEAD = 500, 3, 20


def row(name: str, errors: Errors) -> str:
    """Returns the row of a table: means, and the ranges below them."""

    def told(values):
        return f"{values.mean():.4f} ({values.min():.4f} to {values.max():.4f})"

    cells = [told(errors.next), told(errors.walls)]
    if errors.ahead is None:
        cells += ["-", "-"]
    else:
        cells += [told(errors.ahead[:, at - 1]) for at in (AHEAD // 2, AHEAD)]
    return f"| {name} | {' | '.join(cells)} |"


def card(
    model: keras.Model, found: dict[str, Errors], others: list[Errors]
) -> str:
    """Returns the model card as Markdown.

    Args:
        model: The model in half precision.
        found: Its errors and those of the peers.
        others: The errors of the models of the other seeds.
    """
    rows = [row(name, errors) for name, errors in found.items()]
    for seed, errors in zip(SEEDS[1:], others, strict=True):
        rows.append(row(f"trained anew, seed {seed}", errors))
    lines = "\n".join(rows)
    low, high = SPEED
    return f"""# The bundled model of the ball

Where will the ball go next? A GRU over positions with
{model.count_params():,} weights, trained by `mitseq/pretrained/ball.py`.
The weights are rounded to half precision ({MANTISSA_BITS} bits behind the
leading one).

## Data

Simulated balls, new ones in each epoch: they fly straight in a box from 0 to 1
with {low} to {high} box widths a step, and bounce off its walls
(`mitseq/by_hand/ball.py`). There is no data set and no licence to mind.

## Settings

{json.dumps(SETTINGS)}, else those of `mitseq ball train`.

## Figures

Mean distance to the ball in box widths, on {DRAWS} draws of {BALLS} balls that
nothing was trained on. In brackets the lowest and the highest of the draws.
"At walls" are the steps in which, or just after which, the ball bounces;
10 positions were seen before the steps ahead, and each prediction is fed back.

| what | one step | at walls | {AHEAD // 2} steps | {AHEAD} steps |
|---|---|---|---|---|
{lines}

## Use and limits

It knows balls that neither spin nor fall nor slow down, and walls at the edge
of the picture. A ball that is slower or faster than those above, or whose
positions were measured with an error, is predicted worse; `mitseq ball predict`
says how well it did on the positions of a file. `mitseq ball train` trains
another one: for other balls with `--speed` and `--noise`, or from your paths
with `--data`.

## Train it again

```
python -m mitseq.pretrained.ball --out runs/bundled
```
"""


def main(arguments: list[str] | None = None) -> dict:
    """Trains, measures and writes the model and its card."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    draws = [unseen_paths(BALLS, draw) for draw in range(DRAWS)]
    file = options.out / "ball.keras"
    all_found = []
    for seed in follow(SEEDS, "models"):
        folder = options.out / f"training-{seed}"
        with TrainingRun(folder) as run:
            train_ball_model(run, **SETTINGS, seed=seed, verbose=2)
        small = file if seed == SEEDS[0] else folder / "small.keras"
        halve(folder / MODEL, small)
        all_found.append(
            evaluate_ball_model(load_ball_model(small), draws, AHEAD)
        )
    found, *others = all_found
    text = card(
        load_ball_model(file), found, [each["the model"] for each in others]
    )
    atomic_write(options.out / "ball.md", text)
    figures = {name: errors.as_dict() for name, errors in found.items()}
    print(json.dumps(figures, indent=1))
    return figures


if __name__ == "__main__":
    main()
