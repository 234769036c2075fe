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
