"""Train the bundled model of sensors again, and write it small.

    python -m mitseq.pretrained.forecast --out runs/bundled

Trains for about five minutes on one core and writes the model,
`forecast.keras`, and its card `forecast.md` into the folder. Copy both beside
this file to make them the bundled ones.
"""

import argparse
import json
from pathlib import Path

import keras

from mitseq.output import atomic_write
from mitseq.pretrained.half_precision import MANTISSA_BITS, halve
from mitseq.tasks.forecast.faults import evaluate_faults
from mitseq.tasks.forecast.model import load_forecast_model
from mitseq.tasks.forecast.pieces import RARE
from mitseq.tasks.forecast.sensors import (
    DRIFT,
    DRIFT_LENGTH,
    KINDS,
    SPIKE,
    STUCK,
    TEST,
    sensors,
)
from mitseq.tasks.forecast.stream import SCORE, WARM, stream_coverage
from mitseq.tasks.forecast.train import train_forecast_model
from mitseq.training.run import MODEL, TrainingRun

SETTINGS = {"cell": "gru", "units": 32, "epochs": 24, "learning_rate": 5e-3}
COUNT, LENGTH = 300, 1000  # sensors to measure on, values of each
COVERED = 20  # of them, for the coverage of the intervals


def row(score: float, counts: dict) -> str:
    """Returns a row of the table of faults.

    Args:
        score: From which on a value is taken for a fault.
        counts: From `Counts.as_dict`.
    """
    cells = []
    for kind in KINDS:
        each = counts["faults"][kind]
        low, high = each["interval"]
        cells.append(
            f"{each['found']} of {each['of']}, {low:.0%} to {high:.0%}, "
            f"after {each['median_delay']:g}"
        )
    cells.append(
        f"{counts['false_alarms']} on {counts['normal_values']:,} values, "
        f"{counts['alarms_per_thousand']:.2f} a thousand"
    )
    return f"| {score} | {' | '.join(cells)} |"


def card(model: keras.Model, found: dict[float, dict], covered: dict) -> str:
    """Returns the model card as Markdown.

    Args:
        model: The model in half precision.
        found: Score -> what was counted.
        covered: Interval -> share of the values of whole sensors in it.
    """
    rows = "\n".join(row(*each) for each in found.items())
    shares = ", ".join(f"{k} %: {v:.1%}" for k, v in covered.items())
    return f"""# The bundled model of sensors

Where will the next value be, and is this one a fault? A GRU over the values in
running units, with {model.count_params():,} weights, trained by
`mitseq/pretrained/forecast.py`. It is what `mitseq forecast stream` uses
without `--model`. The weights are rounded to half precision ({MANTISSA_BITS}
bits behind the leading one).

## Data

Sensors that are made up, new ones in each epoch
(`mitseq/tasks/forecast/sensors.py`): two waves with periods of 12 to 120
values, noise that has a memory, a unit of their own. They break in three ways:

- spike: one value is {SPIKE[0]:g} to {SPIKE[1]:g} steps of the noise off;
- stuck: the value stays what it was, for {STUCK[0]} to {STUCK[1]} values;
- drift: it wanders off by {DRIFT[0]:g} to {DRIFT[1]:g} steps of the noise in
  {DRIFT_LENGTH[0]} to {DRIFT_LENGTH[1]} values.

A step of the noise is the standard deviation of what the past does not say.
There is no data set and no licence to mind.

## Settings

{json.dumps(SETTINGS)}, else those of `mitseq forecast train` without a file.

## Figures

On {COUNT} sensors of {LENGTH} values that nothing was trained on. A fault is
found if one of its values is taken for a fault; behind the count stand the 95 %
interval of the share and the median of values until it was found. A false alarm
is a run of values taken for faults that touches none. `--score` is the
first column, {SCORE} if it is not given.

| from | spike | stuck | drift | false alarms |
|---|---|---|---|---|
{rows}

Of the values of {COVERED} whole sensors these shares were in the intervals:
{shares}.

## Use and limits

What it says of a fault is a score from 0 to 1 and no calibrated probability:
values of a spike count {RARE:g} times in training, because they are rare. A
sensor that jumps or stands still when it is whole, such as a door or a full
tank, is not like those above, and its values will be taken for faults. The
first {WARM} values are never called faults. `mitseq forecast train` trains a
model of your own series; it knows no faults, and `stream` then goes by the
surprise.

## Train it again

```
python -m mitseq.pretrained.forecast --out runs/bundled
```
"""


def main(arguments: list[str] | None = None) -> dict:
    """Trains, measures and writes the model and its card."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    folder, file = options.out / "training", options.out / "forecast.keras"
    with TrainingRun(folder) as run:
        train_forecast_model(run, horizon=1, faults=True, **SETTINGS, verbose=2)
    halve(folder / MODEL, file)
    model = load_forecast_model(file)
    made = sensors(COUNT, LENGTH, [TEST, 0])
    found = {
        score: evaluate_faults(model, made, score).as_dict()
        for score in (0.5, 0.7, 0.9)
    }
    whole = sensors(COVERED, LENGTH, [TEST, 1], faults_per_thousand=0)
    covered = stream_coverage(model, whole.values)
    atomic_write(options.out / "forecast.md", card(model, found, covered))
    print(json.dumps(found, indent=1))
    return found


if __name__ == "__main__":
    main()
