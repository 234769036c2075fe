"""Next word: given the words so far, which one comes next?

Slide: Lecture 2, "A Sequence Modeling Problem: Predict the Next Word"
(docs/slides.md#next-word). Many to many: at each step the model reads a word
and gives the logits of the next one. The three boxes of "Encoding Language for
a Neural Network" are its first layer: vocabulary, index, embedding. The
embedding is trained with the rest.

Letters: B batch, T steps, V vocabulary, D size of a word's vector.
"""

import os
from pathlib import Path

import keras

from mitseq.arguments import (
    check_choice,
    check_kind,
    check_model,
    check_share,
    check_sizes,
)
from mitseq.errors import MitseqError
from mitseq.layers.embedding import VocabularyEmbedding
from mitseq.layers.gru import GRU
from mitseq.layers.lstm import LSTM
from mitseq.layers.rnn import SimpleRNN
from mitseq.layers.transformer import TransformerBlock
from mitseq.text.vocabulary import Vocabulary
from mitseq.text.words import UNKNOWN
from mitseq.training.saved import ModelError, load_saved_model

RECURRENT = {"rnn": SimpleRNN, "lstm": LSTM, "gru": GRU}
CELLS = (*RECURRENT, "transformer")
UNITS, LAYERS = 128, {"transformer": 2}  # one layer of the others
HEADS = 4
BUNDLED = Path(__file__).parents[2] / "pretrained" / "words.keras"


def build_words_model(
    vocabulary: Vocabulary,
    *,
    cell: str = "lstm",
    units: int = UNITS,
    layers: int | None = None,
    embedding_dim: int = 64,
    dropout: float = 0.2,
) -> keras.Model:
    """Builds a functional model that predicts the next word.

    Args:
        vocabulary: From `word_vocabulary`; saved with the model.
        cell: "rnn", "lstm", "gru" or "transformer".
        units: Positive int, the hidden units of each layer, or the width of
            the Transformer, then a multiple of 8.
        layers: Positive int, how many are stacked; None for 1, Transformer 2.
        embedding_dim: Positive int, D.
        dropout: Share of features dropped in front of each layer, [0, 1).

    Returns:
        A `keras.Model`: ids `(B, T)` -> logits `(B, T, V)`.

    Raises:
        MitseqError: if an argument is out of its range.

    Example:

    >>> from mitseq.text.words import word_vocabulary
    >>> vocabulary = word_vocabulary(["I took my cat for a walk."])
    >>> model = build_words_model(vocabulary, units=8)
    >>> model.output_shape[-1] == len(vocabulary)
    True
    """
    check_choice(CELLS, cell=cell)
    check_kind(Vocabulary, "be a `Vocabulary`", vocabulary=vocabulary)
    layers = LAYERS.get(cell, 1) if layers is None else layers
    check_sizes(units=units, layers=layers, embedding_dim=embedding_dim)
    check_share(dropout=dropout)
    if cell == "transformer" and units % (2 * HEADS):
        raise MitseqError(
            f"`units` of a Transformer must be a multiple of {2 * HEADS}: each "
            f"of {HEADS} heads turns pairs of features. Received: "
            f"units={units}."
        )
    ids = keras.Input((None,), dtype="int32", name="ids")
    x = VocabularyEmbedding(vocabulary, embedding_dim, name="embedding")(ids)
    if cell == "transformer":
        x = keras.layers.Dense(units, name="width")(x)
    for i in range(1, layers + 1):
        if cell == "transformer":
            x = TransformerBlock(
                HEADS,
                4 * units,
                causal=True,
                position="rotary",
                dropout=dropout,
                name=f"block_{i}",
            )(x)
        else:
            x = keras.layers.Dropout(dropout, name=f"dropout_{i}")(x)
            x = RECURRENT[cell](
                units, return_sequences=True, name=f"{cell}_{i}"
            )(x)
    if cell == "transformer":
        x = keras.layers.LayerNormalization(epsilon=1e-6, name="norm")(x)
    x = keras.layers.Dropout(dropout, name="dropout_out")(x)
    # 16 bits are for what stands in between: the loss needs all of the logits
    whole = keras.config.dtype_policy().variable_dtype
    logits = keras.layers.Dense(len(vocabulary), dtype=whole, name="logits")(x)
    return keras.Model(ids, logits, name="words")


def embedding_of(model: keras.Model) -> VocabularyEmbedding:
    """Returns the layer with the vocabulary and the vectors of a model.

    Raises:
        ModelError: if it is a model of another kind.
    """
    check_model(model, "be a model of words")
    for layer in model.layers:
        if isinstance(layer, VocabularyEmbedding):
            if UNKNOWN in layer.vocabulary:
                return layer
    raise ModelError(
        "`model` must be a model of words, as `mitseq words train` writes it. "
        f"Received: a model of layers {[x.name for x in model.layers]}."
    )


def load_words_model(path: str | os.PathLike | None = None) -> keras.Model:
    """Loads a model that `mitseq words train` wrote.

    Args:
        path: A `.keras` file, or the folder that holds `model.keras`; None
            for the model that comes with the package.

    Returns:
        The `keras.Model`: ids `(B, T)` -> logits `(B, T, V)`.

    Raises:
        ModelError: if there is no such file, it is damaged, or it holds a
            model of another kind.

    Example:

    >>> model = load_words_model()
    >>> "France" in embedding_of(model).vocabulary
    True
    """
    return load_saved_model(
        BUNDLED if path is None else path,
        "mitseq words train --out DIR",
        embedding_of,
        compile=False,
    )
