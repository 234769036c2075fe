"""A typed sentence becomes the words that a treebank of English has."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.tasks.tag.cut import cut_sentence, is_glued


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Time flies.", "Time flies ."),
        ("I don't, won't and can't.", "I do n't , wo n't and ca n't ."),
        ("She cannot; I'm gonna.", "She can not ; I 'm gon na ."),
        ("It's Ann's, they’ve said", "It 's Ann 's , they ’ve said"),
        ("O'Brien's cat", "O'Brien 's cat"),
        ("a long-term plan", "a long - term plan"),
        ("at 5:30 p.m. in the U.S.", "at 5:30 p.m. in the U.S."),
        ("Dr. Who paid $3.50 (20%)!", "Dr. Who paid $ 3.50 ( 20 % ) !"),
        ("the 20th of the 1990s", "the 20th of the 1990s"),
        ("an MP3 at 10pm, 2.", "an MP3 at 10pm , 2 ."),
        ("1,000 things... no?!", "1,000 things ... no ? !"),
        ("see http://a.com/b?c=d.", "see http://a.com/b?c=d ."),
        ("ask me@a.com :-)", "ask me@a.com :-)"),
        ("“Go” \t he\nsaid", "“ Go ” he said"),
        ("", ""),
    ],
)
def test_words_are_cut_as_in_a_treebank(text, words):
    assert cut_sentence(text) == words.split()


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("anotcsI'’d.-$ 5:)\n"), max_size=30))
def test_nothing_is_lost_and_blanks_are_told(text):
    words = cut_sentence(text)
    assert "".join(words) == "".join(text.split())
    glued = is_glued(text, words)
    again = "".join(
        w + " " * (not g) for w, g in zip(words, glued, strict=True)
    )
    assert again.split() == text.split()
