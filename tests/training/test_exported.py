import sys

import numpy as np
import onnxruntime
import pytest
import tensorflow as tf

from mitseq.errors import MitseqError
from mitseq.output import OutputError
from mitseq.training.exported import new_folder, onnx_bytes

X = np.array([[1.0, 2.0], [3.0, 4.0]], "float32")
TAKES = [tf.TensorSpec((None, 2), tf.float32, "x")]


def test_a_function_over_weights_runs_in_onnxruntime_by_its_names():
    W = tf.Variable([[1.0], [10.0]])
    content = onnx_bytes(lambda x: x @ W + 0.5, TAKES, "y", [X])
    session = onnxruntime.InferenceSession(content)
    (y,) = session.run(["y"], {"x": X})
    np.testing.assert_allclose(y, [[21.5], [43.5]])
    (given,), (found,) = session.get_inputs(), session.get_outputs()
    assert (given.shape, found.shape) == (["batch", 2], ["batch", 1])


def test_what_is_given_as_it_was_taken_has_both_names():
    content = onnx_bytes(lambda x: tf.identity(x), TAKES, "y", [X])
    session = onnxruntime.InferenceSession(content)
    np.testing.assert_array_equal(session.run(["y"], {"x": X})[0], X)


def test_an_operation_that_onnx_lacks_is_one_line():
    with pytest.raises(MitseqError, match="has no ONNX form: ") as caught:
        onnx_bytes(lambda x: tf.linalg.logdet(x), TAKES, "y", [X])
    assert "\n" not in str(caught.value)


def test_numbers_that_differ_are_not_kept(monkeypatch):
    run = onnxruntime.InferenceSession.run
    monkeypatch.setattr(
        onnxruntime.InferenceSession,
        "run",
        lambda *arguments: [1.01 * y for y in run(*arguments)],
    )
    with pytest.raises(MitseqError, match="numbers differ by 0.0"):
        onnx_bytes(lambda x: x + 1, TAKES, "y", [X])


@pytest.mark.parametrize("package", ["tf2onnx", "onnxruntime"])
def test_a_missing_package_is_named_with_what_installs_it(package, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(
        MitseqError, match=rf"{package}: pip install 'mitseq\[onnx\]'"
    ):
        onnx_bytes(lambda x: x, TAKES, "y", [X])


def test_a_new_folder_replaces_an_empty_one_only(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    with new_folder(out) as folder:
        (folder / "files").mkdir()
        (folder / "files").rename(out)
    (out / "mine").touch()
    with pytest.raises(MitseqError, match="out exists"), new_folder(out):
        pass
    with pytest.raises(OutputError, match="cannot write /proc/x"):
        with new_folder("/proc/x"):
            pass
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
