"""Tokens: what survives, and the same in the graph and in plain Python."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mitseq.text.rows import Rows
from mitseq.text.tokens import CutMiddle, Tokens, strings, tokenize

CASES = {
    "Don't say it's BAD": ["don't", "say", "it's", "bad"],
    "so-so, at best...": ["so", "-", "so", ",", "at", "best", "..."],
    "what?!?!?!": ["what", "?!?", "!?!"],
    "loooove it!!!!!!": ["looove", "it", "!!!"],
    "@ann_b see https://x.y/z?q=1 or www.x.y": [
        *("<mention>", "see", "<link>", "or", "<link>")
    ],
    "mail a@b.c": ["mail", "a", "@", "b", ".", "c"],
    "#MustSee :-) :( <3 </3": ["#", "mustsee", ":-)", ":(", "<3", "</3"],
    ":)) :-(( :))))) >:( :'( ;^)": [":))", ":-((", ":)))", ">:(", ":'(", ";^)"],
    "(: (-; )': \\o/ ^_^ -_- >.<": [
        *("(:", "(-;", ")':", "\\o/", "^_^", "-_-", ">.<")
    ],
    "(a) so: b (it is)": ["(", "a", ")", "so", ":", "b", "(", "it", "is", ")"],
    "10/10, at 3:30 for 1,000.50": ["10/10", ",", "at", "3:30", "for"]
    + ["1,000.50"],
    "It is GREAT!": ["it", "is", "great", "<caps>", "!"],
    "I WON'T, WON’T, WASN'T": [
        *("i", "won't", ",", "won't", ",", "wasn't", "<caps>")
    ],
    "#AWESOME GOOD_FOOD": ["#", "awesome", "<caps>", "good_food"],
    "my DVD, from the USA": ["my", "dvd", ",", "from", "the", "usa"],
    "\u00c9T\u00c9S\nHERE": ["\u00e9t\u00e9s", "here", "<caps>"],
    "nice👍🏽 ❤️\u200d🔥": ["nice", "👍", "❤", "🔥"],
    "good<br /><br/>film": ["good", "film"],
    "l’été\u00a0ÉTÉ": ["l'été", "été"],
    "好看 film": ["好", "看", "film"],
    "a\x00b\x1b[0m": ["a", "b", "[", "0m"],
    "": [],
    " \n\t ": [],
}


def in_graph(texts):
    rows = Tokens()(strings(texts)).numpy()
    return [[w.decode() for w in row if w] for row in rows]


@pytest.mark.parametrize("text", CASES)
def test_what_becomes_a_token(text):
    assert tokenize(text) == CASES[text]


def test_the_graph_cuts_like_python():
    assert in_graph(list(CASES)) == list(CASES.values())


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
@example("ΑΣ. İ ǅ")
@example("\ud800")
@example("aaa\x00AAA")
def test_any_text_is_cut_alike_and_cut_again_stays(text):
    tokens = tokenize(text)
    assert in_graph([text]) == [tokens]
    assert tokenize(" ".join(tokens)) == tokens


def test_a_batch_without_any_token_has_a_column():
    assert Tokens()(tf.constant(["", " "])).shape == (2, 1)


def test_middle_is_cut_and_rare_words_are_unknown():
    ids = np.zeros((3, 8), "int64")
    ids[0] = np.arange(2, 10)
    ids[1, :5] = np.arange(2, 7)
    layer = CutMiddle(5, num_ids=9)
    assert layer(ids).numpy().tolist() == [
        [2, 3, 4, 8, 1],
        [2, 3, 4, 5, 6],
        [0] * 5,
    ]
    assert layer.places(ids).numpy()[0].tolist() == [0, 1, 2, 6, 7]
    assert layer(ids[1:, :3]).shape == (2, 3)


def test_layers_keep_their_arguments():
    layer = CutMiddle(5, num_ids=9, name="cut")
    again = CutMiddle.from_config(layer.get_config())
    assert (again.num_steps, again.num_ids, again.name) == (5, 9, "cut")
    text = keras.Input((), dtype="string")
    assert Tokens()(text).shape == (None, None)


@pytest.mark.parametrize("num_steps", [1, 4, 5, 30])
def test_rows_lose_the_middle_that_the_layer_cuts(num_steps):
    rows = [np.arange(2, 2 + n) for n in (0, 1, 3, 4, 5, 6, 11)]
    padded = np.zeros((len(rows), 11), int)
    for row, values in zip(padded, rows, strict=True):
        row[: len(values)] = values
    layer = CutMiddle(num_steps, num_ids=9)
    expected = layer(tf.constant(padded)).numpy()
    found = layer.of_rows(Rows.behind_each_other(rows))
    for row, layers_row in zip(found, expected, strict=True):
        np.testing.assert_array_equal(row, layers_row[layers_row > 0])
