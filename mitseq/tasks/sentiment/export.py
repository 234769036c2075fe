"""A trained model for programs that know neither mitseq nor Keras.

Slide: Lecture 2, "Example Task: Sentiment Classification"
(docs/slides.md#sentiment).

- A SavedModel takes raw strings, anywhere TensorFlow runs: all that mitseq adds
  to it are TensorFlow's own operations.
- ONNX knows no strings to speak of. It takes the indices of words and the code
  points of characters; classify.py, a copy of which stands beside the file,
  makes them of texts.
- LiteRT (.tflite) runs on phones. Its own operations know no sorting or
  searching either, so only the recurrent or attention part of a model has that
  form: train with `ngrams=0` and `characters=0`.

Letters: B batch, T tokens, L characters, C classes.
"""

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from mitseq.errors import MitseqError
from mitseq.layers.convert import to_keras
from mitseq.output import atomic_write
from mitseq.tasks.sentiment import classify
from mitseq.tasks.sentiment.classify import FIRST_WORD, UNKNOWN
from mitseq.tasks.sentiment.model import classes_of
from mitseq.tasks.sentiment.neutral import NEUTRAL
from mitseq.tasks.sentiment.parts import Part, parts_of
from mitseq.text.characters import ODD, CharacterNGrams
from mitseq.text.familiar import IS_NUMBER, IS_WORD, Familiar
from mitseq.text.ngrams import NGrams
from mitseq.text.tokens import BLANK, REWRITES, SHOUT, TOKEN, tokenize
from mitseq.training.exported import new_folder, onnx_bytes, write_savedmodel

FORMATS = ("savedmodel", "onnx", "litert")
# Shown to onnxruntime before a file is kept
EXAMPLES = ["Not bad at all, really!", "", "I want my 2 hours back... " * 40]


def export_model(
    model: keras.Model, out: str | os.PathLike, format: str = "savedmodel"
) -> Path:
    """Writes a sentiment model in another format.

    Args:
        model: From `build_sentiment_model`, trained.
        out: The folder to write; there must be nothing in it.
        format: "savedmodel", "onnx" or "litert".

    Raises:
        MitseqError: if the format is unknown, the model has no such form, or
            the packages of `mitseq[onnx]` are missing.
        OutputError: if the folder cannot be written.
    """
    if format == "savedmodel":
        return export_savedmodel(model, out)
    if format == "litert":
        return export_litert(model, out)
    if format == "onnx":
        return export_onnx(model, out)
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
    neutral = model.layers[-1].neutral

    def serve(texts):
        logits = _of_all_classes(model(texts, training=False))
        probs = tf.nn.softmax(logits)
        label = tf.gather(names, tf.argmax(logits, axis=-1))
        if neutral:
            unsure = tf.abs(probs[:, 1] - probs[:, 0]) < neutral
            label = tf.where(unsure, NEUTRAL, label)
        return {"probabilities": probs, "label": label}

    takes = tf.TensorSpec((None,), tf.string, name="texts")
    with new_folder(out) as folder:
        write_savedmodel(model, serve, takes, folder / "model", out)
        (folder / "model").rename(Path(out))
    return Path(out)


def export_onnx(model: keras.Model, out: str | os.PathLike) -> Path:
    """Writes `model.onnx`, and what makes its inputs of texts.

    It takes `ids` `(B, T)`, `codes` `(B, L)`, or both, and gives
    `probabilities` `(B, C)`. Beside it stand words.txt, model.json (classes,
    inputs, regular expressions) and classify.py, which reads texts by them and
    needs numpy and onnxruntime alone.

    Raises:
        MitseqError: if the packages of `mitseq[onnx]` are missing, or the
            model has no such form.
    """
    readers = {part.reader.name: part.reader for part in parts_of(model)}
    has_codes = "characters" in readers
    names = ["ids"] if set(readers) - {"characters"} else []
    names += ["codes"] if has_codes else []
    words = model.get_layer("ids").get_vocabulary()[FIRST_WORD:]
    about = {
        "classes": [str(name) for name in classes_of(model)],
        "inputs": names,
        "blank": BLANK,
        "shout": SHOUT,
        "rewrites": REWRITES,
        "token": TOKEN,
        "neutral": model.layers[-1].neutral,
        "least_known": _least_known(model),
        "word": IS_WORD,
        "number": IS_NUMBER,
    }
    example = classify.model_inputs(EXAMPLES, words, about)
    with new_folder(out) as folder:
        content = onnx_bytes(
            _over_numbers(model, names),
            [tf.TensorSpec((None, None), tf.int64, name) for name in names],
            "probabilities",
            [example[name] for name in names],
        )
        files = folder / "files"
        atomic_write(files / "model.onnx", content)
        atomic_write(files / "words.txt", "".join(f"{w}\n" for w in words))
        atomic_write(files / "model.json", json.dumps(about, indent=1) + "\n")
        program = Path(classify.__file__).read_text(encoding="utf-8")
        atomic_write(files / "classify.py", program)
        files.rename(Path(out))
    return Path(out)


def _over_numbers(model: keras.Model, names: Sequence[str]) -> Callable:
    """The model from ids and codes on, of operations that ONNX has."""
    roads = [_over_numbers_of(part) for part in parts_of(model)]
    vote = model.layers[-1]

    def serve(*inputs):
        given = dict(zip(names, inputs, strict=True))
        logits = vote([road(**given) for road in roads])
        return tf.nn.softmax(_of_all_classes(logits))

    return serve


def _over_numbers_of(part: Part) -> Callable:
    """A part from ids and codes to its logits."""
    reader = part.reader
    if isinstance(reader, NGrams):
        found = _NGrams.from_config(reader.get_config())
        found.build(None)
        found.keys.assign(reader.keys)
        return lambda ids, **_: part.verdict(found(ids))
    if isinstance(reader, CharacterNGrams):
        found = _CharacterNGrams.from_config(reader.get_config())
        return lambda codes, **_: part.verdict(found(codes))
    inner = to_keras(part.model, keep_others=True)
    return lambda ids, **_: inner(reader(ids), training=False)


class _NGrams(NGrams):
    """ONNX has no search in a sorted list: here it is one halving a line."""

    def place(self, keys):
        place, step = tf.zeros_like(keys), 1 << self.num_keys.bit_length() - 1
        while step:
            further = place + step
            last = tf.gather(self.keys, tf.minimum(further, self.num_keys) - 1)
            is_below = (further <= self.num_keys) & (last < keys)
            place = tf.where(is_below, further, place)
            step //= 2
        return place


class _CharacterNGrams(CharacterNGrams):
    """Takes code points; ONNX divides towards zero and shifts no int64."""

    def characters(self, codes):
        missing = tf.maximum(self.sizes[1] - tf.shape(codes)[1], 0)
        return tf.pad(codes, [[0, 0], [0, missing]])[:, : self.max_length]

    def bucket(self, h):
        return 1 + _floormod(_floordiv(h * ODD, 2**33), self.buckets)


def _floordiv(a, b):
    quotient = tf.truncatediv(a, b)
    return quotient - tf.cast(a - quotient * b < 0, a.dtype)


def _floormod(a, b):
    rest = a - tf.truncatediv(a, b) * b
    return tf.where(rest < 0, rest + b, rest)


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
    with new_folder(out) as folder:
        write_savedmodel(part, serve, takes, folder / "model", out)
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
        about = {
            "classes": classes,
            "num_steps": steps,
            "neutral": model.layers[-1].neutral,
        }
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


def _least_known(model: keras.Model) -> float:
    """The share of a text's words that the model has to know, or 0."""
    found = [x.least for x in model.layers if isinstance(x, Familiar)]
    return found[0] if found else 0.0


def _of_all_classes(logits: tf.Tensor) -> tf.Tensor:
    if logits.shape[-1] > 1:
        return logits
    return tf.concat([tf.zeros_like(logits), logits], axis=-1)
