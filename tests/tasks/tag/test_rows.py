"""Batches: every sentence with its tags, of one length, rare words dropped."""

import numpy as np

from mitseq.tasks.tag.features import WordFeatures, tag_vocabularies
from mitseq.tasks.tag.rows import NO_TAG, SentenceBatches, encode_tags
from mitseq.tasks.tag.sentences import tags_of
from tests.tasks.tag.conftest import SENTENCES, sentence

TAGS = tags_of(SENTENCES)
LONG = sentence(" ".join(["a/DET saw/NOUN"] * 6))


def batches(sentences, size=4, **settings):
    features = WordFeatures(*tag_vocabularies([s.words for s in sentences]))
    return SentenceBatches(sentences, features, TAGS, size, **settings)


def test_a_tag_that_is_not_known_counts_for_nothing():
    y = encode_tags([sentence("a/DET b/X")], ["DET"], 3)
    assert y.tolist() == [[0, NO_TAG, NO_TAG]]


def test_an_epoch_has_every_sentence_with_its_tags():
    found = batches([*SENTENCES, LONG])
    found.start(1)
    seen = set()
    for i in range(len(found)):
        (words, affixes), y = found[i]
        assert words.shape == y.shape == affixes.shape[:2] and len(y) == 4
        np.testing.assert_array_equal(words != 0, y != NO_TAG)
        for row, tags in zip(words, y, strict=True):
            texts = found.features.words.tokens_of(row)
            seen.add((*texts, *(TAGS[t] for t in tags if t != NO_TAG)))
    expected = {
        (*(w.lower() for w in s.words), *s.tags) for s in [*SENTENCES, LONG]
    }
    assert seen == expected


def test_the_first_batches_are_of_all_lengths_so_that_any_may_follow():
    found = batches([*SENTENCES * 4, LONG])
    lengths = [found[i][1].shape[1] for i in range(2)]
    assert lengths == [8, 16]
    shape = found.dataset().element_spec[1].shape
    assert shape.as_list() == [None, None]


def test_an_epoch_comes_again_and_another_is_another():
    found = batches(SENTENCES * 3, word_dropout=1.0)

    def words(epoch):
        found.start(epoch)
        return np.concatenate([found[i][0][0] for i in range(len(found))])

    first = words(1)
    assert (words(2) != first).any()
    np.testing.assert_array_equal(words(1), first)


def test_words_are_dropped_as_often_as_they_are_rare():
    """The probability is w / (w + n): 1/2 for one, 1/13 for twelve."""
    once = sentence("fly/NOUN swatters/NOUN")
    found = batches([once, *[sentence("a/DET")] * 12], 13, word_dropout=1.0)
    rare = often = 0
    for epoch in range(1, 201):
        found.start(epoch)
        (words, _), y = found[0]
        dropped = words == found.features.unknown_id
        nouns = y == TAGS.index("NOUN")
        rare += dropped[nouns].sum() / nouns.sum()
        often += dropped[y == TAGS.index("DET")].mean()
    assert 0.4 < rare / 200 < 0.6
    assert 0.05 < often / 200 < 0.11
    whole = batches(SENTENCES)  # without dropout
    assert not (whole[0][0][0] == whole.features.unknown_id).any()
