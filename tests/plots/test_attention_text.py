"""The text of attention: darker where there is more, every token as it is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.errors import MitseqError
from mitseq.inside.attention import AttentionMap
from mitseq.plots.attention import attention_heat_map
from mitseq.plots.attention_text import LINE, attention_text
from tests.figure_checks import check_figure

WORDS = "He tossed the tennis ball to serve".split()


def random_map(heads=4, tokens=WORDS):
    steps = len(tokens)
    e = np.exp(2 * np.random.default_rng(0).normal(size=(heads, steps, steps)))
    weights = (e / e.sum(-1, keepdims=True)).astype("float32")
    return AttentionMap("block_1/attention", weights, tokens)


def test_text_is_darker_where_there_is_more_attention():
    found = random_map()
    figure = attention_text(found, query="serve", head=1)
    check_figure(figure)
    axes = figure.axes[0]
    assert [text.get_text() for text in axes.texts] == WORDS
    light = [sum(patch.get_facecolor()[:3]) for patch in axes.patches]
    assert list(np.argsort(light)) == list(np.argsort(-found.weights[1, 6]))
    assert "“serve”" in axes.get_title()
    assert "all steps" in attention_text(found).axes[0].get_title()
    assert "“He”" in attention_text(found, query=0).axes[0].get_title()


def test_of_a_causal_map_early_tokens_are_not_darker():
    even = np.tril(np.ones((7, 7))) / np.arange(1, 8)[:, None]
    figure = attention_text(AttentionMap("look", even[None], WORDS))
    axes, bar = figure.axes
    assert len({patch.get_facecolor() for patch in axes.patches}) == 1
    assert bar.get_ylabel() == "× an even share"
    assert bar.get_yticklabels()[-1].get_text() == "1.00"


def test_a_long_text_is_broken_into_lines():
    found = random_map(1, 12 * ["a-dozen-long"])
    axes = attention_text(found).axes[0]
    starts = [patch.get_x() for patch in axes.patches]
    assert starts.count(min(starts)) == 3  # 12 letters and a space, four a line
    assert max(p.get_x() + p.get_width() for p in axes.patches) <= LINE + 1


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text(max_size=12), min_size=1, max_size=6))
def test_any_token_can_be_drawn(tokens):
    found = random_map(1, tokens)
    for figure in (attention_heat_map(found), attention_text(found)):
        figure.canvas.draw()


def test_mistakes_are_named():
    found = random_map()
    with pytest.raises(MitseqError, match="`head` must be below 4"):
        attention_text(found, head=4)
    with pytest.raises(MitseqError, match="`query` must be one of"):
        attention_text(found, query="racket")
    with pytest.raises(MitseqError, match="`query` must be below 7"):
        attention_text(found, query=7)
