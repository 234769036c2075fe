"""The music model: what it is made of, what it saves, what it refuses."""

import keras
import numpy as np
import pytest
from keras import ops

from mitseq.errors import MitseqError
from mitseq.generation.generate import generate
from mitseq.inside.attention import attention_maps
from mitseq.tasks.music.model import (
    build_music_model,
    load_music_model,
    music_defaults,
    vocabulary_of,
)
from mitseq.text.vocabulary import START, Vocabulary
from mitseq.training.saved import ModelError
from mitseq.tunes.notation import PIECE
from tests.fresh_process import run_fresh

PIECES = ["M:2/4\n", "L:1/8\n", "K:D\n", "d2", "A2", "|:", ":|"]
SMALL = {"units": 6, "layers": 2, "heads": 3, "embedding_dim": 4}


def tokens():
    return Vocabulary(PIECES, pattern=PIECE.pattern)


def logits_of(model, ids):
    return ops.convert_to_numpy(model(np.array(ids), training=False))


@pytest.mark.parametrize(
    ("level", "cell"),
    [
        *(("token", cell) for cell in ("rnn", "lstm", "gru", "transformer")),
        ("character", "lstm"),
    ],
)
def test_model_learns_by_fit_and_saves_with_its_vocabulary(
    tmp_path, cell, level
):
    keras.utils.set_random_seed(0)
    vocabulary = (
        tokens() if level == "token" else Vocabulary("AB|", level=level)
    )
    model = build_music_model(vocabulary, cell=cell, dropout=0.0, **SMALL)
    model.compile(
        optimizer=keras.optimizers.Adam(0.05),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    x = np.array([[START, 3, 4, 5, 3, 4, 5, 3]])
    y = np.array([[3, 4, 5, 3, 4, 5, 3, 4]])
    history = model.fit(x, y, epochs=60, verbose=0).history["loss"]
    assert history[0] > 0.8 * np.log(len(vocabulary))
    assert history[-1] < 0.5 * history[0]
    model.save(tmp_path / "model.keras")
    loaded = load_music_model(tmp_path)
    assert vocabulary_of(loaded) == vocabulary
    np.testing.assert_allclose(logits_of(loaded, x), logits_of(model, x))


@pytest.mark.parametrize("cell", ["lstm", "transformer"])
def test_the_past_decides_and_the_future_does_not(cell):
    model = build_music_model(tokens(), cell=cell, **SMALL)
    rng = np.random.default_rng(0)
    ids = rng.integers(3, len(tokens()), (2, 12))
    changed = ids.copy()
    changed[:, 7] = (changed[:, 7] - 3 + 1) % (len(tokens()) - 3) + 3
    before, after = logits_of(model, ids), logits_of(model, changed)
    np.testing.assert_allclose(before[:, :7], after[:, :7], atol=1e-6)
    assert (np.abs(before - after)[:, 7:].max(axis=-1) > 0).all()


@pytest.mark.parametrize("cell", ["lstm", "transformer"])
def test_by_a_shortcut_the_logits_see_what_the_first_layer_is_given(cell):
    """Without what comes through the layers it is all that they see."""
    model = build_music_model(
        tokens(), cell=cell, shortcut=True, in_key=False, **SMALL
    )
    dense = model.get_layer("logits")
    kernel, bias = dense.get_weights()
    assert kernel.shape == (SMALL["units"] + 8, len(tokens()))
    ids = np.array([[START, 3, 4, 5, 6, 7, 6, 8]])
    through_layers = logits_of(model, ids)
    kernel[: SMALL["units"]] = 0
    dense.set_weights([kernel, bias])
    embedded = model.get_layer("what_and_where").output
    given = keras.Model(model.input, embedded)(ids)
    expected = given @ kernel[SMALL["units"] :] + bias
    np.testing.assert_allclose(logits_of(model, ids), expected, atol=1e-6)
    assert np.abs(through_layers - expected).max() > 1e-3


def test_a_model_with_a_shortcut_writes_as_its_logits_say():
    model = build_music_model(tokens(), shortcut=True, **SMALL)
    ids, _ = generate(model, [[START, 5]], max_length=20, temperature=0)
    logits = logits_of(model, ids[:, :-1])[0]
    best = logits[np.arange(1, 19), ids[0, 2:]]  # of what was written
    np.testing.assert_allclose(best, logits[1:].max(axis=-1), atol=1e-5)


def test_a_transformer_writes_as_its_logits_say_past_any_trained_length():
    """The cached step against the whole prefix read anew for every token."""
    model = build_music_model(tokens(), cell="transformer", **SMALL)
    ids, _ = generate(model, [[START, 5]], max_length=40, temperature=0)
    logits = logits_of(model, ids[:, :-1])[0]
    best = logits[np.arange(1, 39), ids[0, 2:]]  # of what was written
    np.testing.assert_allclose(best, logits[1:].max(axis=-1), atol=1e-5)


def test_defaults_suit_the_cell_and_what_is_given_stays():
    assert music_defaults("lstm", units=None, dropout=None) == {
        "units": 512,
        "dropout": 0.3,
    }
    assert music_defaults("transformer", units=None, layers=3) == {
        "units": 256,
        "layers": 3,
    }


def test_attention_maps_of_a_transformer_that_reads_a_tune():
    model = build_music_model(tokens(), cell="transformer", **SMALL)
    maps = attention_maps(model, "M:2/4\nL:1/8\nK:D\nd2")
    assert [name for name, _, _ in maps] == [
        "block_1/attention",
        "block_2/attention",
    ]
    assert maps[0].tokens == ["START", "M:2/4\n", "L:1/8\n", "K:D\n", "d2"]
    for _, weights, _ in maps:
        assert weights.shape == (3, 5, 5)
        np.testing.assert_allclose(weights, np.tril(weights), atol=0)
        np.testing.assert_allclose(weights.sum(axis=-1), 1, atol=1e-5)


@pytest.mark.parametrize("cell", ["lstm", "transformer"])
def test_model_loads_in_a_fresh_process_by_importing_mitseq(tmp_path, cell):
    model = build_music_model(tokens(), cell=cell, **SMALL)
    model.save(tmp_path / "model.keras")
    code = (
        "import sys; from mitseq.tasks.music.model import load_music_model;"
        "import numpy as np;"
        "m = load_music_model(sys.argv[1]);"
        "print(float(np.abs(m(np.array([[1, 5, 7]]))).sum()))"
    )
    done = run_fresh(code, tmp_path)
    assert done.returncode == 0, done.stderr
    expected = np.abs(logits_of(model, [[1, 5, 7]])).sum()
    np.testing.assert_allclose(float(done.stdout), expected, rtol=1e-5)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"cell": "lstmm"}, "`cell` must be one of"),
        ({"units": 0}, "`units` must be a positive int"),
        ({"layers": 1.5}, "`layers` must be a positive int"),
        ({"embedding_dim": -1}, "`embedding_dim` must be a positive int"),
        ({"dropout": 1.0}, "`dropout` must be in"),
        ({"heads": 0}, "`heads` must be a positive int"),
        ({"cell": "transformer", "units": 9}, "even multiple of `heads`"),
    ],
)
def test_arguments_out_of_range_are_named(arguments, message):
    with pytest.raises(MitseqError, match=message):
        build_music_model(tokens(), **{**SMALL, **arguments})


def test_missing_and_damaged_and_other_models_are_errors(tmp_path):
    with pytest.raises(ModelError, match="no such model"):
        load_music_model(tmp_path / "nowhere")
    text = tmp_path / "text.keras"
    text.write_text("hello")
    with pytest.raises(ModelError, match="not a Keras model"):
        load_music_model(text)
    good = tmp_path / "good.keras"
    build_music_model(tokens(), **SMALL).save(good)
    for share in (0.3, 0.7, 0.99):
        cut = tmp_path / "cut.keras"
        cut.write_bytes(good.read_bytes()[: int(share * good.stat().st_size)])
        with pytest.raises(ModelError, match="cut.keras"):
            load_music_model(cut)
    other = tmp_path / "other.keras"
    keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]).save(other)
    with pytest.raises(ModelError, match="must be a music model"):
        load_music_model(other)
