import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.generation.generate import generate
from mitseq.layers.embedding import VocabularyEmbedding
from mitseq.tasks.music.adds_up import (
    AddsUp,
    Forbid,
    adding_up,
    can_add_up,
    fillable,
    pitches,
    signs,
)
from mitseq.tasks.music.generate import rejection
from mitseq.tasks.music.model import build_music_model, tune_vocabulary
from mitseq.tasks.music.rows import encode_tunes
from mitseq.text.vocabulary import END, PAD, START, Vocabulary
from mitseq.tunes.melody import read_melody
from mitseq.tunes.normalize import normalize
from mitseq.tunes.notation import PIECE
from mitseq.tunes.sections import form, sections
from tests.tunes.tunes_for_tests import JIG, REEL, human_tunes

HEAD = "M:2/4\nL:1/8\nK:D\n"
TOKENS = [
    *("M:2/4\n", "M:3/4\n", "M:6/8\n", "L:1/8\n", "K:D\n", "\n", "-", "(3"),
    *("|", "|:", ":|", "::", "||", "|]", "|1", ":|2"),
    *(f"{p}{n}" for p in ("d", "f", "A", "^c'") for n in ("", "2", "3", "/2")),
    *("z", "z2", "d4"),
]
VOCABULARY = Vocabulary(TOKENS, "token", PIECE.pattern)


@pytest.fixture(scope="module")
def reads():
    """The tokens that may follow a text."""
    layer = AddsUp(VOCABULARY)
    told = tf.function(
        lambda ids: layer(ids)[:, -1],
        input_signature=[tf.TensorSpec([1, None], tf.int32)],
    )

    def allowed(text):
        ids = [START, *VOCABULARY.encode(text)]
        found = np.flatnonzero(told(tf.constant([ids], tf.int32))[0])
        names = {PAD: "", START: "", END: "END"}
        return {
            names[i] if i in names else VOCABULARY.tokens_of([i])[0]
            for i in found
        }

    return allowed


@pytest.mark.parametrize(
    "body, yes, no",
    [
        ("", "d d4 |:", "| :| || |] END -"),
        ("d2", "d d2 - |", "d3 d4 :|"),  # | makes it a pickup
        ("d4|d2", "d d2 -", "d3 d4 | :| |]"),
        ("d4|d4", "| || |] -", "d z :| ::"),
        ("d4|d3", "d d/2 ||", "d2 | |] :|"),
        ("d4|d4|]", "\n", "d | END"),
        ("d4|d4|]\n", "END", "\n d"),
        ("|:d4|d4", ":| :: | |1", "|] || |:"),
        ("|:d4|d4:|", "\n d |:", ":| :: | END"),
        # the pickup of a repeat and its last bar make one bar
        ("|:d|d4|d3", ":| :: d", "| |] d2"),
        ("|:d|d4|d4", "|", ":| ::"),
        ("d|d4|d3", "|] d", "| :|"),
        ("d|d4|d4", "| |]", ""),
        # endings
        ("|:d4|d4|1d4", ":|2 |", ":| :: |1 |]"),
        ("|:d4|d4|1d4:|2d4", "|] || |: |", ":| :: \n"),
        ("|:d4|d4|1d4:|2", "d4 d2", "|] \n"),
        # ties wait for their note, also over a bar line
        ("d4|d2-", "d d2", "f A2 | - z"),
        ("d4|d4-", "|", "|] d f :|"),
        ("d4|d4-|", "d d3", "f z |"),
        ("d4|z2", "d", "-"),
        # three in the time of two
        ("d4|(3", "d f2", "| - (3 d3"),
        ("d4|(3d", "f A", "| (3 - f2"),
        ("d4|(3dfA", "d d2 (3", "| d3"),
    ],
)
def test_what_may_follow_by_hand(reads, body, yes, no):
    found = reads(HEAD + body)
    words = [set(text.replace("\n", "¶").split()) for text in (yes, no)]
    found = {token.replace("\n", "¶") for token in found}
    assert words[0] <= found
    assert not words[1] & found


def test_the_header_is_the_models_own(reads):
    assert {"K:D\n", "L:1/8\n", "d"} <= reads("M:2/4\n")
    assert not {"K:D\n", "M:3/4\n"} & reads(HEAD)


def test_where_nothing_fits_the_tune_breaks_off(reads):
    assert reads(HEAD + "|:d4|d4d") == {"END"}


@pytest.mark.parametrize("tune", [JIG, REEL])
def test_what_people_wrote_is_allowed(tune):
    text = normalize(tune)
    vocabulary = tune_vocabulary([text], min_count=1)
    (ids,) = encode_tunes(vocabulary, [text])
    allowed = AddsUp(vocabulary)(ids[None, :-1])[0].numpy()
    assert all(allowed[t, token] for t, token in enumerate(ids[1:]))


def test_nearly_all_that_people_wrote_is_allowed():
    texts = []
    for tune in human_tunes(40):
        try:
            texts.append(normalize(tune))
        except ValueError:
            continue
    if not texts:
        pytest.skip("music21 without its corpus")
    vocabulary = tune_vocabulary(texts, min_count=1)
    layer = tf.function(AddsUp(vocabulary), reduce_retracing=True)
    whole = 0
    for ids in encode_tunes(vocabulary, texts):
        allowed = layer(tf.constant(ids[None, :-1]))[0].numpy()
        whole += all(allowed[t, token] for t, token in enumerate(ids[1:]))
    assert whole >= 0.85 * len(texts)


def blind_model(vocabulary, seed=0):
    """A model whose logits have nothing to do with music."""
    rng = np.random.default_rng(seed)
    table = rng.normal(size=(len(vocabulary),) * 2).astype("float32")
    for line in ("\n", "|]", ":|"):  # so that tunes end
        table[:, vocabulary.encode(line)[0]] += 2
    ids = keras.Input((None,), dtype="int32")
    embedding = VocabularyEmbedding(
        vocabulary,
        len(vocabulary),
        embeddings_initializer=keras.initializers.Constant(table),
    )
    return keras.Model(ids, embedding(ids))


def draw(model, count=48, seed=0):
    prompt = [START, *VOCABULARY.encode(HEAD)]
    ids, lengths = generate(
        model,
        [prompt] * count,
        max_length=250,
        end_id=END,
        seed=seed,
        banned_ids=(PAD, START),
    )
    return [
        VOCABULARY.decode(row[:n])
        for row, n in zip(ids, lengths, strict=True)
        if row[n - 1] == END
    ]


@pytest.mark.parametrize("seed", [0, 1])
def test_a_model_that_knows_nothing_writes_what_adds_up(seed):
    texts = draw(adding_up(blind_model(VOCABULARY, seed), VOCABULARY), 48, seed)
    ended = [text for text in texts if text.endswith("\n")]
    assert len(ended) > 24
    reasons = [rejection(text) for text in ended]
    assert reasons == [None] * len(ended)
    # without the rules hardly one does
    bare = draw(blind_model(VOCABULARY, seed), 48, seed)
    assert sum(rejection(text) is None for text in bare) < 3


@pytest.mark.parametrize(
    "bars, plays, played",
    [(4, (2, 2), "AABB"), (3, (1, 2), "ABB"), (2, (1,), "A")],
)
def test_bars_and_plays_are_kept(bars, plays, played):
    model = adding_up(blind_model(VOCABULARY), VOCABULARY, bars, plays)
    texts = [t for t in draw(model) if rejection(t) is None]
    assert len(texts) > 24
    for text in texts:
        melody = read_melody(text)
        parts = sections(melody)
        assert [part.size for part in parts] == [bars] * len(plays)
        kinds = "".join("ABCD"[i] * n for i, n in enumerate(plays))
        assert len(form(melody)) == len(kinds) == len(played)


def test_step_by_step_is_the_whole_call():
    model = adding_up(blind_model(VOCABULARY), VOCABULARY)
    (text, *_) = draw(model)
    ids = np.array([[START, *VOCABULARY.encode(text)]], "int32")
    whole = model(ids).numpy()
    for t in range(1, ids.shape[1], 7):
        part = model(ids[:, :t]).numpy()
        np.testing.assert_allclose(part[0, -1], whole[0, t - 1], atol=1e-5)


def test_a_music_model_keeps_its_weights():
    model = build_music_model(
        VOCABULARY, cell="gru", units=4, layers=1, embedding_dim=4
    )
    masked = adding_up(model, VOCABULARY)
    assert [w.path for w in masked.weights] == [w.path for w in model.weights]
    ids = np.array([[START, *VOCABULARY.encode(HEAD)]], "int32")
    bare, forbidden = model(ids).numpy(), masked(ids).numpy()
    kept = forbidden > -1e8
    np.testing.assert_array_equal(bare[kept], forbidden[kept])
    assert kept[0, :-1].all() and not kept[0, -1].all()


def test_a_model_is_ruled_once_for_each_wish():
    model = blind_model(VOCABULARY)
    one = adding_up(model, VOCABULARY, 4, (2, 1))
    assert adding_up(model, VOCABULARY, 4, [2, 1]) is one
    assert adding_up(model, VOCABULARY, 8, (2, 1)) is not one
    assert adding_up(blind_model(VOCABULARY), VOCABULARY, 4, (2, 1)) is not one


def test_the_layer_comes_back_from_its_config():
    layer = AddsUp(VOCABULARY, bars=8, plays=(2, 1), name="rules")
    again = AddsUp.from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    assert again.cell.bars == 8 and again.cell.plays == (2, 1)
    assert Forbid.from_config(Forbid(name="f").get_config()).name == "f"


def test_characters_have_no_rules():
    with pytest.raises(ValueError, match="level"):
        AddsUp(Vocabulary("AB|\n", level="character"))
    assert can_add_up(VOCABULARY)


@given(st.lists(st.integers(1, 60), min_size=1, max_size=4))
@settings(deadline=None, max_examples=20)
def test_fillable_is_closed_under_its_lengths(lengths):
    found = fillable(np.array([0, *lengths]))
    assert found[0] and all(found[n] for n in lengths)
    places = np.flatnonzero(found[:-60])
    assert all(found[place + n] for place in places for n in lengths)


def test_signs_tell_endings_apart():
    found = signs(VOCABULARY)
    at = {token: VOCABULARY.encode(token)[0] for token in ("|1", ":|2", "|")}
    assert found.first[at["|1"]] and found.single[at["|1"]]
    assert found.second[at[":|2"]] and found.closes[at[":|2"]]
    assert not found.first[at["|"]] and not found.second[at["|"]]
    same = [VOCABULARY.encode(t)[0] for t in ("d", "d2", "d/2")]
    assert len({int(pitches(VOCABULARY)[i]) for i in same}) == 1
