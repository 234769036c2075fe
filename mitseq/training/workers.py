"""Several devices, or several machines, that train one model together.

Each worker holds the whole model and works on its share of every batch; their
gradients are added up, and all make the same step (TensorFlow's
`MirroredStrategy` and `MultiWorkerMirroredStrategy`). `Workers` says who they
are, builds a model for them (together.py), and lets them agree: what one hands
on, all have.

TensorFlow loads when a `Workers` is made, not with this file.
"""

import contextlib
import io
import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from mitseq.arguments import check_count, check_kind, is_int, received
from mitseq.devices import DeviceError, list_devices, parse_device
from mitseq.errors import MitseqError
from mitseq.precision import precision as computing_in
from mitseq.training.memory import keep_freed_memory

BLOCK = 1 << 20  # numbers that are handed on at once
HELD = "all start again with --resume and go on from the last snapshot"


MOST_DEVICES = 10_000


class WorkerError(MitseqError):
    """Workers that are not there, or that were not given the same."""


def _computing_in(name):
    return contextlib.nullcontext() if name is None else computing_in(name)


class Alone:
    """One process on one device: nothing is shared, and nobody is asked."""

    task, count, replicas = 0, 1, 1
    is_first, are_several = True, False

    def scope(self):
        """Returns a context in which nothing is different."""
        return contextlib.nullcontext()

    def watch(self):
        """Returns a context in which nothing is different."""
        return contextlib.nullcontext()

    def model(
        self,
        build: Callable,
        weigh: Callable | None = None,
        precision: str | None = None,
    ):
        """Returns what `build` does, with layers of a precision."""
        with _computing_in(precision):
            return build()

    def share(self, dataset):
        """Returns the dataset."""
        return dataset

    def run(self, function: Callable):
        """Calls a function."""
        return function()

    def apart(self, function: Callable):
        """Calls a function."""
        return function()

    def any_of(self, *wishes: bool) -> list[bool]:
        """Returns the wishes."""
        return list(wishes)

    def number_of_first(self, number: float) -> float:
        """Returns the number."""
        return number

    def hand_on(self, data: bytes, task: int = 0) -> bytes:
        """Returns the data."""
        return data

    def hand_on_arrays(self, arrays: Sequence[np.ndarray]) -> list:
        """Returns the arrays."""
        return list(arrays)

    def hand_on_json(self, value, task: int = 0):
        """Returns the value."""
        return value

    def check_same(self, given: dict) -> None:
        """Does nothing."""

    def parts_of(self, variables: Sequence) -> list[np.ndarray]:
        """Returns the values of variables of metrics."""
        return [np.asarray(v) for v in variables]

    def set_parts(self, variables: Sequence, parts: Sequence) -> None:
        """Sets them, also to what several devices had."""
        for variable, part in zip(variables, parts, strict=True):
            if part.ndim > len(variable.shape):
                part = part.sum(axis=0)
            variable.assign(part)


class Workers(Alone):
    """The devices of one machine, or several machines.

    Every process of a training makes one, before it builds or computes
    anything else with TensorFlow. It waits until all of them are there.

    Args:
        devices: How many devices of this machine, or which ones:
            `"gpu:0,gpu:1"`. Without a GPU the processor is divided into
            logical devices, which brings no speed.
        workers: The address of each machine, `"host:port,host:port"`, the
            same list in each process. All devices of each machine are used.
        task: Which of them this process is, from 0 on.

    Without arguments the environment's `TF_CONFIG` says who they are.

    Attributes:
        strategy: The `tf.distribute.Strategy`.
        task: The number of this process.
        count: How many processes there are.
        replicas: How many devices they have together.
        is_first: Whether this process is the one that prints and writes.
        are_several: Whether there is more than one process.

    Raises:
        WorkerError: if the arguments say no workers.
        DeviceError: if a device is not there.

    Example: three lines around a model of your own.

    >>> import keras, tensorflow as tf
    >>> def build():
    ...     return keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    >>> workers = Workers(devices="cpu:0")
    >>> model = workers.model(build)
    >>> model.compile(optimizer="adam", loss="mse")
    >>> data = tf.data.Dataset.from_tensors((np.ones((4, 3)), np.ones((4, 1))))
    >>> history = model.fit(workers.share(data), verbose=0)
    """

    def __init__(
        self,
        devices: int | str | None = None,
        *,
        workers: str | None = None,
        task: int | None = None,
    ):
        if devices is not None and workers is not None:
            raise WorkerError(
                "`devices` and `workers` exclude each other: a machine among "
                "several uses all of its devices. Received: "
                f"devices={received(devices)}, workers={received(workers)}."
            )
        if task is not None and workers is None:
            raise WorkerError(
                "`task` says which of `workers` this is. Received: "
                f"task={received(task)} without workers."
            )
        if devices is not None:
            self._on_this_machine(devices)
        else:
            self._on_machines(workers, task)
        self.replicas = self.strategy.num_replicas_in_sync
        self.is_first, self.are_several = self.task == 0, self.count > 1
        self._sums = {}

    def _on_this_machine(self, devices):
        import tensorflow as tf

        names = device_names(devices)
        self.strategy = tf.distribute.MirroredStrategy(names)

    def _on_machines(self, workers, task):
        if workers is not None:
            self.addresses = check_cluster(workers, task)
            config = {
                "cluster": {"worker": self.addresses},
                "task": {"type": "worker", "index": task},
            }
            os.environ["TF_CONFIG"] = json.dumps(config)
        else:
            self.addresses, task = read_tf_config()
        keep_freed_memory()
        import tensorflow as tf

        self.strategy = tf.distribute.MultiWorkerMirroredStrategy()
        self.task, self.count = task, len(self.addresses)

    def scope(self):
        """Returns the context in which variables are made for all devices."""
        return self.strategy.scope()

    @contextlib.contextmanager
    def watch(self) -> Iterator[None]:
        """Says in one line that a worker is gone, when TensorFlow finds out.

        Raises:
            WorkerError: in the place of TensorFlow's error.
        """
        import tensorflow as tf

        errors = (
            tf.errors.UnavailableError,
            tf.errors.AbortedError,
            tf.errors.CancelledError,
            tf.errors.DeadlineExceededError,
            tf.errors.FailedPreconditionError,
            tf.errors.InternalError,
        )
        try:
            yield
        except errors as error:
            if not self.are_several or not _is_of_peers(str(error)):
                raise
            raise WorkerError(
                f"worker {self.task} of {self.count}: another worker is gone "
                f"({self._who_is_gone(str(error))}); {HELD}"
            ) from None

    def model(
        self,
        build: Callable,
        weigh: Callable | None = None,
        precision: str | None = None,
    ):
        """Builds a model that all devices train together.

        Args:
            build: Returns a functional `keras.Model` that is not compiled.
            weigh: Returns by how much the mean loss of a device's share
                counts, from its `(x, y, sample_weight)`; None for the number
                of its rows.
            precision: One of `mitseq.precision.PRECISIONS`, for its layers;
                None for Keras's policy as it is.

        Returns:
            A `TogetherModel`, to be compiled and fitted as any model.
        """
        from mitseq.training.together import TogetherModel

        with self.scope(), _computing_in(precision):
            inner = build()
        # Keras tries to build a model of a scope with the values of all
        # devices at once; outside of it, it takes it as it is (#20585).
        return TogetherModel(inner, self, weigh)

    def share(self, dataset):
        """Returns a dataset of which each worker reads its share.

        Args:
            dataset: A `tf.data.Dataset` of the whole batches, in the same
                order for every worker: shuffle it with a seed. Each batch is
                divided among the devices, so that each example is seen by
                exactly one.
        """
        import tensorflow as tf

        options = tf.data.Options()
        options.experimental_distribute.auto_shard_policy = (
            tf.data.experimental.AutoShardPolicy.DATA
        )
        return dataset.with_options(options)

    def run(self, function: Callable):
        """Calls a function once for each device."""
        return self.strategy.run(function)

    def apart(self, function: Callable):
        """Calls a function outside of the scope, for this process alone.

        What makes variables in the scope would wait for the other workers.
        """
        with ThreadPoolExecutor(1) as thread:  # scopes are of a thread
            return thread.submit(function).result()

    def any_of(self, *wishes: bool) -> list[bool]:
        """Returns of each wish whether at least one worker has it."""
        if not self.are_several:
            return list(wishes)
        return [bool(n) for n in self._sum(np.array(wishes, "int32"))]

    def number_of_first(self, number: float) -> float:
        """Returns the number that the first worker gives."""
        if not self.are_several:
            return number
        bits = np.array([number], "float64").view("int32")
        return float(self._sum(bits * self.is_first).view("float64")[0])

    def hand_on(self, data: bytes, task: int = 0) -> bytes:
        """Returns the bytes that one worker gives; the others' do not count."""
        if not self.are_several:
            return data
        gives = self.task == task
        size = int(self._sum(np.array([len(data) * gives], "int32"))[0])
        numbers = np.zeros(-(-size // 4), "int32")
        if gives:
            numbers[:] = np.frombuffer(data + bytes(-size % 4), "int32")
        received = b"".join(
            self._sum_of_block(numbers[at : at + BLOCK]).tobytes()
            for at in range(0, len(numbers), BLOCK)
        )
        return received[:size]

    def hand_on_arrays(self, arrays: Sequence[np.ndarray]) -> list:
        """Returns the arrays that the first worker gives."""
        if not self.are_several:
            return list(arrays)
        file = io.BytesIO()
        if self.is_first:
            np.savez(file, *map(np.asarray, arrays))
        with np.load(io.BytesIO(self.hand_on(file.getvalue()))) as given:
            return [given[f"arr_{i}"] for i in range(len(given.files))]

    def hand_on_json(self, value, task: int = 0):
        """Returns the value that one worker gives, as JSON has it."""
        data = json.dumps(value, default=str).encode()
        return json.loads(self.hand_on(data, task))

    def check_same(self, given: dict) -> None:
        """Refuses workers that were given different settings.

        Args:
            given: JSON values by their name. Every worker calls this.

        Raises:
            WorkerError: in every worker, with what differs.
        """
        if not self.are_several:
            return
        found = [self.hand_on_json(given, task) for task in range(self.count)]
        names = list(dict.fromkeys(name for each in found for name in each))
        different = []
        for name in names:
            values = [each.get(name) for each in found]
            other = next((v for v in values if v != values[0]), values[0])
            if other != values[0]:
                different.append(
                    f"{name} is {values[0]} on worker 0 and {other} on worker "
                    f"{values.index(other)}"
                )
        if different:
            raise WorkerError(
                "all workers must be given the same. Received: "
                + "; ".join(different)
            )

    def parts_of(self, variables: Sequence) -> list[np.ndarray]:
        """Returns what each device has of variables of metrics.

        A metric's variable is another number on each device, and read as their
        sum; who set each to a share of the sum would round otherwise from then
        on. All workers call this.

        Returns:
            For each variable `(replicas, ...)`.
        """
        here = [
            np.stack([np.asarray(p) for p in self._here(v)]) for v in variables
        ]
        if not self.are_several:
            return here
        file = io.BytesIO()
        np.savez(file, *here)
        each = []
        for task in range(self.count):
            with np.load(io.BytesIO(self.hand_on(file.getvalue(), task))) as of:
                each.append([of[f"arr_{i}"] for i in range(len(here))])
        return [np.concatenate(parts) for parts in zip(*each, strict=True)]

    def set_parts(self, variables: Sequence, parts: Sequence) -> None:
        """Sets what `parts_of` returned, also of another number of devices."""
        for variable, part in zip(variables, parts, strict=True):
            if part.ndim == len(variable.shape):
                part = part[None]
            if len(part) != self.replicas:  # the first one has it all
                rest = [np.zeros_like(part[0])] * (self.replicas - 1)
                part = np.stack([part.sum(axis=0), *rest])
            here = self._here(variable)
            first = self.task * len(here)
            for i, each in enumerate(here):
                each.assign(part[first + i])

    def _here(self, variable):
        """What the devices of this process have of a variable."""
        return self.strategy.experimental_local_results(variable.value)

    def _sum_of_block(self, numbers):
        small = 256  # two sizes only, so that two graphs are traced
        size = small if len(numbers) <= small else BLOCK
        padded = np.zeros(size, "int32")
        padded[: len(numbers)] = numbers
        return self._sum(padded)[: len(numbers)]

    def _sum(self, numbers: np.ndarray) -> np.ndarray:
        """The sum of what all processes give; of int32, so nothing rounds."""
        import tensorflow as tf

        if numbers.size not in self._sums:
            devices = self.replicas // self.count

            def add(x):
                # each device of a process gives the same: one of them counts
                def give(x):
                    context = tf.distribute.get_replica_context()
                    number = context.replica_id_in_sync_group
                    return tf.where(number % devices == 0, x, 0)

                every = self.strategy.run(give, args=(x,))
                return self.strategy.reduce("SUM", every, axis=None)

            self._sums[numbers.size] = tf.function(add)
        with self.watch():
            x = tf.constant(numbers.astype("int32"))
            return self._sums[numbers.size](x).numpy()

    def _who_is_gone(self, text):
        for task, address in enumerate(self.addresses):
            if task != self.task and f"task:{task}" in text:
                return f"worker {task}, {address}"
        return "it does not answer"


def device_names(devices: int | str) -> list[str]:
    """Returns devices of this machine as `tf.distribute` names them.

    Args:
        devices: How many, or names separated by commas.

    Raises:
        DeviceError: if one is not there, or named twice.

    Example:

    >>> device_names("cpu:0")
    ['/CPU:0']
    """
    if not isinstance(devices, str):
        check_count(most=MOST_DEVICES, devices=devices)
    text = str(devices)
    if text.isdigit() and 0 < len(text) < 6 and int(text) > 0:
        _divide_cpu(int(text))
        found = list_devices()
        gpus = [d for d in found if d.kind == "gpu"]
        chosen = (gpus or found)[: int(text)]
        if len(chosen) < int(text):
            there = ", ".join(d.name for d in gpus or found)
            late = (
                ""
                if gpus
                else (
                    " (a processor is divided only before TensorFlow computes)"
                )
            )
            raise DeviceError(
                f"`devices` must be as many as there are: {there}{late}. "
                f"Received: devices={devices!r}."
            )
        return [d.tensorflow_name for d in chosen]
    names = [parse_device(name.strip()) for name in text.split(",")]
    if "auto" in names or len(set(names)) < len(names):
        raise DeviceError(
            "`devices` must be a number or different devices, as in "
            f"gpu:0,gpu:1. Received: devices={devices!r}."
        )
    numbers = [int(n[4:]) for n in names if n.startswith("cpu")]
    _divide_cpu(1 + max(numbers, default=0))
    found = {d.name: d for d in list_devices()}
    for name in names:
        if name not in found:
            raise DeviceError(
                f"`devices` must be ones that TensorFlow sees here: "
                f"{', '.join(found)}. Received: devices={devices!r}."
            )
    return [found[name].tensorflow_name for name in names]


def check_cluster(workers: str, task: int | None) -> list[str]:
    """Returns the addresses of a cluster.

    Raises:
        WorkerError: if one is none, or the task is not among them.

    Example:

    >>> check_cluster("a:2222,b:2222", task=1)
    ['a:2222', 'b:2222']
    """
    check_kind(str, "be host:port,host:port", workers=workers)
    addresses = [address.strip() for address in workers.split(",")]
    for address in addresses:
        host, _, port = address.rpartition(":")
        is_port = port.isdigit() and len(port) < 6 and 0 < int(port) < 65536
        if not host or not is_port:
            raise WorkerError(
                "`workers` must be host:port,host:port with a port for each. "
                f"Received: workers={received(workers)}."
            )
    if len(set(addresses)) < len(addresses):
        raise WorkerError(
            f"`workers` must be different. Received: workers={workers!r}."
        )
    if not is_int(task) or not 0 <= task < len(addresses):
        raise WorkerError(
            f"`task` must say which of the {len(addresses)} workers this is, "
            f"from 0 to {len(addresses) - 1}. Received: task={received(task)}."
        )
    return addresses


def read_tf_config() -> tuple[list[str], int]:
    """Returns the addresses and the task that `TF_CONFIG` has.

    Raises:
        WorkerError: if it is not set, or has no workers.
    """
    text = os.environ.get("TF_CONFIG", "")
    try:
        config = json.loads(text)
        addresses = list(config["cluster"]["worker"])
        kind = config["task"]["type"]
        if kind != "worker" or list(config["cluster"]) != ["worker"]:
            raise ValueError("a cluster of workers only")
        task = int(config["task"]["index"])
    except (ValueError, KeyError, TypeError) as error:
        raise WorkerError(
            "TF_CONFIG must be as TensorFlow describes it, with the addresses "
            f"of the workers and the task. Received: {text!r} ({error})."
        ) from None
    return check_cluster(",".join(addresses), task), task


def _divide_cpu(count):
    """Makes logical processors, if there is no GPU and TensorFlow is idle."""
    import tensorflow as tf

    if count < 2 or tf.config.list_physical_devices("GPU"):
        return
    cpu = tf.config.list_physical_devices("CPU")[0]
    if tf.config.get_logical_device_configuration(cpu):
        return
    part = tf.config.LogicalDeviceConfiguration()
    with contextlib.suppress(RuntimeError):  # TensorFlow has started
        tf.config.set_logical_device_configuration(cpu, [part] * count)


def _is_of_peers(text):
    signs = (
        "task:", "peer", "Collective ops", "heartbeat", "Connection reset",
        "failed to connect", "Socket closed", "recvmsg", "coordination",
    )  # fmt: skip
    return any(sign.lower() in text.lower() for sign in signs)
