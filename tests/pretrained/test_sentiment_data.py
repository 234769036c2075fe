"""What the bundled classifier learns from: read, split, weighed."""

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.pretrained.sentiment_data import (
    DOMAINS,
    LEXICON,
    Mixture,
    Rated,
    add_grammar,
    add_words,
    read_lexicon,
    read_rated,
    split,
    split_reviews,
    words_held_out,
)


def test_rated_sentences_are_read(tmp_path):
    file = tmp_path / DOMAINS["products"]
    file.write_text("1_1\t-0.9\tno picture\n1_2\t0.4\tit\thas tabs\n", "utf-8")
    first, second = read_rated(tmp_path, "products")
    assert first == Rated("no picture", -0.9, "1")
    assert first.label == "negative" and second.label == "neutral"
    assert second.text == "it\thas tabs"
    (tmp_path / LEXICON).write_text(":)\t2.0\t1.1\t[2]\n", "utf-8")
    assert read_lexicon(tmp_path) == {":)": 2.0}


@pytest.mark.parametrize("line", ["1_1\tgood\ttext", "1_1\t0.5", "", "a b c"])
def test_a_broken_line_is_named(tmp_path, line):
    file = tmp_path / DOMAINS["tweets"]
    file.write_text(f"1\t0.5\tfine\n{line}\n", "utf-8")
    with pytest.raises(MitseqError, match=r"tweets.*:2: expected"):
        read_rated(tmp_path, "tweets")


def test_a_tenth_is_held_out_and_another_stops():
    train, stop, held = split(105)
    assert len(held) == len(stop) == 10
    assert sorted([*train, *stop, *held]) == list(range(105))
    assert list(train) != list(range(85))


def test_no_review_is_torn():
    rated = [Rated(f"{i}", 1.0, str(i // 3)) for i in range(90)]
    parts = split_reviews(rated)
    names = [{each.review for each in part} for part in parts]
    assert sum(map(len, parts)) == 90 and len(names[1]) == 3
    assert not names[0] & names[1] and not names[0] & names[2]


def test_neutral_texts_speak_for_both_sides():
    mixture = Mixture()
    mixture.add("a", [("it is noon", 0.5), ("so good", 1.0)], 2.0)
    assert mixture.texts == ["it is noon", "it is noon", "so good"]
    assert mixture.labels == ["negative", "positive", "positive"]
    assert mixture.weights == [1.0, 1.0, 2.0] and mixture.counts == {"a": 2}
    mixture.add("b", [("not bad", 1.0)], for_order=True)
    left = mixture.without(["It is noon!"])
    assert left.texts == ["so good", "not bad"] and left.weights == [2.0, 1.0]
    assert left.for_order == [False, True]
    assert left.without_order().texts == ["so good"]


def test_words_stand_often_enough_to_be_known():
    mixture = Mixture()
    add_words(mixture, {"good": 1.9, "authority": 0.3, "bad": -2.5})
    said = {}
    for text, label, weight in zip(
        mixture.texts, mixture.labels, mixture.weights, strict=True
    ):
        said.setdefault(text, {})[label] = weight
    assert set(said) == {*("good", "good!", "GOOD!!!", "bad", "bad!", "BAD!!!")}
    # plain, a word is less sure than emphasized
    assert said["GOOD!!!"].keys() == {"positive"}
    assert said["good"]["positive"] > 3 * said["good"]["negative"] > 0
    assert said["bad"]["negative"] > said["good"]["positive"]


def test_the_groups_that_it_stops_by_are_others():
    first, second = Mixture(), Mixture()
    add_grammar(first, 40, (0, 1), 0)
    add_grammar(second, 2, (0, 1), 99)
    others = set(second.texts) - set(first.texts)
    assert len(others) > 0.8 * len(second.texts)
    assert set(second.labels) == {"negative", "positive"}


def test_a_tenth_of_the_adjectives_is_in_no_phrase():
    ratings = {f"{x}ful": 2.0 for x in "abcdefghijklmnopqrst"}
    out = words_held_out(ratings)
    assert len(out) == 2 and set(out) < set(ratings)
    assert np.array_equal(out, words_held_out(ratings))
