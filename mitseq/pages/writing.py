"""A network writes: a music model or a model of words that runs in a page.

Slide: Lecture 2, "Example Task: Music Generation" (docs/slides.md#music). Note
by note or at full speed: what comes next is shown with its probabilities, one
may take the pen, and look for the unit that follows the bar line. The network
is `network.js`, tunes are read and checked by `abc.js` and drawn by `staff.js`;
what the page looks like and does is in `writing.html`, `.css` and `.js`.
"""

import json

import keras

from mitseq.errors import MitseqError
from mitseq.offline_page import offline_page, printable
from mitseq.pages.network import network_of
from mitseq.pages.weights import Block
from mitseq.tasks.music.model import vocabulary_of
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
    }
    return offline_page(
        "pages/writing",
        title=printable(title) or (MUSIC if is_music else WORDS),
        styles=("tunes/page", "pages/page"),
        scripts=(
            "tunes/page",
            "pages/network",
            "pages/bar_position",
            "pages/in_key",
            "pages/abc",
            "pages/staff",
        ),
        how=HOW[is_music],
        is_music=is_music,
        page=json.dumps(page, separators=(",", ":")),
        weights=block.text(),
    )


def has_words(vocabulary: Vocabulary) -> bool:
    """Tells a vocabulary of words from one of tunes."""
    return UNKNOWN in vocabulary


def _banned(vocabulary: Vocabulary) -> list[int]:
    unknown = vocabulary.encode([UNKNOWN]) if has_words(vocabulary) else []
    return [PAD, START, *unknown]
