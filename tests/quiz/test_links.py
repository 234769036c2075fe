"""Where an answer leads."""

import pytest

from mitseq.quiz.links import links_of, slide_of
from mitseq.quiz.questions import Card


def test_a_card_leads_to_slide_lab_and_number():
    card = Card(
        "A?", "B.", "RNN Intuition", "It is 7.", "docs/benchmarks.md#music"
    )
    assert links_of(card) == {
        "slide": "9, RNN Intuition",
        "lab": "labs/02_recurrence_from_scratch.py",
        "measured": "It is 7.",
        "where": "docs/benchmarks.md#music",
    }
    assert "where" not in links_of(Card("A?", "B.", "RNN Intuition"))


def test_a_title_that_is_none_is_an_error():
    with pytest.raises(KeyError, match="No slide"):
        slide_of(Card("A?", "B.", "No slide"))
