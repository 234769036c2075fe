"""What a question is, and what a flash card is.

Both lead on: to the slide that tells it, through the slide to its lab and to
`mitseq slides show`, and to a number that was measured, with the section of the
docs that has it. tests/quiz checks that all of that is there.
"""

import dataclasses
from collections.abc import Mapping


@dataclasses.dataclass(frozen=True)
class Card:
    """A concept on the front, what it is on the back.

    Args:
        front: The question.
        back: The answer, in a sentence or two.
        slide: Title of the slide or of the section of the notes.
        measured: A sentence with a number that was measured; every number in
            it stands in `where`. "" if the docs have none.
        where: File and heading of the number, "docs/benchmarks.md#music".
    """

    front: str
    back: str
    slide: str
    measured: str = ""
    where: str = ""


@dataclasses.dataclass(frozen=True)
class Question:
    """A question with answers to choose from, or one to think about.

    Args:
        text: The question.
        right: The right answer; for a question without wrong ones, what a
            good answer says.
        wrong: Each wrong answer, and why somebody who gives it errs.
        why: Why the right one is right.
        slide: Title of the slide or of the section of the notes.
        printed: Whether the question stands in the notes, in these words.
        measured: As of `Card`, like the next.
        where: File and heading of the number.
    """

    text: str
    right: str
    why: str
    slide: str
    wrong: Mapping[str, str] = dataclasses.field(default_factory=dict)
    printed: bool = False
    measured: str = ""
    where: str = ""

    @property
    def is_open(self) -> bool:
        """Whether one answers in one's own words."""
        return not self.wrong


@dataclasses.dataclass(frozen=True)
class QuizChapter:
    """Questions and cards that belong together.

    Args:
        name: One word, as `--chapter` takes it.
        title: Heading.
        questions: In the order of the lecture.
        cards: In the order of the lecture.
    """

    name: str
    title: str
    questions: tuple[Question, ...]
    cards: tuple[Card, ...]
