r"""Inside a cell: every gate and state of a recurrent network, step by step.

Slides: Lecture 2, "RNN State Update and Output", "Long Short Term Memory
(LSTM) Networks" (docs/slides.md#lstm). An RNN, an LSTM and a GRU that have
learned to predict what comes next read a sentence in the page, word by word, or
a tune, character by character. One steps forward and back; an equation under
the pointer shows its numbers. The networks are small, so that all their units
can be seen (`mitseq/pretrained/pages.py`). What the page computes is in
`network.js`, what it shows in `cell.js`; `abc.js` and `staff.js` draw a tune.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import keras

from mitseq.errors import MitseqError
from mitseq.offline_page import offline_page, printable
from mitseq.pages.network import network_of
from mitseq.pages.weights import Block
from mitseq.pages.writing import has_words
from mitseq.tasks.music.model import load_music_model, vocabulary_of
from mitseq.tasks.words.model import load_words_model
from mitseq.text.vocabulary import END, START
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
TUNES = (
    "M:6/8\nL:1/8\nK:G\nGABdBd|gfed2B|ABAA2B|GABG3|]\n",
    "M:4/4\nL:1/8\nK:D\nd2f2a2f2|g2b2a4|fedef2d2|e4d4|]\n",
    "M:3/4\nL:1/8\nK:Am\nA2c2e2|a4e2|f2e2d2|c2B2A2|]\n",
)


def cell_page(
    models: Mapping[str, keras.Model] | None = None, title: str = ""
) -> str:
    """Returns the page.

    Args:
        models: A name for each model of words or of music, of the same
            vocabulary and with one recurrent layer; None for the bundled small
            ones, of which three read words and three read tunes.
        title: Heading.

    Raises:
        MitseqError: if there is none, a model has not one recurrent layer, or
            they do not have one vocabulary.

    Example:

    >>> "<h1>Inside a cell</h1>" in cell_page()
    True
    """
    kinds = [models]
    if models is None:
        kinds = [
            {
                cell.upper(): load(BUNDLED / f"pages_{kind}{cell}.keras")
                for cell in CELLS
            }
            for load, kind in (
                (load_words_model, ""),
                (load_music_model, "tune_"),
            )
        ]
    block = Block(16)
    readers = [_reader(each, block) for each in kinds]
    page = {"readers": readers, "start": START, "end": END}
    return offline_page(
        "pages/cell",
        title=printable(title) or TITLE,
        styles=("tunes/page", "pages/page", "pages/staff"),
        scripts=(
            "pages/network",
            "pages/bar_position",
            "pages/in_key",
            "pages/abc",
            "pages/staff",
        ),
        page=json.dumps(page, separators=(",", ":")),
        weights=block.text(),
        networks=[each["name"] for each in readers[0]["networks"]],
        reads=["a tune" if r["is_music"] else "a sentence" for r in readers],
        sentences=SENTENCES,
        tunes=TUNES,
    )


def _reader(models, block):
    """Networks that read the same, and the tokens of what they read."""
    if not models:
        raise MitseqError("`models` must hold a model. Received: none.")
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
    vocabularies = [vocabulary_of(model) for model in models.values()]
    first = vocabularies[0]
    if any(other != first for other in vocabularies):
        raise MitseqError("`models` must have the same vocabulary.")
    is_music = not has_words(first)
    return {
        "networks": networks,
        "tokens": ["", "", "", *map(printable, first.tokens)],
        "is_music": is_music,
        "level": first.level,
        "unknown": None if is_music else first.encode([UNKNOWN])[0],
    }
