"""Translation: an encoder reads the sentence, a decoder writes the other one.

Notes: "Machine Translation" (docs/slides.md#translation): an encoder reads the
entire source sentence and produces a context vector, then a decoder writes
word by word. Many to many, of two lengths. The three ways from the source to
the decoder:
1. `attention="none"`: the encoder's last state alone, the context vector.
2. `attention="additive"` or `"dot"`: the decoder starts from that state, and
   at each step asks all states of the encoder (layers/cross_attention.py).
3. `cell="transformer"`: no recurrence at all (layers/transformer_decoder.py).

Letters: B batch, S source steps, T target steps, V target vocabulary, D size
of a word's vector, H units.
"""

import os
from pathlib import Path

import keras
from keras import ops

from mitseq.arguments import (
    check_choice,
    check_kind,
    check_model,
    check_share,
    check_sizes,
)
from mitseq.errors import MitseqError
from mitseq.layers.cross_attention import (
    AdditiveAttention,
    DotProductAttention,
)
from mitseq.layers.embedding import VocabularyEmbedding
from mitseq.layers.gru import GRU
from mitseq.layers.lstm import LSTM
from mitseq.layers.position import SinusoidalPosition
from mitseq.layers.tied_embedding import TiedEmbedding
from mitseq.layers.transformer import TransformerBlock
from mitseq.layers.transformer_decoder import TransformerDecoderBlock
from mitseq.text.vocabulary import PAD, Vocabulary
from mitseq.training.saved import ModelError, load_saved_model

RECURRENT = {"lstm": LSTM, "gru": GRU}
CELLS = (*RECURRENT, "transformer")
ATTENTIONS = ("additive", "dot", "none")
UNITS, BLOCKS, HEADS = 256, 2, 4
BUNDLED = Path(__file__).parents[2] / "pretrained" / "translate.keras"


def build_translation_model(
    source: Vocabulary,
    target: Vocabulary,
    *,
    cell: str = "lstm",
    attention: str = "additive",
    units: int = UNITS,
    embedding_dim: int = 128,
    dropout: float = 0.2,
) -> keras.Model:
    """Builds a model of two parts, `encoder` and `decoder`.

    Notes: "Machine Translation" (docs/slides.md#translation).

    Args:
        source: Vocabulary of the language that is read; saved with the model.
        target: Vocabulary of the language that is written.
        cell: "lstm", "gru" or "transformer".
        attention: "additive" (Bahdanau), "dot" (Luong) or "none": the context
            vector alone. Of a Transformer it is its own.
        units: Positive int, an even number: the size of the context vector,
            half of it from each direction in which the encoder reads, or the
            width of the Transformer, then a multiple of 8.
        embedding_dim: Positive int, D, of both languages.
        dropout: Share of features dropped, [0, 1).

    Returns:
        A `keras.Model`: source ids `(B, S)` and the target's ids before each
        step `(B, T)` -> logits `(B, T, V)`.

    Raises:
        MitseqError: if an argument is out of its range.

    Example:

    >>> from mitseq.text.words import word_vocabulary
    >>> english = word_vocabulary(["I am hungry."])
    >>> spanish = word_vocabulary(["Tengo hambre."])
    >>> model = build_translation_model(english, spanish, units=8)
    >>> model.output_shape[-1] == len(spanish)
    True
    """
    _check(cell, attention, units, embedding_dim, dropout)
    check_kind(Vocabulary, "be a `Vocabulary`", source=source, target=target)
    if cell == "transformer":
        parts = _transformer(source, target, units, embedding_dim, dropout)
    else:
        parts = _recurrent(
            source, target, cell, attention, units, embedding_dim, dropout
        )
    encoder, decoder = parts
    ids = keras.Input((None,), dtype="int32", name="source_ids")
    before = keras.Input((None,), dtype="int32", name="target_ids")
    context = keras.tree.flatten(encoder(ids))
    return keras.Model(
        [ids, before], decoder([before, *context]), name="translation"
    )


def _recurrent(source, target, cell, attention, units, dim, dropout):
    """An encoder that reads both ways, and a decoder that starts from it."""
    layer = RECURRENT[cell]
    ids = keras.Input((None,), dtype="int32", name="ids")
    mask = ops.not_equal(ids, PAD)  # (B, S)
    x = _embedding(VocabularyEmbedding, source, dim)(ids)
    x = keras.layers.Dropout(dropout, name="dropout")(x)
    memory, *states = keras.layers.Bidirectional(
        layer(units // 2, return_sequences=True, return_state=True, name=cell),
        name="both_ways",
    )(x, mask=mask)  # (B, S, H)
    # The last state of either direction, side by side: the context vector.
    half = len(states) // 2
    states = [
        keras.layers.Concatenate(name=name)(pair)
        for name, *pair in zip(
            ("context_vector", "context_cell"),
            states[:half],
            states[half:],
            strict=False,
        )
    ]  # (B, H)
    seen = [] if attention == "none" else [memory, mask]
    encoder = keras.Model(ids, [*states, *seen], name="encoder")

    before = keras.Input((None,), dtype="int32", name="ids")
    start, *seen = _inputs_like(encoder.outputs, len(states))
    embedding = _embedding(TiedEmbedding, target, dim)
    x = keras.layers.Dropout(dropout, name="dropout")(embedding(before))
    h_seq = layer(units, return_sequences=True, name=cell)(
        x, initial_state=start
    )  # (B, T, H)
    y = h_seq
    if seen:
        memory, mask = seen
        # What of the source matters for the word that is written next.
        context = _attention_layer(attention, units)(
            h_seq, memory, value_mask=mask
        )  # (B, T, H)
        y = keras.layers.Concatenate(name="with_context")([context, h_seq])
    y = keras.layers.Dropout(dropout, name="dropout_y")(y)
    y = keras.layers.Dense(dim, "tanh", name="combine")(y)  # (B, T, D)
    y = keras.layers.Dropout(dropout, name="dropout_out")(y)
    logits = embedding(y, reverse=True)  # (B, T, V)
    inputs = [before, *start, *seen]
    return encoder, keras.Model(inputs, logits, name="decoder")


def _embedding(kind, vocabulary, dim):
    """Vectors of length one or so: Keras's are so small that it starts slow."""
    initializer = keras.initializers.RandomNormal(stddev=dim**-0.5)
    return kind(
        vocabulary,
        dim,
        embeddings_initializer=initializer,
        # it also gives logits, and the loss needs all of those: 16 bits are for
        # what stands in between
        dtype=keras.config.dtype_policy().variable_dtype,
        name="embedding",
    )


def _attention_layer(attention, units):
    if attention == "additive":
        return AdditiveAttention(units // 2, name="attention")
    return DotProductAttention("general", name="attention")


def _transformer(source, target, units, dim, dropout):
    """Blocks that read, and blocks that write and ask those that read."""

    def block(kind, number, **options):
        return kind(
            HEADS,
            4 * units,
            dropout=dropout,
            name=f"block_{number}",
            **options,
        )

    def enter(embedding, ids):
        # the vectors are small at first, and the positions are of size 1
        x = keras.layers.Rescaling(dim**0.5, name="scale")(embedding(ids))
        x = keras.layers.Dense(units, use_bias=False, name="width")(x)
        x = SinusoidalPosition(name="position")(x)
        return keras.layers.Dropout(dropout, name="dropout")(x)

    def norm():
        return keras.layers.LayerNormalization(epsilon=1e-6, name="norm")

    numbers = range(1, BLOCKS + 1)
    ids = keras.Input((None,), dtype="int32", name="ids")
    mask = ops.not_equal(ids, PAD)
    x = enter(_embedding(VocabularyEmbedding, source, dim), ids)
    for i in numbers:
        x = block(TransformerBlock, i)(x, mask=mask)  # (B, S, H)
    encoder = keras.Model(ids, [norm()(x), mask], name="encoder")

    before = keras.Input((None,), dtype="int32", name="ids")
    _, memory, mask = _inputs_like(encoder.outputs, 0)
    embedding = _embedding(TiedEmbedding, target, dim)
    y = enter(embedding, before)
    for i in numbers:
        y = block(TransformerDecoderBlock, i)(
            y, memory, value_mask=mask
        )  # (B, T, H)
    y = keras.layers.Dense(dim, use_bias=False, name="combine")(norm()(y))
    logits = embedding(y, reverse=True)
    inputs = [before, memory, mask]
    return encoder, keras.Model(inputs, logits, name="decoder")


def _inputs_like(outputs, states):
    """What the decoder takes of the encoder: states, and what it may see."""
    inputs = [
        keras.Input(x.shape[1:], dtype=x.dtype, name=f"context_{i}")
        for i, x in enumerate(outputs)
    ]
    return inputs[:states], *inputs[states:]


def _check(cell, attention, units, embedding_dim, dropout):
    check_choice(CELLS, cell=cell)
    check_choice(ATTENTIONS, attention=attention)
    check_sizes(units=units, embedding_dim=embedding_dim)
    multiple = 2 * HEADS if cell == "transformer" else 2
    if units % multiple:
        raise MitseqError(
            f"`units` must be a multiple of {multiple} for cell={cell!r}. "
            f"Received: units={units}."
        )
    check_share(dropout=dropout)


def parts_of(model: keras.Model) -> tuple[keras.Model, keras.Model]:
    """Returns the encoder and the decoder of a model.

    Raises:
        ModelError: if it is a model of another kind.
    """
    check_model(model, "be a model of translation")
    names = [layer.name for layer in model.layers]
    if "encoder" not in names or "decoder" not in names:
        raise ModelError(
            "`model` must be a model of translation, as `mitseq translate "
            f"train` writes it. Received: a model of layers {names}."
        )
    return model.get_layer("encoder"), model.get_layer("decoder")


def vocabularies_of(model: keras.Model) -> tuple[Vocabulary, Vocabulary]:
    """Returns the vocabularies of the source and of the target."""
    source, target = (
        part.get_layer("embedding").vocabulary for part in parts_of(model)
    )
    return source, target


def load_translation_model(
    path: str | os.PathLike | None = None,
) -> keras.Model:
    """Loads a model that `mitseq translate train` wrote.

    Args:
        path: A `.keras` file, or the folder that holds `model.keras`; None
            for the model that comes with the package, English to Spanish.

    Returns:
        The `keras.Model`, as `build_translation_model` makes it.

    Raises:
        ModelError: if there is no such file, it is damaged, or it holds a
            model of another kind.

    Example:

    >>> english, spanish = vocabularies_of(load_translation_model())
    >>> "hungry" in english, "hambre" in spanish
    (True, True)
    """
    return load_saved_model(
        BUNDLED if path is None else path,
        "mitseq translate train --out DIR",
        vocabularies_of,
        compile=False,
    )
