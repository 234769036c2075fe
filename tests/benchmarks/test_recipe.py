"""The peer must be scored right, or the comparison is worth nothing."""

import keras
import numpy as np
import pytest
import recipe

TUNES = ["K:D\nab|\n", "K:G\nba|ab|\n", "K:D\n\n"]


@pytest.fixture(scope="module")
def characters():
    return recipe.Characters(recipe.joined_text(TUNES))


@pytest.fixture(scope="module")
def model(characters):
    keras.utils.set_random_seed(1)
    return recipe.build_recipe(len(characters), embedding=5, units=7)


def test_build_recipe_is_the_labs_network():
    model = recipe.build_recipe(83)
    assert [type(layer).__name__ for layer in model.layers] == [
        "InputLayer",
        "Embedding",
        "LSTM",
        "Dense",
    ]
    assert model.layers[1].output_dim == 256
    assert model.layers[2].units == 1024
    assert isinstance(model.optimizer, keras.optimizers.Adam)
    assert float(model.optimizer.learning_rate) == pytest.approx(5e-3)
    assert model.optimizer.clipnorm is None
    assert model.optimizer.clipvalue is None


def test_code_lengths_equal_the_bits_counted_one_character_at_a_time(
    model, characters
):
    expected = []
    for tune in TUNES:
        ids = characters.encode("\n\n" + tune + "\n")
        bits = 0.0
        for t in range(2, len(ids)):
            logits = keras.ops.convert_to_numpy(model(ids[None, :t]))[0, -1]
            probs = np.exp(logits - np.logaddexp.reduce(logits))
            bits -= np.log2(probs[ids[t]])
        expected.append(bits)
    for batch_size in (1, 3):
        bits = recipe.code_lengths(model, TUNES, characters, batch_size)
        np.testing.assert_allclose(bits, expected, rtol=1e-4)
    per_character = sum(expected) / sum(map(len, TUNES))
    assert recipe.bits_per_character(model, TUNES, characters) == pytest.approx(
        per_character, rel=1e-4
    )


def test_random_windows_are_the_text_and_the_text_one_later():
    ids = np.arange(50, dtype=np.int32)
    x, y = recipe.random_windows(ids, 200, 10, [0, 1])
    assert x.shape == y.shape == (200, 10)
    np.testing.assert_array_equal(x + 1, y)
    np.testing.assert_array_equal(x, x[:, :1] + np.arange(10))
    assert x[:, 0].min() == 0 and y[:, -1].max() == 49
    again, _ = recipe.random_windows(ids, 200, 10, [0, 1])
    np.testing.assert_array_equal(x, again)


def spelling_model(characters, text):
    """A recipe whose logits, by the last id alone, spell `text` in a ring."""
    V = len(characters)
    model = recipe.build_recipe(V, embedding=V, units=V)
    ids = characters.encode(text)
    following = np.zeros((V, V), "float32")
    for this, that in zip(ids, ids[1:], strict=False):
        following[this, that] = 1
    # c_t = tanh(embedding): all gates open, nothing remembered
    kernel = np.zeros((V, 4 * V), "float32")
    kernel[:, 2 * V : 3 * V] = np.eye(V)
    bias = np.zeros(4 * V, "float32")
    bias[:V] = bias[3 * V :] = 30
    bias[V : 2 * V] = -30
    model.layers[1].set_weights([5 * np.eye(V, dtype="float32")])
    model.layers[2].set_weights([kernel, np.zeros((V, 4 * V)), bias])
    model.layers[3].set_weights([60 * following, np.zeros(V)])
    return model


def test_sample_spells_what_the_model_favors_and_stops(characters):
    # after "\n" the model says "K", after the last letter "\n": "K:D\nK:D..."
    model = spelling_model(characters, "\nK:D\n")
    tunes = recipe.sample(model, characters, 2, 1.0, max_length=9)
    assert tunes == ["K:D\nK:D\nK"] * 2
    # after "\n" comes "\n": the tune ends before it has begun
    model = spelling_model(characters, "\n\n")
    assert recipe.sample(model, characters, 2, 1.0, max_length=9) == ["", ""]


def test_sample_ends_at_a_blank_line_and_follows_the_seed(model, characters):
    tunes = recipe.sample(model, characters, 50, 1.0, seed=3, max_length=60)
    assert all("\n\n" not in tune for tune in tunes)
    ended = [tune for tune in tunes if len(tune) < 60]
    assert ended and all(t.endswith("\n") or t == "" for t in ended)
    again = recipe.sample(model, characters, 50, 1.0, seed=3, max_length=60)
    other = recipe.sample(model, characters, 50, 1.0, seed=4, max_length=60)
    assert tunes == again != other
