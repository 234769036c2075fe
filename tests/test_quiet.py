"""Nothing on standard error that a user cannot act on, and all else there."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mitseq import quiet

ROOT = Path(__file__).parents[1]

INFO = b"I0000 00:00:1795643799.525490   15979 port.cc:153] oneDNN is on.\n"
OLD = b"2026-01-31 12:00:00.123456: W tensorflow/a.cc:1] slow\n"
ERROR = b"E0000 00:00:1795643802.762595   15979 cuda.cc:52] cuInit failed\n"
FATAL = b"F0000 00:00:1795643802.762595   15979 cpu.cc:52] no AVX here\n"
ABOUT = (
    b"WARNING: All log messages before absl::InitializeLog() is called are "
    b"written to STDERR\n"
)
MINE = b"WARNING: mine, 2026-01-31 12:00:00.123456: W is not at its start\n"

# What stands in for TensorFlow: it says the lines as it loads.
FAKE = f"""
import os
for line in {[ABOUT, INFO, OLD, MINE, ERROR, FATAL]}:
    os.write(2, line)
"""


@pytest.mark.parametrize(
    ("level", "shown"),
    [
        (1, OLD + MINE + ERROR + FATAL),
        (2, MINE + ERROR + FATAL),
        (3, MINE + FATAL),
    ],
)
def test_lines_below_the_level_are_left_out(level, shown):
    text = ABOUT + INFO + OLD + MINE + ERROR + FATAL
    assert quiet.lines_to_show(text, level) == shown


def run(tmp_path, code, level=None, tensorflow=None, **more):
    """Runs code in a process; returns what it writes to standard error."""
    env = {k: v for k, v in os.environ.items() if k != quiet.LEVEL}
    env |= {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}", **more}
    if level is not None:
        env[quiet.LEVEL] = level
    if tensorflow is not None:
        (tmp_path / "tensorflow.py").write_text(tensorflow)
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, env=env
    )


@pytest.mark.parametrize(
    ("level", "shown"),
    [
        # the lines that TensorFlow prints before it has read its level
        ("0", ABOUT + INFO + OLD + MINE + ERROR + FATAL),
        ("1", OLD + MINE + ERROR + FATAL),
        ("high", ABOUT + INFO + OLD + MINE + ERROR + FATAL),
    ],
)
def test_a_level_that_the_user_has_set_stays_and_counts(tmp_path, level, shown):
    code = "import mitseq, tensorflow, os\n"
    code += "print(os.environ[mitseq.quiet.LEVEL])"
    done = run(tmp_path, code, level, FAKE)
    assert done.stdout.decode().strip() == level
    assert done.stderr == shown


def test_without_a_gpu_only_what_ends_the_program_is_shown(tmp_path):
    code = "import mitseq, sys; print('tensorflow' in sys.modules)\n"
    code += "import tensorflow, os; print(os.environ[mitseq.quiet.LEVEL])"
    done = run(tmp_path, code, None, FAKE, CUDA_VISIBLE_DEVICES="-1")
    assert done.stdout.decode().split() == ["False", "3"]
    assert done.stderr == MINE + FATAL


def test_a_tensorflow_that_does_not_load_says_why(tmp_path):
    code = FAKE + "raise ImportError('no library')"
    done = run(tmp_path, "import mitseq, tensorflow", tensorflow=code)
    assert done.stderr.startswith(MINE)
    assert done.stderr.rstrip().endswith(b"ImportError: no library")


def test_without_standard_error_it_loads_all_the_same(tmp_path):
    code = "import os; os.close(2); import mitseq, tensorflow; print('done')"
    assert run(tmp_path, code, None, "").stdout == b"done\n"


def test_the_module_is_found_as_ever(tmp_path):
    code = "import mitseq, importlib.util as u, tensorflow as tf, inspect\n"
    code += "print(u.find_spec('tensorflow').origin == tf.__file__)\n"
    code += "print(inspect.getsource(tf), end=str())"
    done = run(tmp_path, code, None, "a = 1\n")
    assert done.stdout == b"True\na = 1\n"


@pytest.mark.parametrize(
    ("there", "hidden", "level"),
    [
        ("/dev/nvidiactl", None, "2"),
        ("/usr/lib/wsl/lib/libcuda.so.1", "0,1", "2"),
        ("/dev/nvidiactl", "-1", "3"),
        ("/dev/nvidiactl", "", "3"),
        ("/dev/null", None, "3"),
    ],
)
def test_errors_are_shown_where_a_gpu_may_be(monkeypatch, there, hidden, level):
    monkeypatch.setattr(os.path, "exists", lambda path: path == there)
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    monkeypatch.setattr(sys, "meta_path", [])
    monkeypatch.delenv(quiet.LEVEL)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    if hidden is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", hidden)
    quiet.quiet_tensorflow()
    assert os.environ[quiet.LEVEL] == level
    quiet.quiet_tensorflow()  # a second time changes nothing
    assert len(sys.meta_path) == 1 and os.environ[quiet.LEVEL] == level


# Lists the devices, where CUDA is looked for, and compiles, where XLA starts.
WORK = """
import tensorflow as tf
tf.config.list_physical_devices()
tf.function(lambda x: x + 1, jit_compile=True)(tf.ones(2))
"""


@pytest.mark.parametrize("first", ["mitseq", "tensorflow"])
def test_after_import_mitseq_tensorflow_is_quiet(tmp_path, first):
    code = "import mitseq, os"
    if first == "tensorflow":  # what it has said by then is said
        code = f"import tensorflow\n{code}\nos.write(2, b'MARK')"
    code += f"\n{WORK}\nprint(os.environ[mitseq.quiet.LEVEL])"
    done = run(tmp_path, code, CUDA_VISIBLE_DEVICES="")
    assert done.stdout == b"3\n"
    assert done.stderr.rpartition(b"MARK")[2] == b""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "5 out of the last 7 calls to <function TensorFlowTrainer."
            "make_train_function.<locals>.one_step at 0x7f> triggered "
            "tf.function retracing.",
            False,
        ),
        (
            "5 out of the last 5 calls to <function quantiles_of.<locals>."
            "<lambda> at 0x7f> triggered tf.function retracing.",
            False,
        ),
        (
            "5 out of the last 5 calls to <bound method CodeLength._batch_bits "
            "of <mitseq.x object at 0x7f>> triggered tf.function retracing.",
            False,
        ),
        (
            "6 out of the last 6 calls to <bound method StepModel.pack of "
            "<mitseq.x object at 0x7f>> triggered tf.function retracing.",
            False,
        ),
        (
            "5 out of the last 7 calls to <function mine at 0x7f> triggered "
            "tf.function retracing.",
            True,
        ),
    ],
)
def test_many_models_are_no_reason_to_warn(text, shown, caplog):
    import tensorflow as tf  # noqa: F401

    with caplog.at_level(logging.WARNING, "tensorflow"):
        logging.getLogger("tensorflow").warning(text)
    assert bool(caplog.records) is shown
