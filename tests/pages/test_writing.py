"""A network writes: its logits, its tunes, the pen, the unit, the sound."""

import json
import random
import re

import keras
import numpy as np
import pytest

import mitseq
from mitseq.errors import MitseqError
from mitseq.layers.embedding import VocabularyEmbedding
from mitseq.offline_page import printable
from mitseq.pages.writing import writing_page
from mitseq.tasks.music.adds_up import AddsUp
from mitseq.tasks.music.model import build_music_model, vocabulary_of
from mitseq.tasks.words.model import build_words_model
from mitseq.text.vocabulary import Vocabulary
from mitseq.text.words import word_vocabulary
from mitseq.tunes.check import check
from mitseq.tunes.melody import read_melody
from mitseq.tunes.notation import PIECE, piece_length
from tests.html_elements import Elements
from tests.pages.conftest import HOSTILE

TUNES = [
    "M:6/8\nL:1/8\nK:D\n|:A|d2fafd|(3ABcd2e/2f/2g/2|^a=ff_bd2B/c/|1A3-A2:|2A3"
    "d3||g3f2e|d3/2e/2f2g2a|z2e'C,3|1d6:|2d6|]\n",
    "M:4/4\nL:1/8\nK:Ador\n|:EAABc2BA|G2GFG2dG|(5ABcded2cB|e4-e2ef::"
    "g2eged^ce|a2agf2e2|d2cBAGE^G|A6:|\n",
    "M:3/4\nL:1/8\nK:Bbm\nF2|B2c2d2|\nM:2/4\nf2e2|d2c2|]\n",
]


@pytest.fixture(scope="module")
def written(opened, music_html):
    return opened(music_html)


def finish(page):
    page.locator("#pace").select_option("0")
    page.locator("#write").click()
    page.wait_for_selector("#verdict:not(:empty)", timeout=60_000)
    return page.locator("#text").evaluate("box => box.textContent")


@pytest.mark.parametrize("reads", [{}, {"points": False}, {"in_key": False}])
def test_logits_are_those_of_keras_at_every_token(opened, reads):
    keras.utils.set_random_seed(2)
    vocabulary = vocabulary_of(mitseq.load_music_model())
    sizes = {"units": 8, "layers": 2, "embedding_dim": 8}
    model = build_music_model(vocabulary, **sizes, **reads)
    rng = np.random.default_rng(2)
    for weight in model.weights:
        if weight.dtype == "float32":
            value = rng.normal(scale=0.5, size=weight.shape)
            weight.assign(value.astype("float16"))
    page = opened(writing_page(model, bits=16)).page
    for tune in TUNES[:2]:
        ids = [1, *vocabulary.encode(tune)]
        got = page.evaluate(
            """ids => { writer.network.reset();
                return ids.map((id) => [...writer.network.step(id)]); }""",
            ids,
        )
        want = model(np.array([ids]), training=False)[0]
        np.testing.assert_allclose(got, want, atol=1e-4)


def test_it_writes_to_the_end_and_says_what_the_checker_says(written):
    page = written.page
    page.locator("#again").click()
    page.locator("#meter").select_option(label="6/8")
    page.locator("#key").select_option(label="G")
    text = finish(page)
    assert text.startswith("M:6/8\nL:1/8\nK:G\n")
    problems = check(text)
    said = page.locator("#verdict").inner_text()
    assert said.startswith("✗" if problems else "✓")
    assert not problems or f"bar {problems[0].bar}: " in said
    heads = page.locator("#staves .note").count()
    assert heads == len(re.findall("[A-Ga-g]", text.split("K:G")[1]))
    assert "tokens a second" in page.locator("#speed").inner_text()
    page.locator("#follow").click()
    said = page.locator("#unit-is").inner_text()
    unit, r = re.match(
        r"Unit (\d+) of 960 .* correlation (-?[\d.]+)", said
    ).groups()
    found = np.array(page.evaluate("correlations()"))
    assert abs(float(r)) == pytest.approx(np.abs(found).max(), abs=0.006)
    assert page.locator("#unit").input_value() == unit
    values, is_bar = page.evaluate(
        """k => [writer.outputs.map((outputs) => outputs[k]),
               writer.ids.map((id) => Number(isMark(id)))]""",
        int(unit) - 1,
    )
    expected = np.corrcoef(values[:-1], is_bar[1:])[0, 1]
    assert found[int(unit) - 1] == pytest.approx(expected, abs=1e-9)
    assert written.messages == [] and written.outside() == []


def test_the_pen_is_taken_and_the_temperature_is_obeyed(written):
    page = written.page
    page.locator("#again").click()
    page.locator("#step").click()
    before = page.locator("#text").evaluate("box => box.textContent")
    third = page.locator(".choice").nth(2)
    token = third.locator(".token").inner_text().replace("⏎", "\n")
    third.focus()
    page.keyboard.press("Enter")
    text = page.locator("#text").evaluate("box => box.textContent")
    assert text == before + token
    assert page.locator("#text .mine").inner_text().strip() == token.strip()
    # the bars of the choices are softmax(z / T)
    logits = np.array(page.evaluate("[...writer.logits]"))
    logits[[0, 1]] = -np.inf
    for temperature in (1.0, 0.5):
        page.locator("#temperature").fill(str(temperature))
        p = np.exp((logits - logits.max()) / temperature)
        shown = page.evaluate("[...probabilities()]")
        np.testing.assert_allclose(shown, p / p.sum(), atol=1e-9)
        first = page.locator(".choice .share").first.inner_text()
        share = float(first.removesuffix(" %"))
        assert share == pytest.approx(100 * p.max() / p.sum(), abs=0.51)
    page.locator("#temperature").fill("1")


def test_what_may_come_is_what_the_rules_of_decoding_allow(written):
    vocabulary = vocabulary_of(mitseq.load_music_model())
    rng = np.random.default_rng(4)
    size, steps = 60, 45
    starts = []
    for k in range(size):
        tune = [1, *vocabulary.encode(TUNES[k % len(TUNES)])]
        starts.append(tune[: rng.integers(4, len(tune))])
    chances = rng.random((size, 80, 2)).tolist()
    # from there on what the rules allow, signs more often than notes; in every
    # third tune now and then whatever there is
    ids, said = written.page.evaluate(
        """([starts, chances, steps]) => {
            const { rules } = writer, every = [...tokens.keys()].slice(1);
            const isSign = (id) => /^[|:(\\-\\n]/.test(textOf(id));
            const walks = starts.map((row, k) => {
              const ids = [], masks = [];
              for (let t = 0; t < row.length + steps; t++) {
                const [kind, chance] = chances[k][t % 80];
                let may = masks.at(-1) ?? every;
                if (k % 3 === 0 && kind < 0.1) may = every;
                const some = may.filter(isSign);
                if (some.length && kind > 0.6) may = some;
                ids.push(row[t] ?? may[Math.floor(chance * may.length)]);
                rules.read(ids.at(-1));
                masks.push(rules.allowed().flatMap((is, id) => is ? [id] : []));
              }
              return [ids, masks];
            });
            return [walks.map(([ids]) => ids), walks.map(([, m]) => m)]; }""",
        [starts, chances, steps],
    )
    longest = max(map(len, ids))
    rows = np.array([row + [0] * (longest - len(row)) for row in ids])
    want = AddsUp(vocabulary)(rows).numpy()
    for k, masks in enumerate(said):
        for t, mask in enumerate(masks):
            allowed = np.flatnonzero(want[k, t]).tolist()
            assert mask == allowed, vocabulary.decode(ids[k][1 : t + 1])
    counts = {len(mask) for masks in said for mask in masks}
    assert 1 in counts and len(vocabulary) in counts and len(counts) > 40


def test_only_what_adds_up_is_drawn_unless_one_lets_it_err(opened):
    vocabulary = vocabulary_of(mitseq.load_music_model())
    sizes = {"units": 4, "layers": 1, "embedding_dim": 4}
    keras.utils.set_random_seed(5)
    page = opened(writing_page(build_music_model(vocabulary, **sizes))).page
    assert page.locator("#rules").is_checked()
    # a model that knows nothing at all
    tunes = page.evaluate(
        """prefix => [...Array(12)].map(() => { begin();
            for (const id of prefix) take(id);
            while (!writer.isDone && writer.ids.length < 400) take(nextToken());
            return [writer.isDone, written()]; })""",
        vocabulary.encode("M:2/4\nL:1/8\nK:G\n"),
    )
    ended = [tune for is_done, tune in tunes if is_done]
    assert len(ended) > 6 and [check(tune) for tune in ended] == [[]] * len(
        ended
    )
    page.locator("#rules").uncheck()
    p = page.evaluate("[...probabilities()]")
    assert sum(value > 0 for value in p) == len(vocabulary) - 2
    page.locator("#again").click()
    for token in ("M:2/4\n", "L:1/8\n", "K:G\n", "G2", "|", "A3"):
        page.evaluate("id => take(id)", vocabulary.encode(token)[0])
    page.locator("#rules").check()
    shown = page.locator(".choice .token").all_inner_texts()
    # one eighth of the bar is left
    assert shown and not set("|:") & {token[0] for token in shown}
    assert all(piece_length(token) <= 1 for token in shown)


def test_notes_sound_as_they_are_written(written):
    page = written.page
    heard = page.evaluate(
        """abc => { const found = [];
            for (const { kind, midi, played } of new Tune(abc).events) {
              if (kind === "note") found.push([midi, played]);
            }
            return found; }""",
        TUNES[1].replace("-", ""),
    )
    melody = read_melody(TUNES[1].replace("-", ""))
    pitches = [sound.pitch for sound in melody.sounds()]
    assert [midi for midi, _ in heard][:24] == pitches[:24]
    page.locator("#again").click()
    page.locator("#pace").select_option("sound")
    page.locator("#write").click()
    page.wait_for_selector("#staves .lit", timeout=20_000)
    assert page.evaluate("audio.state") == "running"
    page.locator("#write").click()
    assert page.locator("#write").inner_text() == "Write"


def test_the_check_of_the_page_is_the_checker(written):
    rng = random.Random(3)
    signs = ["|", "|:", ":|", "|1", ":|2", "||", "-", "A2", "z", "(3", "::"]
    texts = list(TUNES)
    for tune in TUNES:
        pieces = PIECE.findall(tune)
        for _ in range(60):
            changed, place = list(pieces), rng.randrange(3, len(pieces))
            kind = rng.randrange(3)
            if kind == 0:
                del changed[place]
            elif kind == 1:
                changed.insert(place, rng.choice(signs))
            else:
                changed[place] = rng.choice(pieces[3:])
            if PIECE.findall("".join(changed)) == changed:
                texts.append("".join(changed))
    said = written.page.evaluate(
        "texts => texts.map((text) => new Tune(text).faults())", texts
    )
    accepted = 0
    for text, faults in zip(texts, said, strict=True):
        problems = check(text)
        assert bool(problems) == bool(faults), (text, problems, faults)
        accepted += not problems
        bars = {problem.bar for problem in problems}
        assert not faults or faults[0]["bar"] in bars | {0, 1}, text
    assert 10 < accepted < 150


def test_keys_of_all_modes(written):
    from mitseq.tunes.keys import parse_key

    names = [
        tonic + mode
        for tonic in ("C", "F#", "Bb", "E")
        for mode in ("", "m", "dor", "mix", "lyd", "phr")
    ]
    known = []
    for name in names:
        try:
            known.append((name, parse_key(name).sharps))
        except MitseqError:
            continue
    got = written.page.evaluate(
        "names => names.map(sharpsOf)", [n for n, _ in known]
    )
    assert got == [sharps for _, sharps in known]
    assert written.page.evaluate("sharpsOf('Q') === undefined")


def test_hostile_tokens_and_titles_stay_text(opened):
    vocabulary = Vocabulary([*HOSTILE, "K:C\n"], level="token")
    sizes = {"units": 4, "layers": 1, "embedding_dim": 4}
    model = build_music_model(vocabulary, in_key=False, **sizes)
    # every hostile token is about as likely, all others are not
    logits = model.get_layer("logits")
    W, b = logits.get_weights()
    b[:] = -30
    b[vocabulary.encode(HOSTILE)] = np.linspace(3, 2, len(HOSTILE))
    logits.set_weights([0 * W, b])
    found = opened(writing_page(model, title=HOSTILE[0]))
    page = found.page
    assert page.locator("h1").inner_text() == HOSTILE[0]
    assert page.title() == HOSTILE[0]
    for k in range(12):
        page.locator(".choice").nth(k).click()
    shown = page.locator(".choice .token").all_inner_texts()
    assert len(set(shown) & {t.replace(" ", "␣") for t in HOSTILE}) == 12
    text = page.locator("#text").evaluate("box => box.textContent")
    assert text == "".join(HOSTILE[:12])
    assert (
        page.locator("main img, main b, main style, main script").count() == 0
    )
    assert found.messages == []
    plain = Elements(writing_page(model))
    assert [tag for tag, _ in plain.found] == [
        tag for tag, _ in Elements(writing_page(model, HOSTILE[2])).found
    ]


def test_a_model_of_words_writes_words(opened):
    vocabulary = word_vocabulary(
        ["I took my cat for a walk. It was late, alas!"]
    )
    keras.utils.set_random_seed(0)
    model = build_words_model(vocabulary, cell="gru", units=8)
    found = opened(writing_page(model))
    page = found.page
    assert page.locator("h1").inner_text() == "A network writes a text"
    assert page.locator("#staves").count() == 0
    for word in ("cat", ",", "walk"):
        (word_id,) = vocabulary.encode([word])
        page.evaluate("id => { take(id); show(); }", word_id)
    text = page.locator("#text").evaluate("box => box.textContent")
    assert text == "Cat, walk"
    assert "<unknown>" not in page.locator("#choices").inner_text()
    assert found.messages == [] and found.outside() == []


def test_a_model_of_characters_writes_tunes(opened):
    vocabulary = Vocabulary("\nKML:|/123468ABCDEFGabcdefg ", level="character")
    model = build_music_model(vocabulary, units=4, layers=1, embedding_dim=4)
    page = opened(writing_page(model)).page
    assert not page.locator("#meter").is_visible()
    for token in "M:6/8\nL:1/8\nK:G\nG3|":
        page.evaluate(
            "id => { take(id); show(); }", vocabulary.encode(token)[0]
        )
    assert page.locator("#staves .note").count() == 1
    assert page.locator("#staves .bar").count() == 1


@pytest.mark.parametrize(
    ("size", "scheme"), [("desk", "light"), ("phone", "dark")]
)
def test_it_fits_the_screen_and_axe_finds_nothing(opened, size, scheme):
    vocabulary = vocabulary_of(mitseq.load_music_model())
    model = build_music_model(vocabulary, units=4, layers=1, embedding_dim=4)
    found = opened(writing_page(model), size, color_scheme=scheme)
    page = found.page
    for token in PIECE.findall(TUNES[0]):
        for i in vocabulary.encode([token]):
            page.evaluate("id => take(id, true)", i)
    page.evaluate("show()")
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert found.violations() == {}


def test_the_page_of_the_bundled_model_is_small(music_html):
    assert len(music_html) < 8_000_000


def test_a_page_needs_units_to_show():
    ids = keras.Input((None,), dtype="int32")
    vocabulary = Vocabulary("AB", level="character")
    x = VocabularyEmbedding(vocabulary, 4)(ids)
    model = keras.Model(ids, keras.layers.Dense(5)(x))
    with pytest.raises(MitseqError, match="must have a recurrent layer"):
        writing_page(model)


def test_tokens_hold_nothing_that_a_page_cannot():
    model = build_music_model(
        Vocabulary(["a\x00", "b"], level="token"), units=4, layers=1
    )
    (main,) = (
        attributes
        for tag, attributes in Elements(writing_page(model)).found
        if tag == "main"
    )
    assert printable("a\x00") in json.loads(main["data-page"])["tokens"]
