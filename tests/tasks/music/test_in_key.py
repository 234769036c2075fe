"""What holds in one key holds in all; the rest of the model sees degrees."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from mitseq.generation.generate import generate
from mitseq.generation.step_model import StepModel
from mitseq.tasks.music.in_key import (
    KEY_LINES,
    AsWritten,
    InKey,
    KeyReader,
    Pointing,
    degrees,
)
from mitseq.tasks.music.model import (
    build_music_model,
    load_music_model,
    tune_vocabulary,
)
from mitseq.text.vocabulary import END, START

D = "M:2/4\nL:1/8\nK:D\n|:d2A2|f3A|(3dfa =c2|d4:|\n"
G = "M:2/4\nL:1/8\nK:G\n|:g2d2|b3d|(3gbd' =f2|g4:|\n"  # the same
G_FLAT = D.replace("K:D", "K:Db").replace("=c", "_c")


@pytest.fixture(scope="module")
def vocabulary():
    return tune_vocabulary([D, G, G_FLAT], min_count=1, every_key=True)


@pytest.fixture(scope="module")
def model(vocabulary):
    keras.utils.set_random_seed(3)
    model = build_music_model(
        vocabulary, units=8, layers=1, embedding_dim=6, lags=(1, 2)
    )
    rng = np.random.default_rng(0)
    model.set_weights(
        [rng.normal(0, 0.7, w.shape) for w in model.get_weights()]
    )
    return model


def ids_of(vocabulary, text):
    return np.array([[START, *vocabulary.encode(text)]], "int32")


def test_a_tune_is_the_same_degrees_in_another_key(model, vocabulary):
    found = []
    for text in (D, G):
        ids = ids_of(vocabulary, text)
        features = model.get_layer("bar_position")(ids)
        key = model.get_layer("key")(ids)
        found.append(
            [
                ops.convert_to_numpy(x)
                for x in model.get_layer("in_key")(ids, features, key)
            ]
        )
    (in_d, where_d, earlier_d), (in_g, where_g, earlier_g) = found
    np.testing.assert_array_equal(in_d, in_g)
    np.testing.assert_array_equal(earlier_d, earlier_g)
    assert (earlier_d > 0).any()
    # but for the letter of the tonic all that is told of the place, too
    np.testing.assert_array_equal(where_d[..., :-2], where_g[..., :-2])
    assert where_d[0, -1, -2:].tolist() == [2, 1]
    assert where_g[0, -1, -2:].tolist() == [5, 1]


def test_in_a_key_no_tune_had_it_writes_what_it_learned(model, vocabulary):
    """D and D flat have one letter and one mode: the same logits to a digit."""
    one, other = (
        ops.convert_to_numpy(model(ids_of(vocabulary, text)))
        for text in (D, G_FLAT)
    )
    start = 4  # behind the key
    notes = [i for i, x in enumerate(vocabulary.tokens, 3) if x[0] not in "_="]
    notes = [i for i in notes if vocabulary.tokens[i - 3][:2] != "K:"]
    np.testing.assert_array_equal(
        one[0, start:][:, notes], other[0, start:][:, notes]
    )
    natural, flat = vocabulary.encode(["=c2", "_c2"])
    np.testing.assert_array_equal(
        one[0, start:, natural], other[0, start:, flat]
    )


def test_whole_call_and_steps_agree(model, vocabulary):
    ids = ids_of(vocabulary, G)
    step_model = StepModel(model)
    whole = ops.convert_to_numpy(model(ids))
    states = step_model.initial_states(1, ids.shape[1])
    for t in range(ids.shape[1]):
        logits, states = step_model(ids[:, t], states)
        np.testing.assert_allclose(logits, whole[:, t], atol=1e-4)


def test_saved_and_loaded_it_writes_the_same(model, vocabulary, tmp_path):
    model.save(tmp_path / "model.keras")
    again = load_music_model(tmp_path / "model.keras")
    ids = ids_of(vocabulary, D)
    np.testing.assert_array_equal(model(ids), again(ids))
    for other in (model, again):
        rows, _ = generate(other, ids, max_length=40, end_id=END, seed=1)
        assert rows.shape == (1, 40)


def test_the_key_is_the_last_one_named(vocabulary):
    reader = KeyReader(vocabulary)
    (first, second) = vocabulary.encode(["K:D\n", "K:Em\n"])
    ids = [[START, first, 40, second, 40, START, 40]]
    key = ops.convert_to_numpy(reader(np.array(ids)))[0, :, 0]
    names = ["", *KEY_LINES]
    expected = ["", "K:D\n", "K:D\n", "K:Em\n", "K:Em\n", "", ""]
    assert [names[k] for k in key] == expected


def test_every_token_of_a_key_has_a_degree_of_its_own(vocabulary):
    table = degrees(vocabulary)
    is_key = table.keys > 0
    assert is_key.sum() == len(KEY_LINES)
    for row in table.rows[1:]:
        assert len(set(row[~is_key])) == (~is_key).sum()
        assert len(set(row[is_key])) == 1  # named once, it is told apart
    assert table.rows.max() == table.count - 1


def test_written_logits_are_those_of_the_degrees(vocabulary):
    table = degrees(vocabulary)
    logits = np.arange(table.count, dtype="float32")[None, None]
    key = 1 + KEY_LINES.index("K:G\n")
    written = AsWritten(vocabulary)(logits, np.array([[[key]]]))
    np.testing.assert_array_equal(written[0, 0], table.rows[key])


def test_pointing_by_hand():
    logits = np.zeros((1, 2, 5), "float32")
    trust = np.array([[[1.0, 2.0], [4.0, 8.0]]], "float32")
    earlier = np.array([[[3, 3], [0, 2]]])
    found = Pointing()(logits, trust, earlier)
    # both point at 3; where there was nothing, nobody is trusted
    assert np.array(found)[0].tolist() == [[0, 0, 0, 3, 0], [0, 0, 8, 0, 0]]


def test_what_it_trusts_is_learned():
    logits = ops.zeros((1, 1, 5))
    layer = keras.layers.Dense(2, use_bias=False)
    with tf.GradientTape() as tape:
        trust = layer(ops.ones((1, 1, 3)))
        out = Pointing()(logits, trust, np.array([[[1, 0]]]))
        loss = -tf.nn.log_softmax(out)[0, 0, 1]
    (gradient,) = tape.gradient(loss, layer.trainable_variables)
    assert np.all(np.array(gradient)[:, 0] < 0)
    assert np.all(np.array(gradient)[:, 1] == 0)


def test_config_makes_the_layer_again(vocabulary):
    sizes = (5, 6, len(vocabulary), len(vocabulary), 4)
    layer = InKey(vocabulary, 2, sizes)
    again = InKey.from_config(layer.get_config())
    assert again.vocabulary == vocabulary
    assert again.lags == 2 and again.sizes == sizes
    count = degrees(vocabulary).count
    assert again.new_sizes == (5, 6, count, count, 4, 8, 8)
