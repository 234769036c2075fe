"""Every exercise: full marks, not begun, and each mistake its own hint.

And that the solution is what mitseq computes itself: in its layers, or by
hand.
"""

import ast
import re
from fractions import Fraction
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

import mitseq
from mitseq.by_hand import backpropagation
from mitseq.by_hand.trace import trace_by_hand
from mitseq.exercises.attempt import attempt
from mitseq.exercises.catalog import NAMES, all_exercises, load
from mitseq.exercises.judge import NOT_BEGUN, RIGHT, WRONG, judge
from mitseq.generation.sampling import sample
from mitseq.layers.attention import masked_softmax
from mitseq.layers.equations import LSTMEquations
from mitseq.layers.position import sinusoids
from mitseq.layers.rnn import rnn_step
from mitseq.slides.find import find_slide, numbered
from mitseq.tunes.check import check as check_tune

ROOT = Path(__file__).parents[2]
SLIDES = {slide.title for _, _, slide in numbered()}
SURE = 1e-5


def result_of(exercise, function):
    raw = {"lacks": [], "at": exercise.name}
    cases = {exercise.name: list(attempt(exercise, function))}
    return judge(exercise.name, raw | {"cases": cases})


def written(exercise, text):
    names = {}
    exec(compile(text, exercise.name, "exec"), names)
    return names[exercise.function]


@pytest.mark.parametrize("name", NAMES)
def test_full_marks_not_begun_and_each_mistake_its_own_hint(name):
    exercise = load(name)
    assert exercise.slide in SLIDES
    assert find_slide(exercise.slide).title == exercise.slide
    module, _, reference = exercise.code.partition(":")
    tree = ast.parse((ROOT / f"{module.replace('.', '/')}.py").read_text())
    assert reference in {getattr(node, "name", "") for node in tree.body}

    solved = result_of(exercise, written(exercise, exercise.solved))
    assert (solved.status, solved.points) == (RIGHT, exercise.points)
    assert "TODO" not in exercise.solved

    begun = result_of(exercise, written(exercise, exercise.start))
    assert (begun.status, begun.points) == (NOT_BEGUN, 0)
    assert "# TODO: " in exercise.start

    assert len({m.hint for m in exercise.mistakes}) >= 3
    for mistake in exercise.mistakes:
        wrong = result_of(exercise, exercise.variant(mistake.edits))
        assert wrong.status == WRONG
        assert wrong.hints == (mistake.hint,)
        assert wrong.expected and wrong.came


def test_there_are_at_least_as_many_as_promised():
    """docs/exercises.md counts them."""
    exercises = all_exercises()
    mistakes = sum(len(each.mistakes) for each in exercises)
    page = (ROOT / "docs" / "exercises.md").read_text(encoding="utf-8")
    told = re.findall(r"(\d+) exercises.*?(\d+) usual mistakes", page, re.S)
    assert told == [(str(len(exercises)), str(mistakes))]
    assert len(exercises) >= 20


# Code that a student might write, in its own words: the hint is found by what
# it computes, not by how it is written.


def steps_without_state(x, keep, write, h_0):
    return [keep * h_0 + write * x_t for x_t in x]


def update_with_star(x_t, h_prev, W_xh, W_hh):
    total = np.multiply(W_xh, x_t) + np.multiply(W_hh, h_prev)
    return np.tanh(total)


class CellThatForgets:
    def __init__(self, W_xh, W_hh, W_hy):
        self.h = np.zeros((1, W_hh.shape[0]))
        self.weights = W_xh, W_hh, W_hy

    def call(self, x):
        W_xh, W_hh, W_hy = self.weights
        new = np.tanh(np.dot(self.h, W_hh) + np.dot(x, W_xh))
        return np.dot(new, W_hy), self.h


def rows_as_time(x, W_xh, W_hh):
    state, found = np.zeros((len(x), len(W_hh))), []
    for row in range(x.shape[1]):
        state = np.tanh(np.dot(x[row], W_xh) + np.dot(state, W_hh))
        found.append(state)
    return np.array(found).transpose(1, 0, 2)


def same_rows(ids, starts, seq_length):
    x = np.array([[ids[s + t] for t in range(seq_length)] for s in starts])
    return x, x.copy()


def columns_that_sum_to_one(Q, K):
    e = np.exp(np.dot(Q, K.T) / len(Q[0]) ** 0.5)
    return e / e.sum(0)


def unscaled(Q, K):
    rows = [np.exp([np.sum(q * k) for k in K]) for q in Q]
    return [row / row.sum() for row in rows]


def future_hidden_the_wrong_way(T):
    return np.triu(np.ones((T, T), dtype=int), 1)


def gates_as_in_keras(x_t, h_prev, c_prev, W_x, W_h, b):
    units = c_prev.shape[1]
    z = np.dot(x_t, W_x) + np.dot(h_prev, W_h) + b
    i, f, g, o = (z[:, n * units : (n + 1) * units] for n in range(4))
    c_t = c_prev / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
    return [np.tanh(c_t) / (1 + np.exp(-o)), c_t]


def two_mistakes(x_t, h_prev, W_xf, W_hf, b_f):
    return np.tanh(x_t @ W_xf + h_prev @ W_hf)


@pytest.mark.parametrize(
    ("name", "function", "words"),
    [
        ("trace", steps_without_state, ["not handed on"]),
        ("state_update", update_with_star, ["element by element"]),
        ("my_rnn_cell", CellThatForgets, ["state is forgotten"]),
        ("rnn_loop", rows_as_time, ["Batch and time are swapped"]),
        ("batches", same_rows, ["not shifted"]),
        ("scaling", columns_that_sum_to_one, ["wrong axis"]),
        ("scaling", unscaled, ["not scaled"]),
        ("causal_mask", future_hidden_the_wrong_way, ["inverted"]),
        ("lstm_step", gates_as_in_keras, ["Keras's order"]),
        ("lstm_forget", two_mistakes, ["tanh", "bias b_f is missing"]),
    ],
)
def test_a_usual_mistake_is_found_however_it_is_written(name, function, words):
    hints = result_of(load(name), function).hints
    assert len(hints) == len(words)
    assert all(w in hint for w, hint in zip(words, hints, strict=True))


# The solutions are what mitseq computes


def solution_of(name):
    exercise = load(name)
    return exercise.solution, exercise.arguments


def agree(name, ours):
    """Compares on the cases of the exercise."""
    exercise = load(name)
    for arguments, expected in zip(
        exercise.arguments, exercise.expected, strict=True
    ):
        found = ours(*arguments)
        pairs = [(found, expected)]
        if isinstance(expected, (tuple, list)):
            pairs = list(zip(found, expected, strict=True))
        for a, b in pairs:
            np.testing.assert_allclose(a, b, atol=SURE, rtol=SURE)


def cell_step(kind, order, biases=True):
    """A step of a cell of mitseq with the weights of the arguments."""

    def step(x_t, states, *weights):
        units = states[0].shape[-1]
        options = {} if biases else {"use_bias": False}
        if kind is mitseq.GRUCell:
            options["reset_after"] = False
        cell = kind(units, **options)
        cell.build(x_t.shape)
        for name, value in zip(order, weights, strict=True):
            getattr(cell, name).assign(value)
        return cell(x_t.astype("float32"), [*map(tf.constant, states)])

    return step


def lstm_gate(gate):
    """What one gate of `LSTMEquations` is, from x_t, h_prev and weights."""

    def value(x_t, h_prev, W_x, W_h, b, c_prev=None):
        z = [np.zeros_like(h_prev)] * 4
        z["fico".index(gate)] = x_t @ W_x + h_prev @ W_h + b
        _, gates = LSTMEquations().forward(
            tf.constant(np.concatenate(z, -1)),
            [tf.constant(h_prev), tf.zeros_like(h_prev)],
            [tf.zeros((h_prev.shape[1], 4 * h_prev.shape[1]), tf.float64)],
        )
        return gates["fico".index(gate)].numpy()

    return value


def my_rnn(words, W_xh, W_hh, W_hy):
    cell = mitseq.MyRNNCell(*W_xh.T.shape, W_hy.shape[1])
    cell.build((1, len(W_xh)))
    for weight, value in zip(cell.weights, (W_xh, W_hh, W_hy), strict=True):
        weight.assign(value)
    return [
        np.concatenate([output[0], h[0]])
        for output, h in map(cell, words.astype("float32"))
    ]


def over_time(x, W_xh, W_hh):
    layer = mitseq.SimpleRNN(len(W_hh), use_bias=False, return_sequences=True)
    layer.build(x.shape)
    layer.set_weights([W_xh, W_hh])
    return layer(x.astype("float32"))


def keras_total(probs, targets):
    return keras.ops.sum(
        keras.ops.sparse_categorical_crossentropy(targets, probs)
    )


def weights_of(Q, K):
    return mitseq.scaled_dot_product_attention(
        Q, K, K, return_attention_scores=True
    )[1]


def one_head(x, W_q, W_k, W_v):
    head = mitseq.SelfAttentionHead(W_q.shape[1])
    head.build((1, *x.shape))
    head.set_weights([W_q, W_k, W_v])
    return head(x[None].astype("float32"))[0]


def heads(x, W_q, W_k, W_v, W_o, num_heads):
    layer = mitseq.MultiHeadAttention(num_heads, W_q.shape[1] // num_heads)
    layer.build((1, *x.shape))
    layer.set_weights([W_q, W_k, W_v, W_o])
    return layer(x[None].astype("float32"))[0]


def looked_back(s_t, h_seq):
    context, weights = mitseq.DotProductAttention()(
        s_t[None].astype("float32"),
        h_seq[None].astype("float32"),
        return_attention_scores=True,
    )
    return context[0], weights[0]


def scalar(x, targets, w, u, v, steps_back=None):
    return backpropagation.scalar_bptt(x, targets, w, u, v, steps_back)


def bptt(*arguments):
    passes = scalar(*arguments)
    return passes.dw, passes.du, passes.dv


def states_by_hand(x, keep, write, h_0):
    trace = trace_by_hand(["w"] * len(x), x, keep=keep, write=write, h_0=h_0)
    return [float(h) for h in trace.h[1:]]


def gru(x_t, h_prev, *weights):
    names = ["W_xz", "W_hz", "W_xr", "W_hr", "W_xh", "W_hh"]
    step = cell_step(mitseq.GRUCell, names, biases=False)
    return step(x_t, [h_prev.astype("float32")], *weights)[0]


def lstm(x_t, h_prev, c_prev, W_x, W_h, b):
    names = [f"{k}{g}" for g in "fico" for k in ("W_x", "W_h", "b_")]
    parts = [np.split(each, 4, axis=-1) for each in (W_x, W_h, b)]
    weights = [kind[g] for g in range(4) for kind in parts]
    states = [h_prev.astype("float32"), c_prev.astype("float32")]
    return cell_step(mitseq.LSTMCell, names)(x_t, states, *weights)[1]


def update(c_prev, f_t, i_t, c_tilde):
    """The cell state after a step whose gates are these."""

    def logit(p):
        p = np.clip(p, 1e-12, 1 - 1e-12)
        return np.log(p / (1 - p))

    z = [logit(f_t), logit(i_t), np.arctanh(c_tilde), np.zeros_like(f_t)]
    units = f_t.shape[1]
    (_, c_t), _ = LSTMEquations().forward(
        tf.constant(np.concatenate(z, -1)),
        [tf.zeros_like(c_prev), tf.constant(c_prev)],
        [tf.zeros((units, 4 * units), tf.float64)],
    )
    return c_t


def store(x_t, h_prev, W_xi, W_hi, b_i, W_xc, W_hc, b_c):
    i_t = lstm_gate("i")(x_t, h_prev, W_xi, W_hi, b_i)
    return i_t * lstm_gate("c")(x_t, h_prev, W_xc, W_hc, b_c)


def shown(x_t, h_prev, c_t, W_xo, W_ho, b_o):
    return lstm_gate("o")(x_t, h_prev, W_xo, W_ho, b_o) * np.tanh(c_t)


def clipped(gradients, max_norm):
    return tf.clip_by_global_norm(gradients, max_norm)[0]


OURS = {
    "pencil": lambda: states_by_hand([1, 2, 3, 4, 5], "1/2", "1/2", 0),
    "trace": states_by_hand,
    "state_update": lambda *a: rnn_step(*map(tf.constant, a)),
    "rnn_loop": over_time,
    "total_loss": keras_total,
    "bptt": bptt,
    "truncated_bptt": lambda *a: scalar(*a).dw,
    "gradient_flow": lambda h, w: backpropagation.influence(h, w)[-1][0],
    "clipping": clipped,
    "lstm_forget": lstm_gate("f"),
    "lstm_store": store,
    "lstm_update": update,
    "lstm_output": shown,
    "lstm_step": lstm,
    "gru_step": gru,
    "positions": lambda T, D: sinusoids(tf.range(T), D),
    "scores": lambda Q, K: tf.matmul(Q, K, transpose_b=True),
    "scaling": weights_of,
    "causal_mask": mitseq.causal_mask,
    "masked_weights": masked_softmax,
    "head": one_head,
    "multi_head": heads,
    "cross_attention": looked_back,
}


@pytest.mark.parametrize("name", OURS)
def test_the_solution_is_what_mitseq_computes(name):
    if name in ("scores", "masked_weights"):
        ours = OURS[name]
        agree(name, lambda *a: ours(*map(tf.constant, a)))
        return
    agree(name, OURS[name])


def test_the_cell_is_the_cell_of_the_slide():
    exercise = load("my_rnn_cell")
    for arguments, expected in zip(
        exercise.arguments, exercise.expected, strict=True
    ):
        ours = my_rnn(*arguments)
        flat = [np.concatenate([y[0], h[0]]) for y, h in expected]
        np.testing.assert_allclose(ours, flat, atol=SURE)


def test_characters_are_those_of_the_vocabulary():
    build, cases = solution_of("vocabulary")
    for (text,) in cases:
        vocabulary = mitseq.Vocabulary.from_texts([text], level="character")
        characters, places = np.unique(list(text), return_inverse=True)
        assert set(build(text)) == set(vocabulary.tokens)
        assert [build(text)[c] for c in text] == places.tolist()
        assert list(build(text)) == characters.tolist()


def test_batches_pass_the_checks_of_the_course():
    from mitseq.mitdeeplearning import checks

    get_batch, cases = solution_of("batches")
    for ids, starts, seq_length in cases:

        def course(ids, seq_length, batch_size, starts=starts):
            return get_batch(ids, starts[:batch_size], seq_length)

        arguments = ids, seq_length, len(starts)
        assert checks.test_batch_func_next_step(course, arguments)


def test_draws_are_as_frequent_as_those_of_the_sampler():
    draw, _ = solution_of("temperature")
    logits = np.array([1.0, 2.5, 0.2, 1.8])
    u = (np.arange(4000) + 0.5) / 4000
    ours = np.bincount([draw(logits, 0.7, each) for each in u]) / 4000
    many = np.tile(logits, (40_000, 1))
    theirs = sample(tf.constant(many), temperature=0.7, seed=(1, 2))
    counts = np.bincount(theirs.numpy()) / 40_000
    np.testing.assert_allclose(ours, counts, atol=0.01)


def test_bars_are_those_that_the_checker_of_tunes_rejects():
    wrong_bars, cases = solution_of("bar_check")
    for tune, full in cases:
        meter = Fraction(full, 8)
        head = f"M:{full}/8\nL:1/8\nK:C\n"
        assert meter in (Fraction(6, 8), Fraction(12, 8))
        # its first bar may be short, and its last one: whole bars around
        whole = f"C{full}|"
        found = check_tune(f"{head}{whole}{tune}{whole[:-1]}|]\n")
        assert [each.bar - 1 for each in found] == wrong_bars(tune, full)


def test_the_head_gives_what_dense_gives_to_the_last_words():
    head, cases = solution_of("sentiment_head")
    for h_seq, lengths, w, b in cases:
        dense = keras.layers.Dense(1, activation="sigmoid")
        dense.build((None, len(w)))
        dense.set_weights([w[:, None], np.array([b])])
        rows = [h_seq[n, : lengths[n]][-1] for n in range(len(lengths))]
        theirs = dense(np.array(rows, "float32"))[:, 0]
        np.testing.assert_allclose(head(h_seq, lengths, w, b), theirs, 1e-5)


def test_the_next_word_is_the_likeliest_of_the_softmax():
    next_word, cases = solution_of("next_word")
    for h_t, W_hy, words in cases:
        probs = keras.ops.softmax(h_t @ W_hy).numpy()
        word, probability = next_word(h_t, W_hy, words)
        assert word == words[probs.argmax()]
        assert probability == pytest.approx(probs.max())
