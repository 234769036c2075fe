"""The music model: what it is made of, what it saves, what it refuses."""

import subprocess
import sys
import zipfile

import keras
import numpy as np
import pytest
from keras import ops

from mitseq.data.vocabulary import START, Vocabulary
from mitseq.errors import MitseqError
from mitseq.models.music import (
    ModelError,
    build_music_model,
    load_music_model,
    vocabulary_of,
)

PIECES = ["M:2/4\n", "L:1/8\n", "K:D\n", "d2", "A2", "|:", ":|"]
SMALL = {"units": 6, "layers": 2, "embedding_dim": 4}


def tokens():
    return Vocabulary(PIECES)


def logits_of(model, ids):
    return ops.convert_to_numpy(model(np.array(ids), training=False))


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("level", ["token", "character"])
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


def test_the_past_decides_and_the_future_does_not():
    model = build_music_model(tokens(), **SMALL)
    rng = np.random.default_rng(0)
    ids = rng.integers(3, len(tokens()), (2, 12))
    changed = ids.copy()
    changed[:, 7] = (changed[:, 7] - 3 + 1) % (len(tokens()) - 3) + 3
    before, after = logits_of(model, ids), logits_of(model, changed)
    np.testing.assert_allclose(before[:, :7], after[:, :7], atol=1e-6)
    assert (np.abs(before - after)[:, 7:].max(axis=-1) > 0).all()


def test_model_loads_in_a_fresh_process_by_importing_mitseq(tmp_path):
    model = build_music_model(tokens(), **SMALL)
    model.save(tmp_path / "model.keras")
    code = (
        "import sys; from mitseq.models.music import load_music_model;"
        "import numpy as np;"
        "m = load_music_model(sys.argv[1]);"
        "print(float(np.abs(m(np.array([[1, 5, 7]]))).sum()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
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
    ],
)
def test_arguments_out_of_range_are_named(arguments, message):
    with pytest.raises(MitseqError, match=message):
        build_music_model(tokens(), **arguments)


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


def test_a_flipped_byte_is_an_error_of_ours_or_does_no_harm(tmp_path):
    good = tmp_path / "good.keras"
    build_music_model(tokens(), **SMALL).save(good)
    content = bytearray(good.read_bytes())
    rng = np.random.default_rng(0)
    for position in rng.integers(0, len(content), 10):
        damaged = bytearray(content)
        damaged[position] ^= 0xFF
        path = tmp_path / "damaged.keras"
        path.write_bytes(damaged)
        try:
            load_music_model(path)
        except ModelError as error:
            assert "\n" not in str(error)


def test_the_error_names_the_keras_that_saved_the_file(tmp_path):
    path = tmp_path / "newer.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("metadata.json", '{"keras_version": "99.1"}')
        archive.writestr("config.json", "{}")
    with pytest.raises(ModelError, match=r"saved by Keras 99\.1, this is"):
        load_music_model(path)
