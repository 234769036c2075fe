"""The layer counts as a musician does, and by two roads alike."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from mitseq.tasks.music.bar_position import (
    SLOT,
    BarPosition,
    BarPositionCell,
    FeatureEmbedding,
)
from mitseq.tasks.music.place_in_bar import TICKS
from mitseq.text.vocabulary import END, SPECIAL, START, Vocabulary

HEADER = ["M:6/8\n", "L:1/8\n", "K:D\n"]


def features_of(pieces, lags=(1, 2)):
    """Vocabulary and the features after each piece, START first."""
    vocabulary = Vocabulary(sorted({p for p in pieces if len(p) > 1}))
    ids = [START, *vocabulary.encode(pieces)]
    features = BarPosition(vocabulary, lags)(np.array([ids]))
    return vocabulary, ops.convert_to_numpy(features[0])


def test_position_adds_lengths_up_and_starts_again_at_a_bar_line():
    pieces = [*HEADER, "d2", "A", "B3/2", "c/2", "d", "|", "e"]
    _, features = features_of(pieces)
    expected = [0, 2, 3, 4.5, 5, 6, 0, 1]
    assert features[3:, 0].tolist() == [TICKS * x for x in expected]


def test_missing_counts_down_to_one_and_is_zero_without_a_meter():
    _, features = features_of([*HEADER, "d3", "A3", "|"])
    full = 6 * TICKS
    assert features[3:, 1].tolist() == [full + 1, full // 2 + 1, 1, full + 1]
    _, features = features_of(["d3", "A3", "|"])
    assert features[0, 1] == 1  # nothing is known
    assert features[1:, 1].tolist() == [0, 0, 1]


def test_unit_length_scales_the_bar():
    _, features = features_of(["M:2/4\n", "L:1/16\n", "K:G\n", "g"])
    assert features[3, 1] == 8 * TICKS + 1


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (["(3", "A", "B", "c", "d"], [0, 2 / 3, 4 / 3, 2, 3]),
        (["(3", "A/2", "B/2", "c/2"], [0, 1 / 3, 2 / 3, 1]),
        (["(2", "A", "B", "c"], [0, 1.5, 3, 4]),
    ],
)
def test_tuplets_take_the_time_of_others(pieces, expected):
    _, features = features_of([*HEADER, *pieces])
    assert features[4:, 0].tolist() == [round(TICKS * x) for x in expected]


def test_pickup_is_the_incomplete_bar_that_opens_a_section():
    pieces = [*HEADER, "A", "|:", "d6", "|", "d5", ":|", "|:", "B2", "|", "c6"]
    _, features = features_of(pieces)
    unit = 2 * TICKS // SLOT
    #         header    A  |:    d6    |     d5    :| |: B2  |   c6
    expected = [0, 0, 0, 0, 0, unit, unit, unit, unit, 0, 0, 0, 2 * unit]
    assert features[:13, 2].tolist() == expected
    # what the last bar held, if it was not full
    assert features[9, 3] == features[10, 3] == 5 * unit


def test_bars_of_the_section_are_counted_without_the_pickup():
    pieces = [*HEADER, "A", "|", "d6", "|", "e6", "|", "f6", "||", "d6", "|"]
    _, features = features_of(pieces)
    assert features[4:, 4].tolist() == [0, 0, 0, 1, 1, 2, 2, 0, 0, 1]


def test_to_close_is_what_the_bar_before_the_repeat_sign_lacks():
    pieces = ["A", "|", "|:", "A", "|", "d6", "||", "e3", "f2", ":|", "g6"]
    _, features = features_of([*HEADER, *pieces])
    assert features[4:, 6].tolist() == [0, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0]
    # the pickup inside the repeat counts, the one in front of it does not
    to_close = [5, 5, 6, 5, 5, -1, 5, 2, 0, 6, 0]
    expected = [0 if x < 0 else TICKS * x + 1 for x in to_close]
    assert features[4:, 7].tolist() == expected


def test_second_ending_keeps_the_pickup_of_its_repeat():
    pieces = ["|:", "A", "|", "d6", "|1", "e5", ":|2", "f5"]
    _, features = features_of([*HEADER, *pieces])
    assert features[-2:, 7].tolist() == [5 * TICKS + 1, 1]
    assert features[-2:, 6].tolist() == [0, 0]


def test_look_back_finds_what_stood_here_some_bars_ago():
    bars = [["d2", "A", "B3"], ["e3", "f3"], ["g6"]]
    pieces = [*HEADER]
    for bar in bars:
        pieces += [*bar, "|"]
    vocabulary, features = features_of([*pieces, "a2", "b"])

    def look_back(step, column):
        token = features[step, 8 + column]
        return None if token == 0 else vocabulary.tokens[token - SPECIAL]

    start_of_third = 3 + len(bars[0]) + len(bars[1]) + 2
    assert look_back(start_of_third, 0) == "e3"  # one bar ago
    assert look_back(start_of_third, 1) == "d2"  # two bars ago
    last = len(features) - 1  # after a2 b: the fourth eighth of bar 4
    assert look_back(last, 0) is None  # g6 began before
    assert look_back(last, 1) == "f3"
    assert look_back(last - 1, 1) is None


def test_start_forgets_the_tune_before():
    pieces = [*HEADER, "d2", "A", "|", "B"]
    vocabulary = Vocabulary([p for p in pieces if len(p) > 1])
    tune = [START, *vocabulary.encode(pieces)]
    layer = BarPosition(vocabulary)
    both = layer(np.array([[*tune, *tune]]))[0]
    np.testing.assert_array_equal(both[: len(tune)], both[len(tune) :])


def test_layer_equals_its_cell_step_by_step():
    pieces = [*HEADER, "A", "|:", "d2", "(3", "A", "B", "c", "|", "d3", ":|"]
    vocabulary = Vocabulary(sorted({p for p in pieces if len(p) > 1}))
    rng = np.random.default_rng(0)
    ids = rng.integers(0, len(vocabulary), (4, 40)).astype("int32")
    ids[0, : len(pieces)] = vocabulary.encode(pieces)
    layer = BarPosition(vocabulary, return_state=True)
    whole, *final = layer(ids)
    states = layer.cell.get_initial_state(4)
    for t in range(ids.shape[1]):
        features, states = layer.cell(ids[:, t : t + 1], states)
        np.testing.assert_array_equal(features, whole[:, t])
    for state, expected in zip(states, final, strict=True):
        np.testing.assert_array_equal(state, expected)
    whole = ops.convert_to_numpy(whole)
    assert (whole.max(axis=(0, 1)) < layer.sizes).all()
    assert whole.min() >= 0


def test_one_graph_reads_batches_of_any_size_where_there_is_none():
    vocabulary = Vocabulary(["d2", "A", "B3/2", "|", *HEADER])
    layer = BarPosition(vocabulary, lags=(1,))
    inputs = keras.Input((None,), dtype="int32")
    as_graph = keras.Model(inputs, BarPosition(vocabulary, lags=(1,))(inputs))
    rng = np.random.default_rng(0)
    graphs = set()
    for shape in ((2, 9), (3, 9), (3, 4), (1, 1), (5, 30)):
        ids = rng.integers(0, len(vocabulary), shape).astype("int32")
        expected = as_graph.predict(ids, verbose=0)
        assert ops.convert_to_numpy(layer(ids)).tolist() == expected.tolist()
        graphs.add(layer._graph)
    assert len(graphs) == 1


@pytest.mark.parametrize("policy", ["float32", "mixed_float16"])
def test_features_stay_integers_and_survive_saving(tmp_path, policy):
    vocabulary = Vocabulary([*HEADER, "d2", "|:"])
    keras.config.set_dtype_policy(policy)
    try:
        ids = keras.Input((None,), dtype="int32")
        layer = BarPosition(vocabulary, (1, 4))
        model = keras.Model(ids, layer(ids))
    finally:
        keras.config.set_dtype_policy("float32")
    model.save(tmp_path / "m.keras")
    loaded = keras.saving.load_model(tmp_path / "m.keras")
    row = np.array([[START, *vocabulary.encode([*HEADER, "d2", "A"]), END]])
    assert str(model(row).dtype).find("int32") >= 0
    np.testing.assert_array_equal(model(row), loaded(row))
    assert loaded.layers[1].cell.lags == (1, 4)


def test_errors_name_what_is_wrong():
    with pytest.raises(ValueError, match="`vocabulary` must be of level"):
        BarPositionCell(Vocabulary("AB", level="character"))
    with pytest.raises(ValueError, match="`lags` must be positive ints"):
        BarPositionCell(Vocabulary(["A2"]), (0,))


def test_feature_embedding_is_a_sum_of_rows():
    layer = FeatureEmbedding((3, 2), 5)
    x = layer(np.array([[[2, 1]]], "int32"))
    table = ops.convert_to_numpy(layer.embeddings)
    np.testing.assert_allclose(x[0, 0], table[2] + table[3 + 1], rtol=1e-6)
    assert FeatureEmbedding.from_config(layer.get_config()).sizes == (3, 2)


@pytest.mark.parametrize("jit_compile", [False, True])
def test_the_gradient_of_a_row_is_the_sum_of_where_it_was_looked_up(
    jit_compile,
):
    """As a whole, so that its norm is that of the gradient."""
    layer = FeatureEmbedding((3, 2), 4)
    layer.build((2, 3, 2))
    rng = np.random.default_rng(0)
    features = np.stack(
        [rng.integers(0, 3, (2, 3)), rng.integers(0, 2, (2, 3))]
    )
    features = np.moveaxis(features, 0, -1).astype("int32")  # (B, T, F)
    dx = rng.normal(size=(2, 3, 4)).astype("float32")

    @tf.function(jit_compile=jit_compile)
    def step():
        with tf.GradientTape() as tape:
            x = layer(features, training=True)
        return x, tape.gradient(x, layer.embeddings.value, dx)

    x, found = step()
    np.testing.assert_allclose(x, layer(features), rtol=1e-6)
    expected = np.zeros((5, 4), "float32")
    for b, t in np.ndindex(2, 3):
        expected[features[b, t, 0]] += dx[b, t]
        expected[3 + features[b, t, 1]] += dx[b, t]
    assert isinstance(found, tf.Tensor)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_matches_count_what_is_as_it_was_a_bar_ago():
    bar = ["d2", "A", "(3", "B/2", "c/2", "d/2", "e2"]
    pieces = [*HEADER, *bar, "|", *bar[:2], "c", *bar[4:], "|"]
    vocabulary = Vocabulary(sorted({p for p in pieces if len(p) > 1}))
    ids = np.array([[START, *vocabulary.encode(pieces)]])
    features = BarPosition(vocabulary, (1,), matches=True)(ids)
    # behind the bar line, d2, A and c
    expected, count = ops.convert_to_numpy(features[0, -8:-4, -2:]).T
    assert vocabulary.tokens_of(expected[:3]) == ["d2", "A", "(3"]
    # `c` stands where the tuplet did: half as well as before.
    assert count.tolist() == [0, 1, 2, 1]


def test_the_note_behind_a_tuplet_sign_or_a_tie_is_found_again():
    bar = ["(3", "A", "B", "c", "d2", "-", "d2"]
    pieces = [*HEADER, *bar, "|", *bar]
    vocabulary = Vocabulary(sorted({p for p in pieces if len(p) > 1}))
    ids = np.array([[START, *vocabulary.encode(pieces)]])
    features = BarPosition(vocabulary, (1,), matches=True)(ids)
    expected, count = ops.convert_to_numpy(features[0, -8:, -2:]).T
    assert vocabulary.tokens_of(expected) == [*bar, "|"]
    assert count.tolist() == [0, 1, 2, 3, 4, 5, 6, 7]


def test_saved_without_matches_it_counts_as_before():
    vocabulary = Vocabulary([*HEADER, "d2"])
    config = BarPosition(vocabulary, (1, 2)).get_config()
    del config["matches"]  # of a model of an earlier version
    again = BarPosition.from_config(config)
    assert again.sizes == BarPosition(vocabulary, (1, 2)).sizes
    assert len(again.sizes) == 10
    assert len(BarPosition(vocabulary, (1, 2), matches=True).sizes) == 12
