"""What decided: the page cuts, hashes, reads and explains as the model does."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf

import mitseq
from mitseq.errors import MitseqError
from mitseq.pages.deciding import (
    EXAMPLES,
    deciding_page,
    differences,
    rows_of,
)
from mitseq.tasks.sentiment.explain import explain
from mitseq.tasks.sentiment.model import build_sentiment_model
from mitseq.tasks.sentiment.predict import predict_logits
from mitseq.text.tokens import tokenize
from tests.pages.conftest import HOSTILE

TEXTS = [
    *EXAMPLES,
    *HOSTILE,
    "",
    "   \t\n",
    "sooooo GREAT!!! @ann #mustsee :-) https://a.b/c 10/10",
    "ISN'T it AWFUL?! I'd say: <3 ... '90s “quoted” it’s  ^_^ :'(",
    "ünï İstanbul ΟΔΟΣ STRASSE ß Ǆ ½ 👍🏽 👩‍👧 好吃 नमस्ते",
    "lone \ud800 surrogate and \u0085 \ufeff odd\u2028 blanks <BR  /> here",
    "Das Essen war schlecht und kalt, aber der Kellner war freundlich.",
    "x x x 好 吃",
    "unwatchable misspeled unbeleivable reelly-really",
    " ".join(["it was not a bad film, but I hated the end ."] * 30),
]
AS_JSON = [json.dumps(text) for text in TEXTS]


@pytest.fixture(scope="module")
def reading(opened, sentiment_html):
    return opened(sentiment_html)


def type_in(page, text):
    page.locator("#review").fill(text)
    escaped = text.replace('"', '\\"')
    page.wait_for_selector(f'main[data-read="{escaped}"]', timeout=20_000)


def test_texts_are_cut_as_in_the_model(reading):
    got = reading.page.evaluate(
        "texts => texts.map((text) => tokenize(JSON.parse(text)))", AS_JSON
    )
    assert got == [tokenize(text) for text in TEXTS]


def test_logits_are_those_of_the_model(reading):
    got = reading.page.evaluate(
        """texts => texts.map((text) =>
            [...logitsOf(ask(tokenize(JSON.parse(text))))])""",
        AS_JSON,
    )
    want = predict_logits(mitseq.load_sentiment_model(), TEXTS)
    difference = want[:, 1] - want[:, 0]
    np.testing.assert_allclose(np.array(got)[:, 1], difference, atol=2e-5)
    assert len(set(difference.round(3))) > 15


def test_words_count_what_leaving_them_out_changes(reading):
    model = mitseq.load_sentiment_model()
    for text in EXAMPLES[:1]:
        parts = reading.page.evaluate(
            "text => [...leaveOneOut(tokenize(text), 1)]", text
        )
        want = explain(model, text, "positive").contributions["leave_one_out"]
        np.testing.assert_allclose(np.sum(parts, axis=1), want, atol=5e-5)


@pytest.mark.parametrize(
    "settings",
    [
        {"cell": "gru", "pooling": "max_mean", "layers": 2},
        {"cell": "rnn", "bidirectional": True, "single_logit": True},
        {"cell": None, "buckets": 300, "keys": np.array([13, 17])},
        {"cell": "lstm", "num_steps": 3, "buckets": 64, "least_known": 0.5},
        {"classes": ("a", "b", "c"), "bidirectional": True, "layers": 2},
    ],
    ids=lambda settings: "-".join(map(str, settings)),
)
def test_models_of_other_settings(opened, settings):
    keras.utils.set_random_seed(3)
    words = ["good", "bad", "not"]
    model = build_sentiment_model(words, units=4, embedding_dim=3, **settings)
    rng = np.random.default_rng(4)
    for weight in model.weights:
        if weight.dtype == "float32" and weight.name not in ("is_word", "a"):
            value = rng.normal(size=weight.shape).astype("float16")
            weight.assign(value)
    texts = ["good not bad good not", "", "Bad!", "not good", "so ein mist"]
    want = model(tf.constant(texts)).numpy()
    page = opened(deciding_page(model, bits=16)).page
    got = np.array(
        page.evaluate(
            "texts => texts.map((t) => [...logitsOf(ask(tokenize(t)))])", texts
        )
    )
    if want.shape[1] == 3:
        np.testing.assert_allclose(got, want, atol=1e-4)
    else:
        difference = want[:, -1] - (want[:, 0] if want.shape[1] == 2 else 0)
        np.testing.assert_allclose(got[:, 1], difference, atol=1e-4)


def test_a_not_turns_the_verdict(reading):
    page = reading.page
    type_in(page, "The film was good.")
    assert page.locator("#verdict").inner_text().startswith("positive")
    assert "visually-hidden" in page.locator(".words").first.inner_html()
    page.locator("#review").evaluate("box => box.setSelectionRange(13, 13)")
    page.locator("#not").click()
    turned = "The film was not good."
    assert page.locator("#review").input_value() == turned
    page.wait_for_selector(f'main[data-read="{turned}"]', timeout=20_000)
    assert page.locator("#verdict").inner_text().startswith("negative")
    words = page.locator('.words[data-part="order"] .word')
    said = dict(
        words.evaluate_all(
            "all => all.map((w) => [w.firstChild.data, w.title])"
        )
    )
    assert said["not"].startswith("−")
    # what both parts say adds up to the logit
    outputs = page.locator(".says output").all_inner_texts()
    total = sum(float(text.replace("−", "-")) for text in outputs)
    logit = page.evaluate("text => logitsOf(ask(tokenize(text)))[1]", turned)
    assert total == pytest.approx(logit, abs=0.011)
    assert reading.messages == [] and reading.outside() == []


def test_examples_are_read_and_too_few_known_words_are_told(reading):
    page = reading.page
    page.locator(".example").nth(1).click()
    assert page.locator("#review").input_value() == EXAMPLES[1]
    assert page.locator("#verdict").inner_text().startswith("negative")
    type_in(page, "Das Essen war schlecht und kalt")
    assert (
        "too few of these words are known"
        in page.locator("#verdict").inner_text()
    )
    type_in(page, "")
    assert page.locator("#verdict").inner_text() == "nothing to read yet"


def test_hostile_labels_titles_and_texts_stay_text(opened):
    keras.utils.set_random_seed(1)
    model = build_sentiment_model(HOSTILE, HOSTILE, units=3)
    found = opened(deciding_page(model, title=HOSTILE[3]))
    page = found.page
    assert page.locator("h1").inner_text() == HOSTILE[3]
    for text in HOSTILE:
        page.locator("#review").fill(text)
        page.wait_for_timeout(20)
        shown = "".join(
            page.locator('.words[data-part="all"] .word').evaluate_all(
                "all => all.map((word) => word.firstChild.data)"
            )
        )
        assert shown == "".join(tokenize(text))
    verdict = page.locator("#verdict").inner_text()
    assert any(verdict.startswith(label) for label in HOSTILE)
    assert (
        page.locator("main img, main b, main style, main script").count() == 0
    )
    assert found.messages == []


@pytest.mark.parametrize(
    ("size", "scheme"), [("desk", "dark"), ("phone", "light")]
)
def test_it_fits_the_screen_and_axe_finds_nothing(
    opened, sentiment_html, size, scheme
):
    found = opened(sentiment_html, size, color_scheme=scheme)
    page = found.page
    assert page.locator("#along").is_visible()
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert found.violations() == {}


def test_a_page_cannot_run_attention():
    model = build_sentiment_model(["good"], cell="attention", units=4)
    with pytest.raises(MitseqError, match="by recurrent layers to run in a"):
        deciding_page(model)


def test_the_page_of_the_bundled_model_is_small(sentiment_html):
    # with 16 bits; with 8, two thirds of it
    assert len(sentiment_html) < 6_000_000


def test_two_classes_become_one_column_and_others_stay():
    three = np.arange(6.0).reshape(3, 2)
    assert differences(three) is three
    assert differences(three[:1]).shape == (1, 2)
    assert differences(three[:2]).tolist() == [[2.0, 2.0]]


def test_what_would_be_rounded_once_more_stays_two_columns():
    halves = np.array([[2.0**-12, 0.25], [1.0, 0.5]], "float32")
    b = np.array([1.0, 3.0])
    assert [id(x) for x in rows_of(halves, b, 16)] == [id(halves), id(b)]
    exact = np.array([[0.25, 0.25], [1.0, 0.5]], "float32")
    less = [rows.tolist() for rows in rows_of(exact, b, bits=16)]
    assert less == [[[0.75, 0.25]], [2.0]]
    for bits, W in ((8, halves), (16, halves / 3)):  # rounded in any case
        assert rows_of(W, b, bits)[0].shape == (1, 2)
