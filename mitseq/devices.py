"""Where the work runs: one word for a device, and a clear error without it.

`device("gpu:0")` is `tf.device` with three things added: short names, GPU
memory that grows as it is needed instead of all of it at once, and an error
that lists the devices where the one asked for is missing. TensorFlow loads
when the first function is called.
"""

import contextlib
import dataclasses
import os
import platform
import re
from collections.abc import Iterator
from pathlib import Path

from mitseq.arguments import received
from mitseq.errors import MitseqError

_NAME = re.compile(r"(cpu|gpu)(?::(\d{1,3}))?", re.IGNORECASE)


class DeviceError(MitseqError):
    """A device that has no such name, or that is not there."""


@dataclasses.dataclass(frozen=True)
class Device:
    """One device as TensorFlow sees it."""

    name: str  # `"cpu:0"` or `"gpu:1"`
    description: str  # what it is, as far as TensorFlow knows

    @property
    def kind(self) -> str:
        """`"cpu"` or `"gpu"`."""
        return self.name.partition(":")[0]

    @property
    def tensorflow_name(self) -> str:
        """The name that `tf.device` takes, `"/GPU:1"`."""
        return f"/{self.name.upper()}"


def parse_device(name: str) -> str:
    """Checks the spelling of a device and completes its number.

    Raises:
        DeviceError: if it is no name as in `device`.

    Example:

    >>> parse_device("gpu"), parse_device("CPU:1"), parse_device("auto")
    ('gpu:0', 'cpu:1', 'auto')
    """
    if isinstance(name, str):
        if name.lower() == "auto":
            return "auto"
        match = _NAME.fullmatch(name)
        if match:
            return f"{match[1].lower()}:{int(match[2] or 0)}"
    raise DeviceError(
        "`device` must be auto, cpu, gpu, or one of these with a number as in "
        f"gpu:1. Received: device={received(name)}."
    )


def list_devices() -> list[Device]:
    """Lists the devices that TensorFlow can compute on, processors first.

    The first call starts TensorFlow's runtime, with memory growth on.

    Example:

    >>> [d.name for d in list_devices()][0]
    'cpu:0'
    """
    import tensorflow as tf

    _grow_memory()
    devices = []
    for kind in ("CPU", "GPU"):
        physical = tf.config.list_physical_devices(kind)
        for number, _ in enumerate(tf.config.list_logical_devices(kind)):
            description = kind
            if kind == "CPU":
                description = _processor()
            elif number < len(physical):
                description = _gpu(physical[number])
            devices.append(Device(f"{kind.lower()}:{number}", description))
    return devices


def find_device(name: str = "auto") -> Device:
    """Returns the device that a job asked to run on `name` uses.

    `"auto"` is the first GPU where there is one, else the CPU.

    Raises:
        DeviceError: if it is not there. The error lists the ones that are.

    Example:

    >>> find_device("cpu").name
    'cpu:0'
    """
    wanted = parse_device(name)
    devices = list_devices()
    if wanted == "auto":
        gpus = [d for d in devices if d.kind == "gpu"]
        return (gpus or devices)[0]
    for found in devices:
        if found.name == wanted:
            return found
    there = ", ".join(d.name for d in devices)
    text = hint(devices) if wanted.startswith("gpu") else None
    raise DeviceError(
        f"`device` must be one that TensorFlow sees here: {there}. "
        f"Received: device={name!r}.{f' ({text})' if text else ''}"
    )


@contextlib.contextmanager
def device(name: str = "auto") -> Iterator[Device]:
    """Runs what is inside on one device: `with mitseq.device("gpu:0"):`.

    Everything that TensorFlow creates or computes inside is placed there:
    weights of a model, `fit`, generation. A model keeps its weights where it
    was built or loaded.

    Args:
        name: `"auto"` (the first GPU, else the CPU), `"cpu"`, `"gpu"`, or one
            with a number, `"gpu:1"`.

    Yields:
        The `Device`.

    Raises:
        DeviceError: if it is not there.

    Example:

    >>> import tensorflow as tf
    >>> with device("cpu") as used:
    ...     x = tf.ones(3) + 1.0
    >>> used.name, x.device.rsplit("/", 1)[-1]
    ('cpu:0', 'device:CPU:0')
    """
    found = find_device(name)
    import tensorflow as tf

    with tf.device(found.tensorflow_name):
        yield found


def hint(devices: list[Device]) -> str | None:
    """Returns a line for a GPU that TensorFlow does not see, or None."""
    if any(d.kind == "gpu" for d in devices):
        return None
    if not Path("/proc/driver/nvidia/gpus").is_dir():
        return None
    return (
        "this machine has an NVIDIA GPU that TensorFlow does not see; "
        'pip install "mitseq[gpu]" brings the libraries that it needs'
    )


def _grow_memory() -> None:
    import tensorflow as tf

    for gpu in tf.config.list_physical_devices("GPU"):
        # Too late once the runtime runs, and refused for a GPU that has been
        # cut into logical devices: then what is set stays.
        with contextlib.suppress(RuntimeError, ValueError):
            tf.config.experimental.set_memory_growth(gpu, True)


def _processor() -> str:
    name = platform.processor() or platform.machine()
    with contextlib.suppress(OSError):
        info = Path("/proc/cpuinfo").read_text(errors="replace")
        found = re.search(r"^model name\s*:\s*(.+)$", info, re.MULTILINE)
        if found:
            name = " ".join(found[1].split())
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    return f"{name}, {cores} core{'s' * (cores != 1)}"


def _gpu(physical) -> str:
    import tensorflow as tf

    details = tf.config.experimental.get_device_details(physical)
    return str(details.get("device_name", "GPU"))
