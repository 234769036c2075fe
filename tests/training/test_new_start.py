"""A new start is a new model, and nothing is compiled again."""

import keras
import numpy as np

from mitseq.layers.rnn import SimpleRNN
from mitseq.training.new_start import new_start


def build():
    x = keras.Input((4, 2))
    h = keras.layers.Dropout(0.5)(SimpleRNN(3)(x))
    model = keras.Model(x, keras.layers.Dense(1)(h))
    model.compile(keras.optimizers.Adam(0.01), loss="mse")
    return model


def fit(model):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(16, 4, 2)).astype("float32")
    model.fit(x, x[:, :1, 0], batch_size=4, epochs=2, verbose=0)
    return model.get_weights()


def test_a_training_after_it_is_that_of_a_new_model():
    model = build()
    fit(model)
    compiled = model.train_function
    again = fit(new_start(model, seed=7))
    assert model.train_function is compiled

    # drawn from the seed alone, whatever the model has done before
    for one, same in zip(again, fit(new_start(build(), seed=7)), strict=True):
        np.testing.assert_array_equal(one, same)


def test_another_seed_starts_elsewhere_and_the_rate_is_kept():
    model = build()
    fit(model)
    start = new_start(model, seed=1).get_weights()[0]
    assert (start != new_start(model, seed=2).get_weights()[0]).all()
    assert float(model.optimizer.learning_rate) == np.float32(0.01)
    assert int(model.optimizer.iterations) == 0
