"""A trained model for programs that know neither mitseq nor Keras.

- A SavedModel runs wherever TensorFlow does.
- ONNX runs in onnxruntime, on servers, phones and in browsers. tf2onnx converts
  TensorFlow's graph. Our loops over time have no form there, so a model is
  first made one of `keras.layers` (layers/convert.py). What was written is run
  in onnxruntime and compared before it is kept.
"""

import contextlib
import logging
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from mitseq.errors import MitseqError
from mitseq.output import OutputError, output_folder

OPSET = 18  # of ONNX; onnxruntime 1.14 and later read it
TOLERANCE = 1e-4  # of what onnxruntime gives, as a share of the largest number


def onnx_bytes(
    serve: Callable,
    takes: Sequence[tf.TensorSpec],
    gives: str,
    example: Sequence[np.ndarray],
) -> bytes:
    """Returns a function over a model's layers as an ONNX file.

    Args:
        serve: Takes tensors, gives one.
        takes: Shape, dtype and name of each; None is any size.
        gives: The name of what it gives.
        example: Something to take, on which onnxruntime must agree.

    Raises:
        MitseqError: if the packages are missing, or the function has no such
            form.
    """
    try:
        import onnxruntime
        import tf2onnx
    except ImportError as error:
        raise MitseqError(
            f"ONNX needs the package {error.name}: pip install 'mitseq[onnx]'"
        ) from error
    function = tf.function(serve, input_signature=takes, autograph=False)
    try:
        with _quiet("tf2onnx"):
            proto, _ = tf2onnx.convert.from_function(
                function, input_signature=list(takes), opset=OPSET
            )
            _rename(proto.graph, proto.graph.output[0].name, gives)
            _name_axes(proto.graph)
            content = proto.SerializeToString()
            session = onnxruntime.InferenceSession(
                content, providers=["CPUExecutionProvider"]
            )
            names = [each.name for each in takes]
            (got,) = session.run(None, dict(zip(names, example, strict=True)))
    except Exception as error:  # whatever either of them raises
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise MitseqError(
            f"this model has no ONNX form: {reason[0]}"
        ) from error
    expected = serve(*map(tf.constant, example)).numpy()
    difference = np.abs(got - expected).max()
    if not difference <= TOLERANCE * max(1, np.abs(expected).max()):
        raise MitseqError(
            "this model has no ONNX form: onnxruntime's numbers differ by "
            f"{difference:.2g}"
        )
    return content


def write_savedmodel(
    model: keras.Model,
    serve: Callable,
    takes: tf.TensorSpec,
    path: Path,
    out: str | os.PathLike,
) -> None:
    """Writes a SavedModel with one endpoint, `serve`.

    Raises:
        OutputError: if it cannot be written; it names `out`.
    """
    archive = keras.export.ExportArchive()
    archive.track(model)
    archive.add_endpoint("serve", serve, input_signature=[takes])
    # What is served is not trained: the backward passes stay at home.
    options = tf.saved_model.SaveOptions(experimental_custom_gradients=False)
    try:
        archive.write_out(os.fspath(path), options=options, verbose=False)
    except tf.errors.OpError as error:  # of a full disk, for one
        reason = error.message.partition(" [Op:")[0].rpartition("; ")[2]
        raise OutputError(out, reason) from error


@contextlib.contextmanager
def new_folder(out: str | os.PathLike) -> Iterator[Path]:
    """A temporary folder beside `out`, for what then moves into its place.

    Raises:
        MitseqError: if there is something in `out`.
        OutputError: if it cannot be written.
    """
    out = Path(out)
    if out.is_dir() and not any(out.iterdir()):
        out.rmdir()
    elif os.path.lexists(out):
        raise MitseqError(
            f"{out} exists. Pass a folder that does not, or an empty one."
        )
    parent = output_folder(out.parent, shown=out)
    try:
        folder = Path(tempfile.mkdtemp(prefix=".export-", dir=parent))
    except OSError as error:
        raise OutputError(out, error.strerror) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _rename(graph, old, new):
    """Gives an output of an ONNX graph another name."""
    for node in graph.node:
        for names in (node.input, node.output):
            for i, name in enumerate(names):
                if name == old:
                    names[i] = new
    for value in graph.output:
        if value.name == old:
            value.name = new


def _name_axes(graph):
    """Names the axes of any size: the batch, and what comes after it."""
    for value in (*graph.input, *graph.output):
        for axis, dim in enumerate(value.type.tensor_type.shape.dim):
            if not dim.dim_value:
                dim.dim_param = f"steps_of_{value.name}" if axis else "batch"


@contextlib.contextmanager
def _quiet(name):
    """No lines and no warnings of a library: what fails is raised."""
    logger = logging.getLogger(name)
    before, logger.disabled = logger.level, True
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.disabled = False
        logger.setLevel(before)
