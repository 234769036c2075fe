"""Encoder, decoder, bottleneck: the page translates as the models do."""

import re

import keras
import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.pages.bottleneck import (
    BUNDLED,
    MODELS,
    bottleneck_page,
)
from mitseq.tasks.translate.language import write_sentences
from mitseq.tasks.translate.model import (
    build_translation_model,
    load_translation_model,
    parts_of,
    vocabularies_of,
)
from mitseq.tasks.translate.questions import CLAUSES, SENTENCES, asked
from mitseq.tasks.translate.rows import encode_source, pad
from mitseq.tasks.translate.translate import (
    cross_weights,
    translate_greedily,
)
from mitseq.text.vocabulary import END, START, Vocabulary
from mitseq.text.words import UNKNOWN, WordIndex, cut_words, word_vocabulary
from tests.pages.conftest import HOSTILE


@pytest.fixture(scope="module")
def opened_page(opened):
    found = opened(bottleneck_page())
    yield found
    assert found.messages == [] and found.outside() == []


@pytest.fixture
def page(opened_page):
    page = opened_page.page
    page.locator("#sentence").fill(SENTENCES[0])
    return page


def written_by(page, texts):
    """What each translator writes, and where it looks, in the page."""
    return page.evaluate(
        """texts => texts.map((text) => translate(cut(text)).map((found) =>
            [found.ids, found.weights.map((row) => row && [...row])]))""",
        texts,
    )


def same_as_keras(page, models, texts):
    source, _ = map(WordIndex, vocabularies_of(models[0]))
    said = written_by(page, texts)
    for text, found in zip(texts, said, strict=True):
        sources = pad([encode_source(source, text)])
        most = 2 * len(cut_words(text)) + 12
        for model, (ids, weights) in zip(models, found, strict=True):
            want = translate_greedily(model, sources, most)[0].tolist()
            want = want[: want.index(END)] if END in want else want[: len(ids)]
            assert ids == want, text
            if weights[0] is None:
                continue
            before = pad([[START, *ids]])[:, : len(weights)]
            exact = cross_weights(model, sources, before)[0]
            np.testing.assert_allclose(weights, exact, atol=1e-4)


def test_the_translators_write_as_the_models_do(page):
    models = [load_translation_model(BUNDLED / f) for f in MODELS.values()]
    texts = [asked()[k][0] for k in range(CLAUSES)]
    same_as_keras(page, models, [*texts, "The OLD xyzzy sees 3 birds!"])


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_other_cells_and_the_other_score(opened, cell):
    keras.utils.set_random_seed(4)
    sides = [word_vocabulary(["a b c d e f g"]), word_vocabulary(["u v w x"])]
    models = {}
    for attention in ("dot", "additive", "none"):
        model = build_translation_model(
            *sides, cell=cell, attention=attention, units=6, embedding_dim=4
        )
        for weight in model.weights:
            if weight.dtype == "float32":
                value = np.random.default_rng(1).normal(size=weight.shape)
                weight.assign(value.astype("float16"))
        models[attention] = model
    page = opened(bottleneck_page(models)).page
    assert page.locator(".translator h2").all_inner_texts() == list(models)
    same_as_keras(page, list(models.values()), ["a b c", "g", "d c b a g g"])


def test_what_is_right_is_what_the_language_says(page):
    made = [
        each
        for clauses in (1, 2, 4)
        for each in write_sentences(40, [clauses], seed=9)
    ]
    said = page.evaluate(
        "all => all.map((words) => language.translate([...words, '.']))",
        [list(each.source) for each in made],
    )
    assert said == [[*each.target, "."] for each in made]
    wrong = ["cat the sees a dog .", "the cat sees", "the cat sees a dog and ."]
    wrong += ["constructor toString", "the cat sees a dog a cat ."]
    none = page.evaluate(
        "all => all.map((text) => language.translate(cut(text)))", wrong
    )
    assert none == [None] * len(wrong)


def test_a_sentence_grows_from_a_bare_clause(page):
    stages = page.evaluate(
        "text => language.stages(cut(text)).map((words) => words.join(' '))",
        "an old cat sees some big dogs today and a tree hears the red king .",
    )
    assert stages == [
        "a cat sees some dogs .",
        "an old cat sees some dogs .",
        "an old cat sees some big dogs .",
        "an old cat sees some big dogs today .",
        "an old cat sees some big dogs today and a tree hears the king .",
        "an old cat sees some big dogs today and a tree hears the red king .",
    ]
    # whatever has no grammar grows word by word
    page.locator("#sentence").fill("dogs hear xyzzy")
    assert page.locator("#length").get_attribute("max") == "3"
    assert "no rule" in page.locator(".right").first.inner_text()
    page.locator("#length").fill("1")
    assert page.locator(".source").first.inner_text().split()[0] == "dogs"


def test_short_sentences_are_right_and_long_ones_only_with_attention(page):
    page.locator("#measure").click()
    page.wait_for_selector("#plot .mean", state="attached", timeout=120_000)
    without, with_it = page.evaluate(
        "now.means.map((points) => points.map(([, share]) => share))"
    )
    assert without[0] > 0.75 and min(with_it) > 0.9
    assert without[-1] < 0.3
    assert sorted(without, reverse=True) == without
    told = page.locator("#measured").inner_text()
    for shares in (without, with_it):
        assert ", ".join(f"{100 * share:.0f} %" for share in shares) in told
    assert page.locator("#plot .mean").count() == 2
    # a share is of words at their place, of the longer of the two
    share = page.evaluate("shareOf(['a', 'b', 'c'], ['a', 'c'])")
    assert share == pytest.approx(1 / 3)


def test_it_grows_under_the_hand_and_by_itself(page):
    page.locator("#length").focus()
    page.keyboard.press("Home")
    assert page.locator("#length-is").inner_text() == "6 words"
    page.keyboard.press("ArrowRight")
    assert page.locator("#length-is").inner_text() == "7 words"
    first = page.locator(".translator .right").all_inner_texts()
    assert all(re.fullmatch(r"\d+ of 7 words right", text) for text in first)
    page.locator("#grow").focus()
    page.keyboard.press("Enter")
    assert page.locator("#grow").inner_text() == "Pause"
    page.wait_for_selector("#length-is:text-is('13 words')", timeout=20_000)
    page.keyboard.press("Enter")
    assert page.locator("#grow").inner_text() == "Let it grow"
    page.locator("#another").click()
    assert page.locator("#sentence").input_value() in asked()[-1]


def test_a_word_is_chosen_and_what_it_looks_at_is_told(page):
    page.locator("#length").fill("2")
    second = page.locator(".translator").nth(1)
    word = second.locator(".target button").nth(1)
    text = word.locator(".word").inner_text()
    word.focus()
    page.keyboard.press("Enter")
    assert second.locator("[aria-current=step] .word").inner_text() == text
    assert page.evaluate("document.activeElement.textContent").startswith(text)
    ids, weights = written_by(page, [" ".join(page.evaluate("wordsNow()"))])[0][
        1
    ]
    best = int(np.argmax(weights[1]))
    looks = page.evaluate("wordsNow()")[best]
    told = second.locator(".looks").inner_text()
    assert told.startswith(f"“{text}” looks at “{looks}” ")
    assert "from the vector" in page.locator(".looks").first.inner_text()
    assert page.locator("#grid .cell").count() >= len(ids)
    title = page.locator("#grid .cell title").first.text_content()
    assert re.fullmatch(r".+ looks at .+: \d+ %", title)
    page.locator("#play").click()
    third = ".translator .target button:nth-child(3).now"
    page.wait_for_selector(third, timeout=10_000)
    page.locator("#play").click()


def test_wrong_words_are_struck_out_with_the_right_one_below(page):
    page.locator("#length").fill("99")
    first = page.locator(".translator").first
    found = page.evaluate(
        "(({ written, right }) => [written, right])(foundNow()[0])"
    )
    written, right = found
    wrong = [
        k
        for k, word in enumerate(right)
        if k >= len(written) or written[k] != word
    ]
    assert wrong
    shown = first.locator(".target button")
    for k in wrong:
        assert "wrong" in shown.nth(k).get_attribute("class")
        assert shown.nth(k).locator(".should").inner_text() == right[k]
    count = first.locator(".right").inner_text()
    hits = len(right) - len(wrong)
    assert count == f"{hits} of {len(right)} words right"


def test_hostile_words_stay_text(opened):
    vocabulary = Vocabulary([UNKNOWN, *HOSTILE], pattern=r".+")
    keras.utils.set_random_seed(1)
    models = {
        name: build_translation_model(
            vocabulary,
            vocabulary,
            attention=attention,
            units=4,
            embedding_dim=4,
        )
        for name, attention in ((HOSTILE[1], "none"), (HOSTILE[5], "additive"))
    }
    for model, text in zip(models.values(), HOSTILE, strict=False):
        decoder = parts_of(model)[1]
        combine = decoder.get_layer("combine")
        W, b = combine.get_weights()
        combine.set_weights([0 * W, b + 9])  # so y is all ones
        (E,) = decoder.get_layer("embedding").get_weights()
        E[:] = 0
        E[vocabulary.encode([text])] = 9  # and this the likeliest word
        decoder.get_layer("embedding").set_weights([E])
    found = opened(bottleneck_page(models, title=HOSTILE[0]))
    page = found.page
    assert page.locator("h1").inner_text() == HOSTILE[0]
    names = page.locator(".translator h2").all_inner_texts()
    assert names == [HOSTILE[1], HOSTILE[5]]
    for k, text in enumerate(HOSTILE[:2]):
        words = page.locator(".translator").nth(k).locator(".target .word")
        assert set(words.all_text_contents()) == {text}
    for text in HOSTILE:
        page.locator("#sentence").fill(text)
        shown = page.locator(".source").first.text_content()
        bare = shown.replace(" ?", "").removesuffix("end")
        assert bare == re.sub(r"\s", "", text)
    assert (
        page.locator("main img, main b, main style, main script").count() == 0
    )
    assert found.messages == []


@pytest.mark.parametrize(
    ("size", "scheme"), [("desk", "light"), ("phone", "dark")]
)
def test_it_fits_the_screen_and_axe_finds_nothing(opened, size, scheme):
    found = opened(bottleneck_page(), size, color_scheme=scheme)
    width = found.page.viewport_size["width"]
    found.page.locator("#length").fill("99")
    assert found.page.evaluate("document.documentElement.scrollWidth") <= width
    assert found.violations() == {}


def test_models_must_be_recurrent_and_of_the_same_languages():
    english, other = word_vocabulary(["a b"]), word_vocabulary(["c d"])
    small = {"units": 8, "embedding_dim": 4}
    one = build_translation_model(english, other, **small)
    blocks = build_translation_model(
        english, other, cell="transformer", **small
    )
    with pytest.raises(MitseqError, match="must be recurrent .* Transformer"):
        bottleneck_page({"mine": blocks})
    turned = build_translation_model(other, english, **small)
    with pytest.raises(MitseqError, match="must have the same vocabularies"):
        bottleneck_page({"one": one, "turned": turned})
    with pytest.raises(MitseqError, match="must hold a model"):
        bottleneck_page({})


def test_the_page_is_small():
    assert len(bottleneck_page()) < 1_000_000
