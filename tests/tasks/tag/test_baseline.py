import json

from mitseq.tasks.tag.baseline import MostFrequentTag, ambiguous_words
from tests.tasks.tag.conftest import SENTENCES, sentence


def test_each_word_gets_its_most_frequent_tag_in_any_spelling():
    counted = MostFrequentTag.count(
        [sentence("can/AUX can/NOUN CAN/NOUN"), sentence("a/DET b/DET c/DET")]
    )
    assert counted.tags_for(["Can", "a", "zebra"]) == ["NOUN", "DET", "DET"]
    assert counted.knows("cAN") and not counted.knows("zebra")


def test_ties_go_by_the_alphabet_whatever_the_order():
    both = [sentence("fly/VERB"), sentence("fly/NOUN")]
    for order in (both, both[::-1]):
        assert MostFrequentTag.count(order).tags_for(["fly"]) == ["NOUN"]


def test_it_comes_back_from_json():
    counted = MostFrequentTag.count(SENTENCES)
    config = json.loads(json.dumps(counted.to_config()))
    words = ["Flies", "zebra", "."]
    again = MostFrequentTag.from_config(config)
    assert again.tags_for(words) == counted.tags_for(words)


def test_words_with_several_tags_are_ambiguous():
    assert ambiguous_words(SENTENCES) == {"flies", "like", "saw", "can", "fly"}
