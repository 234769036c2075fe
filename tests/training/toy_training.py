"""A training of seconds, with dropout and averages, for the tests of `fit`."""

import functools

import keras
import numpy as np
import tensorflow as tf

from mitseq.training.averages import set_variables, variables_of
from mitseq.training.batches import EpochBatches
from mitseq.training.budget import Budget
from mitseq.training.fit import fit
from mitseq.training.run import TrainingRun, read_history
from mitseq.training.snapshot import Snapshot

STEPS, EPOCHS = 4, 3
X = np.random.default_rng(0).normal(size=(16, 3)).astype("float32")
Y = (X.sum(1) > 0).astype("float32")


class Shuffled(EpochBatches):
    def draw(self, epoch):
        self.order = np.random.default_rng(epoch).permutation(16)
        return STEPS

    def batch(self, index):
        chosen = self.order[4 * index : 4 * index + 4]
        return X[chosen], Y[chosen]


def fresh_model():
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Dropout(0.3),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(
        keras.optimizers.Adam(0.05, use_ema=True, ema_momentum=0.8),
        "binary_crossentropy",
        metrics=["accuracy"],
    )
    return model


@functools.cache
def held_out():
    options = tf.data.Options()
    options.autotune.enabled = False  # which each iterator waits for
    return tf.data.Dataset.from_tensors((X, Y)).with_options(options)


@functools.cache
def traced_model():
    """A model that needs no second tracing, and how it was at first."""
    model = fresh_model()
    model.optimizer.build(model.trainable_variables)
    return model, variables_of(model)


def train(
    folder=None,
    resume=False,
    budget=None,
    keeps_model=False,
    fresh=False,
    **options,
):
    """Trains anew or resumes; returns the weights and the history."""
    options = {"monitor": "val_loss", "patience": 9} | options
    with TrainingRun(folder, resume=resume) as run:
        run.check({})
        run.start()
        if fresh:
            model = fresh_model()
        else:
            model, first = traced_model()
            set_variables(model, first)
        if keeps_model:
            options["save"] = model.save
        rows = fit(
            run,
            model,
            Shuffled(),
            budget or Budget(EPOCHS),
            validation_data=held_out(),
            **options,
        )
        run.finish("model.keras")
    return model.get_weights(), rows


def assert_same(a, b):
    for x, y in zip(a[0], b[0], strict=True):
        np.testing.assert_array_equal(x, y)
    assert [r | {"seconds": 0} for r in a[1]] == [
        r | {"seconds": 0} for r in b[1]
    ]


class Killed(BaseException):
    """Nobody catches it, as SIGKILL."""


def files_of(folder):
    """All that is in the folder of a training, but for the time it took."""
    model = keras.models.load_model(folder / "model.keras", compile=False)
    snapshot = Snapshot.read(folder / "snapshot.npz")
    return {
        "names": {path.name for path in folder.iterdir()},
        "model": model.get_weights(),
        "best": snapshot.best,
        "variables": snapshot.variables,
        "history": [
            row | {"seconds": 0} for row in read_history(folder / "history.csv")
        ],
    }


def assert_same_files(a, b):
    assert a["names"] == b["names"] and a["history"] == b["history"]
    for kind in ("model", "best", "variables"):
        for x, y in zip(a[kind], b[kind], strict=True):
            np.testing.assert_array_equal(x, y)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}
