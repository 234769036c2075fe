"""A round: which questions in which order, and what an answer is worth."""

import dataclasses
import random
from collections.abc import Sequence

from mitseq.quiz.questions import Card, Question, QuizChapter

LETTERS = "abcdefgh"


@dataclasses.dataclass(frozen=True)
class Asked:
    """A question as it is put: its answers in the order they are shown.

    Args:
        question: The question.
        choices: The right answer among the wrong ones; none for an open one.
    """

    question: Question
    choices: tuple[str, ...]

    @property
    def right(self) -> str:
        """The letter of the right answer; "" for an open question."""
        if self.question.is_open:
            return ""
        return LETTERS[self.choices.index(self.question.right)]

    def letter_of(self, answer: str) -> str | None:
        """Returns the letter that somebody means, or None if it is unclear.

        Args:
            answer: A letter, a number from 1 on, or the beginning of one of
                the choices, in any case.

        Example:

        >>> asked = Asked(
        ...     Question("1 + 1?", "2", "", "", {"11": "Text."}), ("11", "2")
        ... )
        >>> asked.letter_of(" B. "), asked.letter_of("11"), asked.letter_of("z")
        ('b', 'a', None)
        """
        typed = answer.strip().lower()
        starts = [
            LETTERS[i]
            for i, choice in enumerate(self.choices)
            if typed and choice.lower().startswith(typed)
        ]
        plain = typed.rstrip(".)")
        if len(plain) == 1:
            if plain in LETTERS[: len(self.choices)]:
                return plain
            number = int(plain) if plain in "123456789" else 0
            if 0 < number <= len(self.choices) and not starts:
                return LETTERS[number - 1]
        return starts[0] if len(starts) == 1 else None


def round_of(
    chapters: Sequence[QuizChapter], seed: int, count: int | None = None
) -> list[Asked]:
    """Returns the questions of chapters in a random order.

    Args:
        chapters: From `find_chapters`.
        seed: Decides the order of the questions, and of their answers.
        count: How many questions; None for all.

    Example:

    >>> from mitseq.quiz.chapters import find_chapters
    >>> asked = round_of(find_chapters("gradients"), seed=0, count=2)
    >>> [len(each.choices) for each in asked]
    [4, 4]
    """
    draw = random.Random(seed)  # noqa: S311 - an order, not a secret
    questions = [q for chapter in chapters for q in chapter.questions]
    draw.shuffle(questions)
    found = []
    for question in questions[:count]:
        choices = [question.right, *question.wrong]
        draw.shuffle(choices)
        found.append(
            Asked(question, () if question.is_open else tuple(choices))
        )
    return found


def deal(
    chapters: Sequence[QuizChapter], seed: int, count: int | None = None
) -> list[Card]:
    """Returns the cards of chapters in a random order; see `round_of`."""
    draw = random.Random(seed)  # noqa: S311 - an order, not a secret
    cards = [card for chapter in chapters for card in chapter.cards]
    draw.shuffle(cards)
    return cards[:count]
