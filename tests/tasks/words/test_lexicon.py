"""The words: no word in two groups, plurals differ, everything has its pair."""

from collections import Counter

from mitseq.tasks.words.lexicon import (
    ACTIVITIES,
    GROUPS,
    LANGUAGES,
    PLACES,
    PLURALS,
    group_of,
)


def test_no_word_is_in_two_groups():
    counts = Counter(w for words in GROUPS.values() for w in words)
    assert [word for word, n in counts.items() if n > 1] == []


def test_everything_has_its_pair():
    assert set(PLURALS) == set(PLACES)
    assert all(PLURALS[thing] != thing for thing in PLACES)
    assert PLURALS["bus"] == "buses" and PLACES["cloud"] == "sky"
    assert len(set(LANGUAGES.values())) == len(LANGUAGES)
    assert "cat" in ACTIVITIES["walk"]


def test_a_group_is_found():
    assert group_of("clouds") == "things" and group_of("sky") == "place"
    assert group_of("the") == "other"
