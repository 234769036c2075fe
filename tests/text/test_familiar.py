"""Familiar: texts of too few known words are silenced, and no others."""

import numpy as np
import pytest
import tensorflow as tf

from mitseq.text.cutting import Cutter
from mitseq.text.familiar import Familiar, words_among
from mitseq.text.tokens import Tokens

KNOWN = ("so", "good", "film", "war", ":)", "10/10", "!!!")
CASES = {
    "so good": True,
    "good 10/10 !!!": True,  # known numbers and signs are not counted
    "so war es film": True,  # three of four
    "so war es in berlin": False,  # two of five
    "10/10": True,
    ":)": True,
    "": True,
    "\u597d\u770b": False,  # a script that is cut sign by sign
    "\u00e9tait": False,
    "\U0001f984": False,
}


@pytest.fixture(scope="module")
def silenced():
    import keras

    texts = keras.Input((), dtype="string")
    tokens = Tokens()(texts)
    ids = keras.layers.StringLookup(vocabulary=list(KNOWN), mask_token="")(
        tokens
    )
    layer = Familiar(0.6, len(KNOWN) + 2)
    model = keras.Model(texts, [tokens, *layer(tokens, ids)])
    layer.is_word.assign(words_among(["", "", *KNOWN]))
    return model(tf.constant(list(CASES)))


@pytest.mark.parametrize("text", CASES)
def test_what_stays(silenced, text):
    row = list(CASES).index(text)
    before, tokens, ids = (np.array(x[row]) for x in silenced)
    if CASES[text]:
        assert tokens.tolist() == before.tolist()
        assert (ids > 0).sum() == len(text.split())
    else:
        assert not any(tokens) and not ids.any()


@pytest.mark.parametrize("least", [0.0, 0.5, 0.6, 1.0])
def test_of_many_texts_it_knows_the_same(least):
    words = {word: i for i, word in enumerate(KNOWN, 2)}
    ids, _ = Cutter(words)(list(CASES))
    layer = Familiar(least, len(KNOWN) + 2)
    tokens = Tokens()(tf.constant(list(CASES)))
    table = tf.constant(
        [
            [words.get(t.decode(), 1) if t else 0 for t in row]
            for row in tokens.numpy()
        ]
    )
    layer(tokens, table)
    layer.is_word.assign(words_among(["", "", *KNOWN]))
    stays = layer(tokens, table)[1].numpy().any(axis=1)
    empty = ~table.numpy().any(axis=1)
    assert layer.knows(ids).tolist() == (stays | empty).tolist()


def test_it_keeps_its_argument():
    layer = Familiar(0.25, 9, name="f")
    again = Familiar.from_config(layer.get_config())
    assert (again.least, again.num_ids, again.name) == (0.25, 9, "f")
