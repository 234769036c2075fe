"""Phrases of rated words: each frame says what a reader takes it to say."""

import random

from mitseq.pretrained.sentiment_phrases import (
    BLAME,
    GLAD,
    NEITHER,
    PRAISE,
    SAD,
    Phrase,
    adjectives,
    of_adjectives,
    verbs,
    write_phrases,
)
from mitseq.text.tokens import tokenize

RATINGS = {
    "bad": -2.5,
    "badly": -2.1,
    "good": 1.9,
    "useful": 1.2,
    "love": 3.2,
    "loves": 2.7,
    "loved": 2.9,
    "loving": 2.9,
    "hate": -2.7,
    "hates": -1.9,
    "hated": -3.2,
    "hating": -2.3,
    "hope": 0.5,
    ":)": 2.0,
}


def test_what_is_an_adjective_and_what_a_verb():
    assert set(adjectives(RATINGS)) == {"bad", "good", "useful"}
    assert set(verbs(RATINGS)) == {"love", "hate"}


def sides_of(phrases, *words):
    lower = [(p, p.text.lower()) for p in phrases]
    return {
        p.side
        for p, text in lower
        if all(word in text for word in words)  # tokens take longer
        and set(words) <= set(tokenize(text))
    }


def test_each_frame_says_what_a_reader_takes_it_to_say():
    phrases = write_phrases(RATINGS, times=1000)
    text = {p.text.lower().strip(".!?"): p.side for p in phrases}
    assert text["bad"] == text["not good"] == text["hardly useful"] == BLAME
    assert text["good"] == text["not bad"] == text["never bad"] == PRAISE
    assert text["good but bad"] == BLAME and text["bad but good"] == PRAISE
    assert text["kind of useful"] == NEITHER  # a weak word, weakened
    assert text["kind of bad"] == BLAME
    assert sides_of(phrases, "hardly", "hate") == {PRAISE}
    assert sides_of(phrases, "hardly", "love") == {BLAME}
    assert text["i really love this"] == PRAISE
    assert text["10/10"] == PRAISE and text["0/10"] == BLAME
    assert text["👍"] == PRAISE and text["👎"] == BLAME


def test_what_is_emphasized_takes_its_side_fully():
    words = {"good": 1.9, "bad": -2.5}
    phrases = of_adjectives(words, random.Random(0), 9000)
    force = {p.text: p.force for p in phrases}
    assert force["kind of bad"] < force["bad"] < force["very bad"] == 1
    assert force["BAD"] == force["bad!!!"] == 1
    praise = {p.text: p.praise for p in phrases}
    assert praise["very bad"] == 0 and praise["very good"] == 1
    assert 0 < praise["bad"] < 0.5 < praise["not bad"] < 1
    assert Phrase("5/10", NEITHER).praise == 0.5


def test_signs_decide_behind_sentences_that_say_nothing():
    phrases = write_phrases({"bad": -2.5, "badly": -2.1}, times=5)
    for signs, side in ((GLAD, PRAISE), (SAD, BLAME)):
        for sign in signs:
            ends = [p for p in phrases if p.text.endswith(f" {sign}")]
            assert ends and all(p.side == side for p in ends), sign


def test_each_sign_is_one_token():
    for sign in (*GLAD, *SAD):
        if not sign.isascii():
            assert len(tokenize(sign)) == 1, sign


def test_words_held_out_stand_nowhere_and_the_seed_decides():
    phrases = write_phrases(RATINGS, times=20, held_out=["useful"])
    assert not sides_of(phrases, "useful")
    assert phrases == write_phrases(RATINGS, times=20, held_out=["useful"])
    assert phrases != write_phrases(
        RATINGS, times=20, held_out=["useful"], seed=1
    )
