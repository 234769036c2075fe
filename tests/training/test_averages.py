"""The averages are measured; the weights that learn come back exactly."""

import keras
import numpy as np
import pytest

from mitseq.training.averages import Averages, set_variables, variables_of

X = np.linspace(-1, 1, 16, dtype="float32")[:, None]


def fresh_model(use_ema=True):
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [keras.Input((1,)), keras.layers.Dropout(0.5), keras.layers.Dense(2)]
    )
    model.compile(
        keras.optimizers.Adam(0.1, use_ema=use_ema, ema_momentum=0.5), "mse"
    )
    return model


class Watch(keras.callbacks.Callback):
    """Weights at the moments of an epoch."""

    def __init__(self):
        super().__init__()
        self.seen = {}

    def on_train_batch_end(self, batch, logs=None):
        self.seen["learned"] = self.model.get_weights()

    def on_test_begin(self, logs=None):
        self.seen["validated"] = self.model.get_weights()

    def on_epoch_end(self, epoch, logs=None):
        self.seen["measured"] = self.model.get_weights()
        self.seen["average"] = [
            keras.ops.convert_to_numpy(v)
            for v in self.model.optimizer._model_variables_moving_average
        ]

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 1:
            self.seen["next"] = self.model.get_weights()


def fit(model, callbacks, epochs=2):
    model.fit(
        *(X, X),
        validation_data=(X, X),
        epochs=epochs,
        batch_size=4,
        shuffle=False,
        verbose=0,
        callbacks=callbacks,
    )


def test_averages_are_there_when_it_is_measured_and_only_then():
    watch = Watch()
    fit(fresh_model(), [Averages(), watch], epochs=1)
    seen = watch.seen
    for learned, measured, validated, average in zip(
        *(seen["learned"], seen["measured"], seen["validated"]),
        seen["average"],
        strict=True,
    ):
        np.testing.assert_array_equal(measured, average)
        np.testing.assert_array_equal(validated, average)
        assert np.abs(learned - average).max() > 1e-4


def test_the_weights_that_learn_come_back_to_the_last_bit():
    learned = []

    class Last(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            learned.append(self.model.get_weights())

    watch = Watch()
    fit(fresh_model(), [Averages(), Last(), watch])
    for a, b in zip(learned[3], watch.seen["next"], strict=True):
        np.testing.assert_array_equal(a, b)


def test_an_optimizer_without_averages_is_left_alone():
    plain, watched = fresh_model(use_ema=False), fresh_model(use_ema=False)
    fit(plain, [])
    fit(watched, [Averages()])
    for a, b in zip(plain.get_weights(), watched.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_variables_hold_all_that_the_next_step_depends_on():
    """Weights, the dropout's random state, and the optimizer's moments."""
    model = fresh_model()
    for _ in range(3):
        model.train_on_batch(X, X)
    kept = variables_of(model)
    model.train_on_batch(X, X)
    expected = model.get_weights()

    keras.utils.set_random_seed(1)
    again = fresh_model()
    set_variables(again, kept)
    again.train_on_batch(X, X)
    for a, b in zip(again.get_weights(), expected, strict=True):
        np.testing.assert_array_equal(a, b)
    with pytest.raises(ValueError):
        set_variables(again, kept[1:])
