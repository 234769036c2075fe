"""From pictures to captions: the likeliest word is fed back, until the end.

Slide: Lecture 2, "RNNs for Sequence Modeling" (docs/slides.md#captioning). One
to many: the picture is read once. It becomes the context of the decoder, and
`mitseq.generate` does the rest.
Read model.py first.

Letters: B batch, S side of the picture, C its channels, G cells of the grid, E
features of a cell, T steps, H hidden units.
"""

import dataclasses
import math
import os
import weakref
from collections.abc import Iterable

import keras
import numpy as np
from keras import ops

from mitseq.arguments import check_count, check_kind
from mitseq.errors import MitseqError
from mitseq.generation.generate import generate
from mitseq.progress import follow
from mitseq.tasks.caption.model import (
    decoder_of,
    picture_shape,
    vocabulary_of,
)
from mitseq.tasks.caption.pictures import PictureError, read_picture
from mitseq.text.vocabulary import END, PAD, START
from mitseq.text.words import WordIndex, join_words

BATCH = 128
MOST_WORDS = 40
MOST_CAPTION = 10_000  # words
DOUBT = 0.5  # a caption that is less probable is doubtful

# The parts of each model, for as long as it lives.
_parts: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()


@dataclasses.dataclass(frozen=True)
class Caption:
    """What a model says of a picture.

    Args:
        text: The caption.
        words: Its words, "" for the end if it came to one.
        probabilities: Of each word, after those before it.
        looks: `(words, rows, columns)`, where the attention was at each word,
            each adding up to 1; None for a model without it.
    """

    text: str
    words: tuple[str, ...]
    probabilities: tuple[float, ...]
    looks: np.ndarray | None = None

    @property
    def probability(self) -> float:
        """Of the whole caption: the product over its words.

        Example:

        >>> Caption("Ball.", ("ball", ".", ""), (0.5, 1.0, 0.5)).probability
        0.25
        """
        return math.prod(self.probabilities)


def caption_pictures(
    model: keras.Model, pictures: np.ndarray, most_words: int = MOST_WORDS
) -> list[Caption]:
    """Returns the caption of each picture, its likeliest word at each step.

    Args:
        model: From `build_caption_model` or `load_caption_model`.
        pictures: `(B, S, S, C)` of uint8, as `read_picture` returns them.
        most_words: A caption that has so many ends there.

    Raises:
        MitseqError: if the pictures are not of the model's size.

    Example:

    >>> from mitseq.tasks.caption.model import load_caption_model
    >>> from mitseq.tasks.caption.scenes import Person, draw_scenes
    >>> pictures = draw_scenes([Person("baseball player", "throws")], seed=1)
    >>> caption_pictures(load_caption_model(), pictures[..., None])[0].text
    'A baseball player throws a ball.'
    """
    vocabulary_of(model)
    size, channels = picture_shape(model)
    check_count(most=MOST_CAPTION, most_words=most_words)
    check_kind(np.ndarray, "be an array (B, S, S, C)", pictures=pictures)
    if np.ndim(pictures) != 4 or np.shape(pictures)[1:] != (
        size,
        size,
        channels,
    ):
        raise MitseqError(
            f"`pictures` must be of shape (B, {size}, {size}, {channels}), as "
            f"the model sees them. Received: {np.shape(pictures)}."
        )
    parts = np.split(pictures, range(BATCH, len(pictures), BATCH))
    return [
        caption
        for part in follow(parts, "captions")
        if len(part)
        for caption in _caption_batch(model, part, most_words)
    ]


@dataclasses.dataclass(frozen=True)
class CaptionedFile:
    """A file with its caption.

    Args:
        file: The path.
        picture: `(S, S, C)` of uint8, as the model saw it.
        caption: What it said.
    """

    file: str | os.PathLike
    picture: np.ndarray
    caption: Caption


def caption_files(
    model: keras.Model, files: Iterable[str | os.PathLike]
) -> tuple[list[CaptionedFile], list[PictureError]]:
    """Returns a caption for each file that is a picture.

    Args:
        model: As for `caption_pictures`.
        files: Paths.

    Returns:
        The captions, and an error for each file that cannot be read.

    Raises:
        MitseqError: if Pillow is not installed.
    """
    shape = picture_shape(model)
    read, errors = [], []
    for file in follow(list(files), "reading pictures"):
        try:
            read.append((file, read_picture(file, *shape)))
        except PictureError as error:
            errors.append(error)
    pictures = np.array([picture for _, picture in read], "uint8")
    captions = caption_pictures(model, pictures) if read else []
    found = [
        CaptionedFile(file, picture, caption)
        for (file, picture), caption in zip(read, captions, strict=True)
    ]
    return found, errors


def _caption_batch(model, pictures, most_words):
    if model not in _parts:
        _parts[model] = _take_apart(model)
    encoder, decoder, scorer, attention = _parts[model]
    context = () if encoder is None else encoder(pictures, training=False)
    index = WordIndex(vocabulary_of(model))
    ids, lengths = generate(
        decoder,
        np.full((len(pictures), 1), START),
        max_length=most_words + 1,
        end_id=END,
        temperature=0,
        banned_ids=(PAD, START, index.unknown_id),
        context=context,
    )
    logits, h_seq = scorer([pictures, ids[:, :-1]], training=False)
    probs = ops.convert_to_numpy(ops.softmax(logits))
    of_words = np.take_along_axis(probs, ids[:, 1:, None], -1)[..., 0]
    looks = None
    if attention is not None:
        _, looks = attention(h_seq, context[-1], return_attention_scores=True)
        side = math.isqrt(looks.shape[-1])
        looks = ops.convert_to_numpy(looks).reshape(*looks.shape[:2], side, -1)
    found = []
    for row, length in enumerate(lengths - 1):
        said = [int(i) for i in ids[row, 1 : 1 + length]]
        words = index.words(said)
        ended = [""] if said and said[-1] == END else []
        found.append(
            Caption(
                join_words(words),
                (*words, *ended),
                tuple(of_words[row, :length].tolist()),
                None if looks is None else looks[row, :length],
            )
        )
    return found


def _take_apart(model):
    """What reads the picture, what writes, what scores, and the attention."""
    kind = decoder_of(model)
    layers = {layer.name: layer for layer in model.layers}
    ids = keras.Input((None,), dtype="int32")
    encoder, context = None, []
    if kind != "blind":
        seen = [layers["h_0"].output, layers["c_0"].output]
        if kind == "attention":
            seen.append(layers["grid"].output)
        encoder = keras.Model(model.inputs[0], seen)
        context = [keras.Input(x.shape[1:], dtype=x.dtype) for x in seen]
    h = layers["lstm"](layers["words"](ids), initial_state=context[:2] or None)
    attention = layers.get("attention")
    if kind == "attention":
        h = layers["both"]([h, attention(h, context[2])])
    logits = layers["logits"](layers["hidden"](h))
    decoder = keras.Model([ids, *context] if context else ids, logits)
    scorer = keras.Model(
        model.inputs, [model.outputs[0], layers["lstm"].output]
    )
    return encoder, decoder, scorer, attention
