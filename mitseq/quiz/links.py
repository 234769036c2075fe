"""Where an answer leads: slide, lab, and the number that was measured."""

from mitseq.quiz.questions import Card, Question
from mitseq.slides.deck import Slide
from mitseq.slides.find import numbered


def slide_of(item: Card | Question) -> tuple[int, Slide]:
    """Returns the slide of a card or a question, with its number.

    Example:

    >>> from mitseq.quiz.lesson import LESSON
    >>> number, slide = slide_of(LESSON.cards[0])
    >>> number, slide.labs
    (79, ('01_trace_by_hand:traces_of',))
    """
    for number, _, slide in numbered():
        if slide.title == item.slide:
            return number, slide
    raise KeyError(item.slide)


def links_of(item: Card | Question) -> dict[str, str]:
    """Returns what there is to read on, by its kind.

    Example:

    >>> from mitseq.quiz.lesson import LESSON
    >>> for kind, text in links_of(LESSON.cards[0]).items():
    ...     print(f"{kind}: {text}")
    slide: 79, Trace the Hidden State by Hand
    lab: labs/01_trace_by_hand.py
    """
    number, slide = slide_of(item)
    links = {"slide": f"{number}, {slide.title}"}
    if slide.labs:
        links["lab"] = f"labs/{slide.labs[0].partition(':')[0]}.py"
    if item.measured:
        links["measured"] = item.measured
        links["where"] = item.where
    return links
