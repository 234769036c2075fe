import keras
import numpy as np
import pytest
import tensorflow as tf

from mitseq import precision
from mitseq.devices import Device
from mitseq.training.run import TrainingRun
from tests.training.tiny_trainings import TRAININGS
from tests.without_xla import without_xla

CPU, GPU = Device("cpu:0", "a processor"), Device("gpu:0", "a card")


def test_precision_holds_inside_and_comes_back():
    before = keras.config.dtype_policy().name
    with pytest.raises(KeyError):
        with precision.precision("mixed_float16"):
            inside = keras.layers.Dense(2)
            raise KeyError
    assert inside.compute_dtype == "float16"
    assert keras.config.dtype_policy().name == before == "float32"


def test_the_loss_is_scaled_where_a_layer_computes_in_float16():
    layers = [keras.Input((2,)), keras.layers.Dense(2, dtype="float32")]
    whole = keras.Sequential(layers)
    half = keras.Sequential(
        [*layers, keras.layers.Dense(1, dtype="mixed_float16")]
    )
    adam = keras.optimizers.Adam()
    assert precision.scaled_for(whole, adam) is adam
    assert precision.scaled_for(half, adam).inner_optimizer is adam


@pytest.mark.parametrize(
    "policy, flags, expected",
    [
        ("mixed_bfloat16", {"amx_bf16"}, False),
        ("mixed_bfloat16", {"avx2"}, True),
        ("float32", {"amx_bf16"}, True),
        ("mixed_float16", {"amx_bf16"}, True),
    ],
)
def test_xla_is_left_out_where_it_would_not_use_the_units(
    monkeypatch, policy, flags, expected
):
    monkeypatch.setattr(precision, "_cpu_flags", lambda: frozenset(flags))
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda _: [])
    model = keras.Sequential([keras.layers.Dense(1, dtype=policy)])
    assert precision.suits_xla(model) is expected
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda _: ["a"])
    assert precision.suits_xla(model)


def test_precision_of_another_name_says_which_there_are():
    with pytest.raises(precision.PrecisionError, match="float32, mixed_bfloat"):
        with precision.precision("bfloat16"):
            pass


@pytest.mark.parametrize(
    "flags, expected",
    [({"avx2"}, False), ({"avx2", "amx_bf16"}, True), ((), None)],
)
def test_has_units_of_a_cpu_are_its_flags(monkeypatch, flags, expected):
    monkeypatch.setattr(precision, "_cpu_flags", lambda: frozenset(flags))
    assert precision.has_units(CPU, "mixed_bfloat16") is expected
    assert precision.has_units(CPU, "mixed_float16") is False
    assert precision.has_units(CPU, "float32") is True


@pytest.mark.parametrize(
    "capability, bfloat16, float16",
    [((6, 1), False, False), ((7, 5), False, True), ((8, 0), True, True)],
)
def test_has_units_of_a_gpu_by_its_generation(
    monkeypatch, capability, bfloat16, float16
):
    monkeypatch.setattr(precision, "_compute_capability", lambda _: capability)
    assert precision.has_units(GPU, "mixed_bfloat16") is bfloat16
    assert precision.has_units(GPU, "mixed_float16") is float16


def test_advice_says_what_is_gained_and_what_is_not(monkeypatch):
    monkeypatch.setattr(
        precision, "_cpu_flags", lambda: frozenset({"amx_bf16"})
    )
    told = precision.advice(CPU, "mixed_bfloat16")
    assert told.startswith("cpu:0 has units for bfloat16; they pay from about")
    assert "has units for mixed_bfloat16, too" in precision.advice(
        CPU, "float32"
    )
    monkeypatch.setattr(precision, "_cpu_flags", lambda: frozenset({"sse"}))
    told = precision.advice(CPU, "mixed_bfloat16")
    assert "no units for bfloat16: expect it to be slower" in told


SLOW = pytest.mark.slow


@pytest.mark.parametrize(
    "task",
    [
        "tag",
        "forecast",
        pytest.param("translate", marks=SLOW),
        pytest.param("caption", marks=SLOW),
    ],
)
def test_a_task_learns_in_16_bits_with_weights_and_outputs_of_32(
    task, tmp_path
):
    with without_xla(), TrainingRun(tmp_path) as run:
        rows = TRAININGS[task](
            run, epochs=2, learning_rate=0.02, precision="mixed_bfloat16"
        )
    losses = [[row["loss"], row["val_loss"]] for row in rows]
    assert np.isfinite(losses).all()
    assert losses[1][1] < losses[0][1]
    model = keras.saving.load_model(tmp_path / "model.keras", compile=False)
    assert {w.dtype for w in model.weights} == {"float32"}
    assert {y.dtype for y in model.outputs} == {"float32"}
    layers = [*model._flatten_layers(include_self=False)]
    assert any(layer.compute_dtype == "bfloat16" for layer in layers)
