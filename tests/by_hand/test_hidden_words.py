"""A world in which a word tells another, and a layer that finds it."""

import numpy as np

from mitseq.by_hand.hidden_words import (
    HABITS,
    HIDDEN,
    PLACES,
    PURPOSES,
    SENTENCE,
    WORDS,
    hide,
    ids_of,
    learn_to_attend,
    sentences,
)
from mitseq.inside.attention import attention_maps


def test_each_person_has_a_habit_and_each_ball_its_purpose():
    parts = [sentences(300), sentences(200, held_out=True)]
    learned, held_out = ({tuple(row) for row in part} for part in parts)
    assert not learned & held_out and tuple(ids_of(SENTENCE)) in held_out
    assert len(learned | held_out) == len(HABITS) * len(PURPOSES)
    # each word of them stands in the training
    assert {i for row in held_out for i in row} <= {
        i for row in learned for i in row
    }
    words = np.array(WORDS)[np.concatenate(parts)]
    for who, does, the, kind, ball, to, goal in words:
        assert HABITS[who] == does and PURPOSES[kind] == goal
        assert (the, ball, to) == ("the", "ball", "to")
    assert len(set(WORDS)) == len(WORDS)
    assert set(SENTENCE) <= set(WORDS)


def test_one_word_is_hidden_or_replaced_by_one_of_its_kind():
    ids = sentences(500)
    x, weights = hide(ids)
    assert (weights.sum(axis=1) == 1).all()
    changed = x != ids
    assert (changed <= (weights > 0)).all()
    assert set(np.nonzero(weights)[1]) == set(PLACES)
    hidden = (x == WORDS.index(HIDDEN)).sum()
    assert 200 < hidden < 300  # a half of them
    for place in PLACES:
        kinds = {*ids[:, place], WORDS.index(HIDDEN)}
        assert set(x[:, place]) <= kinds


def test_the_layer_learns_who_tells_whom():
    model = learn_to_attend(heads=1)
    (found,) = attention_maps(model, ids_of(SENTENCE)[np.newaxis])
    at = SENTENCE.index
    looks = found.weights[0].argmax(axis=1)
    assert looks[at("tossed")] == at("He")
    assert looks[at("tennis")] == at("serve")
    assert looks[at("serve")] == at("tennis")
