"""Words: one spelling of each, found in any, and back to a text."""

from hypothesis import given
from hypothesis import strategies as st

from mitseq.text.words import (
    UNKNOWN,
    WordIndex,
    cut_words,
    join_words,
    word_vocabulary,
    words_of,
)

TEXTS = ["The end of the day. I like France.", "Is it the end? Yes, I think."]


def test_a_word_has_the_spelling_that_it_has_within_a_sentence():
    words = words_of(word_vocabulary(TEXTS))
    assert {"the", "France", "I", "yes", "is"} <= set(words)
    assert not {"The", "france", "i", "Yes", "Is"} & set(words)
    assert len({word.lower() for word in words}) == len(words)


def test_capitals_at_beginnings_do_not_outvote_the_rest():
    texts = ["Apple wins. Apple wins. Apple wins. I eat an apple."]
    assert "apple" in words_of(word_vocabulary(texts))
    texts = ["Paris wins. I like Paris."]
    assert "Paris" in words_of(word_vocabulary(texts))


def test_words_are_found_in_any_spelling_and_rare_ones_are_unknown():
    vocabulary = word_vocabulary(TEXTS, min_count=2)
    index = WordIndex(vocabulary)
    ids = index.encode(["THE", "end", "France"])
    assert index.words(ids) == ["the", "end", UNKNOWN]
    assert index.unknown(["France", "the", "France"]) == ["France"]


def test_ids_do_not_depend_on_the_order_of_the_texts():
    assert word_vocabulary(TEXTS) == word_vocabulary(TEXTS[::-1])


def test_a_text_that_names_the_unknown_word_has_it_once():
    vocabulary = word_vocabulary([f"a {UNKNOWN} b"])
    assert words_of(vocabulary) == ["a", "b"]


def test_text_comes_back_from_its_words():
    text = "France is where I grew up, isn't it? I think so."
    assert join_words(cut_words(text)) == text


@given(st.text())
def test_no_character_but_spaces_is_lost(text):
    kept = "".join(cut_words(text))
    assert kept == "".join(text.split()) or any(
        c in text for c in "\x1c\x1d\x1e\x1f\x85"
    )


def test_opening_signs_stand_at_the_next_word_and_before_a_sentence():
    texts = ["¿Dónde está Tom?", "¡Hola! ¿Qué es (casi) esto?", "Ya, ¿qué más?"]
    for text in texts:
        assert join_words(cut_words(text)) == text
    words = words_of(word_vocabulary(texts))
    assert "dónde" in words and "qué" in words and "Tom" in words
    assert "Dónde" not in words
