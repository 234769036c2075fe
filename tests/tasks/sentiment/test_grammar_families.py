"""What each family of the grammar of reviews has to keep."""

import re
from collections import Counter, defaultdict

import pytest

from mitseq.tasks.sentiment.grammar import ORDER_FAMILIES, write_reviews

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


def test_sentences_are_well_formed():
    for review in REVIEWS:
        for sentence in re.split(r"(?<=[.]) ", review.text):
            assert re.fullmatch(r"[A-Z][^.{}]*\.", sentence), review
            assert "  " not in sentence
        assert not re.search(r"\b(\w+) \1\b", review.text), review
