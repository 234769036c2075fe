"""A trained model for programs that know neither mitseq nor Keras.

Slide: Lecture 2, "Example Task: Sentiment Classification"
(docs/slides.md#sentiment).

- A SavedModel takes raw strings, anywhere TensorFlow runs: all that mitseq adds
  to it are TensorFlow's own operations.
- LiteRT (.tflite) runs on phones. Its own operations know no strings, sorting
  or searching, so it takes the indices of the words, `litert_ids`, and only the
  recurrent or attention part of a model has that form: train with `ngrams=0`
  and `characters=0`.
- ONNX has no kept converter: tf2onnx is tested up to TensorFlow 2.15 and looks
  for a maintainer. Should one be found, it belongs here.

Letters: B batch, T steps, C classes.
"""

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from mitseq.errors import MitseqError
from mitseq.output import OutputError, atomic_write, output_folder
from mitseq.tasks.sentiment.model import classes_of
from mitseq.text.tokens import tokenize

FORMATS = ("savedmodel", "litert", "onnx")
UNKNOWN = 1  # the index of a word that is not in the list
FIRST_WORD = 2  # the index of the list's first word
NO_ONNX = (
    "no kept converter writes ONNX from TensorFlow 2.20 and later (tf2onnx is "
    "tested up to 2.15); export a savedmodel or litert"
)


def export_model(
    model: keras.Model, out: str | os.PathLike, format: str = "savedmodel"
) -> Path:
    """Writes a sentiment model in another format.

    Args:
        model: From `build_sentiment_model`, trained.
        out: The folder to write; there must be nothing in it.
        format: "savedmodel" or "litert".

    Raises:
        MitseqError: if the format is unknown, or the model has no such form.
        OutputError: if the folder cannot be written.
    """
    if format == "savedmodel":
        return export_savedmodel(model, out)
    if format == "litert":
        return export_litert(model, out)
    if format == "onnx":
        raise MitseqError(NO_ONNX)
    raise MitseqError(
        f"`format` must be one of {FORMATS}. Received: format={format!r}."
    )


def export_savedmodel(model: keras.Model, out: str | os.PathLike) -> Path:
    """Writes a SavedModel that serves raw strings.

    With `served = tf.saved_model.load(out)`, which has to stay alive,
    `served.serve(strings)` gives a dict: "probabilities" `(B, C)`, and "label"
    `(B,)`, the name of the likeliest class. `saved_model_cli` and TensorFlow
    Serving find the same signature.
    """
    names = tf.constant([str(name) for name in classes_of(model)])

    def serve(texts):
        logits = _of_all_classes(model(texts, training=False))
        return {
            "probabilities": tf.nn.softmax(logits),
            "label": tf.gather(names, tf.argmax(logits, axis=-1)),
        }

    takes = tf.TensorSpec((None,), tf.string, name="texts")
    with _new_folder(out) as folder:
        _write(model, serve, takes, folder / "model", out)
        (folder / "model").rename(Path(out))
    return Path(out)


def export_litert(model: keras.Model, out: str | os.PathLike) -> Path:
    """Writes `model.tflite` with LiteRT's own operations only.

    It takes the indices of one text's words, `(1, T)` of int32 (`litert_ids`),
    and gives the probabilities `(1, C)`. Beside it stand words.txt (the first
    line's index is 2) and litert.json (the classes, T).

    Raises:
        MitseqError: if the model has other parts than a recurrent or attention
            part: they have no such form.
    """
    classes = [str(name) for name in classes_of(model)]
    names = [layer.name for layer in model.layers]
    without = [part for part in ("ngrams", "characters") if part in names]
    if without or "embedding" not in names:
        raise MitseqError(
            f"the {' and '.join(without) or 'other'} part of this model sorts "
            "and searches, which LiteRT has no operations for without Flex; "
            "export a savedmodel, or train with --plain (`ngrams=0, "
            "characters=0`)"
        )
    steps = model.get_layer("steps").num_steps
    part = keras.Model(model.get_layer("embedding").input, model.output)

    def serve(ids):
        return tf.nn.softmax(_of_all_classes(part(ids, training=False)))

    takes = tf.TensorSpec((1, steps), tf.int32, name="ids")
    with _new_folder(out) as folder:
        _write(part, serve, takes, folder / "model", out)
        converter = tf.lite.TFLiteConverter.from_saved_model(
            os.fspath(folder / "model")
        )
        try:
            content = converter.convert()
        except Exception as error:  # whatever the converter raises
            reason = str(error).strip().splitlines() or ["no reason given"]
            raise MitseqError(
                "this model has no LiteRT form without Flex operations: "
                f"{reason[0]}"
            ) from error
        files = folder / "files"
        atomic_write(files / "model.tflite", content)
        words = model.get_layer("ids").get_vocabulary()[FIRST_WORD:]
        atomic_write(files / "words.txt", "\n".join(words) + "\n")
        about = {"classes": classes, "num_steps": steps}
        atomic_write(files / "litert.json", json.dumps(about, indent=1) + "\n")
        files.rename(Path(out))
    return Path(out)


def litert_ids(text: str, words: Sequence[str], num_steps: int) -> np.ndarray:
    """Returns the indices of a text's words, as `model.tflite` takes them.

    `(1, T)` of int32, zeros behind the end; of a longer text its beginning and
    its end are kept. `words` are the lines of words.txt.

    Example:

    >>> litert_ids("Not good!", ["good", "bad"], 4)
    array([[1, 2, 1, 0]], dtype=int32)
    """
    index = {word: i for i, word in enumerate(words, start=FIRST_WORD)}
    ids = [index.get(token, UNKNOWN) for token in tokenize(text)]
    if len(ids) > num_steps:
        late = num_steps // 2
        ids = ids[: num_steps - late] + ids[len(ids) - late :]
    row = np.zeros((1, num_steps), "int32")
    row[0, : len(ids)] = ids
    return row


def _of_all_classes(logits: tf.Tensor) -> tf.Tensor:
    if logits.shape[-1] > 1:
        return logits
    return tf.concat([tf.zeros_like(logits), logits], axis=-1)


def _write(model: keras.Model, serve, takes, path: Path, out) -> None:
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
def _new_folder(out: str | os.PathLike) -> Iterator[Path]:
    """A temporary folder beside `out`, for what then moves into its place."""
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
