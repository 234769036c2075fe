"""All chapters in order, and those that somebody means."""

import difflib

from mitseq.errors import MitseqError
from mitseq.quiz.applications import APPLICATIONS
from mitseq.quiz.attention import ATTENTION
from mitseq.quiz.criteria import CRITERIA
from mitseq.quiz.gradients import GRADIENTS
from mitseq.quiz.lesson import LESSON
from mitseq.quiz.questions import QuizChapter
from mitseq.quiz.recurrence import RECURRENCE

CHAPTERS = (RECURRENCE, CRITERIA, GRADIENTS, APPLICATIONS, ATTENTION, LESSON)


def find_chapters(text: str | None = None) -> tuple[QuizChapter, ...]:
    """Returns the chapters that somebody typed.

    Args:
        text: The name of a chapter or its number from 1 on; None for all.

    Raises:
        MitseqError: if there is no such chapter; it names all.

    Example:

    >>> [chapter.name for chapter in find_chapters("3")]
    ['gradients']
    >>> len(find_chapters())
    6
    """
    if text is None:
        return CHAPTERS
    typed = text.strip().lower()
    for number, chapter in enumerate(CHAPTERS, 1):
        if typed in (str(number), chapter.name):
            return (chapter,)
    names = [chapter.name for chapter in CHAPTERS]
    close = difflib.get_close_matches(typed, names, 1)
    hint = f" (did you mean {close[0]}?)" if close else ""
    listed = ", ".join(f"{i} {name}" for i, name in enumerate(names, 1))
    raise MitseqError(
        f"there is no chapter {text!r}{hint}; the chapters are {listed}"
    )
