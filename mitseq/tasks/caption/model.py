"""Image captioning: one picture in, words out.

Slide: Lecture 2, "RNNs for Sequence Modeling" (docs/slides.md#captioning). One
to many: "an image, and the output would be a sequence of characters or words".
Convolutions turn the picture into a grid of features. All of the grid together
is what an LSTM begins with, its state before the first word; from then on it
reads its own words. At each word it may look at the grid once more, at the
places that an attention chooses.

Letters: B batch, S side of the picture, C 1 for grey or 3 for colors, G cells
of the grid, E features of a cell, T steps, H hidden units, V vocabulary.
"""

import os
from pathlib import Path

import keras

from mitseq.arguments import (
    check_choice,
    check_flag,
    check_kind,
    check_model,
    check_share,
    check_sizes,
    is_int,
    received,
)
from mitseq.errors import MitseqError
from mitseq.layers.cross_attention import DotProductAttention
from mitseq.layers.embedding import VocabularyEmbedding
from mitseq.layers.lstm import LSTM
from mitseq.layers.position import LearnedPosition
from mitseq.text.vocabulary import Vocabulary
from mitseq.training.saved import ModelError, load_saved_model

DECODERS = ("attention", "state", "blind")
CELLS = {"lstm": LSTM, "keras": keras.layers.LSTM}
CELL_PIXELS = 8  # three convolutions halve the picture
MOST_PIXELS = 2**11  # sides of a picture
FILTERS = (32, 48, 64)  # E is the last
MOMENTUM = 0.9  # Keras's 0.99 is too slow for a few hundred steps
BUNDLED = Path(__file__).parents[2] / "pretrained" / "caption.keras"


def build_caption_model(
    vocabulary: Vocabulary,
    *,
    decoder: str = "attention",
    cell: str = "lstm",
    units: int = 128,
    size: int = 64,
    channels: int = 1,
    embedding_dim: int = 64,
    dropout: float = 0.3,
    word_dropout: float = 0.4,
    state_dropout: float = 0.5,
    together: bool = False,
) -> keras.Model:
    """Builds a functional model that captions pictures.

    Args:
        vocabulary: From `word_vocabulary`; saved with the model.
        decoder: What it knows of the picture: "attention" begins with it and
            looks at it at each word, "state" begins with it, "blind" does not
            see it at all.
        cell: "lstm" for `mitseq.LSTM`, "keras" for `keras.layers.LSTM`.
        units: Positive int, H.
        size: S, a multiple of 8.
        channels: C, 1 or 3.
        embedding_dim: Positive int, size of a word's vector.
        dropout: Share of features dropped in front of the state and of the
            last layer, [0, 1).
        word_dropout: Share of the words that are not told to the decoder in
            training, [0, 1). It would learn from them who never does what, and
            believe that more than the picture.
        state_dropout: Share of the words that are said in training from what
            the attention sees alone, [0, 1). The state knows all of the
            picture at once, so also which two things stand together.
        together: Whether several devices train it: then mean and deviation of
            a batch are those of all devices' shares together.

    Returns:
        A `keras.Model`: pictures `(B, S, S, C)` of uint8 and the ids of words
        `(B, T)`, from `START` on -> logits of the next words `(B, T, V)`.

    Raises:
        MitseqError: if an argument is out of its range.

    Example:

    >>> from mitseq.text.words import word_vocabulary
    >>> vocabulary = word_vocabulary(["A child kicks a ball."])
    >>> model = build_caption_model(vocabulary, units=8)
    >>> [tuple(each.shape) for each in model.inputs]
    [(None, 64, 64, 1), (None, None)]
    """
    check_kind(Vocabulary, "be a `Vocabulary`", vocabulary=vocabulary)
    check_flag(together=together)
    _check(decoder, cell, units, size, channels, embedding_dim)
    check_share(
        dropout=dropout, word_dropout=word_dropout, state_dropout=state_dropout
    )
    picture = keras.Input((size, size, channels), dtype="uint8", name="picture")
    ids = keras.Input((None,), dtype="int32", name="ids")
    words = VocabularyEmbedding(vocabulary, embedding_dim, name="words")(ids)
    words = keras.layers.Dropout(
        word_dropout, noise_shape=(None, None, 1), name="dropout_words"
    )(words)
    lstm = CELLS[cell](units, return_sequences=True, name="lstm")
    if decoder == "blind":
        h = lstm(words)
    else:
        # the picture is where the decoder begins: what there is anywhere in
        # it, and how much of it
        grid = see(picture, together)  # (B, G, E)
        gist = keras.layers.Concatenate(name="gist")(
            [
                keras.layers.GlobalMaxPooling1D(name="most")(grid),
                keras.layers.GlobalAveragePooling1D(name="mean")(grid),
            ]
        )
        gist = keras.layers.Dropout(dropout, name="dropout_gist")(gist)
        h_0 = keras.layers.Dense(units, "tanh", name="h_0")(gist)
        c_0 = keras.layers.Dense(units, name="c_0")(gist)
        h = lstm(words, initial_state=[h_0, c_0])  # (B, T, H)
    if decoder == "attention":
        attention = DotProductAttention("general", name="attention")
        context = attention(h, grid)  # (B, T, E)
        h = keras.layers.Dropout(
            state_dropout, noise_shape=(None, None, 1), name="dropout_state"
        )(h)
        h = keras.layers.Concatenate(name="both")([h, context])
    # linear: what is seen and what was said add up, and nothing in between
    # can learn which of them go together
    h = keras.layers.Dense(units, name="hidden")(h)
    h = keras.layers.Dropout(dropout, name="dropout")(h)
    # 16 bits are for what stands in between: the loss needs all of the logits
    whole = keras.config.dtype_policy().variable_dtype
    logits = keras.layers.Dense(len(vocabulary), dtype=whole, name="logits")(h)
    return keras.Model([picture, ids], logits, name="caption")


def see(picture, together: bool = False):
    """Returns the grid of features of pictures, `(B, G, E)`.

    Three convolutions that halve the picture, and three that do not: one before
    the last halving, where a ball is still larger than a cell, two after it.
    Each cell gets a vector that says where it is.

    Args:
        picture: `(B, S, S, C)` of uint8, symbolic.
        together: As for `build_caption_model`.
    """
    x = keras.layers.Rescaling(-1 / 127.5, 1.0, name="ink")(picture)
    first, second, last = FILTERS
    halves = [(first, 2), (second, 2), (second, 1), (last, 2)]
    steps = [*halves, (last, 1), (last, 1)]
    for i, (filters, stride) in enumerate(steps, start=1):
        x = keras.layers.Conv2D(
            filters,
            5 if i == 1 else 3,
            stride,
            padding="same",
            use_bias=False,
            name=f"conv_{i}",
        )(x)
        x = keras.layers.BatchNormalization(
            momentum=MOMENTUM, synchronized=together, name=f"norm_{i}"
        )(x)
        x = keras.layers.ReLU(name=f"relu_{i}")(x)
    cells = x.shape[1] * x.shape[2]
    x = keras.layers.Reshape((cells, x.shape[-1]), name="cells")(x)
    # as large as the features: where something is counts from the start
    places = keras.initializers.RandomNormal(stddev=0.5)
    return LearnedPosition(cells, places, name="grid")(x)


def vocabulary_of(model: keras.Model) -> Vocabulary:
    """Returns the vocabulary of a model.

    Raises:
        ModelError: if it is a model of another kind.
    """
    check_model(model, "be a model that captions pictures")
    names = {layer.name: layer for layer in model.layers}
    shapes = [tuple(each.shape) for each in getattr(model, "inputs", ())]
    if (
        not {"words", "lstm", "hidden", "logits"} <= set(names)
        or not isinstance(names["words"], VocabularyEmbedding)
        or [len(shape) for shape in shapes] != [4, 2]
    ):
        raise ModelError(
            "`model` must be a model that captions pictures, as `mitseq "
            f"caption train` writes it. Received: one of layers {[*names]}."
        )
    return names["words"].vocabulary


def picture_shape(model: keras.Model) -> tuple[int, int]:
    """Returns S and C, the side and the channels that a model sees."""
    _, size, _, channels = model.inputs[0].shape
    return size, channels


def decoder_of(model: keras.Model) -> str:
    """Returns what a model knows of the picture, one of `DECODERS`."""
    names = {layer.name for layer in model.layers}
    if "attention" in names:
        return "attention"
    return "state" if "h_0" in names else "blind"


def load_caption_model(path: str | os.PathLike | None = None) -> keras.Model:
    """Loads a model that `mitseq caption train` wrote.

    Args:
        path: A `.keras` file, or the folder that holds `model.keras`; None
            for the model that comes with the package.

    Returns:
        The `keras.Model`, as `build_caption_model` describes it.

    Raises:
        ModelError: if there is no such file, it is damaged, or it holds a
            model of another kind.

    Example:

    >>> "goalkeeper" in vocabulary_of(load_caption_model())
    True
    """
    return load_saved_model(
        BUNDLED if path is None else path,
        "mitseq caption train --out DIR",
        vocabulary_of,
        compile=False,
    )


def _check(decoder, cell, units, size, channels, embedding_dim):
    check_choice(DECODERS, decoder=decoder)
    check_choice(CELLS, cell=cell)
    check_choice((1, 3), channels=channels)
    check_sizes(units=units, embedding_dim=embedding_dim)
    if not is_int(size) or not 8 <= size <= MOST_PIXELS or size % CELL_PIXELS:
        raise MitseqError(
            f"`size` must be a multiple of {CELL_PIXELS}: three convolutions "
            f"halve the picture. Received: size={received(size)}."
        )
