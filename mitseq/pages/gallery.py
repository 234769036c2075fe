"""The explorable pages, by name.

Each belongs to a part of the lecture and can be written without a model of
one's own: those in which a network runs take a bundled one.
"""

from collections.abc import Callable
from typing import NamedTuple

from mitseq.errors import MitseqError


class Page(NamedTuple):
    """A page that can be written."""

    title: str
    about: str  # one line
    write: Callable[[], str]  # gives its HTML


def _factors() -> str:
    from mitseq.pages.factors import factors_page

    return factors_page()


def _cell() -> str:
    from mitseq.pages.cell import cell_page

    return cell_page()


def _attention() -> str:
    from mitseq.pages.search import search_page

    return search_page()


def _translation() -> str:
    from mitseq.pages.bottleneck import bottleneck_page

    return bottleneck_page()


def _music() -> str:
    from mitseq.pages.writing import writing_page
    from mitseq.tasks.music.model import load_music_model

    return writing_page(load_music_model())


def _words() -> str:
    from mitseq.pages.writing import writing_page
    from mitseq.tasks.words.model import load_words_model

    return writing_page(load_words_model())


def _sentiment() -> str:
    from mitseq.pages.deciding import deciding_page
    from mitseq.tasks.sentiment.model import load_sentiment_model

    return deciding_page(load_sentiment_model())


PAGES = {
    "gradient": Page(
        "The product of factors",
        "drag a weight, a length: the gradient shrinks or explodes",
        _factors,
    ),
    "cell": Page(
        "Inside a cell",
        "step through a sentence or tune: every gate and state of three cells",
        _cell,
    ),
    "music": Page(
        "A network writes a tune",
        "the bundled model writes, note by note; take the pen",
        _music,
    ),
    "words": Page(
        "A network writes a text",
        "the bundled model of words writes; take the pen",
        _words,
    ),
    "translation": Page(
        "Encoder, decoder, bottleneck",
        "a sentence grows: one vector fails, attention does not",
        _translation,
    ),
    "attention": Page(
        "Attention is a search",
        "queries, keys, values and heads; scaling, mask and positions off",
        _attention,
    ),
    "sentiment": Page(
        "What decided",
        "type a review: the words color, part by part",
        _sentiment,
    ),
}


def find_page(name: str) -> Page:
    """Returns the page of a name.

    Raises:
        MitseqError: if there is none.

    Example:

    >>> find_page("gradient").title
    'The product of factors'
    """
    if name not in PAGES:
        raise MitseqError(
            f"no page is named {name!r}. Expected: {', '.join(PAGES)}."
        )
    return PAGES[name]
