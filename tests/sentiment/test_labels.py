import pytest

from mitseq.errors import MitseqError
from mitseq.sentiment.labels import match_labels, meaning_of


def test_meaning_is_read_off_words_and_numbers():
    assert meaning_of([0, 1]) == {"0": "neg", "1": "pos"}
    assert meaning_of([" POS ", "Bad"]) == {" POS ": "pos", "Bad": "neg"}
    assert meaning_of(["sports"]) == {"sports": None}


@pytest.mark.parametrize(
    "labels, classes, expected",
    [
        (["a", "b"], ["a", "b", "c"], {"a": "a", "b": "b"}),
        (["Sports"], ["art", "sports"], {"Sports": "sports"}),
        (["0", "1"], ["neg", "pos"], {"0": "neg", "1": "pos"}),
        ([1], ["0", "1"], {"1": "1"}),
    ],
)
def test_labels_find_their_class(labels, classes, expected):
    assert match_labels(labels, classes) == expected


def test_labels_without_a_class_are_named():
    with pytest.raises(MitseqError, match="'mixed' is none of .* neg, pos"):
        match_labels(["pos", "mixed"], ["neg", "pos"])
    with pytest.raises(MitseqError, match="one to one"):
        match_labels(["good", "1"], ["neg", "pos"])
