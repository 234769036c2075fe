"""The loss of models of tokens, against NumPy."""

import keras
import numpy as np

from mitseq.text.vocabulary import PAD
from mitseq.training.token_loss import compile_for_tokens


def model_of(table):
    ids = keras.Input((None,), dtype="int32")
    embedding = keras.layers.Embedding(
        *table.shape, keras.initializers.Constant(table)
    )
    return keras.Model(ids, embedding(ids))


def test_it_is_the_mean_cross_entropy_without_the_padding():
    rng = np.random.default_rng(0)
    table = rng.normal(size=(6, 6))
    model = model_of(table)
    compile_for_tokens(model, 0.01)
    x = rng.integers(1, 6, (3, 4))
    y = rng.integers(1, 6, (3, 4))
    y[0, 2:] = PAD
    log_p = table - np.log(np.exp(table).sum(-1, keepdims=True))
    nats = -np.take_along_axis(log_p[x], y[..., None], -1)[..., 0]
    found = model.evaluate(x, y, verbose=0)
    np.testing.assert_allclose(found, nats[y != PAD].mean(), rtol=1e-5)


def test_what_is_said_goes_to_compile_and_it_learns():
    model = model_of(np.zeros((5, 5)))
    compile_for_tokens(model, 0.1, jit_compile=False)
    assert model.jit_compile is False
    assert model.optimizer.global_clipnorm == 1.0
    x, y = np.array([[1, 2, 3]]), np.array([[2, 3, 1]])
    losses = model.fit(x, y, epochs=20, verbose=0).history["loss"]
    assert losses[-1] < 0.3 < losses[0]


def test_weights_decay_and_what_is_no_matrix_does_not():
    ids = keras.Input((None,), dtype="int32")
    zeros = keras.layers.Embedding(4, 3, "zeros")
    dense = keras.layers.Dense(4, bias_initializer="ones")
    model = keras.Model(ids, dense(zeros(ids)))
    compile_for_tokens(model, 0.01, weight_decay=0.5)
    before = np.asarray(dense.kernel)
    x, y = np.array([[1, 1, 1]]), np.array([[1, 2, 3]])
    # the input is zero, and so is the gradient of the kernel: it only decays
    model.train_on_batch(x, y)
    np.testing.assert_allclose(dense.kernel, before * (1 - 0.01 * 0.5), 1e-6)
    # of these Adam's first step alone is as long as its rate
    np.testing.assert_allclose(dense.bias, [0.99, 1.01, 1.01, 1.01], atol=1e-4)
    assert np.abs(np.asarray(zeros.embeddings)[[0, 2, 3]]).max() == 0
