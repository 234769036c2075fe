"""A network writes: a music model or a model of words that runs in a page.

Slide: Lecture 2, "Example Task: Music Generation" (docs/slides.md#music). Note
by note or at full speed: what comes next is shown with its probabilities, one
may take the pen, and look for the unit that follows the bar line. The network
is `network.js`. What can still add up is said by `adds_up.js`, and only that is
drawn unless somebody lets the network err; tunes are read and checked by
`abc.js` and drawn by `staff.js`. What the page looks like and does is in
`writing.html`, `.css` and `.js`.
"""

import json

import keras
import numpy as np

from mitseq.errors import MitseqError
from mitseq.offline_page import offline_page, printable
from mitseq.pages.network import network_of
from mitseq.pages.weights import Block
from mitseq.tasks.music.adds_up import (
    can_add_up,
    fillable,
    pitches,
    short_lengths,
    signs,
)
from mitseq.tasks.music.model import vocabulary_of
from mitseq.tasks.music.place_in_bar import Meaning, meanings
from mitseq.text.vocabulary import END, PAD, START, Vocabulary
from mitseq.text.words import UNKNOWN

MUSIC = "A network writes a tune"
WORDS = "A network writes a text"
MOST = {True: 1200, False: 200}  # tokens; characters are more
HOW = {
    True: "This page holds a recurrent network that has read dance tunes, and "
    "it runs here, in your browser.",
    False: "This page holds a recurrent network that has read texts, and it "
    "runs here, in your browser.",
}


def writing_page(model: keras.Model, title: str = "", bits: int = 8) -> str:
    """Returns a page in which a model of music or of words writes.

    Args:
        model: Of `build_music_model` or `build_words_model`, with recurrent
            layers.
        title: Heading; by default what the page does.
        bits: Of each weight in the page, 8 or 16.

    Raises:
        MitseqError: if no page can run the model.

    Example:

    >>> from mitseq.tasks.music.model import build_music_model
    >>> vocabulary = Vocabulary("ABC|", level="character")
    >>> model = build_music_model(vocabulary, units=4, layers=1)
    >>> "<h1>A network writes a tune</h1>" in writing_page(model)
    True
    """
    vocabulary = vocabulary_of(model)
    block = Block(bits)
    layers = network_of(model, block)
    if not any("units" in layer for layer in layers):
        raise MitseqError(
            "`model` must have a recurrent layer: the page shows its units. "
            f"Received: layers {[layer['name'] for layer in layers]}."
        )
    is_music = not has_words(vocabulary)
    page = {
        "layers": layers,
        "tokens": ["", "", "", *map(printable, vocabulary.tokens)],
        "ids": {"start": START, "end": END, "banned": _banned(vocabulary)},
        "most": MOST[is_music] * (3 if vocabulary.level == "character" else 1),
        "is_music": is_music,
        "has_words": not is_music,
        "rules": rules(vocabulary, block) if is_music else None,
    }
    return offline_page(
        "pages/writing",
        title=printable(title) or (MUSIC if is_music else WORDS),
        styles=("tunes/page", "pages/page", "pages/staff"),
        scripts=(
            "tunes/page",
            "pages/network",
            "pages/bar_position",
            "pages/in_key",
            "pages/adds_up",
            "pages/abc",
            "pages/staff",
        ),
        how=HOW[is_music],
        is_music=is_music,
        has_rules=page["rules"] is not None,
        page=json.dumps(page, separators=(",", ":")),
        weights=block.text(),
    )


def has_words(vocabulary: Vocabulary) -> bool:
    """Tells a vocabulary of words from one of tunes."""
    return UNKNOWN in vocabulary


def rules(vocabulary: Vocabulary, block: Block) -> dict | None:
    """Returns what `adds_up.js` knows of each token, in the block.

    None where tokens have no lengths, as characters have none.
    """
    if not can_add_up(vocabulary):
        return None
    table = meanings(vocabulary)
    lengths = Meaning(*table.T).length
    tables = {
        "meanings": table,
        "signs": np.stack(signs(vocabulary), axis=1),
        "pitches": pitches(vocabulary),
        "fillable": fillable(lengths),
        "lengths": short_lengths(lengths),
    }
    return {name: block.add_integers(each) for name, each in tables.items()}


def _banned(vocabulary: Vocabulary) -> list[int]:
    unknown = vocabulary.encode([UNKNOWN]) if has_words(vocabulary) else []
    return [PAD, START, *unknown]
