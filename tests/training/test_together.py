"""Two devices and two processes end with the weights of one."""

import json

import keras
import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.training.run import TrainingRun
from mitseq.training.snapshot import Snapshot
from mitseq.training.together import TogetherModel
from mitseq.training.workers import Alone
from tests.training.tiny_trainings import TRAININGS
from tests.two_workers import run_two, start, wait_for
from tests.without_xla import without_xla

# Embedding and recurrence, clipped, averaged; batches of 7, 7, 7, 7 and 1 row,
# so that shares differ and one is empty.
MODEL = """
import json, sys, time
import numpy as np
from mitseq.training.workers import Alone, Workers
import keras
import tensorflow as tf
import mitseq

def build():
    keras.utils.set_random_seed(1)
    ids = keras.Input((None,), dtype="int32")
    h = keras.layers.Embedding(20, 8)(ids)
    h = mitseq.LSTM(8)(h)
    return keras.Model(ids, keras.layers.Dense(3)(h))

def data():
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 20, (29, 12)), rng.integers(0, 3, 29)
    return tf.data.Dataset.from_tensor_slices((x, y)).batch(7)

def fit(workers):
    model = workers.model(build)
    model.compile(
        optimizer=keras.optimizers.Adam(
            0.01, global_clipnorm=0.05, use_ema=True
        ),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    model.fit(
        workers.share(data()),
        validation_data=workers.share(data()),
        epochs=3,
        verbose=0,
    )
    history = {k: v for k, v in model.history.history.items()}
    return model, history

def check_parts(workers, model):
    # what each device has of a metric comes back, and its sum to fewer
    def here(variable):
        return workers.strategy.experimental_local_results(variable.value)

    def values():
        return [part.numpy() for v in variables for part in here(v)]

    variables = model.metrics_variables
    assert variables
    with workers.scope():
        for v in variables:
            for i, part in enumerate(here(v)):
                number = 0.1 * (1 + i + 3 * workers.task)
                part.assign(tf.cast(tf.fill(part.shape, number), part.dtype))
        before, parts = values(), workers.parts_of(variables)
        assert len(set(map(float, parts[0]))) == workers.replicas
        for v in variables:
            for part in here(v):
                part.assign(tf.zeros_like(part))
        workers.set_parts(variables, parts)
        np.testing.assert_array_equal(values(), before)
        workers.set_parts(variables, [part.sum(axis=0) for part in parts])
        for v, part in zip(variables, parts):
            np.testing.assert_allclose(v.numpy(), part.sum(axis=0), rtol=1e-6)
        Alone().set_parts(plain := [tf.Variable(0.0)], [np.array([0.5, 1.0])])
        assert plain[0].numpy() == 1.5

def save(path, model):
    variables = [v.numpy() for v in model.optimizer.variables]
    np.savez(path, *model.get_weights(), *variables)
"""

ONE = (
    MODEL
    + """
model, history = fit(Alone())
save(sys.argv[1], model)
print(json.dumps(history))
"""
)

DEVICES = (
    MODEL
    + """
workers = Workers(devices=2)
model, history = fit(workers)
save(sys.argv[1], model)
model.save(sys.argv[1] + ".keras")
check_parts(workers, model)
again = keras.saving.load_model(sys.argv[1] + ".keras")
x = np.arange(6).reshape(2, 3)
np.testing.assert_allclose(again(x), model.predict(x, verbose=0), rtol=1e-5)
for here, there in zip(again.get_weights(), model.get_weights(), strict=True):
    np.testing.assert_array_equal(here, there)
print(json.dumps(history))
"""
)

# Each device has its own part of a sum: of the loss of an epoch as well.
RESUMED = """
import json, sys
import numpy as np
from mitseq.training.workers import Workers
workers = Workers(devices=2)
import keras
from mitseq.training.batches import EpochBatches
from mitseq.training.budget import Budget
from mitseq.training.fit import fit
from mitseq.training.run import TrainingRun
from mitseq.training.saving import Snapshots

Snapshots.SECONDS = 0.0
rng = np.random.default_rng(0)
X = rng.normal(size=(160, 3)).astype("float32")
Y = (X.sum(1) > 0).astype("float32")

class Batches(EpochBatches):
    def draw(self, epoch):
        self.order = np.random.default_rng(epoch).permutation(160)
        return 20

    def batch(self, i):
        chosen = self.order[8 * i : 8 * i + 8]
        return X[chosen], Y[chosen]

class Kill(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        if batch == 0:
            raise InterruptedError

def build():
    keras.utils.set_random_seed(0)
    x = keras.Input((3,))
    return keras.Model(x, keras.layers.Dense(1, activation="sigmoid")(x))

def train(name, resume=False, callbacks=()):
    kept = {"resume": resume, "workers": workers}
    with TrainingRun(sys.argv[1] + name, **kept) as run:
        run.check({})
        run.start()
        model = workers.model(build)
        model.compile(keras.optimizers.Adam(0.05), "binary_crossentropy")
        settings = {"monitor": "loss", "patience": 9, "callbacks": callbacks}
        rows = fit(run, model, Batches(), Budget(1), **settings)
        return [row["loss"] for row in rows]

whole = train("whole")
try:
    train("killed", callbacks=[Kill()])
except InterruptedError:
    pass
print(json.dumps([whole, train("killed", resume=True)]))
"""

MACHINES = (
    MODEL
    + """
workers = Workers(workers=sys.argv[1], task=int(sys.argv[2]))
task = workers.task
model, history = fit(workers)
save(f"{sys.argv[3]}/{task}.npz", model)
result = {"history": history}
check_parts(workers, model)
result["any"] = workers.any_of(task == 1, False)
result["number"] = workers.number_of_first(0.1 + task)
result["bytes"] = workers.hand_on(b"abcde" + b"01"[task:task + 1], 1).decode()
result["json"] = workers.hand_on_json({"task": task})
arrays = [np.arange(70_000) * (1 + task), np.full((2, 2), 0.5)]
given = workers.hand_on_arrays(arrays if task == 0 else [])
result["arrays"] = [given[0].sum().item(), given[1].sum().item()]
workers.check_same({"units": 8})
try:
    workers.check_same({"units": 8 + task, "seed": 1})
except mitseq.MitseqError as error:
    result["different"] = str(error)

# Does Keras's own fit work by now?
try:
    with workers.scope():
        plain = build()
        plain.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    plain.fit(workers.share(data()), verbose=0)
    result["plain"] = "works"
except Exception as error:
    result["plain"] = type(error).__name__
print(json.dumps(result), flush=True)

# One dies without a word, as soon as it has its own answer: the other may
# still wait for its own then.
began = time.monotonic()
try:
    while True:
        workers.any_of(True)
        if task == 1:
            import os
            os._exit(9)
except mitseq.MitseqError as error:
    gone = {"gone": str(error), "seconds": time.monotonic() - began}
    print(json.dumps(gone), flush=True)
"""
)

TASKS = """
import json, sys
from mitseq.training.workers import Workers
from tests.training.test_together import train_tasks

print(json.dumps(train_tasks(Workers(devices=2), sys.argv[1])))
"""


# one predicts for its shares, one has two losses, one normalizes batches
COMPARED = ("tag", "forecast", "caption")


def train_tasks(workers, folder):
    """Trains these tasks; returns what was measured, an epoch a row."""
    found = {}
    for task in COMPARED:
        train, out = TRAININGS[task], f"{folder}/{task}"
        with without_xla(), TrainingRun(out, workers=workers) as run:
            rows = train(run, epochs=2)
        best = Snapshot.read(f"{out}/snapshot.npz").best
        np.savez(out + ".npz", *best)
        names = [n for n in rows[0] if n.endswith(("loss", "accuracy"))]
        found[task] = [[row[n] for n in names] for row in rows]
    return found


@pytest.fixture(scope="module")
def one(tmp_path_factory):
    """Weights, optimizer and history of one device."""
    path = tmp_path_factory.mktemp("one") / "one.npz"
    return _numbers(path), _run(ONE, path), path


def _run(code, path):
    ((status, out, errors),) = wait_for([start(["-c", code, path])])
    assert status == 0, errors
    return json.loads(out.splitlines()[-1])


def _numbers(path):
    def read():
        with np.load(path) as file:
            return [file[name] for name in file.files]

    return read


def _check_equal(expected, found, atol=1e-6):
    for a, b in zip(expected, found, strict=True):
        np.testing.assert_allclose(a, b, atol=atol)


def test_two_devices_end_with_the_weights_of_one(one, tmp_path):
    read, history, _ = one
    path = tmp_path / "two.npz"
    found = _run(DEVICES, path)
    _check_equal(read(), _numbers(path)())
    for name, values in history.items():
        np.testing.assert_allclose(values, found[name], atol=1e-6)


def test_killed_within_an_epoch_two_devices_measure_the_same_bits(tmp_path):
    whole, resumed = _run(RESUMED, f"{tmp_path}/")
    assert len(whole) == 1 and whole == resumed


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    folder = tmp_path_factory.mktemp("two")
    return folder, run_two(MACHINES, folder)


def test_two_processes_end_with_the_weights_of_one(one, two):
    read, history, _ = one
    folder, processes = two
    first, second = (_numbers(folder / f"{i}.npz")() for i in (0, 1))
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a, b)
    _check_equal(read(), first)
    for _, out, errors in processes:
        assert out, errors
        found = json.loads(out.splitlines()[0])["history"]
        for name, values in history.items():
            np.testing.assert_allclose(values, found[name], atol=1e-6)


def test_workers_hand_on_agree_and_refuse_what_differs(two):
    for _, out, _ in two[1]:
        result = json.loads(out.splitlines()[0])
        assert result["any"] == [True, False]
        assert result["number"] == 0.1
        assert result["bytes"] == "abcde1"
        assert result["json"] == {"task": 0}
        assert result["arrays"] == [70_000 * 69_999 / 2, 2.0]
        assert result["different"] == (
            "all workers must be given the same. Received: units is 8 on "
            "worker 0 and 9 on worker 1"
        )


def test_keras_own_fit_does_not_work_yet(two):
    """When this fails, keras #20585 is solved and together.py may go."""
    for _, out, _ in two[1]:
        assert json.loads(out.splitlines()[0])["plain"] != "works"


def test_a_dead_worker_stops_the_others_within_a_minute(two):
    (status, out, errors), (died, *_) = two[1]
    assert (status, died) == (0, 9), errors
    told = json.loads(out.splitlines()[-1])
    assert told["seconds"] < 60
    assert "another worker is gone (worker 1, 127.0.0.1:" in told["gone"]
    assert "--resume" in told["gone"]


def test_a_model_that_is_not_functional_is_refused():
    class Own(keras.Model):
        pass

    for model in (Own(), keras.Sequential([keras.layers.Dense(1)])):
        with pytest.raises(MitseqError, match="must return a functional model"):
            TogetherModel(model, Alone())


@pytest.fixture(scope="module")
def tasks(tmp_path_factory):
    """What was measured on one device and on two, and the folders."""
    one, two = (tmp_path_factory.mktemp(name) for name in ("one", "two"))
    process = start(["-c", TASKS, two])
    found = train_tasks(Alone(), one)
    ((status, out, errors),) = wait_for([process])
    assert status == 0, errors
    return (found, one), (json.loads(out.splitlines()[-1]), two)


@pytest.mark.slow
@pytest.mark.parametrize("task", COMPARED)
def test_a_task_on_two_devices_ends_as_on_one(tasks, task):
    (one, two), folders = zip(*tasks, strict=True)
    np.testing.assert_allclose(one[task], two[task], atol=2e-6)
    one, two = (_numbers(folder / f"{task}.npz")() for folder in folders)
    assert len(one) > 4
    # variances of all shares are summed up in another order
    _check_equal(one, two, 1e-5 if task == "caption" else 1e-6)


@pytest.mark.slow
def test_the_losses_of_outputs_count_each_share_by_its_rows(tasks):
    """Batches of 5 are 3 and 2 rows; the loss is the sum of both outputs'."""
    for epoch in tasks[1][0]["forecast"]:
        fault, total, quantiles, *_ = epoch
        np.testing.assert_allclose(fault + quantiles, total, rtol=1e-6)


def test_keras_squares_each_row_of_an_embedding_by_itself():
    # As soon as this fails, rows can be added up before they are exchanged:
    # docs/scaling.md says what that would bring.
    import tensorflow as tf

    def second_moment(gradient):
        table = keras.Variable(np.zeros((2, 1), "float32"))
        optimizer = keras.optimizers.Adam()
        optimizer.build([table])
        optimizer.apply_gradients([(gradient, table)])
        return keras.ops.convert_to_numpy(optimizer.variables[-1])

    rows = tf.IndexedSlices(tf.ones((2, 1)), tf.constant([0, 0]), (2, 1))
    np.testing.assert_allclose(second_moment(rows), [[0.002], [0]], rtol=1e-5)
    summed = tf.constant([[2.0], [0.0]])
    np.testing.assert_allclose(second_moment(summed), [[0.004], [0]], rtol=1e-5)
