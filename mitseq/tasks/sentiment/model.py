"""Sentiment classification: what does the writer think of it?

Slide: Lecture 2, "Example Task: Sentiment Classification"
(docs/slides.md#sentiment). Many to one: a sequence of words in, one verdict
out. The slide's model is an embedding, a recurrence and a linear layer on the
last output; `build_sentiment_model(words)` is just that, over raw strings.

More parts may vote beside the recurrence, each a line of the builder: the
n-grams of words that are present, and those of characters.

Letters: B batch, T tokens, C classes.
"""

import contextlib
import numbers
import os
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np

from mitseq.arguments import (
    check_choice,
    check_count,
    check_flag,
    check_model,
    check_share,
    check_sizes,
    check_texts,
    is_int,
    is_number,
    wrong,
)
from mitseq.errors import MitseqError
from mitseq.layers.gru import GRU
from mitseq.layers.lstm import LSTM
from mitseq.layers.multi_head import MultiHeadAttention
from mitseq.layers.position import SinusoidalPosition
from mitseq.layers.rnn import SimpleRNN
from mitseq.layers.transformer import TransformerBlock
from mitseq.precision import precision as computing_in
from mitseq.tasks.sentiment.neutral import check_neutral
from mitseq.tasks.sentiment.verdict import Pooling, PresentFeatures, Vote
from mitseq.text.characters import CharacterNGrams
from mitseq.text.familiar import Familiar, words_among
from mitseq.text.ngrams import NGrams
from mitseq.text.tokens import CutMiddle, Tokens
from mitseq.training.saved import ModelError, load_saved_model

RECURRENT = {"rnn": SimpleRNN, "lstm": LSTM, "gru": GRU}
CELLS = (*RECURRENT, "attention", "transformer")
MOST_NGRAM = 64  # words or characters of an n-gram
POOLINGS = ("last", "max_mean")
BUNDLED = Path(__file__).parents[2] / "pretrained" / "sentiment.keras"


def build_sentiment_model(
    words: Sequence[str],
    classes: Sequence = ("negative", "positive"),
    *,
    cell: str | None = "lstm",
    units: int = 64,
    layers: int = 1,
    embedding_dim: int = 64,
    bidirectional: bool = False,
    pooling: str = "last",
    dropout: float = 0.0,
    num_steps: int = 256,
    max_vectors: int = 30_000,
    vectors: np.ndarray | None = None,
    keys: np.ndarray | None = None,
    ngram_size: int = 2,
    buckets: int = 0,
    character_sizes: tuple[int, int] = (3, 6),
    single_logit: bool = False,
    precision: str | None = None,
    least_known: float = 0.0,
    neutral: float = 0.0,
) -> keras.Model:
    """Builds a functional model over raw strings.

    The slide's model is the default: an embedding, a recurrence, its last
    output.

    Args:
        words: The tokens it knows (`mitseq/text/tokens.py`), distinct.
            They are saved with the model.
        classes: The labels, in the order of the logits; two or more.
        cell: "rnn", "lstm", "gru", "attention" (one self-attention over
            embedded words and positions), "transformer" (`layers` blocks), or
            None for no such part.
        units: Positive int, the hidden units; with attention the size of the
            blocks' hidden layer is four times the embedding.
        layers: Positive int, how many are stacked.
        embedding_dim: Positive int, the size of a word's vector.
        bidirectional: Read the text from its end, too.
        pooling: "last", the slide's: the output at the last word (with
            attention: the mean of all); or "max_mean" over all outputs.
        dropout: Share of features dropped, of the embedded words and in front
            of the verdict, [0, 1).
        num_steps: How many tokens of a longer text `cell` reads: the first
            and the last half of them.
        max_vectors: How many words get a vector, the first of `words`.
        vectors: `(len(words), embedding_dim)` to start the embedding from.
        keys: The pairs and triples of words that the n-grams' part knows
            (`count_keys`); None for no such part, empty for words alone.
        ngram_size: How many words the longest of them has.
        buckets: Of the part that reads characters; 0 for no such part.
        character_sizes: `(shortest, longest)` n-gram of characters.
        single_logit: With two classes, give their difference only, `(B, 1)`.
        precision: Of `cell`, one of `mitseq.precision.PRECISIONS`; None for
            Keras's own policy.
        least_known: The share of a text's words that must be among `words`;
            a text of fewer is read as an empty one. [0, 1].
        neutral: The score below which an answer is neutral, [0, 1); see
            `mitseq/tasks/sentiment/neutral.py`.

    Returns:
        A `keras.Model`: strings `(B,)` -> logits `(B, C)`.

    Raises:
        MitseqError: if an argument is out of its range.

    Example:

    >>> import tensorflow as tf
    >>> model = build_sentiment_model(["good", "bad"], units=4)
    >>> model(tf.constant(["A good film.", "Bad!", ""])).shape
    TensorShape([3, 2])
    """
    check_choice((*CELLS, None), cell=cell)
    check_flag(bidirectional=bidirectional, single_logit=single_logit)
    check_choice(POOLINGS, pooling=pooling)
    check_share(dropout=dropout)
    check_sizes(
        units=units,
        layers=layers,
        embedding_dim=embedding_dim,
        ngram_size=ngram_size,
    )
    check_count(num_steps=num_steps, max_vectors=max_vectors)
    check_count(0, buckets=buckets)
    _check_classes(classes, single_logit)
    check_neutral(neutral, classes)
    if not is_number(least_known) or not 0 <= least_known <= 1:
        raise wrong("least_known", "be in [0, 1]", least_known)
    words = check_texts(words, "words")
    if not words or len(set(words)) < len(words) or not all(words):
        raise wrong("words", "be distinct words, at least one", words)
    _check_ngrams(ngram_size, character_sizes, keys)
    if vectors is not None and np.shape(vectors)[1:] != (embedding_dim,):
        must = f"be an array (words, {embedding_dim})"
        raise wrong("vectors", must, vectors)
    if cell is None and keys is None and not buckets:
        raise MitseqError(
            "a model needs a part: `cell`, `keys` or `buckets`. "
            "Received: none of them."
        )
    columns = 1 if single_logit else len(classes)
    texts = keras.Input((), dtype="string", name="texts")
    tokens = Tokens(name="tokens")(texts)
    ids = keras.layers.StringLookup(
        vocabulary=list(words), mask_token="", name="ids"
    )(tokens)
    if least_known:
        familiar = Familiar(least_known, len(words) + 2, name="familiar")
        tokens, ids = familiar(tokens, ids)
        familiar.is_word.assign(words_among(["", "", *words]))
    verdicts = []
    if cell is not None:
        num_ids = 2 + min(len(words), max_vectors)
        x = CutMiddle(num_steps, num_ids, name="steps")(ids)
        with contextlib.ExitStack() as stack:
            if precision is not None:
                stack.enter_context(computing_in(precision))
            x = keras.layers.Embedding(
                num_ids, embedding_dim, mask_zero=True, name="embedding"
            )(x)
            x = keras.layers.Dropout(dropout, name="drop_words")(x)
            x = _read(x, cell, units, layers, bidirectional, pooling)
        x = keras.layers.Dropout(dropout, name="drop_features")(x)
        verdicts.append(keras.layers.Dense(columns, name=f"{cell}_logits")(x))
    if keys is not None:
        ngrams = NGrams(len(words) + 2, len(keys), ngram_size, name="ngrams")
        verdicts.append(_weigh(ngrams, ids, columns))
        ngrams.keys.assign(keys)
    if buckets:
        characters = CharacterNGrams(
            buckets, character_sizes, name="characters"
        )
        verdicts.append(_weigh(characters, tokens, columns))
    logits = Vote(classes, neutral, name="logits")(verdicts)
    model = keras.Model(texts, logits, name="sentiment")
    if vectors is not None and cell is not None:
        embedding = model.get_layer("embedding")
        rows = np.array(embedding.get_weights()[0])
        rows[2:] = vectors[: len(rows) - 2]
        embedding.set_weights([rows])
    return model


def _read(x, cell, units, layers, bidirectional, pooling):
    """The outputs of a recurrence or of attention, as one vector `(B, ...)`."""
    # 16 bits are for the steps: sums over all of them need more
    whole = keras.config.dtype_policy().variable_dtype
    if cell in RECURRENT:
        for i in range(1, layers + 1):
            last = pooling == "last" and i == layers
            layer = RECURRENT[cell](units, return_sequences=not last)
            if bidirectional:
                layer = keras.layers.Bidirectional(layer)
            layer.name = f"{cell}_{i}"
            x = layer(x)
    else:
        heads = max(n for n in (1, 2, 4) if x.shape[-1] % n == 0)
        x = SinusoidalPosition(name="position")(x)
        for i in range(1, layers + 1):
            if cell == "attention":
                attended = MultiHeadAttention(heads, name=f"attention_{i}")(x)
                x = keras.layers.Add(name=f"add_{i}")([x, attended])
            else:
                x = TransformerBlock(
                    heads, 4 * x.shape[-1], name=f"transformer_{i}"
                )(x)
        if pooling == "last":
            return Pooling(use_max=False, name="mean", dtype=whole)(x)
    return x if pooling == "last" else Pooling(name="pooling", dtype=whole)(x)


def _weigh(reader, x, columns):
    """The logits of a linear layer over the n-grams that a layer reads."""
    return PresentFeatures(
        reader.num_features, columns, scaled=True, name=f"{reader.name}_logits"
    )(reader(x))


def classes_of(model: keras.Model) -> list:
    """Returns the labels of a sentiment model, in the order of its logits.

    Raises:
        ModelError: if it is a model of another kind.
    """
    check_model(model, "be a sentiment model")
    last = model.layers[-1] if model.layers else None
    if isinstance(last, Vote):
        return list(last.classes)
    raise ModelError(
        "`model` must be a sentiment model, whose last layer is a `Vote`. "
        f"Received: a model of layers {[x.name for x in model.layers]}."
    )


def load_sentiment_model(path: str | os.PathLike | None = None) -> keras.Model:
    """Loads a model that `mitseq sentiment train` wrote.

    Args:
        path: A `.keras` file, or the folder that holds `model.keras`; None
            for the model that comes with the package.

    Returns:
        The `keras.Model`: strings `(B,)` -> logits `(B, C)`.

    Raises:
        ModelError: if there is no such file, it is damaged, or it holds a
            model of another kind.

    Example:

    >>> import tensorflow as tf
    >>> model = load_sentiment_model()
    >>> logits = model(tf.constant(["good, not bad at all"]))
    >>> classes_of(model)[int(tf.argmax(logits[0]))]
    'positive'
    """
    return load_saved_model(
        BUNDLED if path is None else path,
        "mitseq sentiment train --out DIR",
        classes_of,
        compile=False,
    )


def _check_ngrams(ngram_size, character_sizes, keys) -> None:
    sizes = (
        character_sizes if isinstance(character_sizes, (tuple, list)) else ()
    )
    if (
        len(sizes) != 2
        or not all(map(is_int, sizes))
        or (not 1 <= sizes[0] <= sizes[1] <= MOST_NGRAM)
    ):
        must = f"be two ints from 1 to {MOST_NGRAM}, the smaller first"
        raise wrong("character_sizes", must, character_sizes)
    if ngram_size > MOST_NGRAM:
        raise wrong("ngram_size", f"be at most {MOST_NGRAM}", ngram_size)
    if keys is not None:
        keys = (
            np.asarray(keys) if isinstance(keys, (list, np.ndarray)) else None
        )
        # an empty list is an array of floats
        plain = keys is not None and (keys.dtype.kind in "iu" or not keys.size)
        if not plain or keys.ndim != 1:
            raise wrong("keys", "be an array of ints, (n-grams,)", keys)


def _check_classes(classes: Sequence, single_logit: bool) -> None:
    is_list = isinstance(classes, (list, tuple, np.ndarray))
    classes = list(classes) if is_list else []
    plain = all(isinstance(c, (str, numbers.Real, np.bool_)) for c in classes)
    if not plain or len(classes) < 2 or len(set(classes)) < len(classes):
        raise wrong("classes", "be two or more distinct labels", classes)
    if single_logit and len(classes) != 2:
        raise MitseqError(
            "`single_logit` needs exactly two classes. "
            f"Received: classes={classes!r}."
        )
