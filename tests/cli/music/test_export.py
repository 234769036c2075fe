import json
import subprocess
import sys

import onnxruntime
import pytest

import mitseq
from mitseq.tasks.sentiment.model import BUNDLED


def test_a_model_is_written_for_onnxruntime(run, tiny_model, tmp_path):
    args = ("music", "export", "--model", tiny_model, "--format", "onnx")
    done = run(*args, "--out", "onnx", "--json")
    assert done.code == 0, done.stderr
    files = done.json["files"]
    names = ("model.onnx", "vocabulary.json", "write.py")
    assert files == [f"onnx/{name}" for name in names]
    session = onnxruntime.InferenceSession(tmp_path / files[0])
    tokens = json.loads((tmp_path / files[1]).read_text())["tokens"]
    (logits,) = session.run(None, {"ids": [[1, 3, 4]]})
    assert logits.shape == (1, 3, len(tokens))
    assert run(*args, "--out", "onnx").is_mistake("onnx exists")
    assert [p.name for p in tmp_path.iterdir()] == ["onnx"]


def test_without_the_packages_the_line_to_install_them_is_told(
    run, tiny_model, tmp_path, monkeypatch
):
    monkeypatch.setitem(sys.modules, "tf2onnx", None)
    args = ("music", "export", "--model", tiny_model, "--format", "onnx")
    done = run(*args, "--out", "new")
    assert done.is_mistake("tf2onnx", "pip install 'mitseq[onnx]'")
    assert list(tmp_path.iterdir()) == []


def test_other_mistakes(run):
    assert run("music", "export").is_mistake("--out")
    args = ("music", "export", "--out", "new")
    assert run(*args, "--format", "h5").is_mistake("--format")
    assert run(*args, "--model", BUNDLED).is_mistake("must be a music model")


def test_a_tune_is_written_without_mitseq(run, tmp_path, tiny_model):
    """By a model that knows nothing: any text is a tune to it."""
    args = ("music", "export", "--model", tiny_model, "--format", "onnx")
    assert run(*args, "--out", "onnx").code == 0
    assert write_tune(tmp_path).startswith("X:1\n")


@pytest.mark.slow
def test_a_tune_of_the_bundled_model_is_written_without_mitseq(run, tmp_path):
    """Nearly every bar adds up, as in its own tunes."""
    assert run("music", "export", "--format", "onnx", "--out", "onnx").code == 0
    tune = write_tune(tmp_path)
    assert tune.startswith("X:1\nM:") and "\nK:" in tune
    assert tune.count("|") > 5
    assert 5 * len(mitseq.Tune(tune).check()) < tune.count("|")


def write_tune(folder):
    """Returns what the program in the exported folder prints."""
    program = (
        "import runpy, sys\n"
        "sys.argv.pop(0)\n"
        "runpy.run_path(sys.argv[0], run_name='__main__')\n"
        "strangers = {'mitseq', 'keras', 'tensorflow'} & set(sys.modules)\n"
        "assert not strangers, strangers"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "onnx/write.py", "7"],
        capture_output=True,
        text=True,
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
