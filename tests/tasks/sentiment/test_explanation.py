"""Explanations shown: colors, order, and nothing of the text gets out."""

import html
import json
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.tasks.sentiment.explanation import Explanation
from mitseq.text.tokens import tokenize


def explanation(text, values=None):
    words = tokenize(text)
    values = np.linspace(-1, 2, len(words)) if values is None else values
    return Explanation(
        text,
        words,
        "good",
        0.9,
        2.2,
        {"leave_one_out": values, "integrated_gradients": 2 * values},
    )


def plain(markup):
    """The text of an HTML explanation."""
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


def test_html_is_the_text_with_colored_words():
    found = explanation("Not GOOD, see <b>", np.array([1, -2, *6 * [0.0]]))
    markup = found.html()
    assert plain(markup) == "good (90%) Not GOOD, see <b>"
    assert "&lt;" in markup and "<b>" not in markup.replace("<b>good", "")
    titles = re.findall(r'title="([^"]*)"', markup)
    assert titles[:2] == ["+1.000", "-2.000"]
    colors = re.findall(r"background:rgb\((\d+),(\d+),(\d+)\)", markup)
    red, blue = [int(c[0]) for c in colors], [int(c[2]) for c in colors]
    assert blue[0] > red[0] and red[1] > blue[1]  # for is blue, against orange
    assert len(colors) == 2  # what counts for nothing has no color
    assert found._repr_html_() == markup


def test_that_it_is_in_capitals_counts_to_a_word():
    found = explanation("It is AWFUL.", np.array([0, 0.5, -2, -1, 1]))
    assert found.words[2:4] == ["awful", "<caps>"]
    markup = found.html()
    assert plain(markup) == "good (90%) It is AWFUL."
    titles = re.findall(r'title="([^"]*)"', markup)
    assert titles == ["+0.000", "+0.500", "-3.000", "+1.000"]


def test_an_elongated_word_is_colored_to_its_end():
    markup = explanation("Sooooo good!!!!!! Why????? .....").html()
    colored = re.findall(r"<span style=\"back[^>]*>([^<]*)</span>", markup)
    assert colored == ["Sooooo", "good", "!!!!!!", "Why", "?????", "....."]


def test_nothing_of_text_or_label_is_markup():
    text = "good<br />film <script>alert('x')</script> <b>&amp;"
    words = tokenize(text)
    found = Explanation(
        text, words, "<i>", 0.5, 0.0, {"leave_one_out": np.ones(len(words))}
    )
    markup = found.html()
    assert plain(markup) == f"<i> (50%) {text}"
    for tag in ("<br", "<script", "</script", "<i>", "&amp;&amp;"):
        assert tag not in markup
    assert markup.count("<b>") == 1 and "&lt;br /&gt;" in markup


def test_terminal_text_keeps_the_words_and_obeys_nothing():
    found = explanation("good\x1b[2J film @ann https://a.b sooooo")
    colored = found.ansi()
    assert re.sub(r"\x1b\[[\d;]*m", "", colored) == (
        "good [2J film @ann https://a.b sooooo"
    )
    assert "\x1b[2J" not in colored and "\x1b[30;48;2;" in colored
    assert "\x1b" not in str(found)


def test_words_that_count_most_come_first():
    found = explanation("a b c", np.array([0.1, -3.0, 2.0]))
    assert found.top(2) == [("b", -3.0), ("c", 2.0)]
    assert str(found) == "good (90%)  for: c +2.00, a +0.10  against: b -3.00"
    assert found.agreement == pytest.approx(1.0)
    assert explanation("").agreement == 1.0


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_any_text_can_be_shown_and_saved(text):
    found = explanation(text)
    markup = found.html()
    assert re.sub(r"</?(p|b|span)( [^<>]*)?>", "", markup).count("<") == 0
    assert not re.search(
        r"[\x00-\x08\x0e-\x1f]", re.sub("\x1b", "", found.ansi())
    )
    assert json.loads(json.dumps(found.to_dict()))["words"] == found.words
