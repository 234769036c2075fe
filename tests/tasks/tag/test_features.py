"""Words and their affixes: what the network is told of an unknown word."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.tasks.tag.features import (
    AFFIXES,
    WordFeatures,
    affixes_of,
    normal,
    shape_of,
    tag_vocabularies,
)
from mitseq.text.words import UNKNOWN


def test_a_short_word_is_told_from_an_ending():
    assert affixes_of("man")[1:3] == ["-an", "-man"]
    assert affixes_of("an")[1:3] == ["-an", "-<an"]
    assert affixes_of("an")[6] == "an>-" and affixes_of("anew")[6] == "ane-"


def test_spelling_tells_in_the_shape_only():
    assert affixes_of("Time")[:-1] == affixes_of("time")[:-1]
    assert affixes_of("Time")[-1] != affixes_of("time")[-1]
    assert normal("5:30") == normal("6:15") and shape_of("5:30") == "0-0"


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=12))
def test_every_word_has_the_same_number_of_affixes(word):
    found = affixes_of(word)
    assert len(found) == AFFIXES and all(found)
    assert len(shape_of(word)) <= 4


def test_rare_words_and_single_affixes_are_unknown():
    words, affixes = tag_vocabularies(
        [["Kindness", "kindness", "sadness"]], min_count=2
    )
    features = WordFeatures(words, affixes)
    assert features.unknown(["KINDNESS", "sadness", "sadness"]) == ["sadness"]
    known = dict(
        zip(affixes_of("madness"), features.affix_ids("madness"), strict=True)
    )
    other = known["m-"]
    assert known["-ness"] != other and known["ma-"] == other
    assert len({known[f"-{end}"] for end in ("s", "ss", "ess", "ness")}) == 4


def test_a_sign_that_no_text_had_is_unknown_though_each_vocabulary_has_it():
    words, affixes = tag_vocabularies([["a"]])
    assert "%" in words and WordFeatures(words, affixes).unknown("%a") == ["%"]


def test_a_word_that_is_spelled_as_the_unknown_one_breaks_nothing():
    words, _ = tag_vocabularies([[UNKNOWN, "a"]])
    assert words.tokens.count(UNKNOWN) == 1


def test_encoded_sentences_end_with_padding():
    features = WordFeatures(*tag_vocabularies([["a", "bee", "see"]]))
    words, affixes = features.encode([["see", "A"], ["bee"]], 3)
    assert words.shape == (2, 3) and affixes.shape == (2, 3, AFFIXES)
    assert (words[0, :2] == [features.word_id(w) for w in ("see", "a")]).all()
    np.testing.assert_array_equal(affixes[1, 0], features.affix_ids("bee"))
    assert not words[1, 1:].any() and not affixes[1, 1:].any()
    assert words[0, :2].all() and affixes[0, :2].all()
