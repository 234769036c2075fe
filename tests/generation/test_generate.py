import gc
import weakref

import keras
import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.generation.arguments import FREE
from mitseq.generation.generate import generate

layers = keras.layers


def table_model(table):
    """The logits of the next id are a row of `table`, whatever came before."""
    table = np.asarray(table, "float32")
    ids = keras.Input((None,), dtype="int32")
    embedding = layers.Embedding(
        *table.shape, embeddings_initializer=keras.initializers.Constant(table)
    )
    return keras.Model(ids, embedding(ids))


def next_id_model(V=12):
    """The likeliest id is id + 1."""
    return table_model(30 * np.eye(V, k=1))


def random_model(V=12, seed=0):
    keras.utils.set_random_seed(seed)
    ids = keras.Input((None,), dtype="int32")
    x = layers.Embedding(V, 6)(ids)
    x = layers.LSTM(8, return_sequences=True)(x)
    x = layers.GRU(8, return_sequences=True)(x)
    return keras.Model(
        ids,
        layers.Dense(V, kernel_initializer=keras.initializers.RandomNormal())(
            x * 50
        ),
    )


@pytest.fixture(scope="module")
def model():
    return random_model()


def test_plus_one_gives_6_7_8():
    ids, lengths = generate(next_id_model(), [[5]], max_length=4)
    assert ids.tolist() == [[5, 6, 7, 8]] and lengths.tolist() == [4]
    assert ids.dtype == lengths.dtype == np.int32


def test_spells_a_word():
    word = "SEQUENTIALLY"
    letters = sorted(set(word))
    # the next letter hangs on the position: a cell that counts is the model
    table = np.full((len(word), len(letters)), -30.0, "float32")
    for position, letter in enumerate(word[1:]):
        table[position, letters.index(letter)] = 30

    class PositionCell(layers.Layer):
        state_size = 1
        output_size = 1

        def get_initial_state(self, batch_size):
            return [keras.ops.zeros((batch_size, 1), "int32")]

        def call(self, token, states):
            return states[0], [states[0] + 1]

    class Position(layers.RNN):
        def call(self, sequences, initial_state=None):
            one = keras.ops.ones_like(sequences)
            return (keras.ops.cumsum(one, axis=1) - 1)[..., None]

        def compute_output_shape(
            self, sequences_shape, initial_state_shape=None
        ):
            return (*sequences_shape, 1)

    ids = keras.Input((None,), dtype="int32")
    x = Position(PositionCell(), return_sequences=True, dtype="int32")(ids)
    x = layers.Embedding(
        *table.shape, embeddings_initializer=keras.initializers.Constant(table)
    )(x)[:, :, 0]
    out, _ = generate(
        keras.Model(ids, x),
        [[letters.index("S")]],
        max_length=len(word),
        temperature=0,
    )
    assert "".join(letters[i] for i in out[0]) == word


def test_greedy_equals_the_whole_model_called_again_and_again(model):
    ids = np.array([[3, 1], [7, 2]], "int32")
    for _ in range(10):
        logits = np.asarray(model(ids))[:, -1]
        ids = np.concatenate([ids, logits.argmax(1)[:, None]], 1)
    out, _ = generate(model, [[3, 1], [7, 2]], max_length=12, temperature=0)
    np.testing.assert_array_equal(out, ids)


def test_rows_of_different_prompts_equal_single_runs(model):
    prompts = [[3], [4, 5, 6, 7, 8, 9], [2, 2, 2]]
    together, _ = generate(model, prompts, max_length=15, temperature=0)
    for prompt, row in zip(prompts, together, strict=True):
        alone, _ = generate(model, [prompt], max_length=15, temperature=0)
        np.testing.assert_array_equal(row, alone[0])
        assert row[: len(prompt)].tolist() == prompt


def test_rows_that_end_early_do_not_change_the_others(model):
    prompts = [[3] * n for n in range(1, 13)]
    out, lengths = generate(
        next_id_model(), prompts, max_length=20, temperature=0, end_id=8
    )
    for n, (row, length) in enumerate(zip(out, lengths, strict=True), 1):
        assert row[:length].tolist() == [3] * n + [4, 5, 6, 7, 8]


def test_end_id_ends_each_row_and_pads():
    out, lengths = generate(
        next_id_model(), [[1], [5]], max_length=11, end_id=8, temperature=0
    )
    assert out.tolist() == [
        [1, 2, 3, 4, 5, 6, 7, 8],
        [5, 6, 7, 8, 8, 8, 8, 8],
    ]
    assert lengths.tolist() == [8, 4]


def test_end_id_within_the_prompt_ends_the_row():
    out, lengths = generate(
        next_id_model(), [[1, 8, 3]], max_length=9, end_id=8, temperature=0
    )
    assert out.tolist() == [[1, 8]] and lengths.tolist() == [2]


def test_exits_early_when_all_rows_have_ended():
    # 10 ** 6 steps would take minutes
    out, _ = generate(
        next_id_model(), [[5]] * 3, max_length=10**6, end_id=8, temperature=0
    )
    assert out.shape == (3, 4)


def test_without_end_id_every_row_is_full(model):
    out, lengths = generate(model, [[1], [2, 3]], max_length=30, seed=1)
    assert out.shape == (2, 30) and lengths.tolist() == [30, 30]


def test_free_place_within_the_prompt_is_chosen_by_the_model():
    out, _ = generate(
        next_id_model(), [[3, FREE, 9, FREE]], max_length=5, temperature=0
    )
    assert out.tolist() == [[3, 4, 9, 10, 11]]


def test_prompt_as_long_as_max_length_comes_back(model):
    out, _ = generate(model, [[3, 4, 5]], max_length=3)
    assert out.tolist() == [[3, 4, 5]]
    out, _ = generate(model, [[3]], max_length=1)
    assert out.tolist() == [[3]]


def test_same_seed_same_ids_other_seed_others(model):
    def run(seed):
        return generate(model, [[1]] * 4, max_length=50, seed=seed)[0]

    np.testing.assert_array_equal(run(7), run(7))
    assert (run(7) != run(8)).any()
    assert (run(None) != run(None)).any()


def test_same_seed_same_ids_in_a_loop_built_anew():
    a = generate(random_model(), [[1]] * 4, max_length=50, seed=7)[0]
    b = generate(random_model(), [[1]] * 4, max_length=50, seed=7)[0]
    np.testing.assert_array_equal(a, b)


def test_rows_of_one_batch_differ(model):
    out, _ = generate(model, [[1]] * 4, max_length=50, seed=7)
    assert len({tuple(row) for row in out.tolist()}) == 4


def test_steps_are_independent_draws():
    # two equal logits: heads and tails, also from one step to the next
    coin = table_model(np.zeros((2, 2)))
    out, _ = generate(coin, [[0]] * 50, max_length=401, seed=3)
    heads = out[:, 1:]
    assert abs(heads.mean() - 0.5) < 0.015
    same = heads[:, 1:] == heads[:, :-1]
    assert abs(same.mean() - 0.5) < 0.015


def test_temperature_top_k_and_top_p_reach_the_sampler(model):
    flat = table_model([[0.0, 1.0, 2.0, 3.0]] * 4)

    def seen(**kwargs):
        out, _ = generate(flat, [[0]], max_length=400, seed=1, **kwargs)
        return set(out[0, 1:].tolist())

    assert seen() == {0, 1, 2, 3}
    assert seen(top_k=2) == {2, 3}
    assert seen(top_p=0.7) == {2, 3}
    assert seen(temperature=0) == {3}
    assert seen(banned_ids=[3, 0]) == {1, 2}
    assert seen(top_k=2, banned_ids=[3]) == {1, 2}


def test_fit_after_generate_changes_what_is_generated():
    model = random_model(V=6)
    model.compile(
        keras.optimizers.Adam(0.05),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    generate(model, [[1]], max_length=5, temperature=0)
    x = np.tile([[1, 2, 3, 4, 5, 0]], (16, 2)).astype("int32")
    model.fit(x[:, :-1], x[:, 1:], epochs=40, verbose=0)
    out, _ = generate(model, [[1]], max_length=6, temperature=0)
    assert out.tolist() == [[1, 2, 3, 4, 5, 0]]


def test_model_is_not_kept_alive():
    model = next_id_model()
    generate(model, [[1]], max_length=3)
    reference = weakref.ref(model)
    del model
    gc.collect()
    assert reference() is None


def model_of_context(V=12, units=8):
    """A model whose LSTM begins with its further inputs."""
    keras.utils.set_random_seed(1)
    ids = keras.Input((None,), dtype="int32")
    begins = [keras.Input((units,)) for _ in range(2)]
    lstm = layers.LSTM(units, return_sequences=True)
    h = lstm(layers.Embedding(V, 6)(ids), initial_state=begins)
    return keras.Model([ids, *begins], layers.Dense(V)(50 * h))


def test_a_context_is_what_the_whole_model_would_get():
    model = model_of_context()
    rng = np.random.default_rng(0)
    context = [rng.normal(size=(3, 8)).astype("float32") for _ in range(2)]
    ids, _ = generate(
        model, [[3]] * 3, max_length=7, temperature=0, context=context
    )
    for t in range(1, 7):
        logits = model([ids[:, :t], *context])
        np.testing.assert_array_equal(ids[:, t], np.argmax(logits, -1)[:, -1])
    other = [-x for x in context]
    others, _ = generate(
        model, [[3]] * 3, max_length=7, temperature=0, context=other
    )
    assert (ids[:, 1:] != others[:, 1:]).any()
    # in pieces, and with a prompt of several ids
    pieces = generate(
        model,
        ids[:, :3],
        max_length=7,
        temperature=0,
        context=context,
        stream=True,
        chunk=2,
    )
    np.testing.assert_array_equal(np.concatenate([*pieces], axis=1), ids)


@pytest.mark.parametrize(
    "context", [[], [np.zeros((1, 8))], [np.zeros((1, 8)), np.zeros((2, 8))]]
)
def test_a_context_that_does_not_fit_is_named(context):
    model = model_of_context()
    with pytest.raises(MitseqError, match="`context` must be the inputs.*8"):
        generate(model, [[3]], max_length=4, context=context)


def test_a_context_is_for_the_beginning(model):
    _, _, state = generate(model, [[5]], max_length=3, return_state=True)
    with pytest.raises(MitseqError, match="`context` is for the beginning"):
        generate(model, state=state, max_length=2, context=[np.ones((1, 8))])
