r"""What a second worker brings, and what eight or sixty-four would.

    python benchmarks/scaling.py                # two cores, nothing beside it
    python benchmarks/scaling.py --job lstm --rounds 12 --json

Each worker is a process on one core of its own, and all meet on loopback. One
worker gives the cost of a step (several batch sizes: what a step costs, and
what an example costs), alone, and once more while another training that it
knows nothing of runs on the other core: cores share memory and caches. All-
reduces of two sizes and two counts give latency and bandwidth, and the graph of
the step how many there are in it. Gradients that nobody computed, of the shapes
that a step has, are exchanged, and applied, without a training around them.
From these `CostModel` predicts the steps of two workers, which are measured
beside it, and those of more workers on faster networks. Read docs/scaling.md
for the model.

One worker, two trainings apart and two workers take turns of a few steps, round
after round, while the others wait: "times" is the median over the rounds of the
time of one worker over that of two, measured within the same seconds, with the
lowest and the highest round beside it.

Letters: B examples of a batch over all workers, n workers.
"""

import argparse
import json
import math
import os
import socket
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, replace

from errors import told_in_one_line
from tables import print_results

JOBS = ("lstm", "sentiment")
BATCHES = {"lstm": (16, 32, 64, 128), "sentiment": (128, 256, 512, 1024)}
NUM_STEPS = {"lstm": 100, "sentiment": 64}  # T, tokens of an example
NETWORKS = {"10 Gbit/s": (1.25e9, 50e-6), "100 Gbit/s": (12.5e9, 20e-6)}
COLUMNS = {
    "job": "job",
    "batch": "batch|d",
    "one": "one worker, examples/s|.1f",
    "apart": "two that share nothing|.1f",
    "two": "two workers|.1f",
    "gain": "times|.2f",
    "least": "lowest|.2f",
    "most": "highest|.2f",
    "predicted": "predicted|.1f",
    "error": "off by %|.1f",
}
AHEAD = {
    "job": "job",
    "network": "network",
    "workers": "workers|d",
    "batch": "batch|d",
    "gain": "times one worker|.1f",
    "pays": "pays from batch|d",
}


@dataclass(frozen=True)
class CostModel:
    """Seconds of a training step: compute, then all-reduces in a ring.

    Args:
        step: Seconds of a step without any example: the optimizer's update.
        example: Seconds that each example of a worker adds.
        size: Bytes of the gradients that are added up.
        bandwidth: Bytes per second between two workers.
        latency: Seconds until the first byte arrives.
        calls: All-reduces and gathers of a step: the gradients are packed
            into a few, and each loss and metric is one.
        rows: Bytes that each example adds to the gradient of an embedding, a
            row a token. They are gathered, and every worker gets all of them.
        others: Seconds that the rows of another worker's example take.
        packing: Seconds to pack and unpack the gradients of a step.
        late: By which share of the median each of a worker's steps is longer
            (or shorter), in their order from short to long.
    """

    step: float
    example: float
    size: int
    bandwidth: float
    latency: float
    calls: int = 1
    rows: int = 0
    others: float = 0.0
    packing: float = 0.0
    late: tuple[float, ...] = ()

    def parts(self, batch: float, workers: int) -> dict[str, float]:
        """Returns of what the seconds of a step are made.

        Each of the 2 (n - 1) rounds of a ring sends a part of 1 / n; every
        call waits for its own first bytes, and all wait for the slowest.
        """
        compute = self.step + self.example * batch / workers
        if workers == 1:
            return {"compute": compute}
        rounds = 2 * (workers - 1)
        of_others = batch * (1 - 1 / workers)
        sent = rounds * self.size / workers + of_others * self.rows
        return {
            "compute": compute,
            "waiting": compute * slowest(self.late, workers),
            "latency": rounds * self.calls * self.latency,
            "bytes": sent / self.bandwidth,
            "packing": self.packing,
            "rows of others": self.others * of_others,
        }

    def seconds(self, batch: float, workers: int) -> float:
        """Returns the seconds of a step of `batch` examples over all."""
        return sum(self.parts(batch, workers).values())

    def gain(self, batch: float, workers: int) -> float:
        """Returns how many times faster the workers are than one."""
        return self.seconds(batch, 1) / self.seconds(batch, workers)

    def pays_from(self, workers: int, share: float = 0.5) -> int | None:
        """Returns the smallest batch at which the gain is a share of n.

        gain(B) = share n, solved for B, of which the seconds are a line. None
        where no batch is large enough.
        """
        need, rest = share * workers, self.seconds(0, workers)
        each = (self.seconds(1e6, workers) - rest) / 1e6
        slope = self.example - need * each
        if slope <= 0:
            return None
        batch = (need * rest - self.step) / slope
        return max(1, math.ceil(batch - 1e-6))


def slowest(late: tuple[float, ...], workers: int) -> float:
    """Returns the mean of the largest of n draws from what was measured.

    That all n are among the k smallest of m has the chance (k / m)^n.
    """
    m = len(late)
    chances = [(k / m) ** workers for k in range(m + 1)] if m else []
    each = zip(late, chances, chances[1:], strict=False)
    return max(0.0, sum(x * (upto - below) for x, below, upto in each))


def line(points: list[tuple[float, float]]) -> tuple[float, float]:
    """Returns `(a, b)` of the line a + b x through points, by least squares."""
    n = len(points)
    mean_x = sum(x for x, _ in points) / n
    mean_y = sum(y for _, y in points) / n
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    b = sum((x - mean_x) * (y - mean_y) for x, y in points) / spread
    return mean_y - b * mean_x, b


def network(sums: list[tuple[int, int, float]]) -> tuple[float, float]:
    """Returns bandwidth and latency of all-reduces of two workers.

    Two workers send size / 2 in each of two rounds: seconds = what a call of
    TensorFlow costs + 2 calls latency + size / bandwidth.

    Args:
        sums: Calls, bytes of all of them, and seconds: of one small, of
            several small, and of one large one, in this order.
    """
    (one, few, a), (calls, more, b), (_, many, c) = sums
    bandwidth = (many - few) / max(c - a, 1e-9)
    waiting = b - a - (more - few) / bandwidth
    return bandwidth, max(waiting, 0.0) / 2 / (calls - one)


# What a worker does


def work(arguments) -> None:
    """Trains as one worker of a cluster, whenever it is told to.

    Each line of standard input is a question, `[name, batch]` in JSON, and is
    answered by a line with what was measured. No line: the end.
    """
    core = sorted(os.sched_getaffinity(0))[arguments.core]
    os.sched_setaffinity(0, {core})
    from mitseq.training.workers import Alone, Workers

    addresses = arguments.worker.split(",")
    workers = Alone()
    if len(addresses) > 1:
        workers = Workers(workers=arguments.worker, task=arguments.task)
        remember_graphs()
    jobs = {b: job(arguments.job, workers, b) for b in arguments.batches}
    model, _ = jobs[arguments.batches[0]]

    def steps(batch):
        model, data = jobs[batch]
        return steady_seconds(model, workers.share(data), arguments.steps)

    def gradients(batch):
        tokens = NUM_STEPS[arguments.job] * batch // workers.replicas
        return gradient_seconds(workers, jobs[batch][0], tokens)

    def sums(_):
        return [
            (calls, 4 * calls * numbers, sum_seconds(workers, calls, numbers))
            for calls, numbers in ((1, 1), (9, 1), (1, arguments.numbers))
        ]

    def facts(_):
        table, *dense = model.trainable_weights  # of the embedding, and others
        found = {
            "size": sum(4 * math.prod(w.shape) for w in dense),
            "rows": 4 * NUM_STEPS[arguments.job] * table.shape[1],
        }
        if workers.are_several:
            found["calls"] = max(map(collectives, GRAPHS))
            found["exchanged"] = collectives(GRAPHS[-1])
        return found

    answers = {f.__name__: f for f in (steps, gradients, sums, facts)}
    for question in sys.stdin:
        name, batch = json.loads(question)
        print(ANSWER + json.dumps(answers[name](batch)), flush=True)


ANSWER = "answer: "  # before what is measured; other lines are of libraries
GRAPHS: list = []


def remember_graphs() -> None:
    """From here on, keeps what `tf.function` returns."""
    import tensorflow as tf

    make = tf.function

    def function(func=None, **settings):
        if func is None:
            return lambda func: function(func, **settings)
        GRAPHS.append(make(func, **settings))
        return GRAPHS[-1]

    tf.function = function


_COLLECTIVES = ("CollectiveReduce", "CollectiveGather")


def collectives(function) -> int:
    """Returns how many of TensorFlow's collectives a `tf.function` does.

    They stand in its graph and in the functions that this calls; of the two
    branches of a condition the one with more counts.
    """
    most = 0
    for traced in function._list_all_concrete_functions():
        graph = traced.graph.as_graph_def()
        bodies = {f.signature.name: f.node_def for f in graph.library.function}

        def count(nodes, bodies=bodies):
            found = 0
            for node in nodes:
                called = [
                    count(bodies[attribute.func.name])
                    for attribute in node.attr.values()
                    if attribute.HasField("func")
                ]
                either = node.op in ("If", "StatelessIf")
                found += max(called) if either else sum(called)
                found += node.op.startswith(_COLLECTIVES)
            return found

        most = max(most, count(graph.node))
    return most


def job(name: str, workers, batch: int):
    """Returns a compiled model, and a dataset of equal batches without end."""
    import keras
    import numpy as np
    import tensorflow as tf

    import mitseq

    num_steps, vocab_size = NUM_STEPS[name], 300 if name == "lstm" else 5000

    def build():
        keras.utils.set_random_seed(0)
        ids = keras.Input((num_steps,), dtype="int32")
        if name == "lstm":
            x = keras.layers.Embedding(vocab_size, 128)(ids)
            x = mitseq.LSTM(512, return_sequences=True)(x)
            return keras.Model(ids, keras.layers.Dense(vocab_size)(x))
        x = keras.layers.Embedding(vocab_size, 64)(ids)
        x = keras.layers.Bidirectional(mitseq.LSTM(64))(x)
        return keras.Model(ids, keras.layers.Dense(2)(x))

    model = workers.model(build)
    model.compile(
        optimizer=keras.optimizers.Adam(1e-3, global_clipnorm=1.0),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=False,
    )
    rng = np.random.default_rng(0)
    x = rng.integers(0, vocab_size, (batch, num_steps))
    y = x if name == "lstm" else x[:, 0] % 2
    return model, tf.data.Dataset.from_tensors((x, y)).repeat()


def steady_seconds(model, data, steps: int) -> list[float]:
    """Returns the seconds of steps, sorted, without the first ones."""
    import keras

    class Watch(keras.callbacks.Callback):
        times: list = []

        def on_train_batch_end(self, batch, logs=None):
            self.times.append(time.perf_counter())

    watch = Watch()
    watch.times = []
    skipped = 3
    model.fit(
        data,
        steps_per_epoch=steps + skipped,
        callbacks=[watch],
        shuffle=False,
        verbose=0,
    )
    times = watch.times[skipped - 1 :]
    return sorted(b - a for a, b in zip(times, times[1:], strict=False))


def gradient_seconds(workers, model, tokens: int, times: int = 20) -> float:
    """Returns what gradients cost that are there, the median.

    Alone it is to divide and to apply them; workers exchange them.

    Args:
        workers: Who exchanges, or `Alone`.
        model: Whose gradients; its embedding stands first.
        tokens: Of a worker's examples, each a row of the embedding's gradient.
        times: The median of so many.
    """
    import tensorflow as tf

    table, *dense = (weight.value for weight in model.trainable_weights)
    ids = tf.range(tokens) % table.shape[0]
    values = tf.fill((tokens, table.shape[1]), 1e-3)
    rows = tf.IndexedSlices(values, ids, tf.shape(table))
    gradients = [rows, *(tf.fill(w.shape, 1e-3) for w in dense)]

    def exchange():
        context = tf.distribute.get_replica_context()
        rows, *others = context.all_reduce("SUM", gradients)
        firsts = [tf.reshape(g, (-1,))[0] for g in (rows.values, *others)]
        return tf.add_n(firsts)

    def apply():
        divided = tf.IndexedSlices(values / 2.0, ids, rows.dense_shape)
        model.optimizer.apply_gradients(
            zip([divided, *gradients[1:]], model.trainable_weights, strict=True)
        )
        return tf.constant(0.0)

    @tf.function
    def once():
        return workers.run(exchange if workers.are_several else apply)

    return median_seconds(once, times)


def sum_seconds(workers, calls: int, numbers: int, times: int = 20) -> float:
    """Returns the seconds of the median of all-reduces one after the other.

    Args:
        workers: Who adds.
        calls: So many all-reduces in one graph, each of the last one's sum.
        numbers: float32 of each.
        times: The median of so many.
    """
    import tensorflow as tf

    x = tf.zeros(numbers)

    @tf.function
    def add(x):
        for _ in range(calls):
            every = workers.run(lambda x=x: tf.identity(x))
            x = workers.strategy.reduce("SUM", every, axis=None)
        return x

    return median_seconds(lambda: add(x), times)


def median_seconds(function, times: int) -> float:
    """Returns the seconds of the median of calls, after a first one."""
    function().numpy()
    found = []
    for _ in range(times):
        began = time.perf_counter()
        function().numpy()
        found.append(time.perf_counter() - began)
    return sorted(found)[times // 2]


# What all of them say


class Group:
    """Workers that train at the same time, one on each core, when asked to.

    Args:
        name: One of `JOBS`.
        clusters: So many trainings at once, which know nothing of each other.
        workers: Of each of them.
        options: The command line.
    """

    def __init__(self, name: str, clusters: int, workers: int, options):
        env = os.environ | {
            "KERAS_BACKEND": "tensorflow",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "TF_NUM_INTRAOP_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "CUDA_VISIBLE_DEVICES": "-1",
        }
        batches = list(map(str, batches_of(name, options)))
        self.processes = []
        for cluster in range(clusters):
            addresses = free_addresses(workers)
            self.processes += [
                subprocess.Popen(
                    [sys.executable, __file__, "--job", name]
                    + ["--worker", ",".join(addresses), "--task", str(task)]
                    + ["--core", str(cluster * workers + task)]
                    + ["--steps", str(options.steps)]
                    + ["--numbers", str(options.numbers)]
                    + ["--batches", *batches],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    env=env,
                )
                for task in range(workers)
            ]

    def ask(self, name: str, batch: int | None = None):
        """Returns what the first worker answers; all of them are asked."""
        for process in self.processes:
            process.stdin.write(json.dumps([name, batch]) + "\n")
            process.stdin.flush()
        return [_answer(process) for process in self.processes][0]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.stdin.close()
        for process in self.processes:
            process.wait()


def _answer(process):
    for line in process.stdout:
        if line.startswith(ANSWER):
            return json.loads(line.removeprefix(ANSWER))
    raise RuntimeError(f"a worker ended: exit {process.wait()}")


def batches_of(name: str, options) -> list[int]:
    return list(options.batches or BATCHES[name])


def free_addresses(count: int) -> list[str]:
    """Returns addresses of this machine at which nobody listens."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    addresses = [f"127.0.0.1:{s.getsockname()[1]}" for s in sockets]
    for each in sockets:
        each.close()
    return addresses


def take_turns(groups: dict, batches: list[int], rounds: int) -> dict:
    """Returns what each group measured, all of them in every round.

    A machine whose speed changes from minute to minute changes it for all.

    Args:
        groups: A `Group`, or what answers like one, by its name.
        batches: Examples of a step.
        rounds: How many times each group has its turn with each batch.

    Returns:
        For each group `steps` and `gradients`, lists of seconds by batch with
        the median of each round, and `late`, see `CostModel`.
    """
    found = {
        name: {
            "steps": {batch: [] for batch in batches},
            "gradients": {batch: [] for batch in batches},
            "late": [],
        }
        for name in groups
    }
    for turn in range(rounds + 1):
        for batch in batches:
            for name, group in groups.items():
                each = group.ask("steps", batch)
                gradients = group.ask("gradients", batch)
                if not turn:  # programs are built
                    continue
                middle = statistics.median(each)
                found[name]["steps"][batch].append(middle)
                found[name]["gradients"][batch].append(gradients)
                found[name]["late"] += [x / middle - 1 for x in each]
    return found


def medians(found: dict) -> dict:
    """Returns what a group measured, with one number for each batch."""
    told = {
        name: {
            batch: statistics.median(rounds)
            for batch, rounds in found[name].items()
        }
        for name in ("steps", "gradients")
    }
    return found | told


def compare(name: str, options) -> tuple[list[dict], CostModel, CostModel]:
    """Returns the rows of a job, and the models: of machines of their own,
    and of the two cores.
    """
    batches = batches_of(name, options)
    with (
        Group(name, 1, 1, options) as one,
        Group(name, 2, 1, options) as apart,
        Group(name, 1, 2, options) as two,
    ):
        groups = {"one": one, "apart": apart, "two": two}
        found = take_turns(groups, batches, options.rounds)
        for kind, group in groups.items():
            found[kind] |= group.ask("facts")
        found["two"]["sums"] = two.ask("sums")
    return rows_of(name, found)


def rows_of(name: str, found: dict) -> tuple[list[dict], CostModel, CostModel]:
    """Returns what `compare` does, of what the groups measured."""
    told = {kind: medians(each) for kind, each in found.items()}
    alone, beside = (
        cost_model(told[kind], told["two"]) for kind in ("one", "apart")
    )
    rows = []
    for batch in told["one"]["steps"]:
        rate = {
            kind: batch / each["steps"][batch] for kind, each in told.items()
        }
        pairs = zip(
            found["one"]["steps"][batch],
            found["two"]["steps"][batch],
            strict=True,
        )
        gains = sorted(one / two for one, two in pairs)
        predicted = batch / beside.seconds(batch, 2)
        rows.append(
            {
                "job": name,
                "batch": batch,
                "one": rate["one"],
                "apart": 2 * rate["apart"],
                "two": rate["two"],
                "gain": statistics.median(gains),
                "least": gains[0],
                "most": gains[-1],
                "predicted": predicted,
                "error": 100 * abs(predicted - rate["two"]) / rate["two"],
            }
        )
    return rows, alone, beside


def cost_model(one: dict, two: dict) -> CostModel:
    """Returns the model of what was measured.

    Args:
        one: What `work` found of one worker: its steps, and the seconds of
            applying gradients, by the batch.
        two: What it found of two: the seconds of sums as of `network`, and of
            exchanging gradients, by the batch of both; how many collectives
            an exchange and a step do. The steps of two are not looked at.
    """
    step, example = line(list(one["steps"].items()))
    _, update = line(list(one["gradients"].items()))
    bandwidth, latency = network(two["sums"])
    exchange, more = line(list(two["gradients"].items()))
    sent = 2 * two["exchanged"] * latency + one["size"] / bandwidth
    # an example's rows go from one to the other of two; what they take beside
    # that is to gather them, whosever they are
    gather = 2 * more - one["rows"] / bandwidth
    # a slow machine may give a line that begins below zero
    return CostModel(
        step=max(step, 0.0),
        example=example,
        size=one["size"],
        bandwidth=bandwidth,
        latency=latency,
        calls=two["calls"],
        rows=one["rows"],
        others=max(update, 0.0) + max(gather, 0.0),
        packing=max(exchange - sent, 0.0),
        late=tuple(sorted(one["late"])),
    )


def look_ahead(name: str, model: CostModel, batch: int) -> list[dict]:
    """Returns what the model says for more workers on other networks."""
    rows = []
    for network_name, (bandwidth, latency) in NETWORKS.items():
        there = replace(model, bandwidth=bandwidth, latency=latency)
        for workers in (8, 64):
            rows.append(
                {
                    "job": name,
                    "network": network_name,
                    "workers": workers,
                    "batch": batch,
                    "gain": there.gain(batch, workers),
                    "pays": there.pays_from(workers),
                }
            )
    return rows


def main(arguments=None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--job", choices=JOBS, help="only this one")
    parser.add_argument("--steps", type=int, default=6, help="of a turn")
    parser.add_argument("--rounds", type=int, default=8, help="of turns")
    parser.add_argument("--batches", type=int, nargs="+", help="examples")
    parser.add_argument("--numbers", type=int, default=2_000_000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    for name in ("--task", "--core"):
        parser.add_argument(name, type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.worker:
        work(options)
        return
    if len(os.sched_getaffinity(0)) < 2:
        parser.error("needs two cores, one for each worker")
    rows, ahead, notes = [], [], []
    for name in [options.job] if options.job else JOBS:
        found, model, beside = compare(name, options)
        rows += found
        ahead += look_ahead(name, model, 8 * found[-1]["batch"])
        notes.append(
            f"{name}: {1e3 * model.step:.1f} ms a step and "
            f"{1e3 * model.example:.2f} ms an example, "
            f"{model.size / 1e6:.1f} MB of gradients, loopback "
            f"{model.bandwidth / 1e9:.2f} GB/s, {1e3 * model.latency:.2f} ms, "
            f"{model.calls} collectives a step, "
            f"{1e-3 * model.rows:.1f} kB of rows an example"
        )
        batch = found[-1]["batch"]
        parts = ", ".join(
            f"{1e3 * seconds:.1f} ms {part}"
            for part, seconds in beside.parts(batch, 2).items()
        )
        notes.append(f"{name}, two workers, batch {batch}, predicted: {parts}")
    print_results(
        "One worker on one core, and two on a core each",
        COLUMNS,
        rows,
        notes,
        options.json,
    )
    print_results(
        "What the model says for more of them",
        AHEAD,
        ahead,
        ["pays from batch: at least half as many times faster as workers"],
        options.json,
    )


if __name__ == "__main__":
    with told_in_one_line():
        main()
