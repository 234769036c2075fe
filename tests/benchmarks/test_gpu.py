"""The parts run without a GPU, too; one that fails leaves the others."""

import json

import gpu
import pytest

from mitseq.devices import Device
from mitseq.errors import MitseqError


def test_a_part_that_fails_is_told_and_the_next_one_runs():
    def broken(device, small):
        raise ValueError("no such kernel\nat all")

    def works(device, small):
        return [gpu._row("works", 1.5, "s")]

    first, second = gpu.run_parts((broken, works), "gpu:0", True)
    assert first["note"] == "ValueError: no such kernel"
    assert first["figure"] is None
    assert (second["figure"], second["device"]) == (1.5, "gpu:0")


def test_the_kernel_and_our_loop_are_compared(capsys):
    gpu.main(["--device", "cpu", "--parts", "kernel", "--small", "--json"])
    rows = json.loads(capsys.readouterr().out)["rows"]
    found = {row["part"]: row for row in rows}
    # both are our loop
    assert found["LSTM of 16, losses differ by"]["figure"] == 0
    assert found["GRU of 16, our loop"]["figure"] > 0
    assert all(row["device"] == "cpu:0" for row in rows)


def test_layers_on_the_processor_stay_there(capsys):
    gpu.main(["--device", "cpu", "--parts", "processor", "--small", "--json"])
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert len(rows) == 6
    assert all(row["note"] == "CPU:0" and row["figure"] == 1 for row in rows)


def test_without_a_gpu_one_line_says_so(monkeypatch):
    only = [Device("cpu:0", "a processor")]
    monkeypatch.setattr("mitseq.devices.list_devices", lambda: only)
    with pytest.raises(MitseqError, match="sees here: cpu:0"):
        gpu.main([])
