import gc
import weakref

import keras
import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.generation.generate import FREE, _loops, generate

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


def test_few_traces_for_many_shapes():
    model = random_model()
    for B, P, L in ((1, 1, 5), (3, 2, 9), (64, 4, 17), (2, 1, 100)):
        for temperature in (0.5, 1):
            generate(
                model,
                [list(range(1, P + 1))] * B,
                max_length=L,
                end_id=2,
                temperature=temperature,
            )
    assert _loops[model].trace_count == 1
    for top_k, top_p in ((3, None), (5, 0.9), (None, 0.5)):
        generate(model, [[1]], max_length=5, top_k=top_k, top_p=top_p)
    assert _loops[model].trace_count == 2


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


def side_by_side(pieces):
    return np.concatenate([*pieces], axis=1)


@pytest.mark.parametrize("chunk", [1, 3, 7, 64])
def test_pieces_of_a_stream_are_the_whole(model, chunk):
    prompts = [[1, 2, 3, 4], [5], [2, 2], [9]]
    arguments = dict(max_length=30, seed=3, end_id=6)
    whole, lengths = generate(model, prompts, **arguments)
    assert len(set(lengths.tolist())) > 2  # rows that end on their own
    stream = generate(model, prompts, **arguments, stream=True, chunk=chunk)
    pieces = list(stream)
    assert {piece.shape[1] for piece in pieces[:-1]} <= {chunk}
    np.testing.assert_array_equal(side_by_side(pieces), whole)
    np.testing.assert_array_equal(stream.lengths, lengths)
    assert {piece.dtype for piece in pieces} == {np.dtype("int32")}


def test_a_piece_is_computed_when_it_is_asked_for():
    stream = generate(
        next_id_model(), [[0]], max_length=10**9, stream=True, chunk=4
    )
    assert next(stream).tolist() == [[0, 1, 2, 3]]
    assert next(stream).tolist() == [[4, 5, 6, 7]]


@pytest.mark.parametrize("cut", [1, 2, 5, 17])
@pytest.mark.parametrize("end_id", [None, 6])
def test_continuing_equals_one_long_call(model, cut, end_id):
    prompts = [[1], [5], [2], [9], [3]]
    arguments = dict(seed=4, end_id=end_id, temperature=0.8, top_k=9)
    whole, lengths = generate(model, prompts, max_length=40, **arguments)
    first, n, state = generate(
        model, prompts, max_length=cut, return_state=True, **arguments
    )
    second, m, state = generate(
        model, state=state, max_length=20, return_state=True, **arguments
    )
    del arguments["seed"], arguments["end_id"]  # the state knows them
    third, k = generate(model, state=state, max_length=20 - cut, **arguments)
    parts = np.concatenate([first, second, third], axis=1)
    np.testing.assert_array_equal(parts, whole)
    np.testing.assert_array_equal(n + m + k, lengths)


def test_one_may_leave_a_stream_and_go_on_from_its_state(model):
    whole, _ = generate(model, [[1], [2]], max_length=30, seed=5)
    stream = generate(
        model, [[1], [2]], max_length=30, seed=5, stream=True, chunk=8
    )
    begin = [next(stream), next(stream)]
    rest, _ = generate(model, state=stream.state, max_length=14)
    np.testing.assert_array_equal(side_by_side([*begin, rest]), whole)


def test_a_state_can_be_used_twice(model):
    _, _, state = generate(model, [[1]], max_length=9, return_state=True)
    once, _ = generate(model, state=state, max_length=20)
    again, _ = generate(model, state=state, max_length=20)
    other, _ = generate(model, state=state, max_length=20, seed=1)
    np.testing.assert_array_equal(once, again)
    assert (once != other).any()


def test_a_prompt_with_a_state_is_read_next(model):
    whole, _ = generate(model, [[3, 1, 4, 1, 5]], max_length=12, temperature=0)
    first, _, state = generate(
        model, [[3, 1]], max_length=2, temperature=0, return_state=True
    )
    rest, _ = generate(
        model, [[4, 1, 5]], state=state, max_length=10, temperature=0
    )
    np.testing.assert_array_equal(side_by_side([first, rest]), whole)


def test_rows_that_have_ended_stay_ended():
    model = next_id_model()
    arguments = dict(end_id=8, temperature=0)
    _, _, state = generate(
        model, [[7], [1]], max_length=4, return_state=True, **arguments
    )
    ids, lengths, state = generate(
        model, state=state, max_length=9, return_state=True, **arguments
    )
    assert ids.tolist() == [[8] * 4, [5, 6, 7, 8]]
    assert lengths.tolist() == [0, 4]
    ids, lengths = generate(model, state=state, max_length=9, **arguments)
    assert ids.shape == (2, 0) and lengths.tolist() == [0, 0]


def test_a_state_goes_on_with_what_the_model_learned_meanwhile():
    model = next_id_model(6)
    _, _, state = generate(model, [[0]], max_length=2, return_state=True)
    model.set_weights([30 * np.eye(6, k=-1, dtype="float32")])
    ids, _ = generate(model, state=state, max_length=1, temperature=0)
    assert ids.tolist() == [[0]]


def test_state_of_another_model_raises(model):
    _, _, state = generate(next_id_model(), [[1]], max_length=3, return_state=1)
    with pytest.raises(MitseqError, match="`state` must be of the same model"):
        generate(model, state=state, max_length=3)


def test_prompt_of_another_batch_than_the_state_raises(model):
    _, _, state = generate(model, [[1]], max_length=3, return_state=True)
    with pytest.raises(MitseqError, match="1 rows of `state`. Received: 2"):
        generate(model, [[1], [2]], state=state, max_length=3)


def test_state_with_room_for_so_many_steps_says_when_it_is_full():
    class Cached(layers.Layer):
        """Hands on its input, and keeps it in a cache of fixed size."""

        def call(self, x):
            return x

        def step_state(self, batch_size, num_steps):
            return [keras.ops.zeros((batch_size, num_steps))]

        def step(self, x_t, states):
            return x_t, states

    ids = keras.Input((None,), dtype="int32")
    model = keras.Model(ids, Cached()(layers.Embedding(9, 9)(ids)))
    _, _, state = generate(model, [[1]], max_length=5, return_state=True)
    with pytest.raises(MitseqError, match="room for 4 steps"):
        generate(model, state=state, max_length=1)


@pytest.mark.parametrize(
    "change, match",
    [
        ({"prompt_ids": []}, "at least one row"),
        ({"prompt_ids": None}, "at least one row"),
        ({"state": "h"}, "`state` must be what `generate` returned"),
        ({"chunk": 0}, "`chunk` must be a positive int"),
        ({"prompt_ids": [[1], []]}, r"one id in each row.*\[1, 0\]"),
        ({"prompt_ids": [[1, 12]]}, "below 12.*Received: 12"),
        ({"prompt_ids": [[1, -2]]}, "below 12.*Received: -2"),
        ({"prompt_ids": [[FREE, 1]]}, "start with an id"),
        ({"max_length": 0}, "`max_length` must be an int"),
        ({"max_length": 2.5}, "`max_length` must be an int"),
        ({"prompt_ids": [[1] * 9]}, "the longest prompt, 9"),
        ({"end_id": 12}, "`end_id` must be an id below 12"),
        ({"temperature": -1}, "`temperature` must be a number of at least 0"),
        ({"temperature": float("nan")}, "`temperature`"),
        ({"temperature": "hot"}, "`temperature`"),
        ({"top_k": 0}, "`top_k` must be a positive int or None"),
        ({"top_k": 1.5}, "`top_k`"),
        ({"top_p": 0}, r"`top_p` must be a number in \(0, 1\]"),
        ({"top_p": 1.1}, "`top_p`"),
        ({"seed": "abc"}, "`seed` must be an int"),
        ({"seed": 2**70}, "`seed` must be an int of 64 bits"),
        ({"banned_ids": range(12)}, "`banned_ids` must leave at least one"),
        ({"banned_ids": [12]}, "`banned_ids` must be ids below 12"),
    ],
)
def test_bad_arguments_are_named(model, change, match):
    arguments = {"prompt_ids": [[1]], "max_length": 8, **change}
    with pytest.raises(MitseqError, match=match):
        generate(model, **arguments)
