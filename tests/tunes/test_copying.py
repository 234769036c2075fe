"""Copies are found, and phrases that everybody uses are not."""

from hypothesis import given
from hypothesis import strategies as st

from mitseq.tunes.copying import body_of, is_copy, longest_run, training_text

TUNE = "M:6/8\nL:1/8\nK:D\n|:d2ABAF|d2ABAF|def gfe|a3b2a:|\n"


def test_body_of_drops_header_and_spaces():
    assert body_of(TUNE) == "|:d2ABAF|d2ABAF|defgfe|a3b2a:|"


def test_body_of_takes_what_cannot_be_normalized():
    bad = "X:1\nM:6/8\nL:1/8\nK:D\nab c|dddddddd|\nde|"
    assert body_of(bad) == "abc|dddddddd|de|"


def test_training_text_keeps_tunes_apart():
    text = training_text([TUNE, TUNE])
    assert text == "\n".join([body_of(TUNE)] * 2)


@given(st.text("ab|", max_size=30), st.text("ab|", max_size=60))
def test_longest_run_is_the_longest_common_substring(body, training):
    runs = [
        end - start
        for start in range(len(body) + 1)
        for end in range(start, len(body) + 1)
        if body[start:end] in training
    ]
    assert longest_run(body, training) == max(runs, default=0)


def test_is_copy_needs_half_the_body_and_forty_characters():
    assert is_copy("x" * 80, 40)
    assert not is_copy("x" * 81, 40)
    assert not is_copy("x" * 39, 39)
