"""Attention is a search: weights and logits are those of the layer."""

import keras
import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.layers.transformer import TransformerBlock
from mitseq.pages.search import BUNDLED, SENTENCES, search_page
from mitseq.tasks.words.model import (
    build_words_model,
    embedding_of,
    load_words_model,
)
from mitseq.text.vocabulary import START, Vocabulary
from mitseq.text.words import UNKNOWN, WordIndex, cut_words, word_vocabulary
from tests.pages.conftest import HOSTILE


@pytest.fixture(scope="module")
def model():
    return load_words_model(BUNDLED)


@pytest.fixture(scope="module")
def opened_search(opened):
    found = opened(search_page())
    yield found
    assert found.messages == [] and found.outside() == []


@pytest.fixture
def page(opened_search):
    page = opened_search.page
    page.locator("#sentence").fill(SENTENCES[0])
    for switch in ("scaled", "mask", "positions"):
        page.locator(f"#{switch}").check()
    page.locator("input[name=head]").first.check()
    page.locator("input[name=shown]").first.check()
    return page


def computed(page):
    return page.evaluate(
        """() => { const { heads, logits } = read(now.ids, settings());
            const list = (rows) => rows.map((row) => [...row]);
            return [now.ids, heads.map(({ weights }) => list(weights)),
                    list(logits)]; }"""
    )


def test_weights_and_logits_are_those_of_the_model(page, model):
    sentence = "Maria was born in xyzzy. She sings."
    page.locator("#sentence").fill(sentence)
    index = WordIndex(embedding_of(model).vocabulary)
    ids = np.array([[START, *index.encode(cut_words(sentence))]])
    got_ids, weights, logits = computed(page)
    assert got_ids == ids[0].tolist()
    want = model(ids, training=False)[0]
    np.testing.assert_allclose(logits, want, atol=1e-4)
    block = model.get_layer("block_1")
    before = keras.Model(model.input, block.input)(ids)
    _, scores = block(before, return_attention_scores=True)
    np.testing.assert_allclose(weights, scores[0], atol=1e-5)


@pytest.mark.parametrize("switch", ["mask", "positions"])
def test_a_switch_is_that_of_the_layer(page, model, switch):
    page.locator(f"#{switch}").uncheck()
    ids, weights, _ = computed(page)
    block = model.get_layer("block_1")
    config = block.get_config()
    config |= {"causal": False} if switch == "mask" else {"position": None}
    other = TransformerBlock.from_config(config)
    before = keras.Model(model.input, block.input)(np.array([ids]))
    other(before)
    other.set_weights(block.get_weights())
    _, scores = other(before, return_attention_scores=True)
    np.testing.assert_allclose(weights, scores[0], atol=1e-5)


def test_without_scaling_the_softmax_is_of_larger_scores(page):
    scaled = np.array(computed(page)[1])
    page.locator("#scaled").uncheck()
    raw = np.array(computed(page)[1])
    powers = scaled ** np.sqrt(8)  # K of a head
    want = powers / powers.sum(axis=-1, keepdims=True)
    np.testing.assert_allclose(raw, want, atol=1e-9)
    assert "not divided" in page.locator("#equation").inner_text()
    assert (
        "As it has learned it says “French”"
        in page.locator("#changed").inner_text()
    )


def test_a_word_asks_and_its_row_is_told(page):
    first = page.locator("#words li span:first-child").first
    assert first.inner_text() == "French"
    page.locator(".asks").nth(6).focus()
    page.keyboard.press("Enter")
    assert page.locator("#search").inner_text() == "“up” asks; head 1 answers"
    weights = computed(page)[1][0][6]
    row = page.locator("#grid tr.now td").all_inner_texts()
    assert row[7:] == ["·"] * (len(row) - 7)
    assert [float(text) for text in row[:7]] == pytest.approx(
        weights[:7], abs=0.0051
    )
    page.locator("input[name=head]").nth(2).check()
    assert "head 3" in page.locator("#search").inner_text()
    page.locator("input[name=shown]").nth(1).check()
    scores = page.locator("#grid tr.now td").all_inner_texts()[:7]
    z = np.array([float(text.replace("−", "-")) for text in scores])
    p = np.exp(z) / np.exp(z).sum()
    np.testing.assert_allclose(p, computed(page)[1][2][6][:7], atol=0.01)


def test_hostile_words_stay_text(opened):
    vocabulary = Vocabulary([UNKNOWN, *HOSTILE], pattern=r".+")
    model = build_words_model(
        vocabulary, cell="transformer", units=8, layers=1, embedding_dim=4
    )
    logits = model.get_layer("logits")
    W, b = logits.get_weights()
    b[vocabulary.encode(HOSTILE)] = np.linspace(30, 20, len(HOSTILE))
    logits.set_weights([0 * W, b])
    found = opened(search_page(model, title=HOSTILE[0]))
    page = found.page
    assert page.locator("h1").inner_text() == HOSTILE[0]
    shown = page.locator("#words li span:first-child").all_text_contents()
    assert shown == HOSTILE[:6]
    for text in HOSTILE:
        page.locator("#sentence").fill(text)
    assert (
        page.locator("main img, main b, main style, main script").count() == 0
    )
    assert found.messages == []


@pytest.mark.parametrize(
    ("size", "scheme"), [("desk", "light"), ("phone", "dark")]
)
def test_it_fits_the_screen_and_axe_finds_nothing(opened, size, scheme):
    found = opened(search_page(), size, color_scheme=scheme)
    width = found.page.viewport_size["width"]
    assert found.page.evaluate("document.documentElement.scrollWidth") <= width
    assert found.violations() == {}


def test_another_model_is_refused():
    vocabulary = word_vocabulary(["a b"])
    small = {"units": 8, "embedding_dim": 2}
    lstm = build_words_model(vocabulary, **small)
    with pytest.raises(MitseqError, match="with one block"):
        search_page(lstm)
    two = build_words_model(vocabulary, cell="transformer", layers=2, **small)
    with pytest.raises(MitseqError, match="'block_2'"):
        search_page(two)
