"""Rounds: orders, and what an answer means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mitseq.quiz.chapters import CHAPTERS, find_chapters
from mitseq.quiz.questions import Question
from mitseq.quiz.rounds import Asked, deal, round_of

WRONG = {"Bananas.": "No.", "Blueberries.": "No.", "2 apples.": "No."}
QUESTION = Question("What?", "An orange.", "So.", "RNN Intuition", WRONG)
ASKED = Asked(QUESTION, ("Bananas.", "An orange.", "Blueberries.", "2 apples."))


@pytest.mark.parametrize(
    "answer, letter",
    [
        ("a", "a"),
        (" D) ", "d"),
        ("1", "a"),
        ("2", "d"),  # it begins a choice
        ("3.", "c"),
        ("an or", "b"),
        ("b", "b"),
        ("bl", "c"),
        ("BANANAS.", "a"),
        ("e", None),
        ("5", None),
        ("0", None),
        ("²", None),
        ("", None),
        ("neither", None),
    ],
)
def test_letters_numbers_and_words_are_understood(answer, letter):
    assert ASKED.letter_of(answer) == letter
    assert ASKED.right == "b"


@given(st.text())
def test_any_text_is_a_letter_or_unclear(answer):
    assert ASKED.letter_of(answer) in (None, "a", "b", "c", "d")


def test_a_seed_decides_and_nothing_is_lost():
    one, same, other = (round_of(CHAPTERS, seed) for seed in (1, 1, 2))
    assert one == same != other
    texts = sorted(each.question.text for each in one)
    assert texts == sorted(
        q.text for chapter in CHAPTERS for q in chapter.questions
    )
    for each in one:
        question = each.question
        all_of_it = (
            () if question.is_open else (question.right, *question.wrong)
        )
        assert sorted(each.choices) == sorted(all_of_it)


def test_the_right_answer_stands_anywhere():
    letters = {
        each.right for seed in range(9) for each in round_of(CHAPTERS, seed)
    }
    assert letters == {"a", "b", "c", "d", ""}


def test_count_and_chapter_choose():
    (gradients,) = find_chapters("gradients")
    assert len(round_of([gradients], 0, 3)) == 3
    assert len(deal([gradients], 0, 3)) == 3
    assert set(deal([gradients], 0)) == set(gradients.cards)
    assert deal([gradients], 0) != deal([gradients], 1)
