"""The list of slides: complete, and every reference leads somewhere."""

import dataclasses
import re

import pytest

from mitseq.slides.deck import DECK, LABS
from mitseq.slides.find import numbered

SLIDES = [slide for _, _, slide in numbered()]


def test_titles_of_the_deck_are_unique_and_every_anchor_is():
    titles = [slide.title for part in DECK for slide in part.slides]
    assert len(set(titles)) == len(titles)
    anchors = [slide.anchor for slide in SLIDES if slide.anchor]
    assert len(set(anchors)) == len(anchors)


@pytest.mark.parametrize("slide", SLIDES, ids=lambda slide: slide.title)
def test_references_have_their_form(slide):
    for reference in (*slide.code, slide.figure, slide.example):
        assert not reference or re.fullmatch(r"mitseq[.\w]+:\w+", reference)
    for test in slide.tests:
        assert re.fullmatch(r"[\w/]+\.py:test_\w+", test)
    for lab in slide.labs:
        assert lab.partition(":")[0] in LABS
    # Tuples of one are easily written without their comma.
    for name in ("code", "labs", "tests", "missing"):
        assert isinstance(getattr(slide, name), tuple)


def test_what_has_no_code_names_what_is_missing_or_says_so():
    for slide in SLIDES:
        if slide.example:
            assert slide.code and slide.tests, slide.title
            assert slide.figure, slide.title


def test_slides_are_plain_data():
    assert dataclasses.asdict(SLIDES[0])["title"] == SLIDES[0].title
