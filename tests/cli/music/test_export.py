import json
import sys

import onnxruntime

from mitseq.tasks.sentiment.model import BUNDLED


def test_a_model_is_written_for_onnxruntime(run, tiny_model, tmp_path):
    args = ("music", "export", "--model", tiny_model, "--format", "onnx")
    done = run(*args, "--out", "onnx", "--json")
    assert done.code == 0, done.stderr
    files = done.json["files"]
    assert files == ["onnx/model.onnx", "onnx/vocabulary.json"]
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
