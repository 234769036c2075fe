"""What is measured was never learned: not the sentence, not its pattern."""

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.tag.baseline import MostFrequentTag, ambiguous_words
from mitseq.tasks.tag.evaluation import evaluate_tags
from mitseq.tasks.tag.grammar import (
    EVERYDAY,
    grammar_treebank,
    is_held_out,
    pattern_of,
    write_sentences,
)
from mitseq.tasks.tag.sentences import UPOS, tags_of


@pytest.fixture(scope="module")
def treebank():
    return grammar_treebank(4000)


def test_no_pattern_of_the_test_is_in_the_training(treebank):
    learned = {pattern_of(s.tags) for s in treebank.train}
    for part in (treebank.validation, treebank.test):
        assert not learned & {pattern_of(s.tags) for s in part}
        assert all(is_held_out(s.tags) for s in part)
    either = write_sentences(400, 5, held_out=None)
    assert 0.06 < np.mean([is_held_out(s.tags) for s in either]) < 0.25


def test_everyday_sentences_are_never_written(treebank, monkeypatch):
    from mitseq.tasks.tag import grammar

    def words(sentence):
        pairs = zip(sentence.words, sentence.tags, strict=True)
        return tuple(w.lower() for w, tag in pairs if tag != "PUNCT")

    everyday = {words(s) for s in EVERYDAY}
    assert not everyday & {words(s) for s in treebank.train}
    # one that the grammar would write is left out
    first = write_sentences(2, 3)
    monkeypatch.setattr(grammar, "EVERYDAY", (first[0],))
    assert write_sentences(1, 3)[0] == first[1]


def test_the_sentence_decides_and_the_most_frequent_tag_fails(treebank):
    ambiguous = ambiguous_words(treebank.train)
    assert {"flies", "like", "saw", "can", "book", "to", "that"} <= ambiguous
    counted = MostFrequentTag.count(treebank.train)
    given = [counted.tags_for(s.words) for s in treebank.test]
    found = evaluate_tags(treebank.test, given, counted.knows)
    assert 0.6 < found.accuracy < 0.9
    assert found.unknown > 200 and found.unknown_accuracy < 0.5


def test_endings_tell_the_kind_of_made_up_words(treebank):
    known = {w.lower() for s in treebank.train for w in s.words}
    unknown = [
        (word, tag)
        for s in treebank.test
        for word, tag in zip(s.words, s.tags, strict=True)
        if word.lower() not in known
    ]
    for ending, tag in (("ness", "NOUN"), ("ous", "ADJ"), ("ly", "ADV")):
        tags = [t for word, t in unknown if word.lower().endswith(ending)]
        assert len(tags) > 2 and np.mean([t == tag for t in tags]) > 0.7


def test_sentences_are_english_in_their_spelling(treebank):
    articles = {"a": set(), "an": set()}
    for s in treebank.train:
        for word, tag, after in zip(s.words, s.tags, s.words[1:], strict=False):
            if tag == "DET" and word.lower() in articles:
                articles[word.lower()].add(after[0].lower() in "aeiou")
            if word == "i":
                assert all(w == w.lower() for w in s.words)
    assert articles == {"a": {False}, "an": {True}}
    assert set(tags_of(treebank.train)) == set(UPOS)


def test_a_seed_gives_the_same_sentences_and_another_others():
    assert write_sentences(5, 7) == write_sentences(5, 7)
    assert write_sentences(5, 7) != write_sentences(5, 8)
    with pytest.raises(MitseqError, match="`count` must be at least 1"):
        write_sentences(0)
