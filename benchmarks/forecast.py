r"""Forecasts with their peers, and what a streamed value costs.

    python benchmarks/forecast.py --data sunspots.csv passengers.csv
    python benchmarks/forecast.py --walks                 # random walks
    python benchmarks/forecast.py --stream 1000000        # values, one by one

Each series is one CSV file. A model is trained a seed, on the first four
fifths; from each place in the last fifth the next 12 values are forecast. A row
has the mean over the seeds, the lowest and the highest:

    the model             as `mitseq forecast FILE` trains it
    keras.layers.LSTM     the usual way: windows of as many values as the linear
                          autoregression has, standardized by the mean and
                          deviation of the part to learn from, an LSTM of 32
                          units and a dense layer; as many steps, as large
                          batches, the best epoch by the same held-out part
    last value            and the others: see tasks/forecast/baselines.py

Gaps are filled. Walks are generated, one a seed. Of a stream are told
milliseconds a value, the median and the slowest of the newest 1,000, and the
resident set after 1,000, 10,000, ... values.
"""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from memory import megabytes
from tables import print_results

from mitseq.progress import follow, show_progress
from mitseq.tasks.forecast.sensors import SHOWN, TEST, random_walk, sensors
from mitseq.tasks.forecast.series import Series, read_series

Rows = list[dict[str, object]]
HORIZON, SEEDS = 12, (0, 1, 2)
WALK = 1000  # values
KERAS = "keras.layers.LSTM"
EPOCHS, STEPS, BATCH, UNITS = 12, 40, 32, 32
COLUMNS = {
    "series": "series",
    "peer": "peer",
    "mae": "MAE|.3f",
    "low": "lowest|.3f",
    "high": "highest|.3f",
    "mase": "MASE|.2f",
    "rmse": "RMSE|.3f",
    "gain": "gain|.1%",
    "in_80": "in 80 %",
    "in_95": "in 95 %",
    "relied_on": "relied on",
}
STREAM = {
    "values": "values|,d",
    "milliseconds": "ms a value|.3f",
    "slowest": "slowest ms|.1f",
    "resident": "resident MB|.1f",
}


def keras_lstm(values, first, lags, seed):
    """Returns the forecasts of the usual Keras model, `(N, H)`."""
    import keras

    from mitseq.tasks.forecast.train import VALIDATION
    from mitseq.tasks.forecast.windows import next_values

    keras.utils.set_random_seed(seed)
    cut = first - first // VALIDATION
    zero, unit = values[:cut].mean(), values[:cut].std()
    scaled = ((values - zero) / unit).astype("float32")
    windows = np.lib.stride_tricks.sliding_window_view(scaled, lags)[..., None]
    targets = next_values(scaled, HORIZON)[lags - 1 :]
    # a window that ends at value t is row t - lags + 1
    train = np.arange(cut - HORIZON - lags + 1)
    held_out = np.arange(cut - lags, first - HORIZON - lags + 1)
    model = keras.Sequential(
        [keras.layers.LSTM(UNITS), keras.layers.Dense(HORIZON)]
    )
    model.compile(keras.optimizers.Adam(3e-3), "mae")
    rng = np.random.default_rng(seed)
    drawn = rng.choice(train, EPOCHS * STEPS * BATCH).reshape(EPOCHS, -1)
    least, weights = np.inf, None
    for rows in drawn:
        history = model.fit(
            windows[rows],
            targets[rows],
            batch_size=BATCH,
            validation_data=(windows[held_out], targets[held_out]),
            verbose=0,
        )
        if history.history["val_loss"][0] < least:
            least = history.history["val_loss"][0]
            weights = model.get_weights()
    model.set_weights(weights)
    origins = np.arange(first - 1, len(values) - HORIZON)
    return zero + unit * model.predict(windows[origins - lags + 1], verbose=0)


def measure(name: str, draws: Sequence, seeds: Sequence[int]) -> Rows:
    """Returns the rows of one series.

    Args:
        name: In the table.
        draws: A `Series` a seed; the same one, or others.
        seeds: One a draw.
    """
    from mitseq.tasks.forecast.baselines import lags_for
    from mitseq.tasks.forecast.evaluation import (
        MODEL,
        Scores,
        evaluate_forecast,
    )
    from mitseq.tasks.forecast.held_out import held_out_from
    from mitseq.tasks.forecast.season import find_season
    from mitseq.tasks.forecast.train import trained_model
    from mitseq.tasks.forecast.windows import next_values

    found, relied, seconds = {}, [], []
    for series, seed in zip(draws, seeds, strict=True):
        values = series.values
        first = held_out_from(len(values))
        season = find_season(series, first)
        began = time.monotonic()
        model = trained_model(
            values,
            horizon=HORIZON,
            season=season,
            seed=seed,
            epochs=EPOCHS,
            steps=STEPS,
            batch=BATCH,
            units=UNITS,
        )
        seconds.append(time.monotonic() - began)
        each = evaluate_forecast(model, values, season)
        origins = np.arange(first - 1, len(values) - HORIZON)
        truth = next_values(values, HORIZON)[origins]
        lags = lags_for(first, HORIZON, season)
        guess = keras_lstm(values, first, lags, seed)
        scores = each.scores | {
            KERAS: Scores(truth - guess, each.scores[MODEL].unit)
        }
        relied.append(each.best)
        for peer, score in scores.items():
            naive = each.scores[each.naive].mae
            found.setdefault(peer, []).append((score, 1 - score.mae / naive))
    rows: Rows = []
    for peer, scored in found.items():
        scores, gains = zip(*scored, strict=True)
        maes = [score.mae for score in scores]
        is_model = peer == MODEL
        rows.append(
            {
                "series": name,
                "peer": peer,
                "maes": maes,
                "mae": float(np.mean(maes)),
                "low": min(maes),
                "high": max(maes),
                "mase": float(np.mean([score.mase for score in scores])),
                "rmse": float(np.mean([score.rmse for score in scores])),
                "gain": float(np.mean(gains)),
                "gains": list(gains),
                "in_80": _shares(scores, 80),
                "in_95": _shares(scores, 95),
                "relied_on": ", ".join(sorted(set(relied))) if is_model else "",
                "forecasts": len(scores[0].errors),
                "seconds": max(seconds) if is_model else None,
            }
        )
    return rows


def _shares(scores, interval) -> str:
    if scores[0].coverage is None:
        return ""
    shares = [score.coverage[interval] for score in scores]
    return f"{min(shares):.1%} to {max(shares):.1%}"


def stream(count: int) -> Rows:
    """Returns what a value costs after 1,000, 10,000, ... of them."""
    from mitseq.tasks.forecast.model import load_forecast_model
    from mitseq.tasks.forecast.stream import Stream

    values = sensors(1, 10000, [SHOWN, 0]).values[0].tolist()
    reader = Stream(load_forecast_model())
    marks = [10**k for k in range(3, 9) if 10**k <= count]
    marks = sorted({*marks, count})
    rows: Rows = []
    spent = []
    for number in follow(range(1, count + 1), "values"):
        began = time.perf_counter()
        reader.read(values[number % len(values)])
        spent.append(time.perf_counter() - began)
        if number in marks:
            last = np.array(spent[-1000:])  # the newest
            rows.append(
                {
                    "values": number,
                    "milliseconds": 1000 * float(np.median(last)),
                    "slowest": 1000 * float(last.max()),
                    "resident": megabytes("VmRSS"),
                }
            )
        if len(spent) >= 2000:
            del spent[:1000]
    return rows


def main(arguments: list[str] | None = None) -> Rows:
    """Measures, and prints a table or JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", nargs="+", default=[], metavar="FILE")
    parser.add_argument("--walks", action="store_true")
    parser.add_argument("--stream", type=int, metavar="VALUES")
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    if options.stream and (options.data or options.walks):
        parser.error("--stream is measured alone: memory is counted")
    if not (options.data or options.walks or options.stream):
        parser.error("nothing to measure: --data, --walks or --stream")
    rows: Rows = []
    columns = STREAM if options.stream else COLUMNS
    with show_progress():
        if options.stream:
            rows = stream(options.stream)
        for path in options.data:
            series = read_series(path, gaps="fill")
            draws = [series] * len(options.seeds)
            rows += measure(Path(path).stem, draws, options.seeds)
        if options.walks:
            draws = [
                Series(random_walk(WALK, [TEST, seed]), "value", "random walk")
                for seed in options.seeds
            ]
            rows += measure("random walk", draws, options.seeds)
    print_results(
        "A stream" if options.stream else "Forecasts",
        columns,
        rows,
        notes=[f"seeds {', '.join(map(str, options.seeds))}"],
        as_json=options.json,
    )
    return rows


if __name__ == "__main__":
    main()
