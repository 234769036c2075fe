"""Train the bundled model of captions again, and write it small.

    python -m mitseq.pretrained.caption --out runs/bundled

Trains three models, one a seed, a quarter of an hour each on two cores, and
writes the best of them, `caption.keras`, and its card `caption.md` into the
folder. Copy both beside this file to make them the bundled ones. A run that was
killed goes on when it is started again.
"""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path

import keras
import numpy as np

from mitseq.output import atomic_write
from mitseq.pretrained.half_precision import MANTISSA_BITS, halve
from mitseq.progress import follow
from mitseq.tasks.caption.evaluation import (
    Score,
    evaluate_caption_model,
    probabilities,
)
from mitseq.tasks.caption.model import load_caption_model
from mitseq.tasks.caption.predict import DOUBT
from mitseq.tasks.caption.scenes import UNSEEN_DIGITS, UNSEEN_PEOPLE
from mitseq.tasks.caption.train import train_caption_model
from mitseq.training.run import MODEL, TrainingRun

SETTINGS = {"decoder": "attention", "units": 128, "epochs": 24}
SEEDS = (0, 1, 2)
COUNT = 500  # scenes of each kind that are asked about


def row(name: str, scores: Mapping[str, Score]) -> str:
    """Returns the row of a table: exact captions of each kind of scene."""
    columns = ("people, unseen", "digits, unseen", "unseen", "seen")
    return f"| {name} | {' | '.join(str(scores[c]) for c in columns)} |"


def card(
    model: keras.Model,
    found: Mapping[int, Mapping[str, Mapping[str, Score]]],
    sure: Mapping[str, np.ndarray],
) -> str:
    """Returns the model card as Markdown.

    Args:
        model: The model in half precision.
        found: Seed -> what `evaluate_caption_model` returned; the bundled
            model's first.
        sure: Of `probabilities`, for the first seed.
    """
    first, *others = found
    rows = [row(f"**the model (seed {first})**", found[first]["the model"])]
    for seed in others:
        anew = found[seed]["the model"]
        rows.append(row(f"trained anew, seed {seed}", anew))
    rows.append(row("a caption by chance", found[first]["by chance"]))
    lines = "\n".join(rows)
    doubted = "\n".join(
        f"| {name} | {np.median(p):.3f} | {np.sum(p < DOUBT)} of {len(p)} |"
        for name, p in sure.items()
    )
    who = ", ".join(f"{a} {b}" for a, b in sorted(UNSEEN_PEOPLE))
    beside = ", ".join(f"{a}-{b}" for a, b in sorted(UNSEEN_DIGITS))
    return f"""# The bundled model of captions

What is to be seen in a picture? Convolutions make a grid of features of it, an
LSTM that begins with the grid and looks at it at each word writes the caption:
{model.count_params():,} weights, trained by `mitseq/pretrained/caption.py`.
The weights are rounded to half precision ({MANTISSA_BITS} bits behind the
leading one).

## Data

Scenes, new ones in each epoch (`mitseq/tasks/caption/scenes.py`): two digits
beside each other, of the handwritten ones that come with scikit-learn (UCI,
CC BY 4.0), and drawn people who do something with one ball or two. These pairs
are never drawn for a training:

- {who}
- {beside}

## Settings

{json.dumps(SETTINGS)}, else those of `mitseq caption train`. Of {len(found)}
trainings it is the one that is right most often on pairs never seen, so its own
figure is that of the best.

## Figures

Captions in which every word is right, on {COUNT} new scenes of each kind: other
places, sizes and noise, and digits of images that nothing was trained on. The
first three columns have pairs never seen together, the last one has pairs that
were.

| what | people | digits | both | pairs seen |
|---|---|---|---|---|
{lines}

## What its probability says

Median of the probability of a caption, and how many are below {DOUBT:.2f},
where `mitseq caption` remarks that it is doubtful. The last four kinds are
outside of the world that the model knows (`mitseq/tasks/caption/outside.py`).

| picture | median | below {DOUBT:.2f} |
|---|---|---|
{doubted}

## Use and limits

It knows these scenes and nothing else: dark ink on light paper, one person or
two digits. Any other picture gets a caption as well, and a caption that is
probable may be of a picture that is none of its world. `mitseq caption train`
trains another one from your pictures with `--data`.

## Train it again

```
python -m mitseq.pretrained.caption --out runs/bundled
```
"""


def _right(scores):
    """How many captions of pairs never seen are exact."""
    return scores["the model"]["unseen"].right


def main(arguments: list[str] | None = None) -> dict:
    """Trains, measures and writes the model and its card."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seeds", nargs="+", type=int, default=list(SEEDS))
    options = parser.parse_args(arguments)
    found = {}
    for seed in follow(options.seeds, "models"):
        folder = options.out / f"training-{seed}"
        resume = (folder / "run.json").exists()
        with TrainingRun(folder, resume=resume) as run:
            train_caption_model(run, **SETTINGS, seed=seed, verbose=2)
        halve(folder / MODEL, folder / "small.keras")
        loaded = load_caption_model(folder / "small.keras")
        found[seed] = evaluate_caption_model(loaded, COUNT)
    found = dict(sorted(found.items(), key=lambda item: -_right(item[1])))
    best = next(iter(found))
    file = options.out / "caption.keras"
    atomic_write(
        file, (options.out / f"training-{best}" / "small.keras").read_bytes()
    )
    model = load_caption_model(file)
    text = card(model, found, probabilities(model))
    atomic_write(options.out / "caption.md", text)
    figures = {
        name: {what: score.as_dict() for what, score in scores.items()}
        for name, scores in found[best].items()
    }
    print(json.dumps(figures, indent=1))
    return figures


if __name__ == "__main__":
    main()
