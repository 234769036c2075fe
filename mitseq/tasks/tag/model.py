"""Tag each word: words in, at each step the logits of its tag out.

Lecture: "For tasks requiring an output at every timestep - such as tagging each
word in a sentence with its part of speech - the network produces y_t at each
step alongside h_t". Whether "flies" is a noun or a verb depends on what stands
before it and after it, so one recurrence reads forward and one backward, and
each step sees both states.

Letters: B batch, T words of a sentence, F affixes of a word, D size of a word's
vector, H units of each direction, K tags.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import keras
from keras import ops

from mitseq.arguments import (
    MOST_SIZE,
    check_choice,
    check_count,
    check_kind,
    check_model,
    check_share,
    check_sizes,
    check_texts,
    wrong,
)
from mitseq.layers.embedding import VocabularyEmbedding
from mitseq.layers.gru import GRU
from mitseq.layers.lstm import LSTM
from mitseq.layers.rnn import SimpleRNN
from mitseq.tasks.tag.features import AFFIXES, WordFeatures
from mitseq.text.vocabulary import PAD, Vocabulary
from mitseq.text.words import UNKNOWN
from mitseq.training.saved import ModelError, load_saved_model

CELLS = {"rnn": SimpleRNN, "lstm": LSTM, "gru": GRU}
BUNDLED = Path(__file__).parents[2] / "pretrained" / "tag.keras"


@keras.saving.register_keras_serializable(package="mitseq")
class TagLogits(keras.layers.Dense):
    """The logits of each tag, with the tags inside the layer.

    Equation: `y_t = h_t W_hy + b_y`, a number for each tag.

    Args:
        tags: The K tags, in the order of the logits.
        **kwargs: Passed to `keras.layers.Dense`.

    Call arguments:
        h_seq: `(B, T, H)`.

    Returns:
        `(B, T, K)`.

    Example:

    >>> TagLogits(["NOUN", "VERB"])(keras.ops.ones((1, 3, 4))).shape
    TensorShape([1, 3, 2])
    """

    def __init__(self, tags: Sequence[str], **kwargs):
        self.tags = list(tags)
        super().__init__(len(self.tags), **kwargs)

    def get_config(self) -> dict:
        config = super().get_config()
        del config["units"]
        return {**config, "tags": self.tags}


def build_tag_model(
    words: Vocabulary,
    affixes: Vocabulary,
    tags: Sequence[str],
    *,
    cell: str = "lstm",
    units: int = 128,
    layers: int = 1,
    embedding_dim: int = 96,
    affix_dim: int = 24,
    dropout: float = 0.4,
    directions: int = 2,
) -> keras.Model:
    """Builds a functional model that gives each word the logits of its tag.

    Args:
        words: The vocabulary of words, from `tag_vocabularies`; saved with the
            model, as are the next two.
        affixes: The vocabulary of affixes.
        tags: All tags.
        cell: "rnn", "lstm" or "gru".
        units: Positive int, H.
        layers: Positive int, how many are stacked.
        embedding_dim: Positive int, D.
        affix_dim: Size of an affix's vector; 0 to read words only.
        dropout: Share of features dropped in front of each layer, [0, 1).
        directions: 2, or 1 to read forward only.

    Returns:
        A `keras.Model`: `[words (B, T), affixes (B, T, F)]` -> `(B, T, K)`.

    Raises:
        MitseqError: if an argument is out of its range.

    Example:

    >>> from mitseq.tasks.tag.features import tag_vocabularies
    >>> vocabularies = tag_vocabularies([["Time", "flies"]])
    >>> build_tag_model(*vocabularies, ["NOUN", "VERB"], units=4).output_shape
    (None, None, 2)
    """
    check_choice(CELLS, cell=cell)
    check_kind(Vocabulary, "be a `Vocabulary`", words=words, affixes=affixes)
    if len(check_texts(tags, "tags")) < 1:
        raise wrong("tags", "hold at least one tag", tags)
    check_sizes(units=units, layers=layers, embedding_dim=embedding_dim)
    check_count(0, MOST_SIZE, affix_dim=affix_dim)
    check_share(dropout=dropout)
    check_choice((1, 2), directions=directions)
    ids = keras.Input((None,), dtype="int32", name="word_ids")
    affix_ids = keras.Input((None, AFFIXES), dtype="int32", name="affix_ids")
    mask = ops.not_equal(ids, PAD)  # (B, T), True = keep
    x = VocabularyEmbedding(words, embedding_dim, name="words")(ids)
    if affix_dim:
        # (B, T, F, A) -> (B, T, F A)
        a = VocabularyEmbedding(affixes, affix_dim, name="affixes")(affix_ids)
        a = keras.layers.Reshape(
            (-1, AFFIXES * affix_dim), name="side_by_side"
        )(a)
        x = keras.layers.Concatenate(name="features")([x, a])
    for i in range(1, layers + 1):
        x = keras.layers.Dropout(dropout, name=f"dropout_{i}")(x)
        layer = CELLS[cell](units, return_sequences=True, name=f"{cell}_{i}")
        if directions == 2:
            layer = keras.layers.Bidirectional(layer, name=f"both_ways_{i}")
        x = layer(x, mask=mask)  # (B, T, 2 H)
    x = keras.layers.Dropout(dropout, name="dropout_out")(x)
    # 16 bits are for what stands in between: the loss needs all of the logits
    whole = keras.config.dtype_policy().variable_dtype
    logits = TagLogits(tags, dtype=whole, name="logits")(x)
    return keras.Model([ids, affix_ids], logits, name="tag")


def features_of(model: keras.Model) -> WordFeatures:
    """Returns what makes numbers of words, as a model knows them.

    Raises:
        ModelError: if it is a model of another kind.
    """
    tags_of_model(model)
    found = {layer.name: layer for layer in model.layers}
    affixes = found.get("affixes")  # None: it reads words only
    return WordFeatures(
        found["words"].vocabulary,
        affixes.vocabulary if affixes else Vocabulary([UNKNOWN]),
    )


def tags_of_model(model: keras.Model) -> list[str]:
    """Returns the tags of a model, in the order of its logits.

    Raises:
        ModelError: if it is a model of another kind.
    """
    check_model(model, "be a model that tags words")
    if isinstance(model.layers[-1], TagLogits):
        return model.layers[-1].tags
    raise ModelError(
        "`model` must be a model that tags words, as `mitseq tag train` writes "
        f"it. Received: a model of layers {[x.name for x in model.layers]}."
    )


def load_tag_model(path: str | os.PathLike | None = None) -> keras.Model:
    """Loads a model that `mitseq tag train` wrote.

    Args:
        path: A `.keras` file, or the folder that holds `model.keras`; None
            for the model that comes with the package.

    Returns:
        The `keras.Model`: `[words (B, T), affixes (B, T, F)]` -> `(B, T, K)`.

    Raises:
        ModelError: if there is no such file, it is damaged, or it holds a
            model of another kind.

    Example:

    >>> tags_of_model(load_tag_model())[:3]
    ['ADJ', 'ADP', 'ADV']
    """
    return load_saved_model(
        BUNDLED if path is None else path,
        "mitseq tag train --out DIR",
        tags_of_model,
        compile=False,
    )
