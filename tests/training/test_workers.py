"""Who works together; what they do together is in test_together.py."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from mitseq import devices
from mitseq.devices import Device, DeviceError
from mitseq.training import workers
from mitseq.training.workers import (
    Alone,
    WorkerError,
    Workers,
    check_cluster,
    device_names,
    read_tf_config,
)


def test_alone_hands_on_what_it_is_given():
    alone = Alone()
    assert alone.any_of(True, False) == [True, False]
    assert alone.number_of_first(0.5) == 0.5
    assert alone.hand_on(b"abc") == b"abc"
    assert alone.hand_on_json([1]) == [1]
    assert alone.model(lambda: "model") == "model"
    assert alone.run(lambda: 3) == 3
    assert alone.is_first and not alone.are_several
    (array,) = alone.hand_on_arrays([np.arange(3)])
    assert array.tolist() == [0, 1, 2]


def test_every_question_to_workers_can_be_asked_of_one_alone():
    names = {n for n in dir(Workers) if not n.startswith("_")}
    assert names <= {n for n in dir(Alone) if not n.startswith("_")}


@pytest.mark.parametrize(
    "addresses, task, words",
    [
        ("a:1,b", 0, "host:port"),
        ("a:1,:2", 0, "host:port"),
        ("a:1,b:70000", 0, "host:port"),
        ("a:1,a:1", 0, "must be different"),
        ("a:1,b:2", None, "from 0 to 1. Received: task=None"),
        ("a:1,b:2", 2, "from 0 to 1. Received: task=2"),
    ],
)
def test_check_cluster_mistakes_raise(addresses, task, words):
    with pytest.raises(WorkerError, match=words):
        check_cluster(addresses, task)


def test_tf_config_says_who_and_which(monkeypatch):
    config = {
        "cluster": {"worker": ["a:1", "b:2"]},
        "task": {"type": "worker", "index": 1},
    }
    monkeypatch.setenv("TF_CONFIG", json.dumps(config))
    assert read_tf_config() == (["a:1", "b:2"], 1)
    config["cluster"]["ps"] = ["c:3"]
    monkeypatch.setenv("TF_CONFIG", json.dumps(config))
    with pytest.raises(WorkerError, match="a cluster of workers only"):
        read_tf_config()
    monkeypatch.delenv("TF_CONFIG")
    with pytest.raises(WorkerError, match="TF_CONFIG must be"):
        Workers()


def test_devices_and_workers_exclude_each_other():
    with pytest.raises(WorkerError, match="exclude each other"):
        Workers(devices=2, workers="a:1,b:2", task=0)


@pytest.fixture
def two_gpus(monkeypatch):
    found = [Device("cpu:0", ""), Device("gpu:0", ""), Device("gpu:1", "")]
    monkeypatch.setattr(workers, "list_devices", lambda: found)
    monkeypatch.setattr(devices, "list_devices", lambda: found)


def test_device_names_are_gpus_where_there_are_some(two_gpus):
    assert device_names(2) == device_names("2") == ["/GPU:0", "/GPU:1"]
    assert device_names("gpu:1, cpu") == ["/GPU:1", "/CPU:0"]


@pytest.mark.parametrize(
    "given, words",
    [
        (3, "as many as there are: gpu:0, gpu:1"),
        ("gpu:0,gpu:0", "different devices"),
        ("auto", "a number or different devices"),
        ("gpu:0,gpu:2", "sees here: cpu:0, gpu:0, gpu:1"),
        ("0", "must be auto, cpu, gpu"),
    ],
)
def test_device_names_mistakes_raise(two_gpus, given, words):
    with pytest.raises(DeviceError, match=words):
        device_names(given)


def test_a_model_has_the_precision_that_it_is_asked_for():
    import keras

    def build():
        inputs = keras.Input((3,))
        return keras.Model(inputs, keras.layers.Dense(1)(inputs))

    for one in (Alone(), Workers(devices="cpu:0")):
        half = one.model(build, precision="mixed_bfloat16")
        assert half.layers[-1].compute_dtype == "bfloat16"
        before = keras.config.dtype_policy()
        assert before.name == "float32"  # and it is as it was
        keras.config.set_dtype_policy("mixed_float16")
        try:  # without a wish the policy holds
            assert one.model(build).layers[-1].compute_dtype == "float16"
        finally:
            keras.config.set_dtype_policy(before)


def test_a_process_of_several_machines_keeps_its_memory(monkeypatch):
    import tensorflow as tf

    told = []
    monkeypatch.setenv("TF_CONFIG", "")  # set by `Workers`, and reset
    monkeypatch.setattr(
        "mitseq.training.workers.keep_freed_memory", lambda: told.append("kept")
    )
    monkeypatch.setattr(
        tf.distribute,
        "MultiWorkerMirroredStrategy",
        lambda: told.append("made") or SimpleNamespace(num_replicas_in_sync=2),
    )
    Workers(workers="localhost:2222,localhost:2223", task=1)
    assert told == ["kept", "made"]
