from mitseq.tasks.tag.sentences import UPOS, Treebank, tags_of
from tests.tasks.tag.conftest import SENTENCES, sentence


def test_a_sentence_reads_as_it_is_written():
    text = "an/DET either/or/CCONJ"
    assert str(sentence(text)) == text


def test_tags_are_those_that_stand_in_the_sentences_in_order():
    assert tags_of(SENTENCES[:2]) == ["ADP", "DET", "NOUN", "PUNCT", "VERB"]
    assert set(tags_of(SENTENCES)) < set(UPOS) and len(UPOS) == 17


def test_a_treebank_without_test_has_none():
    assert Treebank(SENTENCES, SENTENCES).test == ()
