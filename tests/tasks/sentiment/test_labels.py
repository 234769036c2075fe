import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.sentiment.labels import match_labels, meaning_of


def test_meaning_is_read_off_words_and_numbers():
    assert meaning_of([0, 1]) == {"0": "neg", "1": "pos"}
    assert meaning_of([" POS ", "Bad"]) == {" POS ": "pos", "Bad": "neg"}
    assert meaning_of(["sports"]) == {"sports": None}


def test_of_numbers_the_lowest_is_blame_and_the_highest_is_praise():
    stars = meaning_of([5, 3, 10, 1])
    assert stars == {"5": None, "3": None, "10": "pos", "1": "neg"}
    assert meaning_of(["2", "1"]) == {"2": "pos", "1": "neg"}
    assert meaning_of(["0", "4"]) == {"0": "neg", "4": "pos"}
    assert meaning_of([-1, 0, 1]) == {"-1": "neg", "0": None, "1": "pos"}
    assert meaning_of(["1.0", "-1.5"]) == {"1.0": "pos", "-1.5": "neg"}
    assert meaning_of(["1"]) == {"1": "pos"}


@pytest.mark.parametrize(
    "labels, classes, expected",
    [
        (["a", "b"], ["a", "b", "c"], {"a": "a", "b": "b"}),
        (["Sports"], ["art", "sports"], {"Sports": "sports"}),
        (["0", "1"], ["neg", "pos"], {"0": "neg", "1": "pos"}),
        ([1], ["0", "1"], {"1": "1"}),
        (["1", "2"], ["neg", "pos"], {"1": "neg", "2": "pos"}),
        (["pos", "neg"], [1, 2, 3], {"pos": "3", "neg": "1"}),
    ],
)
def test_labels_find_their_class(labels, classes, expected):
    assert match_labels(labels, classes) == expected


def test_labels_without_a_class_are_named():
    with pytest.raises(MitseqError, match="'mixed' is none of .* neg, pos"):
        match_labels(["pos", "mixed"], ["neg", "pos"])
    with pytest.raises(MitseqError, match="one to one"):
        match_labels(["good", "1"], ["neg", "pos"])
