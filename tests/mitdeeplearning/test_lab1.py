"""The notebooks' calls, one after the other, without a network."""

import os
import runpy
import socket
import subprocess
from pathlib import Path

import numpy as np
import pytest
from scipy.io import wavfile

from mitseq.mitdeeplearning import lab1

SESSION = Path(__file__).with_name("lab_session.py")
CHECKS = (
    "custom_dense_layer_output batch_func_types batch_func_shapes "
    "batch_func_next_step"
)


@pytest.fixture
def session(few_tunes, tmp_path, monkeypatch, capsys):
    """What the session leaves: its names, its folder, what it printed."""

    def refuse(*args, **kwargs):
        raise AssertionError("no network, no program of the system")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(subprocess, "Popen", refuse)
    monkeypatch.setattr(os, "system", refuse)
    monkeypatch.chdir(tmp_path)
    names = runpy.run_path(str(SESSION))
    return names, tmp_path, capsys.readouterr().out


def test_the_session_runs_and_every_check_passes(session):
    names, folder, printed = session
    assert [names["dense_passed"], *names["batch_passed"]] == [True] * 4
    passed = [line for line in printed.split("\n") if "[PASS]" in line]
    assert passed == [f"[PASS] test_{name}" for name in CHECKS.split()]
    # It learned: from a guess among all characters to something better.
    guess = np.log(len(names["characters"]))
    assert abs(names["history"][0] - guess) < 0.2
    assert names["smooth"].get()[-1] < names["history"][0] - 0.2
    line = names["plotter"].figure.axes[0].lines[0]
    np.testing.assert_array_equal(line.get_ydata(), names["history"])
    assert names["picture"].data[:4] == b"\x89PNG"
    # The session's own files, and none besides.
    found = sorted(path.name for path in folder.iterdir())
    assert found == sorted(["lab.weights.h5", *names["sounds"]])

    # Two songs can be played: one as it is, one with a remark.
    remarks = [line for line in printed.split("\n") if "as it stands" in line]
    assert len(names["sounds"]) == 2
    assert "3 songs were found." in printed
    assert len(remarks) == 1 and "in a" in remarks[0]
    # The file that the session wrote lasts as long as the player says.
    rate, samples = wavfile.read(folder / names["sounds"][0])
    assert (rate, samples.dtype) == (88_200, np.int16)
    assert names["any_player"].data[44:] == samples[22:].tobytes()


def test_every_name_of_the_course_is_there():
    for name in lab1.__all__:
        assert callable(getattr(lab1, name))
    assert {f"test_{name}" for name in CHECKS.split()} <= set(lab1.__all__)
