"""The grammar: what is held out never stands there, distances are exact."""

import re

import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.words.grammar import (
    ENDINGS,
    KINDS,
    LECTURE,
    NEAREST,
    OPENINGS,
    SUBJECT,
    TAKEN,
    distances_of,
    is_held_out,
    write_cases,
    write_texts,
)
from mitseq.tasks.words.lexicon import (
    ACTIVITIES,
    LANGUAGES,
    PLACES,
    PLURALS,
)
from mitseq.tasks.words.texts import grammar_texts
from mitseq.text.words import cut_words


@pytest.fixture(scope="module")
def texts():
    """All that the bundled model learns from, and stops by."""
    learned = grammar_texts()
    return [*learned.train, *learned.validation]


def test_the_lectures_sentences_are_in_no_training_text(texts):
    for prompt in LECTURE:
        assert not any(prompt.lower() in text.lower() for text in texts)
    # nor what of them decides the answer
    everything = "\n".join(texts)
    assert "France is where I grew up" not in everything
    assert not re.search(r"[Tt]ook my cat", everything)
    assert not re.search(r"The clouds (are|were)", everything)
    # the words themselves are known from elsewhere
    for known in ("born in France", "my cat", "clouds in the sky"):
        assert known in everything.replace("My", "my")


def test_no_training_text_has_a_pair_that_is_held_out(texts):
    everything = "\n".join(texts)
    pairs = [(frame, c) for frame in OPENINGS for c in LANGUAGES]
    pairs += [(TAKEN, w) for words in ACTIVITIES.values() for w in words]
    for frame, word in pairs:
        said = frame.replace("*", word)
        is_there = re.search(rf"\b{said}\b", everything, re.IGNORECASE)
        assert bool(is_there) is not is_held_out(frame, word), said


def test_each_word_is_left_with_frames_to_learn_it_from():
    for country in LANGUAGES:
        frames = [f for f in OPENINGS if not is_held_out(f, country)]
        assert len(frames) >= 3, country
    held = [
        n for t in PLACES for n in (t, PLURALS[t]) if is_held_out(SUBJECT, n)
    ]
    assert 4 <= len(held) <= len(PLACES)


@pytest.mark.parametrize("kind", KINDS)
def test_every_case_is_held_out_and_its_answer_follows_the_lexicon(kind):
    for case in write_cases(kind, 50, 20):
        words = cut_words(case.prompt)
        assert case.answer in case.rivals
        if kind == "language":
            (country,) = set(words) & set(LANGUAGES)
            opening = next(
                f for f in OPENINGS if f.replace("*", country) in case.prompt
            )
            assert is_held_out(opening, country)
            assert LANGUAGES[country] == case.answer
            assert case.prompt.endswith(ENDINGS)
        elif kind in ("number", "place"):
            noun = words[1]
            assert is_held_out(SUBJECT, noun)
            many = noun in PLURALS.values()
            if kind == "number":
                assert (case.answer in ("are", "were")) is many
            else:
                one = {v: k for k, v in PLURALS.items()}.get(noun, noun)
                assert case.answer == PLACES[one]
        else:
            taken = words[-3]
            assert is_held_out(TAKEN, taken)
            assert taken in ACTIVITIES[case.answer]


@pytest.mark.parametrize("kind", NEAREST)
def test_the_distance_is_the_number_of_words_in_between(kind):
    deciding = {*LANGUAGES, *PLACES, *PLURALS.values()}
    for distance in distances_of(kind, 24):
        for case in write_cases(kind, 5, distance):
            words = cut_words(case.prompt)
            at = next(
                i
                for i, word in enumerate(words)
                if word in (LANGUAGES if kind == "language" else deciding)
            )
            assert len(words) - at - 1 == distance == case.distance


def test_the_lectures_distances():
    """Sixteen words between France and French, none from clouds to are."""
    prompt = next(p for p in LECTURE if "France" in p)
    assert len(cut_words(prompt)) - 1 == 16
    assert 16 in distances_of("language", 20)


def test_texts_are_repeatable_and_seeds_differ():
    assert write_texts(20, 12, 1) == write_texts(20, 12, 1)
    assert write_texts(20, 12, 1) != write_texts(20, 12, 2)
    assert all(len(cut_words(t)) <= 12 + 8 for t in write_texts(300, 12))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: write_texts(0), "`count` must be at least 1"),
        (lambda: write_texts(1, 3), "`distance` must be at least 4"),
        (lambda: write_cases("mood", 1), "`kind` must be one of"),
        (lambda: write_cases("language", 1, 6), "4, 5, or 7 or more"),
        (lambda: write_cases("number", 1, 2), "0, or 3 or more"),
        (lambda: write_cases("number", 1), "distance=None"),
    ],
)
def test_numbers_that_no_text_has_are_named(call, message):
    with pytest.raises(MitseqError, match=message):
        call()
