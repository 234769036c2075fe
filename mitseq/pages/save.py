"""A trained model as a page: which one, the model says itself.

A model of music or of words writes in its page (writing.py), a sentiment model
reads in its own (deciding.py). Whoever gets the file needs a browser, nothing
else.
"""

import os
from pathlib import Path

import keras

from mitseq.arguments import check_flag, check_model, check_path, check_text
from mitseq.layers.embedding import VocabularyEmbedding
from mitseq.output import atomic_write, check_new
from mitseq.pages.deciding import deciding_page
from mitseq.pages.weights import check_bits
from mitseq.pages.writing import has_words, writing_page
from mitseq.tasks.sentiment.verdict import Vote
from mitseq.training.saved import ModelError, load_saved_model

COMMANDS = (
    "mitseq music train`, `mitseq words train` or `mitseq sentiment train"
)


def save_page(
    model: keras.Model,
    path: str | os.PathLike,
    *,
    title: str = "",
    bits: int = 8,
    overwrite: bool = False,
) -> Path:
    """Writes a model as one HTML file in which it runs, without a network.

    Args:
        model: Of `build_music_model` or `build_words_model`, with recurrent
            layers, or of `build_sentiment_model`.
        path: The file.
        title: Heading; by default what the page does.
        bits: Of each weight in the page. 8 keep it small; with 16 its logits
            are those of the model, if that is of half precision.
        overwrite: Whether a file that is there may be replaced.

    Returns:
        The path.

    Raises:
        MitseqError: if it is a model of another kind, or has a layer that no
            page can run, or the file is there or cannot be written.

    Example:

    >>> import tempfile
    >>> from mitseq.tasks.words.model import load_words_model
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_page(load_words_model(), Path(folder) / "page.html").name
    'page.html'
    """
    check_model(model)
    check_path(path=path)
    check_text(title=title)
    check_flag(overwrite=overwrite)
    check_bits(bits)
    check_new(path, overwrite)
    write = deciding_page if kind_of(model) == "sentiment" else writing_page
    return atomic_write(path, write(model, title or "", bits))


def kind_of(model: keras.Model) -> str:
    """Returns "sentiment", "words" or "music".

    Raises:
        ModelError: if it is none of them.

    Example:

    >>> from mitseq.tasks.words.model import load_words_model
    >>> kind_of(load_words_model())
    'words'
    """
    layers = getattr(model, "layers", [])
    if layers and isinstance(layers[-1], Vote):
        return "sentiment"
    for layer in layers:
        if isinstance(layer, VocabularyEmbedding):
            return "words" if has_words(layer.vocabulary) else "music"
    raise ModelError(
        "`model` must be one of music, of words or of sentiment, as "
        f"`{COMMANDS}` writes it. Received: a model of layers "
        f"{[layer.name for layer in layers]}."
    )


def load_model(path: str | os.PathLike) -> keras.Model:
    """Loads a model that can be saved as a page.

    Raises:
        ModelError: if there is none, or one of another kind.
    """
    return load_saved_model(path, COMMANDS, kind_of, compile=False)
