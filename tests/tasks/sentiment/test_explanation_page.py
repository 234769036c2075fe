"""A page of reasons: every text, both methods, and nothing that runs."""

import dataclasses

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.sentiment.explanation import Explanation
from mitseq.tasks.sentiment.explanation_page import explanation_page


def reasons(text, label):
    words = text.split()
    values = {
        "leave_one_out": np.arange(len(words)) + 1.0,
        "integrated_gradients": -np.arange(len(words)) - 1.0,
    }
    return Explanation(text, words, label, 0.9, 2.0, values)


def test_it_holds_each_text_by_each_method():
    page = explanation_page(
        [
            ("a.txt", reasons("so good", "pos")),
            ("b/c.txt", reasons("so bad", "neg")),
            ("d.txt", reasons("fine", "pos")),
        ],
        "Letters",
    )
    assert "<title>Letters</title>" in page
    assert page.count("<section") == 3
    assert page.count('data-method="leave_one_out"') == 3
    assert page.count('data-method="integrated_gradients" hidden') == 3
    assert '<option value="pos">pos: 2</option>' in page
    assert 'title="+2.000">good' in page and 'title="-2.000">good' in page
    assert "b/c.txt" in page and "all 3 texts" in page


def test_nothing_of_a_text_runs():
    evil = "<script>alert(1)</script> \" onload='x'"
    page = explanation_page([(evil, reasons(evil, evil))], evil)
    assert page.count("<script>") == 1  # its own
    assert "alert(1)</script>" not in page and "onload='x'" not in page


def test_no_text_is_no_page():
    with pytest.raises(MitseqError, match="at least one explanation"):
        explanation_page([])


def test_a_text_stands_under_what_the_classifier_says():
    """Neutral is neither of the labels that words speak for."""
    undecided = dataclasses.replace(reasons("so", "neg"), answer="neutral")
    page = explanation_page([("a", undecided), ("b", reasons("so", "neg"))])
    assert '<option value="neutral">neutral: 1</option>' in page
    assert '<option value="neg">neg: 1</option>' in page
    assert 'data-label="neutral"' in page
    assert "<b>neutral, neg 90%</b>" in page and "<b>neg (90%)</b>" in page


def test_a_word_that_counts_for_little_has_no_ground():
    """On a dark page it would be a white box."""
    values = {"leave_one_out": np.array([2.0, 0.09, -0.5])}
    found = Explanation(
        "good the bad", ["good", "the", "bad"], "x", 1, 1, values
    )
    page = explanation_page([("a", found)])
    assert '<span title="+0.090">the</span>' in page
    assert page.count('<span style="background:rgb(') == 2
