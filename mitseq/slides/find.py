"""All slides in order, and the one that somebody means."""

import dataclasses
import difflib
import functools
import itertools
import re
from collections.abc import Callable, Iterator

from mitseq.errors import MitseqError
from mitseq.slides.board import board_of
from mitseq.slides.deck import DECK, Chapter, Slide, chapter
from mitseq.slides.notes import NOTES
from mitseq.slides.references import name_of


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


@dataclasses.dataclass(frozen=True)
class Fit:
    """A slide that fits what somebody typed.

    Args:
        number: Of the slide.
        slide: The slide.
        where: What of it fits: "number", "title", "code" or "text".
    """

    number: int
    slide: Slide
    where: str


def find_slide(text: str) -> Slide:
    """Returns the slide that somebody means.

    Args:
        text: The title or a part of it, in any case, with or without its
            punctuation; the number in the list; the name of a class or
            function; or words of what the slide says. Titles come before
            names, and names before words; slips of the pen come last. If a
            slide and a section of the notes fit, it is the slide.

    Raises:
        MitseqError: if nothing fits or several slides do; it names them, or
            the nearest.

    Example:

    >>> find_slide("vanishing gradients").title
    'Standard RNN Gradient Flow: Vanishing Gradients'
    >>> find_slide("percepton revisited").title
    'The Perceptron Revisited'
    >>> find_slide("GRU").title
    'Gating Mechanisms in Neurons'
    >>> find_slide("cat for a walk").title
    'A Sequence Modeling Problem: Predict the Next Word'
    >>> find_slide("self-attention")
    Traceback (most recent call last):
    ...
    mitseq.errors.MitseqError: 'self-attention' fits 4 slides: 37 'Intuition
    Behind Self-Attention', 40 'Learning Self-Attention with Neural Networks',
    41 'Applying Multiple Self-Attention Heads', 42 'Self-Attention Applied'
    """
    everything = list(numbered())
    typed = text.strip()
    if re.fullmatch(r"[0-9]+", typed):
        for number, _, slide in everything:
            if str(number) == typed.lstrip("0"):
                return slide
        raise MitseqError(
            f"there is no slide {typed!r}: the numbers are 1 to "
            f"{len(everything)}"
        )
    for fits in _by_rule(text):
        if len({fit.slide.title for fit in fits}) == 1:
            return fits[0].slide
        named = ", ".join(f"{f.number} {f.slide.title!r}" for f in fits[:12])
        more = ", ..." if len(fits) > 12 else ""
        raise MitseqError(f"{text!r} fits {len(fits)} slides: {named}{more}")
    titles = {slide.title for _, _, slide in everything}
    near = sorted(titles, key=lambda t: -_likeness(_plain(text), _plain(t)))
    raise MitseqError(
        f"no slide has {text!r}; the nearest titles: "
        + ", ".join(map(repr, near[:3]))
    )


def all_fits(text: str) -> list[Fit]:
    """Returns every slide and section that fits a text, the best first.

    Slips of the pen count only where nothing fits without them.

    Example:

    >>> [(fit.number, fit.where) for fit in all_fits("clipping")]
    [(26, 'text'), (77, 'text')]
    """
    found: dict[int, Fit] = {
        number: Fit(number, slide, "number")
        for number, _, slide in numbered()
        if str(number) == text.strip().lstrip("0")
    }
    for rule in _RULES:
        if found and rule in _SLIPS:
            break
        for fit in _fits(rule, _plain(text)):
            found.setdefault(fit.number, fit)
    return list(found.values())


def _by_rule(text: str) -> Iterator[list[Fit]]:
    """Yields what fits, from the strictest rule on, slides before sections."""
    last = sum(len(part.slides) for part in DECK)
    for rule in _RULES:
        fits = _fits(rule, _plain(text))
        for part in (
            [fit for fit in fits if fit.number <= last],
            [fit for fit in fits if fit.number > last],
        ):
            if rule == _SLIPS[0]:  # a whole title with a slip is meant first
                part = [fit for fit in part if _is_whole(text, fit)] or part
            if part:
                yield part


def _is_whole(text: str, fit: Fit) -> bool:
    title = _plain(fit.slide.title)
    return difflib.SequenceMatcher(None, _plain(text), title).ratio() > 0.9


def _fits(rule: tuple[str, Callable], typed: str) -> list[Fit]:
    where, fits = rule
    return [
        Fit(number, slide, where)
        for number, _, slide in numbered()
        if typed and any(fits(typed, text) for text in _texts(slide)[where])
    ]


@functools.cache
def _texts(slide: Slide) -> dict[str, list[str]]:
    """What is searched of a slide, without its punctuation."""
    board = board_of(slide)
    names = [name_of(reference) for reference in slide.code]
    cuts = [reference.partition("[")[0] for reference in board.lines]
    names += [part for cut in cuts for part in name_of(cut).split(".")]
    anchor = slide.anchor.replace("-", " ")
    text = f"{slide.idea} {board.words} {anchor} {board.equation}"
    return {
        "title": [_plain(slide.title)],
        "code": list(dict.fromkeys(map(_plain, names))),
        "text": [_plain(text)],
    }


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


def _is(typed: str, text: str) -> bool:
    return typed == text


def _is_name(typed: str, name: str) -> bool:
    return re.sub(r"[\W_]", "", typed) == name.replace("_", "")


def _has(typed: str, text: str) -> bool:
    return f" {typed} " in f" {text} "


def _has_words(typed: str, text: str) -> bool:
    words = text.split()
    return all(any(w.startswith(t) for w in words) for t in typed.split())


def _is_nearly(typed: str, text: str) -> bool:
    return _likeness(typed, text) > 0.8


def _has_nearly(typed: str, text: str) -> bool:
    """Whether each word is there, but for a letter or two of a long one."""
    words = set(text.split())
    return all(
        t in words
        or (len(t) > 4 and difflib.get_close_matches(t, words, 1, 0.8))
        for t in typed.split()
    )


def _likeness(typed: str, title: str) -> float:
    """Compares the whole titles, or the typed words with the nearest ones."""
    whole = difflib.SequenceMatcher(None, typed, title).ratio()
    words = title.split()
    each = [
        max(difflib.SequenceMatcher(None, t, w).ratio() for w in words)
        for t in typed.split()
    ]
    return max(whole, 0.99 * sum(each) / len(each)) if each and words else whole


_SLIPS = (
    ("title", _is_nearly),
    ("code", _is_nearly),
    ("text", _has_nearly),
)
_RULES = (
    ("title", _is),
    ("title", _has),
    ("title", _has_words),
    ("code", _is_name),
    ("text", _has),
    ("text", _has_words),
    *_SLIPS,
)
