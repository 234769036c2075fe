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
    assert found["LSTM, losses differ by"]["figure"] == 0  # both are our loop
    assert found["GRU, our loop"]["figure"] > 0
    assert all(row["device"] == "cpu:0" for row in rows)


def test_without_a_gpu_one_line_says_so(monkeypatch):
    only = [Device("cpu:0", "a processor")]
    monkeypatch.setattr("mitseq.devices.list_devices", lambda: only)
    with pytest.raises(MitseqError, match="sees here: cpu:0"):
        gpu.main([])
