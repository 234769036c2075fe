"""Inside a cell: every number is that of the layer, and one may step about."""

import keras
import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.inside.cell import gate_values
from mitseq.pages.cell import BUNDLED, CELLS, SENTENCES, TUNES, cell_page
from mitseq.tasks.music.model import (
    build_music_model,
    load_music_model,
    vocabulary_of,
)
from mitseq.tasks.words.model import (
    build_words_model,
    embedding_of,
    load_words_model,
)
from mitseq.text.vocabulary import START, Vocabulary
from mitseq.text.words import UNKNOWN, WordIndex, cut_words, word_vocabulary
from tests.pages.conftest import HOSTILE


@pytest.fixture(scope="module")
def opened_cell(opened):
    found = opened(cell_page())
    yield found
    assert found.messages == [] and found.outside() == []


@pytest.fixture
def page(opened_cell):
    page = opened_cell.page
    page.locator("input[name=reads]").first.check()
    page.locator("#sentence").fill(SENTENCES[0])
    page.locator("input[name=view][value=unrolled]").check()
    page.locator("input[name=network]").nth(1).check()
    page.locator(".grid .word").first.click()
    return page


@pytest.mark.parametrize("number", range(3))
def test_gates_and_states_are_those_of_the_layer(page, number):
    model = load_words_model(BUNDLED / f"pages_{CELLS[number]}.keras")
    index = WordIndex(embedding_of(model).vocabulary)
    sentence = "France is where I grew up, xyzzy. I speak fluent French!"
    ids = [START, *index.encode(cut_words(sentence))]
    page.locator("input[name=network]").nth(number).check()
    page.locator("#sentence").fill(sentence)
    steps = page.evaluate(
        """() => now.steps.map(({ id, seen, p }) => {
            const best = p.indexOf(Math.max(...p)), all = Object.entries(seen);
            const lists = all.map(([name, values]) => [name, [...values]]);
            return [id, best, Object.fromEntries(lists)];
        })"""
    )
    assert [step[0] for step in steps] == ids
    logits = model(np.array([ids]), training=False)[0].numpy()
    assert [step[1] for step in steps] == logits.argmax(axis=-1).tolist()
    want = gate_values(model, np.array([ids]), f"{CELLS[number]}_1")
    for name, values in want.items():
        got = [step[2][name] for step in steps]
        np.testing.assert_allclose(got, values[0], atol=1e-4)


@pytest.mark.parametrize("number", range(3))
def test_a_tune_is_read_character_by_character(page, number):
    cell = CELLS[number]
    model = load_music_model(BUNDLED / f"pages_tune_{cell}.keras")
    vocabulary = vocabulary_of(model)
    page.locator("input[name=network]").nth(number).check()
    page.locator("input[name=reads]").nth(1).check()
    assert not page.locator("#sentence").is_visible()
    page.locator("#tune").fill(TUNES[1] + "\u00e9\u4e2d")  # not known: left out
    ids = [START, *vocabulary.encode(TUNES[1])]
    steps = page.evaluate(
        """() => now.steps.map(({ id, seen, p }) => [id,
            Object.fromEntries(Object.entries(seen).map(([name, values]) =>
                [name, [...values]])), [...p]])"""
    )
    assert [step[0] for step in steps] == ids
    logits = model(np.array([ids]), training=False)[0]
    want = keras.ops.softmax(logits)
    np.testing.assert_allclose([step[2] for step in steps], want, atol=1e-4)
    values = gate_values(model, np.array([ids]), f"{cell}_1")
    for name, value in values.items():
        got = [step[1][name] for step in steps]
        np.testing.assert_allclose(got, value[0], atol=1e-4)


def test_the_score_lights_what_is_read(page):
    page.locator("input[name=reads]").nth(1).check()
    page.locator("#tune").fill("M:6/8\nL:1/8\nK:G\nGAB d2B|")
    assert page.locator("#staves .note").count() == 5
    lit = []
    for t in (16, 17, 20, 21):  # K:G is read; G; d, and its length
        page.evaluate("t => goTo(t)", t)
        lit.append(
            page.locator("#staves .note").evaluate_all(
                "all => all.map((note) => note.classList.contains('lit'))"
            )
        )
    found = [[k for k, is_lit in enumerate(row) if is_lit] for row in lit]
    assert found == [[], [0], [3], [3]]  # the blank is not known: left out
    assert page.locator(".grid .now .word").inner_text() == "2"
    page.locator("#another").click()
    assert page.locator("#tune").input_value() == TUNES[0]
    shown = page.locator(".grid .word").all_inner_texts()
    assert shown[:7] == ["start", "M", ":", "6", "/", "8", "⏎"]


@pytest.mark.parametrize("number", range(3))
def test_an_equation_spells_its_numbers(page, number):
    page.locator("input[name=network]").nth(number).check()
    page.locator("#last").click()
    page.locator("#unit").fill("5")
    page.locator("#unit").press("Enter")
    names = page.evaluate("equationsNow().map(({ name }) => name)")
    for k, name in enumerate(names):
        if k % 2:
            page.locator(".equation").nth(k).hover()
        else:
            page.locator(".equation").nth(k).focus()
        lines = page.locator("#numbers .code").all_inner_texts()
        assert "[5]" in lines[0]
        value = page.evaluate("name => cellNow().seen[name][4]", name)
        assert float(lines[-1].split("=")[1].replace("−", "-")) == (
            pytest.approx(value, abs=0.0051)
        )
        # the middle line, computed, is the last one
        if len(lines) == 3:
            middle = lines[1].split("=")[1].replace("−", "-").replace("∗", "*")
            calls = {"tanh": np.tanh, "σ": lambda z: 1 / (1 + np.exp(-z))}
            computed = eval(middle, {"__builtins__": {}}, calls)  # noqa: S307
            assert computed == pytest.approx(value, abs=0.03)


def test_one_steps_forward_and_back(page):
    words = cut_words(SENTENCES[0])
    assert page.locator("#back").is_disabled()
    page.locator("#forward").focus()
    for _ in range(3):
        page.keyboard.press("Enter")
    assert page.locator("#step-is").inner_text() == f"3 of 10: “{words[2]}”"
    assert page.locator(".grid .now .word").inner_text() == words[2]
    assert f"Really next: “{words[3]}”" in page.locator("#really").inner_text()
    page.locator("#back").click()
    assert page.locator("[aria-current=step]").inner_text() == words[1]
    page.locator(".grid .word").nth(7).click()
    assert page.locator("#step-is").inner_text().startswith("7 of 10")
    page.locator("#play").click()
    page.wait_for_timeout(1100)
    assert page.locator("#step-is").inner_text().startswith("8 of 10")
    page.locator("#play").click()
    page.locator("#last").click()
    assert page.locator("#forward").is_disabled()


def test_a_square_is_clicked_and_its_unit_followed(page):
    page.locator("#last").click()
    canvas = page.locator(".grid .now canvas").first
    box = canvas.bounding_box()
    canvas.click(position={"x": 3.5 * box["width"] / 8, "y": 2})
    assert page.locator("#unit").input_value() == "4"
    assert "[4]" in page.locator("#numbers").inner_text()


def test_rolled_it_is_one_cell(page):
    page.locator("input[name=view][value=rolled]").check()
    assert not page.locator("#unrolled").is_visible()
    assert page.locator("#rolled canvas").count() == 6
    page.locator("#forward").click()
    assert "x: This" in page.locator("#rolled").inner_text()


def test_hostile_words_stay_text(opened):
    vocabulary = Vocabulary([UNKNOWN, *HOSTILE], pattern=r".+")
    model = build_words_model(vocabulary, units=3, embedding_dim=2)
    logits = model.get_layer("logits")
    W, b = logits.get_weights()
    b[vocabulary.encode(HOSTILE)] = np.linspace(30, 20, len(HOSTILE))
    logits.set_weights([0 * W, b])
    found = opened(cell_page({HOSTILE[1]: model}, title=HOSTILE[0]))
    page = found.page
    assert page.locator("h1").inner_text() == HOSTILE[0]
    assert HOSTILE[1] in page.locator("#networks").inner_text()
    shown = page.locator("#words li span:first-child").all_text_contents()
    assert shown == HOSTILE[:7]
    for text in HOSTILE:
        page.locator("#sentence").fill(text)
    assert (
        page.locator("main img, main b, main style, main script").count() == 0
    )
    assert found.messages == []


def test_hostile_pieces_of_tunes_stay_text(opened):
    vocabulary = Vocabulary([*HOSTILE, "|", "A2"], level="token")
    model = build_music_model(
        vocabulary, in_key=False, units=3, layers=1, embedding_dim=2
    )
    found = opened(cell_page({HOSTILE[1]: model}))
    page = found.page
    page.locator("#tune").fill("".join(HOSTILE[:2]) + "A2|")
    assert page.locator(".grid .word").all_inner_texts()[-2:] == ["A2", "|"]
    page.evaluate("now.steps[1].word = page.readers[0].tokens[3]; show()")
    page.locator("input[name=view][value=rolled]").check()
    assert (
        page.locator("main img, main b, main style, main script").count() == 0
    )
    assert found.messages == []


@pytest.mark.parametrize(
    ("size", "scheme"), [("desk", "light"), ("phone", "dark")]
)
def test_it_fits_the_screen_and_axe_finds_nothing(opened, size, scheme):
    found = opened(cell_page(), size, color_scheme=scheme)
    width = found.page.viewport_size["width"]
    for view in ("rolled", "unrolled"):
        reads = found.page.locator("input[name=reads]")
        reads.nth(int(view == "unrolled")).check()
        found.page.locator(f"input[name=view][value={view}]").check()
        assert (
            found.page.evaluate("document.documentElement.scrollWidth") <= width
        )
        assert found.violations() == {}


def test_models_must_have_one_layer_and_one_vocabulary():
    keras.utils.set_random_seed(0)
    vocabulary = word_vocabulary(["a b"])
    two = build_words_model(vocabulary, units=2, layers=2, embedding_dim=2)
    with pytest.raises(MitseqError, match="Received: mine, which has 2"):
        cell_page({"mine": two})
    small = {"units": 2, "embedding_dim": 2}
    one = build_words_model(vocabulary, **small)
    other = build_words_model(word_vocabulary(["a c"]), **small)
    with pytest.raises(MitseqError, match="must have the same vocabulary"):
        cell_page({"one": one, "other": other})
    with pytest.raises(MitseqError, match="must hold a model"):
        cell_page({})
