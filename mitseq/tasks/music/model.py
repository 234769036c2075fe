"""Music generation: given the tokens so far, which one comes next?

Slide: Lecture 2, "Example Task: Music Generation" (docs/slides.md#music).
Many to many: at each step the model reads one token of a tune in ABC notation
and gives the logits of the next. Characters, as in the lecture, or ABC tokens;
with tokens the model is told where in the bar it stands (bar_position.py).
Between embedding and logits stand recurrent layers or Transformer blocks
("Attention Is All You Need"); who calls the model sees no difference.

Letters: B batch, T steps, V vocabulary.
"""

import os
from collections.abc import Iterable
from pathlib import Path

import keras

from mitseq.arguments import (
    check_choice,
    check_count,
    check_flag,
    check_kind,
    check_model,
    check_share,
    check_sizes,
)
from mitseq.errors import MitseqError
from mitseq.layers.dropout import Dropout
from mitseq.layers.embedding import VocabularyEmbedding
from mitseq.layers.gru import GRU
from mitseq.layers.lstm import LSTM
from mitseq.layers.rnn import SimpleRNN
from mitseq.layers.transformer import TransformerBlock
from mitseq.tasks.music.bar_position import BarPosition, FeatureEmbedding
from mitseq.tasks.music.in_key import (
    KEY_LINES,
    AsWritten,
    DegreeEmbedding,
    InKey,
    KeyReader,
    Pointing,
    degrees,
)
from mitseq.text.vocabulary import Vocabulary
from mitseq.training.saved import ModelError, load_saved_model
from mitseq.tunes.notation import PIECE

RECURRENT = {"rnn": SimpleRNN, "lstm": LSTM, "gru": GRU}
CELLS = (*RECURRENT, "transformer")
# What suits a cell: about as many weights, and what it can bear of dropout
DEFAULTS = {"units": 512, "layers": 2, "dropout": 0.3}
TRANSFORMER_DEFAULTS = {"units": 256, "layers": 4, "dropout": 0.1}
MOST_LAG = 1024  # bars
BUNDLED = Path(__file__).parents[2] / "pretrained" / "music.keras"


def build_music_model(
    vocabulary: Vocabulary,
    *,
    cell: str = "lstm",
    units: int | None = None,
    layers: int | None = None,
    heads: int = 4,
    embedding_dim: int = 128,
    dropout: float | None = None,
    lags: tuple[int, ...] = (1, 2, 4, 8, 16),
    in_key: bool = True,
    points: bool = True,
    shortcut: bool = False,
) -> keras.Model:
    """Builds a functional model that predicts the next token of a tune.

    Args:
        vocabulary: The tokens it reads and writes; saved with the model.
        cell: "rnn", "lstm", "gru" or "transformer". A Transformer marks the
            place of a token by turning queries and keys, so it reads and
            writes tunes of any length.
        units: Positive int, the hidden units of each layer, or the width of
            the Transformer; None for 512, Transformer 256.
        layers: Positive int, how many layers or blocks are stacked; None for
            2, Transformer 4.
        heads: Positive int, heads of a Transformer block.
        embedding_dim: Positive int, the size of a token's vector.
        dropout: Share of the features dropped in front of each layer, and in
            each Transformer block, [0, 1); None for 0.3, Transformer 0.1.
        lags: How many bars ago the model looks up what stood at this place of
            the bar (vocabulary of level "token" only).
        in_key: Whether it reads and writes notes as degrees of their key
            (in_key.py; vocabulary of level "token" only).
        points: Whether it counts how long the tune has followed an earlier
            bar, and may point at what comes next there (with `in_key` only).
        shortcut: Whether the logits see what the first layer is given, too. A
            token that comes again after some bars then needs no way through
            the state, which a short training has not found yet.

    Returns:
        A `keras.Model`: ids `(B, T)` -> logits `(B, T, V)`.

    Raises:
        MitseqError: if `cell` is unknown or a number is out of its range.

    Example:

    >>> vocabulary = Vocabulary("ABC|", level="character")
    >>> model = build_music_model(vocabulary, units=8, layers=1)
    >>> model.output_shape
    (None, None, 7)
    """
    chosen = music_defaults(cell, units=units, layers=layers, dropout=dropout)
    units, layers, dropout = chosen.values()
    check_kind(Vocabulary, "be a `Vocabulary`", vocabulary=vocabulary)
    check_sizes(units=units, layers=layers, heads=heads)
    check_sizes(embedding_dim=embedding_dim)
    check_share(dropout=dropout)
    check_flag(in_key=in_key, points=points, shortcut=shortcut)
    check_kind((tuple, list), "be numbers of bars", lags=lags)
    for lag in lags:
        check_count(most=MOST_LAG, lags=lag)
    vocabulary = _of_pieces(vocabulary)
    in_key = in_key and vocabulary.level == "token"
    ids = keras.Input((None,), dtype="int32", name="ids")
    if in_key:
        x, key, earlier = _read_in_key(
            ids, vocabulary, embedding_dim, lags, points
        )
    else:
        x = _read(ids, vocabulary, embedding_dim, lags)
    given = x
    if cell == "transformer":
        x = _transformer(x, units, layers, heads, dropout)
    else:
        x = _recurrent(x, cell, units, layers, dropout)
    if shortcut:
        x = keras.layers.Concatenate(name="shortcut")([x, given])
    if dropout:
        x = Dropout(dropout, name="dropout_out")(x)
    # 16 bits are for what stands in between: the loss needs all of the logits
    whole = keras.config.dtype_policy().variable_dtype
    if not in_key:
        logits = keras.layers.Dense(
            len(vocabulary), dtype=whole, name="logits"
        )(x)
        return keras.Model(ids, logits, name="music")
    count = degrees(vocabulary).count
    logits = keras.layers.Dense(count, dtype=whole, name="degree_logits")(x)
    if points:
        trust = keras.layers.Dense(len(lags), dtype=whole, name="trust")(x)
        logits = Pointing(dtype=whole, name="pointing")(logits, trust, earlier)
    logits = AsWritten(vocabulary, dtype=whole, name="logits")(logits, key)
    return keras.Model(ids, logits, name="music")


def _read(ids, vocabulary, embedding_dim, lags):
    """What stands here, and where that is."""
    x = VocabularyEmbedding(vocabulary, embedding_dim, name="embedding")(ids)
    if vocabulary.level != "token":
        return x
    position = BarPosition(vocabulary, lags, name="bar_position")
    where = FeatureEmbedding(
        position.sizes, embedding_dim, name="bar_embedding"
    )(position(ids))
    return keras.layers.Concatenate(name="what_and_where")([x, where])


def _read_in_key(ids, vocabulary, embedding_dim, lags, points):
    """The same in degrees; the key, and the degrees of earlier bars."""
    position = BarPosition(vocabulary, lags, points, name="bar_position")
    key = KeyReader(vocabulary, name="key")(ids)
    reader = InKey(vocabulary, len(lags), position.sizes, name="in_key")
    degree, features, earlier = reader(ids, position(ids), key)
    x = DegreeEmbedding(vocabulary, embedding_dim, name="embedding")(degree)
    where = FeatureEmbedding(
        reader.new_sizes, embedding_dim, name="bar_embedding"
    )(features)
    x = keras.layers.Concatenate(name="what_and_where")([x, where])
    return x, key, earlier


def music_defaults(cell: str, **settings) -> dict:
    """Returns settings of the model, None replaced by what suits the cell.

    Raises:
        MitseqError: if `cell` is unknown.

    Example:

    >>> music_defaults("transformer", units=None, layers=2)
    {'units': 256, 'layers': 2}
    """
    check_choice(CELLS, cell=cell)
    defaults = TRANSFORMER_DEFAULTS if cell == "transformer" else DEFAULTS
    return {
        name: defaults[name] if value is None else value
        for name, value in settings.items()
    }


def _recurrent(x, cell, units, layers, dropout):
    for i in range(1, layers + 1):
        if dropout:
            x = Dropout(dropout, name=f"dropout_{i}")(x)
        x = RECURRENT[cell](units, return_sequences=True, name=f"{cell}_{i}")(x)
    return x


def _transformer(x, units, layers, heads, dropout):
    if units % heads or units // heads % 2:
        raise MitseqError(
            "`units` must be an even multiple of `heads`: every head gets the "
            "same number of features, and its position turns pairs of them. "
            f"Received: units={units}, heads={heads}."
        )
    x = keras.layers.Dense(units, name="width")(x)
    for i in range(1, layers + 1):
        x = TransformerBlock(
            heads,
            4 * units,
            causal=True,
            position="rotary",
            dropout=dropout,
            name=f"block_{i}",
        )(x)
    # The blocks normalize what they read; this one is for the logits.
    return keras.layers.LayerNormalization(epsilon=1e-6, name="norm")(x)


def tune_vocabulary(
    tunes: Iterable[str],
    level: str = "token",
    min_count: int = 5,
    every_key: bool = False,
) -> Vocabulary:
    r"""Returns the vocabulary of normalized tunes.

    Args:
        tunes: Normalized ABC texts (`mitseq.tunes.normalize`).
        level: "character", as in the lecture, or "token": a whole note with
            its accidental, octave and length.
        min_count: How often a note has to stand there to get a token.
        every_key: Whether each key gets a token, as a wish may name one that
            no tune has (level "token" only).

    Raises:
        MitseqError: if there is no tune, or an argument is out of its range.

    Example:

    >>> vocabulary = tune_vocabulary(["K:D\nd3^f3/2|"] * 5)
    >>> vocabulary.tokens_of(vocabulary.encode("d3d3|"))
    ['d3', 'd3', '|']
    """
    found = Vocabulary.from_texts(tunes, level, PIECE.pattern, min_count)
    if level != "token" or not every_key:
        return found
    lines = (line for line in KEY_LINES if line not in found)
    return Vocabulary((*found.tokens, *lines), level, PIECE.pattern)


def _of_pieces(vocabulary: Vocabulary) -> Vocabulary:
    """The vocabulary, told what a piece is if it does not know."""
    if vocabulary.pattern is not None:
        return vocabulary
    return Vocabulary(vocabulary.tokens, vocabulary.level, PIECE.pattern)


def vocabulary_of(model: keras.Model) -> Vocabulary:
    """Returns the vocabulary of a music model.

    Raises:
        ModelError: if no layer of the model carries one.
    """
    check_model(model, "be a music model")
    for layer in model.layers:
        if isinstance(layer, VocabularyEmbedding):
            # models of earlier versions do not say what a piece is
            layer.vocabulary = _of_pieces(layer.vocabulary)
            return layer.vocabulary
    raise ModelError(
        "`model` must be a music model, with a `VocabularyEmbedding` layer. "
        f"Received: a model of layers {[x.name for x in model.layers]}."
    )


def load_music_model(path: str | os.PathLike | None = None) -> keras.Model:
    """Loads a music model that `mitseq music train` wrote.

    Args:
        path: A `.keras` file, or the folder that holds `model.keras`; None
            for the model that comes with the package.

    Returns:
        The `keras.Model`, ready for `generate` and `fit`.

    Raises:
        ModelError: if there is no such file, it is damaged, or it holds a
            model of another kind.

    Example:

    >>> model = load_music_model()  # ids (B, T) -> logits (B, T, V)
    >>> model.output_shape[-1] == len(vocabulary_of(model))
    True
    """
    return load_saved_model(
        BUNDLED if path is None else path,
        "mitseq music train --out DIR",
        vocabulary_of,
    )
