"""The equations of the slides in NumPy, with the names of the slides.

An oracle has no speed and no options: one equation a line, rows are the batch.
This file imports neither TensorFlow nor Keras nor mitseq, so that it cannot
agree with them by accident. Weights come as a dict from symbol to array; a
missing bias counts as zero.
"""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def rnn_step(x_t, h_prev, w):
    return np.tanh(x_t @ w["W_xh"] + h_prev @ w["W_hh"] + w.get("b_h", 0))


def my_rnn_step(x_t, h_prev, w):
    h_t = np.tanh(x_t @ w["W_xh"] + h_prev @ w["W_hh"])
    y_t = h_t @ w["W_hy"]
    return y_t, h_t


def lstm_step(x_t, h_prev, c_prev, w):
    f_t = sigmoid(x_t @ w["W_xf"] + h_prev @ w["W_hf"] + w.get("b_f", 0))
    i_t = sigmoid(x_t @ w["W_xi"] + h_prev @ w["W_hi"] + w.get("b_i", 0))
    c_tilde = np.tanh(x_t @ w["W_xc"] + h_prev @ w["W_hc"] + w.get("b_c", 0))
    c_t = f_t * c_prev + i_t * c_tilde
    o_t = sigmoid(x_t @ w["W_xo"] + h_prev @ w["W_ho"] + w.get("b_o", 0))
    h_t = o_t * np.tanh(c_t)
    return h_t, c_t


def gru_step(x_t, h_prev, w, reset_after):
    z_t = sigmoid(x_t @ w["W_xz"] + h_prev @ w["W_hz"] + w.get("b_z", 0))
    r_t = sigmoid(x_t @ w["W_xr"] + h_prev @ w["W_hr"] + w.get("b_r", 0))
    fresh = x_t @ w["W_xh"] + w.get("b_h", 0)
    if reset_after:
        past = r_t * (h_prev @ w["W_hh"] + w.get("b_hh", 0))
    else:
        past = (r_t * h_prev) @ w["W_hh"]
    h_tilde = np.tanh(fresh + past)
    h_t = z_t * h_prev + (1 - z_t) * h_tilde
    return h_t


def over_time(step, x, states, mask=None):
    """The recurrence over all steps, and what a masked step does.

    `step(x_t, *states)` gives the new states, the first of which is the
    output. A masked step keeps the states and shows the last output again,
    or zeros where there was none yet.

    Returns the outputs `(B, T, H)` and the final states.
    """
    outputs = []
    output = np.zeros_like(states[0])
    for t in range(x.shape[1]):
        new_states = step(x[:, t], *states)
        keep = np.ones(len(x), bool) if mask is None else mask[:, t]
        keep = keep[:, None]
        output = np.where(keep, new_states[0], output)
        states = [
            np.where(keep, new, old)
            for new, old in zip(new_states, states, strict=True)
        ]
        outputs.append(output)
    return np.stack(outputs, axis=1), states


def softmax(scores):
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def attention(Q, K, V, mask=None):
    """Returns the output and the weights; a row that sees nothing is zeros."""
    scores = Q @ np.swapaxes(K, -1, -2) / np.sqrt(K.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -1e9)
    A = softmax(scores)
    if mask is not None:
        A = np.where(mask, A, 0)
    return A @ V, A


def self_attention_head(x, w, mask=None):
    return attention(x @ w["W_q"], x @ w["W_k"], x @ w["W_v"], mask)


def multi_head_attention(x, source, w, num_heads, mask=None):
    """Each head by itself, with its columns; the weights are (B, N, T, S)."""
    found, weights = [], []
    for n in range(num_heads):
        head = {
            name: np.split(w[name], num_heads, axis=-1)[n]
            for name in ("W_q", "W_k", "W_v")
        }
        y, A = attention(
            x @ head["W_q"], source @ head["W_k"], source @ head["W_v"], mask
        )
        found.append(y)
        weights.append(A)
    return np.concatenate(found, -1) @ w["W_o"], np.stack(weights, 1)


def sinusoid(t, i, D):
    """Feature i of position t."""
    angle = t / 10_000 ** (2 * (i // 2) / D)
    return np.cos(angle) if i % 2 else np.sin(angle)


def rotate(x, t):
    """The features (..., K) at position t: pairs i and i + K/2 turned."""
    K = x.shape[-1]
    turned = np.empty_like(x)
    for i in range(K // 2):
        angle = t / 10_000 ** (2 * i / K)
        a, b = x[..., i], x[..., i + K // 2]
        turned[..., i] = a * np.cos(angle) - b * np.sin(angle)
        turned[..., i + K // 2] = a * np.sin(angle) + b * np.cos(angle)
    return turned


def normalize(x, gamma, beta):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + 1e-6) * gamma + beta


def feed_forward(a, w):
    return np.maximum(a @ w["W_1"] + w["b_1"], 0) @ w["W_2"] + w["b_2"]


def transformer_block(x, w, num_heads, norm, mask=None):
    def attend(x):
        return multi_head_attention(x, x, w, num_heads, mask)[0]

    def normalize_1(x):
        return normalize(x, w["gamma_1"], w["beta_1"])

    def normalize_2(x):
        return normalize(x, w["gamma_2"], w["beta_2"])

    if norm == "pre":
        a = x + attend(normalize_1(x))
        return a + feed_forward(normalize_2(a), w)
    a = normalize_1(x + attend(x))
    return normalize_2(a + feed_forward(a, w))


def transformer_decoder_block(x, source, w, cross, num_heads, norm, mask):
    """`cross` holds the matrices, gamma and beta of the attention over it."""

    def attend(x):
        causal = np.tril(np.ones((x.shape[1],) * 2, bool))
        return multi_head_attention(x, x, w, num_heads, causal)[0]

    def ask(x):
        return multi_head_attention(x, source, cross, num_heads, mask)[0]

    def normalize_1(x):
        return normalize(x, w["gamma_1"], w["beta_1"])

    def normalize_2(x):
        return normalize(x, w["gamma_2"], w["beta_2"])

    def normalize_cross(x):
        return normalize(x, cross["gamma"], cross["beta"])

    if norm == "pre":
        a = x + attend(normalize_1(x))
        b = a + ask(normalize_cross(a))
        return b + feed_forward(normalize_2(b), w)
    a = normalize_1(x + attend(x))
    b = normalize_cross(a + ask(a))
    return normalize_2(b + feed_forward(b, w))


def additive_context(query, value, w):
    scores = np.stack(
        [
            np.tanh(query @ w["W_q"] + value[:, s] @ w["W_k"]) @ w["w"][:, 0]
            for s in range(value.shape[1])
        ],
        axis=-1,
    )
    A = softmax(scores)
    return np.einsum("bs,bse->be", A, value), A
