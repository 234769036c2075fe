import logging

import keras
import numpy as np
import pytest
import tensorflow as tf

import mitseq
from mitseq import layers as attention
from mitseq.errors import MitseqError
from mitseq.generation import loop as loop_module
from mitseq.generation.generate import _loops, generate
from tests.generation.test_generate import next_id_model, random_model

layers = keras.layers
V = 11


def attention_model(kind, D=8):
    """Ids to logits; what was read matters, and where it stood."""
    keras.utils.set_random_seed(0)
    options = {
        "sinusoidal": {},
        "learned": {"norm": "post"},
        "rotary": {"position": "rotary"},
        "window": {"position": "rotary", "window": 5},
    }
    ids = keras.Input((None,), dtype="int32")
    x = layers.Embedding(V, D, "random_normal")(ids)
    if kind == "learned":
        x = attention.LearnedPosition(24)(x)
    elif kind not in ("rotary", "window"):
        x = attention.SinusoidalPosition()(x)
    for _ in range(2):
        if kind == "layers":  # a block by hand
            y = layers.LayerNormalization()(x)
            y = attention.MultiHeadAttention(2, causal=True)(y, y)
            x = layers.Add()([x, layers.Dropout(0.1)(y)])
            x = layers.Add()([x, layers.Dense(D, "relu")(x)])
        else:
            x = attention.TransformerBlock(2, 16, causal=True, **options[kind])(
                x
            )
    if kind == "window":  # attention and recurrence in one model
        x = mitseq.GRU(D, return_sequences=True)(x)
    large = keras.initializers.RandomNormal(stddev=3)
    return keras.Model(ids, layers.Dense(V, kernel_initializer=large)(x))


@pytest.fixture
def small_steps(monkeypatch):
    """Segments of 6 steps, room for 4 at first: all happens in short texts."""
    monkeypatch.setattr(loop_module, "SEGMENT", 6)
    monkeypatch.setattr(loop_module, "FIRST_ROOM", 4)


def check_greedy(model, ids, prompts):
    """Every id behind the prompt is the likeliest of the whole model's."""
    best = np.asarray(model(ids[:, :-1])).argmax(-1)
    for row, expected, prompt in zip(ids, best, prompts, strict=True):
        n = len(prompt)
        assert row[:n].tolist() == list(prompt)
        np.testing.assert_array_equal(row[n:], expected[n - 1 :])
    assert len(set(ids.ravel().tolist())) > 3  # and it is no dull text


KINDS = ("sinusoidal", "learned", "rotary", "window", "layers")


@pytest.mark.parametrize("kind", KINDS)
def test_attention_writes_what_the_whole_prefix_would(kind, small_steps):
    model = attention_model(kind)
    prompts = [[3, 1, 4, 1, 5, 9], [2]]
    ids, _ = generate(model, prompts, max_length=24, temperature=0)
    check_greedy(model, ids, prompts)


def test_one_loop_after_another_reads_the_whole_prefix_again(small_steps):
    """The same by the road of the benchmark's peer, token by token."""
    model = attention_model("sinusoidal")
    ids = np.array([[3, 1], [7, 2]], "int32")
    for _ in range(8):
        logits = np.asarray(model(ids))[:, -1]
        ids = np.concatenate([ids, logits.argmax(1)[:, None]], 1)
    out, _ = generate(model, [[3, 1], [7, 2]], max_length=10, temperature=0)
    np.testing.assert_array_equal(out, ids)


@pytest.fixture(scope="module")
def transformer():
    return attention_model("learned")


def test_attention_in_pieces_and_continued_is_the_whole(
    transformer, small_steps
):
    prompts = [[1, 2, 3], [5], [2, 2], [9]]
    arguments = dict(seed=3, end_id=6)
    whole, lengths = generate(transformer, prompts, max_length=24, **arguments)
    assert len(set(lengths.tolist())) > 1
    stream = generate(
        transformer, prompts, max_length=24, stream=True, chunk=7, **arguments
    )
    np.testing.assert_array_equal(np.concatenate([*stream], 1), whole)
    first, n, state = generate(
        transformer, prompts, max_length=5, return_state=True, **arguments
    )
    second, m = generate(transformer, state=state, max_length=19, **arguments)
    np.testing.assert_array_equal(np.concatenate([first, second], 1), whole)
    np.testing.assert_array_equal(n + m, lengths)


def test_room_is_doubled_when_it_is_full(small_steps):
    model = attention_model("sinusoidal")
    stream = generate(
        model, [[1]], max_length=30, stream=True, chunk=1, temperature=0
    )
    rooms = [stream.state.carry.room for _ in stream]
    assert sorted(set(rooms)) == [4, 8, 16, 29]


def test_window_needs_no_more_room_than_itself(small_steps):
    stream = generate(
        attention_model("window"), [[1]], max_length=22, stream=True, chunk=7
    )
    for _ in stream:
        sizes = {state.shape[2] for state in stream.state.carry.states[:2]}
        assert max(sizes) <= 5


def test_longer_than_the_positions_is_an_error_at_once(transformer):
    with pytest.raises(MitseqError, match="`max_length` is too large.*=24"):
        generate(transformer, [[1]], max_length=26)
    _, _, state = generate(transformer, [[1]], max_length=9, return_state=True)
    with pytest.raises(MitseqError, match="`max_length` is too large.*=24"):
        generate(transformer, state=state, max_length=17)
    ids, _ = generate(transformer, state=state, max_length=16)
    assert ids.shape == (1, 16)


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


def test_few_traces_for_many_rooms(small_steps):
    model = attention_model("sinusoidal")
    for B, L in ((1, 5), (3, 9), (2, 40)):
        generate(model, [[1]] * B, max_length=L)
    assert _loops[model].trace_count == 1


def test_batch_is_halved_when_half_of_the_rows_have_ended():
    prompts = [[i] for i in (0, 1, 2, 7, 7, 7, 3)]
    stream = generate(
        next_id_model(),
        prompts,
        max_length=20,
        end_id=8,
        temperature=0,
        stream=True,
        chunk=1,
    )
    pieces, sizes = [], []
    for piece in stream:
        pieces.append(piece)
        sizes.append(len(stream.state.rows))
    assert sizes == [7, 7, 7, 7, 7, 3, 3, 1, 0]
    ids = np.concatenate(pieces, 1)
    for prompt, row, n in zip(prompts, ids, stream.lengths, strict=True):
        assert row[:n].tolist() == list(range(prompt[0], 9))


@pytest.mark.parametrize("name", ["recurrent", "attention"])
def test_xla_writes_the_same(name, monkeypatch):
    """The two run the same steps; XLA is one row's, or a cache's."""
    is_recurrent = name == "recurrent"
    model = random_model() if is_recurrent else attention_model("rotary")
    prompts = [[1, 2]] if is_recurrent else [[1, 2], [3]]
    arguments = dict(max_length=40, seed=5)
    plain, _ = generate(model, prompts, **arguments)
    monkeypatch.setattr(loop_module, "LONG", 30)
    monkeypatch.setattr(loop_module, "FIRST_ROOM", 32)
    stream = generate(model, prompts, stream=True, chunk=9, **arguments)
    compiled = np.concatenate([*stream], 1)
    assert stream.state.carry.uses_xla
    np.testing.assert_array_equal(compiled, plain)
    # and a batch without a cache goes on without it
    if is_recurrent:
        stream = generate(model, [[1], [2]], stream=True, **arguments)
        assert not stream.state.carry.uses_xla


def test_layer_that_xla_cannot_translate_runs_without_it(monkeypatch, caplog):
    class Foreign(layers.Layer):
        def call(self, x):
            return x

        def step_state(self, batch_size, num_steps):
            return []

        def step(self, x_t, states):
            y_t = tf.numpy_function(lambda x: x, [x_t], tf.float32)
            return tf.ensure_shape(y_t, x_t.shape), states

    ids = keras.Input((None,), dtype="int32")
    x = layers.Embedding(5, 5, keras.initializers.Constant(np.eye(5, k=1)))(ids)
    model = keras.Model(ids, Foreign()(x))
    monkeypatch.setattr(loop_module, "LONG", 2)
    with caplog.at_level(logging.INFO, "mitseq.generation.loop"):
        ids, _ = generate(model, [[0]], max_length=5, temperature=0)
    assert ids.tolist() == [[0, 1, 2, 3, 4]]
    assert "runs without XLA" in caplog.text
