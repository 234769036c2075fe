"""The made-up language: its order, its agreement, its alignment."""

import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.translate.language import (
    ADJECTIVES,
    ADVERBS,
    ARTICLES,
    JOINTS,
    LEXICON,
    NOUNS,
    PLURALS,
    VERBS,
    write_sentences,
)


def meaning(word):
    """What a source word is in the dictionary: its base form."""
    singular = {f"{noun}s": noun for noun in NOUNS}
    singular |= {many: one for one, many in PLURALS.items()}
    base = {many: one for one, many in VERBS.items()}
    word = singular.get(word, base.get(word, word))
    return ARTICLES.get("a" if word == "an" else word) or LEXICON[word]


def test_each_word_comes_from_the_word_that_it_means():
    for made in write_sentences(300, 4, seed=1):
        assert sorted(made.alignment) == list(range(len(made.source)))
        for word, at in zip(made.target, made.alignment, strict=True):
            assert word.removesuffix("j") == meaning(made.source[at])


def test_adjectives_follow_the_noun_and_agree_with_it():
    adjectives = {LEXICON[word] for word in ADJECTIVES}
    nouns = {LEXICON[word] for word in NOUNS}
    many = {False: 0, True: 0}
    for made in write_sentences(300, 2, seed=2):
        of_noun = None
        for word in made.target:
            plural, stem = word.endswith("j"), word.removesuffix("j")
            if stem in nouns:
                of_noun = plural
                many[plural] += 1
            elif stem in adjectives:
                assert plural == of_noun
    assert min(many.values()) > 100


def test_the_verb_stands_at_the_end_and_agrees_with_the_subject():
    verbs = {LEXICON[word] for word in VERBS}
    joints = {LEXICON[word] for word in JOINTS}
    for made in write_sentences(200, 3, seed=3):
        clause = []
        for word in (*made.target, "and"):
            if word not in joints and word != "and":
                clause.append(word)
                continue
            *before, last = clause
            assert last.removesuffix("j") in verbs
            assert not {w.removesuffix("j") for w in before} & verbs
            assert last.endswith("j") == before[0].endswith("j")
            clause = []


def test_words_are_different_and_the_same_forever():
    assert len(set(LEXICON.values())) == len(LEXICON)
    words = (*NOUNS, *ADJECTIVES, *VERBS, *ADVERBS, *JOINTS)
    assert len(words) == len(set(words)) == len(LEXICON)
    assert LEXICON["cat"] == "pegalo"


def test_sentences_are_different_and_hang_on_the_seed():
    first = write_sentences(500, 1, seed=0)
    assert len({made.source for made in first}) == 500
    assert first == write_sentences(500, 1, seed=0)
    assert first != write_sentences(500, 1, seed=1)
    (long,) = write_sentences(1, [5])
    assert sum(word in JOINTS for word in long.source) == 4


def test_an_stands_before_a_vowel():
    for made in write_sentences(500, 1, seed=6):
        for word, after in zip(made.source, made.source[1:], strict=False):
            if word in ("a", "an"):
                assert (word == "an") == (after[0] in "aeiou")


def test_more_than_there_are_is_an_error(monkeypatch):
    from mitseq.tasks.translate import language

    made = write_sentences(1, 1)[0]
    monkeypatch.setattr(language, "_sentence", lambda rng, clauses: made)
    with pytest.raises(MitseqError, match="`count` must be below"):
        write_sentences(2, 1)
