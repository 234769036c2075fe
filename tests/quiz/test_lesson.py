"""The notes' exercise: its numbers in exact fractions."""

from fractions import Fraction

from mitseq.by_hand.trace import trace_by_hand
from mitseq.quiz.lesson import LESSON
from tests.quiz.chapter_checks import check_chapter


def test_links_lead_somewhere_and_numbers_are_measured():
    check_chapter(LESSON)


def test_the_trace_is_as_the_answers_say():
    second, share, discuss = LESSON.questions
    h = trace_by_hand().h
    assert float(second.right) == h[2]
    assert second.wrong["1.5"] and h[1] == Fraction(1, 2)
    first, last = Fraction(1, 2) ** 5, Fraction(1, 2)
    assert "sixteenth" in share.right and first / last == Fraction(1, 16)
    assert "1/32" in discuss.right and first == Fraction(1, 32)
    assert "0.33" in discuss.right and round(0.9**4 * 0.5, 2) == 0.33
