"""Titles as people type them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mitseq.errors import MitseqError
from mitseq.slides.deck import DECK, Slide
from mitseq.slides.find import chapters, find_slide, numbered

TITLES = [slide.title for part in DECK for slide in part.slides]


@pytest.mark.parametrize("title", TITLES)
def test_every_title_is_found_as_it_is_and_in_capitals(title):
    assert find_slide(title).title == title
    assert find_slide(title.upper()).title == title


@pytest.mark.parametrize(
    "typed, title",
    [
        (
            "Vanishing gradients",
            "Standard RNN Gradient Flow: Vanishing Gradients",
        ),
        ("exploding", "Standard RNN Gradient Flow: Exploding Gradients"),
        ("lstm", "Long Short Term Memory (LSTM) Networks"),
        ("ball", TITLES[0]),
        ("in the wild", "Sequences in the Wild"),
        ("  SEARCH  understanding ", "Understanding Attention with Search"),
        ("sentimant clasification", "Example Task: Sentiment Classification"),
        ("all you need?", "Attention Is All You Need"),
        ("translation", "Machine Translation"),
        ("2", "Sequences in the Wild"),
        ("trace by hand", "Trace the Hidden State by Hand"),
    ],
)
def test_a_part_of_a_title_is_enough(typed, title):
    assert find_slide(typed).title == title


def test_a_slide_wins_over_a_section_of_the_same_title():
    slide = find_slide("long short term memory lstm networks")
    assert slide in DECK[2].slides


@pytest.mark.parametrize(
    "typed", ["rnn", "self-attention", "notes:", "gradient"]
)
def test_several_or_none_are_an_error_that_names_titles(typed):
    with pytest.raises(MitseqError) as error:
        find_slide(typed)
    assert sum(repr(t) in str(error.value) for t in titles_of_all()) >= 2


def titles_of_all():
    return {slide.title for _, _, slide in numbered()}


@given(st.text(max_size=40))
@example("7\x1d")  # a space to `strip`, but not to `int`
def test_any_text_is_a_slide_or_one_clear_error(text):
    try:
        assert isinstance(find_slide(text), Slide)
    except MitseqError as error:
        assert "'" in str(error)


def test_sections_take_over_from_their_slide_what_they_lack():
    notes = {s.title: s for c in chapters()[len(DECK) :] for s in c.slides}
    slides = {s.title: s for c in DECK for s in c.slides}
    section = notes["Music Generation"]
    assert section.code == ("mitseq.tasks.music.generate:generate_tunes",)
    like = slides["Example Task: Music Generation"]
    assert section.labs == like.labs != ()
    assert section.idea != like.idea
    assert section.anchor == ""


def test_numbers_run_from_one_and_beyond_them_is_an_error():
    numbers = [number for number, _, _ in numbered()]
    assert numbers == list(range(1, len(numbers) + 1))
    with pytest.raises(MitseqError, match="999"):
        find_slide("999")
