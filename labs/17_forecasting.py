"""Lab 17: how does a series go on, and is this value a fault?

Slides: Lecture 2, "Sequence Modeling Applications"
(docs/slides.md#applications).
Read before: mitseq/tasks/forecast/look_back.py, model.py, evaluation.py.
Command: python labs/17_forecasting.py
Minutes: about 2 on two cores.
Expect: means of three series. On the cycles the model is off by 15, the linear
autoregression by 17, the naive ones by 29 and 31; the intervals hold 79 % (79
to 81) and 94 % (93 to 95). On the walks nothing is better than the last value.
The bundled model finds 91 % of the spikes (90 to 92 in three sets of sensors),
all stuck sensors and 87 % of the drifts (86 to 89).
"""

# %% [markdown]
# # How does a series go on?
#
# ## Idea
#
# The lecture names stock prices and sensor readings, and readings that arrive
# one at a time. A forecast alone says little: it has to be better than what
# anybody can do. So it stands beside the last value, the same time of the last
# season and a linear autoregression, and it says how wide it may miss. For one
# kind of series nothing helps: a random walk, which is what stock prices look
# like. And a sensor is answered value by value: is this one a fault?

# %%
import argparse
import dataclasses
from collections.abc import Sequence
from pathlib import Path

from mitseq.plots.style import new_figure, save_figure
from mitseq.progress import follow, show_progress
from mitseq.tasks.forecast.evaluation import (
    MODEL,
    Evaluation,
    evaluate_forecast,
)
from mitseq.tasks.forecast.faults import evaluate_faults
from mitseq.tasks.forecast.figures import plot_forecast, plot_stream
from mitseq.tasks.forecast.held_out import held_out_from
from mitseq.tasks.forecast.model import load_forecast_model
from mitseq.tasks.forecast.season import find_season
from mitseq.tasks.forecast.sensors import (
    SHOWN,
    TEST,
    cycles,
    random_walk,
    sensors,
)
from mitseq.tasks.forecast.series import Series, read_series
from mitseq.tasks.forecast.stream import Stream
from mitseq.tasks.forecast.train import train_forecast_model
from mitseq.training.run import TrainingRun

import keras
import numpy as np
from matplotlib.figure import Figure


@dataclasses.dataclass(frozen=True)
class Config:
    """What you may change.

    Every field is an option of the command line too.
    """

    # A CSV file of yours, with the oldest value first; none: made up.
    data: str = ""
    # Values of the series: enough for several dozen cycles.
    count: int = 1500
    # How many values ahead; a third of a cycle or so.
    horizon: int = 12
    # "lstm", "gru" or "rnn": who reads.
    cell: str = "lstm"
    # Size of the hidden state; a series has few values to learn from.
    units: int = 32
    # How often pieces are drawn; more, and it learns them by heart.
    epochs: int = 8
    # Batches of an epoch, of 32 pieces each.
    steps: int = 40
    # Sensors of 1000 values each, to count faults on.
    sensors: int = 100
    # How often all is made up and trained anew: one series may be an accident.
    seeds: int = 3
    # The first of them, of series, weights and sensors.
    seed: int = 0
    # Folder for the figures.
    out: str = "runs/17_forecasting"


# %% tags=["active-ipynb"]
# config = Config()
# keras.utils.set_random_seed(config.seed)

# %% [markdown]
# ## 1 Data
#
# Cycles of uneven length and height, as sunspots have them; walks whose steps
# nobody can know; sensors that break now and then. Of each kind there are three
# series. With `--data` the first kind is a file of yours, three times the same.


# %%
def seeds_of(config: Config) -> range:
    """Returns the seeds of series and trainings."""
    return range(config.seed, config.seed + config.seeds)


def data(config: Config) -> dict[str, list[Series]]:
    """Returns the series by kind, one for each seed."""
    if config.data:
        file = read_series(config.data, gaps="fill")
        first = [file] * config.seeds
    else:
        first = [
            Series(
                cycles(config.count, [SHOWN, seed]), "value", "cycles, made up"
            )
            for seed in seeds_of(config)
        ]
    walks = [
        Series(
            random_walk(config.count, [SHOWN, seed, 0]), "value", "random walk"
        )
        for seed in seeds_of(config)
    ]
    return {first[0].source: first, "random walk": walks}


# %%
def show_data(config: Config) -> dict[str, list[Series]]:
    """Returns the series by kind; prints their ranges."""
    series = data(config)
    for name, several in series.items():
        for each in several:
            low, high = np.min(each.values), np.max(each.values)
            print(
                f"  {name}: {len(each.values)} values, {low:.1f} to {high:.1f}"
            )
    return series


def draw_data(series: dict[str, list[Series]]) -> Figure:
    """Returns the first series of each kind."""
    figure, axes = new_figure(
        len(series), 1, size=(9, 2.2 * len(series)), title="How does it go on?"
    )
    shown = zip(axes, series.items(), strict=True)
    for at, (name, (first, *_)) in shown:
        at.plot(first.values, linewidth=1)
        at.set(title=name, xlabel="step [1]", ylabel="value [1]")
    return figure


# %% tags=["active-ipynb"]
# series = show_data(config)
# curves = draw_data(series)
# curves

# %% [markdown]
# ## 2 Model
#
# After each value the model says where the next ones will lie: five quantiles
# for each. It sees values in running units, so that it does not matter what is
# counted. A linear part is fitted at once; the recurrence learns the rest.
# Where a series has a season, one of the peers repeats it.
#
# **Predict**: in which of the series will a season be found, and after how many
# steps does it come again?


# %%
def find_seasons(
    config: Config, series: dict[str, list[Series]]
) -> dict[str, list[int]]:
    """Returns the season of each series, from its first four fifths."""
    print(f"  {config.cell} of {config.units}, {config.horizon} ahead")
    seasons = {}
    for name, several in series.items():
        seasons[name] = [
            find_season(each, held_out_from(len(each.values)))
            for each in several
        ]
        found = ", ".join(str(season or "none") for season in seasons[name])
        print(f"  {name}: season {found}")
    return seasons


# %% tags=["active-ipynb"]
# seasons = find_seasons(config, series)

# %% [markdown]
# The cycles are of uneven length: what is found is a mean.
#
# ## 3 Train
#
# The last fifth is never looked at. The part before it says which epoch is the
# best.


# %%
def train(
    config: Config, series: Series, season: int, seed: int
) -> keras.Model:
    """Trains a model on the first four fifths of a series."""
    name = series.source.replace("/", "_").replace(" ", "_")
    folder = Path(config.out, "models", f"{name}_{seed}")
    with TrainingRun(folder, resume=(folder / "run.json").exists()) as run:
        train_forecast_model(
            run,
            series.values,
            horizon=config.horizon,
            season=season,
            cell=config.cell,
            units=config.units,
            epochs=config.epochs,
            steps=config.steps,
            seed=seed,
        )
    return load_forecast_model(folder)


@show_progress()
def train_all(
    config: Config,
    series: dict[str, list[Series]],
    seasons: dict[str, list[int]],
) -> dict[str, list[keras.Model]]:
    """Returns a trained model for each series."""
    models: dict[str, list[keras.Model]] = {name: [] for name in series}
    work = [(name, i) for name in series for i in range(config.seeds)]
    for name, i in follow(work, "series"):
        models[name].append(
            train(config, series[name][i], seasons[name][i], config.seed + i)
        )
    print(f"  {len(work)} models trained, one a series")
    return models


# %% tags=["active-ipynb"]
# models = train_all(config, series, seasons)

# %% [markdown]
# ## 4 Look
#
# From each place in the last fifth all of them look ahead: the model, the last
# value again and again, the same time of the last season, and a linear
# autoregression. The model is better only if it is by more than chance.
#
# **Predict**: who is nearest on the cycles, and by how much? And who on the
# walks?


# %%
def told(shares: Sequence[float], form: str = ".0%") -> str:
    """The mean of the series, the lowest and the highest."""
    return (
        f"{np.mean(shares):{form}} ({min(shares):{form}} to "
        f"{max(shares):{form}})"
    )


def judge(found: list[Evaluation]) -> None:
    """Prints how far off each forecaster is on series of one kind."""
    for name in dict.fromkeys(n for each in found for n in each.scores):
        scores = [each.scores[name] for each in found if name in each.scores]
        covered = [each.coverage for each in scores if each.coverage]
        inside = "".join(
            f", {told([each[width] for each in covered])} in {width} %"
            for width in (covered[0] if covered else ())
        )
        print(
            f"    {name}: off by {told([e.mae for e in scores], '.1f')}{inside}"
        )
    for number, each in enumerate(found, 1):
        print(f"    series {number}: {each.verdict()}")


def judge_all(
    series: dict[str, list[Series]],
    seasons: dict[str, list[int]],
    models: dict[str, list[keras.Model]],
) -> dict[str, list[Evaluation]]:
    """Measures each model on the last fifth of its series; prints it."""
    found = {}
    for name in series:
        found[name] = [
            evaluate_forecast(model, each.values, season)
            for model, each, season in zip(
                models[name], series[name], seasons[name], strict=True
            )
        ]
        print(f"  {name}, {len(found[name])} series:")
        judge(found[name])
    return found


# %% tags=["active-ipynb"]
# found = judge_all(series, seasons, models)


# %%
def draw_forecast(
    series: dict[str, list[Series]],
    found: dict[str, list[Evaluation]],
    place: int,
) -> Figure:
    """Returns forecasts of the first series of a kind."""
    name = list(series)[place]
    return plot_forecast(series[name][0], found[name][0])


# %% tags=["active-ipynb"]
# forecast = draw_forecast(series, found, 0)
# forecast

# %% tags=["active-ipynb"]
# walk = draw_forecast(series, found, 1)
# walk

# %% [markdown]
# On a walk the next step is drawn anew: nobody can know it, and the last value
# is the best that there is. Whoever says more of a stock price has to show that
# it is not one. The interval says how much is not known: it widens with the
# distance.
#
# Now a sensor. The bundled model reads it, a value at a time, in a state that
# does not grow, and says of each whether it is a fault: a spike, a sensor that
# is stuck, a drift.
#
# **Predict**: which of the three kinds is found most easily, which escapes?


# %%
def watch(config: Config) -> tuple[list, list[dict], Figure]:
    """Lets the bundled model read one sensor, and counts on many.

    Returns:
        The answers, the counts of each set of sensors, and the figure.
    """
    model = load_forecast_model()
    one = sensors(1, 500, [SHOWN, config.seed], faults_per_thousand=12)
    stream = Stream(model)
    answers = [stream.read(float(value)) for value in one.values[0]]
    counts = [
        evaluate_faults(
            model, sensors(config.sensors, 1000, [TEST, seed])
        ).as_dict()
        for seed in seeds_of(config)
    ]
    for kind in counts[0]["faults"]:
        several = [each["faults"][kind] for each in counts]
        several = [each for each in several if each["of"]]
        if not several:
            continue
        print(
            f"  {kind}: {told([each['share'] for each in several])} of "
            f"{sum(each['of'] for each in several)} found"
        )
    alarms, normal = (
        sum(each[key] for each in counts)
        for key in ("false_alarms", "normal_values")
    )
    print(f"  false alarms: {alarms} on {normal} values of whole sensors")
    figure = plot_stream(answers, one.faults[0], "A sensor, made up")
    return answers, counts, figure


# %% tags=["active-ipynb"]
# answers, counts, sensor = watch(config)
# sensor

# %% [markdown]
# A stuck sensor repeats itself to the last digit. A drift is slow: each of its
# steps could be a whole sensor's.


# %% tags=["active-py"]
def _first(found: dict[str, list[Evaluation]]) -> list[Evaluation]:
    return next(iter(found.values()))


@show_progress()
def main(config: Config = Config()) -> dict:
    """Runs the lab.

    Args:
        config: What you may change.

    Returns:
        What the lab prints, and the figures.
    """
    keras.utils.set_random_seed(config.seed)

    print("1 Data")
    series = show_data(config)
    curves = draw_data(series)

    print("2 Model")
    seasons = find_seasons(config, series)

    print("3 Train")
    models = train_all(config, series, seasons)

    print("4 Look")
    found = judge_all(series, seasons, models)
    forecast = draw_forecast(series, found, 0)
    walk = draw_forecast(series, found, 1)
    answers, counts, sensor = watch(config)
    figures = {
        "series": curves,
        "forecast": forecast,
        "walk": walk,
        "sensor": sensor,
    }
    for name, figure in figures.items():
        path = save_figure(figure, Path(config.out, f"{name}.png"))
        print(f"  figure: {path}")
    return {
        "gain": [each.gain for each in _first(found)],
        "coverage": [e.scores[MODEL].coverage for e in _first(found)],
        "verdicts": {n: [e.verdict() for e in f] for n, f in found.items()},
        "relied_on": {n: [e.best for e in f] for n, f in found.items()},
        "answers": answers,
        "counts": counts,
        "figures": figures,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for field in dataclasses.fields(Config):
        parser.add_argument(
            f"--{field.name}", type=field.type, default=field.default
        )
    main(Config(**vars(parser.parse_args())))

# %% [markdown]
# ## 5 Try yourself
#
# 1. `--horizon 1`: who is the best now, and why is the last value so good?
# 2. `--data` a file with prices of a stock: does the lab say that nothing is
#    better than the last value? What if it does not?
# 3. Take the running units away: feed the values as they are. What happens to a
#    series that rises for years?
# 4. The widths of the intervals learn from each value (`intervals.py`). Set
#    `RATE` to 0: do 80 of 100 values still lie in the 80 % interval?
# 5. A sensor of yours: `mitseq forecast stream < values.txt`. Which faults does
#    it find, and what does it take for one that is none?
