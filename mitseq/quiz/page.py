"""Questions and cards as one self-contained page.

It works from `file://` and asks for nothing from the network. Every button is
a button, so that keys work; what was answered and known stays in the page, and
a round begins anew when it is loaded. Without its script all answers can be
read. What it looks like is in `page.html`, `page.css` and `page.js`.
"""

import random
from collections.abc import Sequence
from typing import Any

from mitseq.offline_page import offline_page
from mitseq.quiz.chapters import CHAPTERS
from mitseq.quiz.links import links_of
from mitseq.quiz.questions import QuizChapter


def quiz_page(chapters: Sequence[QuizChapter] = CHAPTERS) -> str:
    """Returns chapters as an HTML page that works offline.

    Args:
        chapters: From `find_chapters`.

    Example:

    >>> page = quiz_page()
    >>> page.count("<article"), page.count('<details class="card"')
    (31, 72)
    """
    return offline_page(
        "quiz/page",
        title="Questions on Deep Sequence Modeling",
        chapters=[_section(chapter) for chapter in chapters],
    )


def _section(chapter: QuizChapter) -> dict[str, Any]:
    return {
        "name": chapter.name,
        "title": chapter.title,
        "questions": [_article(question) for question in chapter.questions],
        "cards": [
            {"front": card.front, "back": card.back, "links": links_of(card)}
            for card in chapter.cards
        ],
    }


def _article(question) -> dict[str, Any]:
    choices = [
        {"text": question.right, "why": question.why, "is_right": True},
        *(
            {"text": text, "why": why, "is_right": False}
            for text, why in question.wrong.items()
        ),
    ]
    # the same page each time it is written, and the right one anywhere
    random.Random(question.text).shuffle(choices)  # noqa: S311
    return {
        "text": question.text,
        "is_open": question.is_open,
        "is_printed": question.printed,
        "right": question.right,
        "why": question.why,
        "choices": choices,
        "links": links_of(question),
    }
