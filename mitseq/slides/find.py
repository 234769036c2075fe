"""All slides in order, and the one that somebody means."""

import dataclasses
import difflib
import itertools
import re
from collections.abc import Iterator

from mitseq.errors import MitseqError
from mitseq.slides.deck import DECK, Chapter, Slide, chapter
from mitseq.slides.notes import NOTES


def chapters() -> tuple[Chapter, ...]:
    """Returns the chapters of the deck, then those of the notes.

    A section of the notes that tells a slide has the code, the lab, the
    figure, the tests and the example of that slide, where it has none of its
    own.

    Example:

    >>> [chapter.title for chapter in chapters()][:2]
    ['Neurons with recurrence', 'Design criteria']
    """
    told = {slide.title: slide for part in DECK for slide in part.slides}
    return DECK + tuple(
        chapter(
            part.title, *(_filled(s, told.get(s.like)) for s in part.slides)
        )
        for part in NOTES
    )


def numbered() -> Iterator[tuple[int, Chapter, Slide]]:
    """Yields every slide with its number, from 1 on, and its chapter."""
    number = itertools.count(1)
    for part in chapters():
        for slide in part.slides:
            yield next(number), part, slide


def find_slide(text: str) -> Slide:
    """Returns the slide whose title somebody typed, more or less.

    Args:
        text: The title or a part of it, in any case, with or without its
            punctuation, or the slide's number in the list. If a slide and a
            section of the notes fit, it is the slide.

    Raises:
        MitseqError: if no title fits or several do; it names the nearest.

    Example:

    >>> find_slide("vanishing gradients").title
    'Standard RNN Gradient Flow: Vanishing Gradients'
    >>> find_slide("percepton revisited").title
    'The Perceptron Revisited'
    >>> find_slide("self-attention")
    Traceback (most recent call last):
    ...
    mitseq.errors.MitseqError: 'self-attention' fits 4 titles: 'Intuition
    Behind Self-Attention', 'Learning Self-Attention with Neural Networks',
    'Applying Multiple Self-Attention Heads', 'Self-Attention Applied'
    """
    if re.fullmatch(r"[0-9]{1,3}", text.strip()):
        for number, _, slide in numbered():
            if number == int(text.strip()):
                return slide
    typed = _plain(text)
    decks = [
        [slide for part in parts for slide in part.slides]
        for parts in (chapters()[: len(DECK)], chapters()[len(DECK) :])
    ]
    fits: list[Slide] = []
    for rule in (_is, _has, _has_words, _is_nearly):
        for slides in decks:
            fits = [s for s in slides if typed and rule(typed, s.title)]
            if len({slide.title for slide in fits}) == 1:
                return fits[0]
            if fits:
                raise MitseqError(
                    f"{text!r} fits {len(fits)} titles: "
                    + ", ".join(repr(slide.title) for slide in fits[:6])
                    + (", ..." if len(fits) > 6 else "")
                )
    titles = [slide.title for slides in decks for slide in slides]
    near = sorted(set(titles), key=lambda t: -_likeness(typed, _plain(t)))[:3]
    raise MitseqError(
        f"no slide is called {text!r}; the nearest titles: "
        + ", ".join(map(repr, near))
    )


def _filled(slide: Slide, model: Slide | None) -> Slide:
    if model is None:
        return slide
    empty = {
        field.name: getattr(model, field.name)
        for field in dataclasses.fields(slide)
        if field.name != "anchor" and not getattr(slide, field.name)
    }
    return dataclasses.replace(slide, **empty)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _is(typed: str, title: str) -> bool:
    return typed == _plain(title)


def _has(typed: str, title: str) -> bool:
    return f" {typed} " in f" {_plain(title)} "


def _has_words(typed: str, title: str) -> bool:
    words = _plain(title).split()
    return all(any(w.startswith(t) for w in words) for t in typed.split())


def _is_nearly(typed: str, title: str) -> bool:
    return _likeness(typed, _plain(title)) > 0.8


def _likeness(typed: str, title: str) -> float:
    """Compares the whole titles, or the typed words with the nearest ones."""
    whole = difflib.SequenceMatcher(None, typed, title).ratio()
    words = title.split()
    each = [
        max(difflib.SequenceMatcher(None, t, w).ratio() for w in words)
        for t in typed.split()
    ]
    return max(whole, 0.99 * sum(each) / len(each)) if each and words else whole
