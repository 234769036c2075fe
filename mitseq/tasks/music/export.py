"""A trained model for programs that know neither mitseq nor Keras.

Slide: Lecture 2, "Example Task: Music Generation" (docs/slides.md#music).

Both formats take the ids of tokens and give the logits of the next one at every
step, as the Keras model does. Beside the model stands vocabulary.json, with the
token of each id, and beside model.onnx a copy of write.py, which writes tunes.

Letters: B batch, T steps, V vocabulary.
"""

import json
import os
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from mitseq.errors import MitseqError
from mitseq.layers.convert import to_keras
from mitseq.output import atomic_write
from mitseq.tasks.music import write
from mitseq.tasks.music.model import vocabulary_of
from mitseq.text.vocabulary import END, PAD, START, Vocabulary
from mitseq.training.exported import new_folder, onnx_bytes, write_savedmodel

FORMATS = ("savedmodel", "onnx")


def export_model(
    model: keras.Model, out: str | os.PathLike, format: str = "savedmodel"
) -> Path:
    """Writes a music model in another format: ids `(B, T)` in, logits out.

    A SavedModel serves `ids` by `serve`; `model.onnx` takes `ids` and gives
    `logits`, `(B, T, V)`.

    Args:
        model: From `build_music_model`, trained.
        out: The folder to write; there must be nothing in it.
        format: "savedmodel" or "onnx".

    Raises:
        MitseqError: if the format is unknown, the model has no such form, or
            the packages of `mitseq[onnx]` are missing.
        OutputError: if the folder cannot be written.
    """
    if format not in FORMATS:
        raise MitseqError(
            f"`format` must be one of {FORMATS}. Received: format={format!r}."
        )
    vocabulary = vocabulary_of(model)
    takes = tf.TensorSpec((None, None), tf.int64, "ids")
    with new_folder(out) as folder:
        if format == "savedmodel":
            files = folder / "model"

            def serve(ids):
                return {"logits": model(ids, training=False)}

            write_savedmodel(model, serve, takes, files, out)
        else:
            files = folder / "files"
            converted = to_keras(model, keep_others=True)
            example = np.arange(2 * len(vocabulary)) % len(vocabulary)
            content = onnx_bytes(
                lambda ids: converted(ids, training=False),
                [takes],
                "logits",
                [example.reshape(2, -1)],
            )
            atomic_write(files / "model.onnx", content)
            program = Path(write.__file__).read_text(encoding="utf-8")
            atomic_write(files / "write.py", program)
        about = json.dumps(_told(vocabulary), ensure_ascii=False, indent=1)
        atomic_write(files / "vocabulary.json", about + "\n")
        files.rename(Path(out))
    return Path(out)


def _told(vocabulary: Vocabulary) -> dict:
    """What a program has to know: the token of each id, and what cuts them."""
    return {
        "pad": PAD,
        "start": START,
        "end": END,
        "tokens": [vocabulary.decode([i]) for i in range(len(vocabulary))],
        "level": vocabulary.level,
        "pattern": vocabulary.pattern,
    }
