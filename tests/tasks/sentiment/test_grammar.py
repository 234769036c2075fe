import re

import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.sentiment.grammar import (
    FAMILIES,
    LABELS,
    TRAIN_DISTANCES,
    grammar_texts,
    write_reviews,
)
from mitseq.tasks.sentiment.read import read_texts

REVIEWS = write_reviews(60, distances=range(9))


def test_distance_is_the_number_of_sentences_put_in():
    for family in FAMILIES:
        length = {}
        for review in REVIEWS:
            if review.family == family:
                sentences = len(re.findall(r"[.](?=\s|$)", review.text))
                length.setdefault(review.distance, set()).add(sentences)
        (base,) = {min(found) for d, found in length.items() if d == 0}
        for distance, found in length.items():
            assert {n - distance for n in found} == length[0]
            assert min(found) == base + distance


def test_splits_share_no_group_whatever_the_seeds():
    def said(split, seed):
        reviews = write_reviews(50, split=split, distances=[0], seed=seed)
        return {review.text for review in reviews}

    train = said("train", 0) | said("train", 1)
    test = said("test", 0) | said("test", 2)
    assert not train & test
    assert said("train", 0) != said("train", 1)
    assert said("train", 0) == said("train", 0)


def test_thousands_of_distinct_texts_of_plain_ascii_but_one_word():
    texts = {review.text for review in REVIEWS}
    assert len(texts) > 15_000
    words = {word for t in texts for word in re.findall(r"\w+", t.lower())}
    assert {word for word in words if not word.isascii()} == {"café"}
    assert 400 < len(words) < 1000


def test_grammar_texts_mixes_and_is_what_builtin_reads():
    data = grammar_texts("test", groups=2)
    assert data.classes == LABELS
    assert data.counts["pos"] == data.counts["neg"] == len(data) / 2
    assert len(set(data.labels[:10])) == 2
    assert read_texts("builtin").texts == grammar_texts().texts
    held = read_texts("builtin", split="test")
    assert not set(held.texts) & set(read_texts("builtin").texts)


def test_builtin_says_which_texts_are_twins():
    data = read_texts("builtin")
    labels: dict[int, set] = {}
    for group, label in zip(data.groups, data.labels, strict=True):
        labels.setdefault(group, set()).add(label)
    assert len(labels) == 120 * len(FAMILIES) * len(TRAIN_DISTANCES)
    assert all(found == set(LABELS) for found in labels.values())
    assert "diagnostic" in data.notes[0]


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"groups": 0}, "`groups` must be a positive int"),
        ({"split": "dev"}, "`split` must be"),
        ({"distances": [99]}, "`distances` must be ints from 0 to"),
        ({"distances": ["1"]}, "`distances` must be ints"),
        ({"families": ["irony"]}, "`families` must be among plain"),
    ],
)
def test_wrong_arguments_are_named(arguments, message):
    with pytest.raises(MitseqError, match=message):
        write_reviews(**{"groups": 1, **arguments})
