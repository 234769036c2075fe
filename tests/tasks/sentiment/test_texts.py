"""Labeled texts: what is counted, found twice and remarked."""

import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.sentiment.texts import Texts, find_duplicates, remarks


def test_counts_are_in_the_order_of_the_classes():
    texts = Texts(["a", "b", "c"], ["pos", "neg", "pos"])
    assert texts.classes == ("neg", "pos")
    assert list(texts.counts.items()) == [("neg", 1), ("pos", 2)]


def test_punctuation_and_case_make_no_other_text_but_signs_alone_do():
    assert find_duplicates(["A b!", "!", "?"], ["a  B", "?", "b"]) == [
        (0, 0),
        (2, 1),
    ]


def test_even_and_distinct_texts_need_no_remark():
    texts = [f"{label} {i}" for label in "xy" for i in range(20)]
    assert list(remarks(Texts(texts, [text[0] for text in texts]))) == []
    torn = Texts(["a", "A", "b", ""], ["x", "y", "x", "y"])
    assert list(remarks(torn))[:2] == [
        "1 text of 4 empty",
        "1 repeated text, 1 of them with another label",
    ]


def test_texts_and_labels_are_as_many():
    with pytest.raises(MitseqError, match="1 texts, 2 labels"):
        Texts(["a"], ["b", "c"])
    with pytest.raises(MitseqError, match="1 texts, 2 groups"):
        Texts(["a"], ["b"], groups=[1, 2])
