"""How many bits a training computes with, and what a device gains by fewer.

`mixed_bfloat16` and `mixed_float16` compute in 16 bits and keep the weights in
32. Half of the bytes are moved, and a device with units for these numbers
multiplies them faster. bfloat16 has the range of float32 and fewer digits;
float16 has more digits and a small range, so Keras scales the loss. Keras loads
when `precision` is entered.
"""

import contextlib
import functools
import re
from collections.abc import Iterator
from pathlib import Path

from mitseq.arguments import received
from mitseq.devices import Device, DeviceError

PRECISIONS = ("float32", "mixed_bfloat16", "mixed_float16")
# x86: multiply-add of bfloat16, of vectors and of tiles
_CPU_UNITS = ("amx_bf16", "avx512_bf16")
# the first compute capability of NVIDIA's GPUs that has the units
_GPU_UNITS = {"mixed_float16": (7, 0), "mixed_bfloat16": (8, 0)}


class PrecisionError(DeviceError):
    """A precision that has no such name."""


def check_precision(name: str) -> str:
    """Returns a precision, or says which there are.

    Raises:
        PrecisionError: if there is none of this name.

    Example:

    >>> check_precision("mixed_bfloat16")
    'mixed_bfloat16'
    """
    if isinstance(name, str) and name in PRECISIONS:
        return name
    raise PrecisionError(
        f"`precision` must be one of {', '.join(PRECISIONS)}. "
        f"Received: precision={received(name)}."
    )


@contextlib.contextmanager
def precision(name: str) -> Iterator[None]:
    """Lets the layers that are built inside compute with this precision.

    Args:
        name: One of `PRECISIONS`. A layer that has a `dtype` of its own keeps
            it.

    Raises:
        PrecisionError: if there is none of this name.

    Example:

    >>> import keras
    >>> with precision("mixed_bfloat16"):
    ...     layer = keras.layers.Dense(2)
    >>> layer.compute_dtype, layer.variable_dtype
    ('bfloat16', 'float32')
    """
    check_precision(name)
    import keras

    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def scaled_for(model, optimizer):
    """Returns an optimizer that scales the loss, if a layer needs that.

    The gradients of float16 may be too small for it. Keras's `compile` looks
    at the policy of the model, and at the one that holds when it is loaded;
    pass `auto_scale_loss=False` with this one.

    Args:
        model: A `keras.Model`.
        optimizer: A `keras.Optimizer`.
    """
    import keras

    if all(layer.compute_dtype != "float16" for layer in model.layers):
        return optimizer
    return keras.optimizers.LossScaleOptimizer(optimizer)


def suits_xla(model) -> bool:
    """Tells whether XLA should compile the whole steps of a model.

    On a processor XLA multiplies bfloat16 without the units for it, as slowly
    as float32; TensorFlow's own products use them.

    Args:
        model: A `keras.Model`.
    """
    import tensorflow as tf

    halves = any(layer.compute_dtype == "bfloat16" for layer in model.layers)
    if not halves or tf.config.list_physical_devices("GPU"):
        return True
    return not has_units(Device("cpu:0", ""), "mixed_bfloat16")


def has_units(device: Device, name: str) -> bool | None:
    """Tells whether a device multiplies numbers of 16 bits faster.

    Args:
        device: From `mitseq.devices.find_device`.
        name: One of `PRECISIONS`.

    Returns:
        None if it cannot be known here. float32 needs no special units.
    """
    if name == "float32":
        return True
    if device.kind == "cpu":
        if name == "mixed_float16":
            return False
        flags = _cpu_flags()
        return None if not flags else any(u in flags for u in _CPU_UNITS)
    capability = _compute_capability(device)
    return None if capability is None else capability >= _GPU_UNITS[name]


def advice(device: Device, name: str) -> str:
    """Returns in a few words what a precision means on a device.

    Example:

    >>> advice(Device("cpu:0", "a processor"), "mixed_float16")
    'cpu:0 has no units for float16: expect it to be slower than float32'
    """
    bits = name.removeprefix("mixed_")
    if name == "float32":
        able = [n for n in PRECISIONS[1:] if has_units(device, n)]
        more = f"; {device.name} has units for {able[0]}, too" if able else ""
        return f"what mitseq is measured with{more}"
    found = has_units(device, name)
    if found is None:
        return f"whether {device.name} has units for {bits} is not known here"
    if found:
        many = "; they pay from about 256 hidden units on"
        return (
            f"{device.name} has units for {bits}"
            f"{many if device.kind == 'cpu' else ''}"
        )
    return (
        f"{device.name} has no units for {bits}: expect it to be slower than "
        "float32"
    )


@functools.cache
def _cpu_flags() -> frozenset[str]:
    try:
        info = Path("/proc/cpuinfo").read_text(errors="replace")
    except OSError:  # not Linux
        return frozenset()
    found = re.search(r"^(?:flags|Features)\s*:\s*(.+)$", info, re.MULTILINE)
    return frozenset(found[1].split()) if found else frozenset()


def _compute_capability(device: Device) -> tuple[int, int] | None:
    import tensorflow as tf

    number = int(device.name.partition(":")[2])
    physical = tf.config.list_physical_devices("GPU")
    if number >= len(physical):
        return None
    details = tf.config.experimental.get_device_details(physical[number])
    return details.get("compute_capability")
