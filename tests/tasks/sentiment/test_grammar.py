import re
from collections import Counter, defaultdict

import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.sentiment.grammar import (
    FAMILIES,
    LABELS,
    ORDER_FAMILIES,
    TRAIN_DISTANCES,
    grammar_texts,
    write_reviews,
)
from mitseq.tasks.sentiment.read import read_texts

REVIEWS = write_reviews(60, distances=range(9))


def bag(text):
    """Words and marks, each with its number; upper and lower case differ."""
    return frozenset(Counter(re.findall(r"\w+|[^\w\s]", text)).items())


def groups_of(reviews):
    groups = defaultdict(list)
    for review in reviews:
        groups[review.group].append(review)
    return groups.values()


@pytest.mark.parametrize("family", ORDER_FAMILIES)
def test_twins_have_one_bag_of_words_and_opposite_labels(family):
    groups = groups_of(r for r in REVIEWS if r.family == family)
    assert len(groups) == 60 * 9
    for group in groups:
        same = defaultdict(list)
        for review in group:
            same[bag(review.text)].append(review.label)
        for labels in same.values():  # any answer is right for half of them
            assert labels.count("pos") == labels.count("neg") > 0
        assert len({review.text for review in group}) == len(group)


def test_every_group_is_balanced_and_its_texts_differ():
    for group in groups_of(REVIEWS):
        labels = [review.label for review in group]
        assert labels.count("pos") == labels.count("neg") > 0
        assert len({review.text for review in group}) == len(group)
        assert len({(r.family, r.distance) for r in group}) == 1


def test_no_word_alone_gives_the_label_away():
    """In all families but the plain one, also over the whole data."""
    counts = defaultdict(Counter)
    for review in write_reviews(400, distances=[0]):
        if review.family != "plain":
            for word in set(re.findall(r"\w+", review.text.lower())):
                counts[word][review.label] += 1
    for word, by_label in counts.items():
        if by_label.total() >= 100:
            assert 0.4 < by_label["pos"] / by_label.total() < 0.6, word


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


def test_sentences_are_well_formed():
    for review in REVIEWS:
        for sentence in re.split(r"(?<=[.]) ", review.text):
            assert re.fullmatch(r"[A-Z][^.{}]*\.", sentence), review
            assert "  " not in sentence
        assert not re.search(r"\b(\w+) \1\b", review.text), review


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
