import functools
import json
import subprocess
import sys
import textwrap

import pytest

import mitseq
from mitseq import devices
from mitseq.devices import Device, DeviceError, parse_device
from mitseq.errors import MitseqError

# TensorFlow starts once in a process, so logical devices need one of their own.
_THREE_CPUS = """
import os
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
import json
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(
    cpu, [tf.config.LogicalDeviceConfiguration()] * 3
)
import keras
import numpy as np
import mitseq
result = {}
"""
_ASKED = """
from mitseq.devices import list_devices
result["devices"] = [d.name for d in list_devices()]

def work(x):
    y = tf.matmul(x, x)
    return y

with mitseq.device("cpu:1") as outer:
    result["yields"] = outer.name
    result["eager"] = work(tf.ones((2, 2))).device
    result["function"] = tf.function(work)(tf.ones((2, 2))).device
    with mitseq.device("cpu:2"):
        result["inner"] = work(tf.ones((2, 2))).device
    result["back"] = work(tf.ones((2, 2))).device
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.compile(optimizer="adam", loss="mse")
    before = model.get_weights()[0]
    model.fit(np.ones((4, 3)), np.ones((4, 2)), verbose=0)
    result["weight"] = model.weights[0].value.device
    slot = [v for v in model.optimizer.variables if v.ndim == 2][0]
    result["slot"] = slot.value.device
    result["learned"] = bool(np.any(before != model.get_weights()[0]))
    result["predict"] = model(tf.ones((1, 3))).device
result["outside"] = work(tf.ones((2, 2))).device

other = {}
try:
    with mitseq.device("cpu:3"):
        pass
except mitseq.MitseqError as error:
    other["error"] = str(error)
other["auto"] = mitseq.devices.find_device("auto").name
print(json.dumps([result, other]))
"""


def on_three_cpus(program):
    """Runs a program that prints JSON last, in a process of three devices."""
    done = subprocess.run(
        [sys.executable, "-c", _THREE_CPUS + textwrap.dedent(program)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@functools.cache
def _asked():
    return on_three_cpus(_ASKED)


def test_placement_eager_function_and_fit_stay_on_the_device():
    result = dict(_asked()[0])
    assert result.pop("devices") == ["cpu:0", "cpu:1", "cpu:2"]
    assert result.pop("yields") == "cpu:1"
    assert result.pop("learned") is True
    on = {key: value.rsplit(":", 1)[-1] for key, value in result.items()}
    assert on.pop("inner") == "2"
    assert on.pop("outside") == "0"
    assert on == dict.fromkeys(on, "1")
    assert len(on) == 6


def test_device_that_is_not_there_lists_what_is():
    result = _asked()[1]
    assert result["error"] == (
        "`device` must be one that TensorFlow sees here: cpu:0, cpu:1, cpu:2. "
        "Received: device='cpu:3'."
    )
    assert result["auto"] == "cpu:0"


@pytest.mark.parametrize(
    "name, expected",
    [
        ("auto", "auto"),
        ("cpu", "cpu:0"),
        ("gpu", "gpu:0"),
        ("GPU:1", "gpu:1"),
        ("cpu:12", "cpu:12"),
    ],
)
def test_parse_device_completes_the_name(name, expected):
    assert parse_device(name) == expected


@pytest.mark.parametrize(
    "name", ["", "tpu", "gpu:", "gpu:-1", "gpu1", "gpu:1\n", "/GPU:0", None, 0]
)
def test_parse_device_other_names_raise(name):
    with pytest.raises(DeviceError, match="`device` must be auto, cpu, gpu"):
        parse_device(name)


def _two_gpus():
    return [
        Device("cpu:0", "a processor, 2 cores"),
        Device("gpu:0", "first"),
        Device("gpu:1", "second"),
    ]


def test_find_device_auto_prefers_the_first_gpu(monkeypatch):
    monkeypatch.setattr(devices, "list_devices", _two_gpus)
    assert devices.find_device("auto").name == "gpu:0"
    assert devices.find_device("gpu:1").tensorflow_name == "/GPU:1"
    assert devices.find_device("cpu").kind == "cpu"


def test_find_device_missing_gpu_is_one_line_of_mitseq(monkeypatch):
    monkeypatch.setattr(devices, "list_devices", lambda: _two_gpus()[:1])
    with pytest.raises(MitseqError, match="sees here: cpu:0. Received") as e:
        devices.find_device("gpu")
    assert "\n" not in str(e.value)


def test_hint_names_the_extra_only_where_a_gpu_is_not_seen(monkeypatch):
    monkeypatch.setattr(devices.Path, "is_dir", lambda self: True)
    assert "mitseq[gpu]" in devices.hint(_two_gpus()[:1])
    assert devices.hint(_two_gpus()) is None
    monkeypatch.setattr(devices.Path, "is_dir", lambda self: False)
    assert devices.hint(_two_gpus()[:1]) is None


def test_memory_growth_is_asked_for_every_gpu(monkeypatch):
    import tensorflow as tf

    asked = []

    def set_growth(gpu, on):
        asked.append((gpu, on))
        raise RuntimeError("too late")

    monkeypatch.setattr(
        tf.config, "list_physical_devices", lambda _: ["a", "b"]
    )
    monkeypatch.setattr(tf.config.experimental, "set_memory_growth", set_growth)
    devices._grow_memory()
    assert asked == [("a", True), ("b", True)]


def test_device_is_public():
    assert mitseq.device is devices.device
