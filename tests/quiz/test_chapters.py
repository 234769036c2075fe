"""The chapters, and what people type."""

import pytest

from mitseq.errors import MitseqError
from mitseq.quiz.chapters import CHAPTERS, find_chapters


def test_a_chapter_goes_by_name_and_by_number():
    assert find_chapters() == CHAPTERS
    for number, chapter in enumerate(CHAPTERS, 1):
        assert find_chapters(f" {number} ") == (chapter,)
        assert find_chapters(chapter.name.upper()) == (chapter,)


@pytest.mark.parametrize("text", ["7", "0", "", "gradient", "x" * 50])
def test_another_is_an_error_that_names_all(text):
    with pytest.raises(MitseqError, match="no chapter .*3 gradients"):
        find_chapters(text)
    with pytest.raises(MitseqError, match="did you mean gradients"):
        find_chapters("gradient")
