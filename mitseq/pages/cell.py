r"""Inside a cell: every gate and state of a recurrent network, step by step.

Slides: Lecture 2, "RNN State Update and Output", "Long Short Term Memory
(LSTM) Networks" (docs/slides.md#lstm). An RNN, an LSTM and a GRU that have
learned to predict the next word read a sentence in the page. One steps forward
and back; an equation under the pointer shows its numbers. The networks are
small, so that all their units can be seen (`mitseq/pretrained/pages.py`). What
the page computes is in `network.js`, what it shows in `cell.js`.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import keras

from mitseq.errors import MitseqError
from mitseq.offline_page import offline_page, printable
from mitseq.pages.network import network_of
from mitseq.pages.weights import Block
from mitseq.tasks.words.model import embedding_of, load_words_model
from mitseq.text.vocabulary import START
from mitseq.text.words import UNKNOWN

TITLE = "Inside a cell"
BUNDLED = Path(__file__).parents[1] / "pretrained"
CELLS = ("rnn", "lstm", "gru")
SENTENCES = (
    "This morning I took my cat for a walk.",
    "France is where I grew up. I speak fluent French.",
    "The clouds are in the sky.",
    "The books of my sister are on the shelf.",
)


def cell_page(
    models: Mapping[str, keras.Model] | None = None, title: str = ""
) -> str:
    """Returns the page.

    Args:
        models: A name for each model of words of the same vocabulary, with one
            recurrent layer; None for the bundled small ones.
        title: Heading.

    Raises:
        MitseqError: if a model has not one recurrent layer, or they do not
            have one vocabulary.

    Example:

    >>> "<h1>Inside a cell</h1>" in cell_page()
    True
    """
    if models is None:
        models = {
            cell.upper(): load_words_model(BUNDLED / f"pages_{cell}.keras")
            for cell in CELLS
        }
    block = Block(16)
    networks = []
    for name, model in models.items():
        layers = network_of(model, block)
        count = sum("units" in layer for layer in layers)
        if count != 1:
            raise MitseqError(
                "each of `models` must have one recurrent layer. Received: "
                f"{name}, which has {count}."
            )
        networks.append({"name": printable(name), "layers": layers})
    vocabularies = [embedding_of(model).vocabulary for model in models.values()]
    first = vocabularies[0]
    if any(other != first for other in vocabularies):
        raise MitseqError("`models` must have the same vocabulary.")
    page = {
        "networks": networks,
        "tokens": ["", "", "", *map(printable, first.tokens)],
        "start": START,
        "unknown": first.encode([UNKNOWN])[0],
    }
    return offline_page(
        "pages/cell",
        title=printable(title) or TITLE,
        styles=("tunes/page", "pages/page"),
        scripts=("pages/network",),
        page=json.dumps(page, separators=(",", ":")),
        weights=block.text(),
        networks=[network["name"] for network in networks],
        sentences=SENTENCES,
    )
