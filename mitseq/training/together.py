"""A model that several devices train, under Keras's own `fit`.

Keras 3's `fit` fails under `MultiWorkerMirroredStrategy` (keras #20585): it
builds a model of a scope with the values of all devices at once, and it takes
the mean of each log along an axis that a single number does not have. So the
inner model is built inside the scope and wrapped outside, and its steps return
logs of shape (1,). tests/training/test_together.py tells when plain `fit`
works, and then this file can go.

Two more things are as with one device only here. The loss of a batch is the
mean over all its rows, however they were divided: each share counts by its
rows, or by what `weigh` says, and so do the losses of several outputs. And a
gradient is clipped after all shares are added up; Keras clips each share for
itself.

`fit` compiles no step under a strategy (`jit_compile="auto"` is off); mitseq's
recurrent layers compile their own loops as always.
"""

import contextlib
import functools
from collections.abc import Callable, Iterator

import keras
import tensorflow as tf

from mitseq.errors import MitseqError
from mitseq.text.vocabulary import PAD


class TogetherModel(keras.Model):
    """A functional model whose steps add up the work of several devices.

    `compile`, `fit`, `evaluate` and `predict` enter the scope by themselves.
    What is saved is `inner`, an ordinary model.

    Args:
        inner: A functional model that was built in the scope of `workers`.
        workers: A `Workers`.
        weigh: Of `(x, y, sample_weight)`, by how much the mean loss of these
            rows counts; None for their number.

    Raises:
        MitseqError: if the model is not functional.
    """

    def __init__(
        self, inner: keras.Model, workers, weigh: Callable | None = None
    ):
        if not getattr(inner, "inputs", None):
            raise MitseqError(
                "`build` must return a functional model, or a Sequential that "
                f"begins with an Input. Received: {type(inner).__name__}."
            )
        if isinstance(inner, keras.Sequential):
            ends = inner.inputs[0], inner.outputs[0]
        else:
            ends = inner.input, inner.output
        super().__init__(*ends, name=inner.name)
        self.inner, self.workers, self._forward = inner, workers, None
        self.weigh = weigh or (lambda x, y, sample_weight: _rows(x))

    def compile(self, optimizer="rmsprop", loss=None, **settings):
        """Compiles as `keras.Model.compile`, for all devices.

        Optimizers and metrics are made anew in the scope, for their variables
        belong there.
        """
        settings["jit_compile"] = False  # workers meet within a step
        with self.workers.scope():
            for name in ("metrics", "weighted_metrics"):
                settings[name] = _anew(settings.get(name))
            optimizer = keras.optimizers.get(_anew(optimizer))
            super().compile(optimizer=optimizer, loss=loss, **settings)
            self.optimizer.build(self.trainable_variables)
            optimizer = self.optimizer
        for each in (optimizer, getattr(optimizer, "inner_optimizer", None)):
            if each is not None:  # `train_step` has added them up already
                each._all_reduce_sum_gradients = list

    def fit(self, x, *args, **settings):
        """Fits as `keras.Model.fit`; give it `workers.share(dataset)`."""
        settings.setdefault("shuffle", False)
        with self.workers.watch(), self.workers.scope():
            self._make_metrics(x)
            return super().fit(x, *args, **settings)

    def evaluate(self, x, *args, **settings):
        """Evaluates as `keras.Model.evaluate`, on all devices."""
        with self.workers.watch(), self.workers.scope():
            self._make_metrics(x)
            return super().evaluate(x, *args, **settings)

    def predict(self, *args, **settings):
        """Predicts as `keras.Model.predict`: each process all that it gets."""
        return self.inner.predict(*args, **settings)

    def predict_on_batch(self, x):
        """Predicts as `keras.Model.predict_on_batch`, without the others.

        Keras would let each device compute the whole batch, and return it as
        often as there are devices.
        """
        if self._forward is None:
            self._forward = tf.function(
                lambda x: self.inner(x, training=False), reduce_retracing=True
            )
        x = keras.tree.map_structure(tf.convert_to_tensor, x)
        return keras.tree.map_structure(lambda y: y.numpy(), self._forward(x))

    def save(self, *args, **settings):
        """Saves the inner model, which needs no workers."""
        self.inner.save(*args, **settings)

    def train_step(self, data):
        (x, y, sample_weight), n = self._share_of(data)
        with tf.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss, parts = self._mean_loss(
                x, y, y_pred, sample_weight, training=True
            )
            scaled = self.optimizer.scale_loss(loss * n)
        variables = self.trainable_weights
        gradients, weight = _add_up(tape.gradient(scaled, variables), n, data)
        self.optimizer.apply_gradients(zip(gradients, variables, strict=True))
        return self._logs(data, loss, parts, weight, y_pred)

    def test_step(self, data):
        (x, y, sample_weight), n = self._share_of(data)
        y_pred = self(x, training=False)
        loss, parts = self._mean_loss(
            x, y, y_pred, sample_weight, training=False
        )
        _, weight = _add_up([], n, data)
        return self._logs(data, loss, parts, weight, y_pred)

    def _make_metrics(self, dataset):
        """Makes their variables before the devices would, each for itself."""
        if isinstance(dataset, tf.data.Dataset):
            batch = keras.tree.map_structure(
                lambda spec: keras.KerasTensor(spec.shape, spec.dtype.name),
                dataset.element_spec,
            )
            # Keras does this where it builds the model, too (above)
            self._symbolic_build(data_batch=batch)

    def _share_of(self, data):
        """A device's rows, at least one, and by how much they count."""
        x, y, sample_weight = keras.utils.unpack_x_y_sample_weight(data)
        n = tf.cast(self.weigh(x, y, sample_weight), "float32")
        n = tf.where(_rows(x) > 0, n, 0.0)
        padded = keras.tree.map_structure(
            _at_least_one_row, (x, y, sample_weight)
        )
        return padded, n

    def _mean_loss(self, x, y, y_pred, sample_weight, training):
        """The loss of a device's rows, and those of several outputs."""
        with _held_back(self._compile_loss) as parts:
            loss = self.compute_loss(x, y, y_pred, sample_weight, training)
        # Keras has divided it by the devices already
        loss *= tf.distribute.get_strategy().num_replicas_in_sync
        return loss, parts

    def _logs(self, data, loss, parts, weight, y_pred):
        x, y, sample_weight = keras.utils.unpack_x_y_sample_weight(data)
        y_pred = keras.tree.map_structure(lambda z: z[: _rows(x)], y_pred)
        for metric, value in [(self._loss_tracker, loss), *parts]:
            metric.update_state(value, sample_weight=weight)
        logs = self.compute_metrics(x, y, y_pred, sample_weight)
        if not self.workers.are_several:
            return logs
        return {name: tf.reshape(value, (1,)) for name, value in logs.items()}


def tokens_to_predict(x, y, sample_weight):
    """Returns how many targets are no padding: `weigh` of models of tokens."""
    return tf.reduce_sum(tf.cast(y != PAD, "int32"))


@contextlib.contextmanager
def _held_back(compile_loss) -> Iterator[list]:
    """Collects what Keras would tell the metrics of the outputs' losses.

    There each device's share would count the same.
    """
    metrics = compile_loss.metrics if compile_loss is not None else []
    told: list = []
    for metric in metrics:
        metric.update_state = functools.partial(_tell, told, metric)
    try:
        yield told
    finally:
        for metric in metrics:
            del metric.update_state


def _tell(told, metric, value, sample_weight=None):
    told.append((metric, value))


def _rows(x):
    return tf.shape(keras.tree.flatten(x)[0])[0]


def _at_least_one_row(x):
    if x is None:
        return None
    missing = tf.maximum(1 - tf.shape(x)[0], 0)
    added = tf.zeros(tf.concat([[missing], tf.shape(x)[1:]], 0), x.dtype)
    return tf.concat([x, added], 0)


def _add_up(gradients, n, data):
    """The gradient of the mean over the rows of all devices.

    Beside it, by how much the loss of this share counts in that of the epoch:
    there each batch counts by its rows, as on one device.
    """
    there = [g for g in gradients if g is not None]
    context = tf.distribute.get_replica_context()
    rows = tf.cast(_rows(data), "float32")
    *sums, total, rows = context.all_reduce("SUM", [*there, n, rows])
    total = tf.maximum(total, 1e-7)
    means = iter([_divided(g, total) for g in sums])
    return [None if g is None else next(means) for g in gradients], (
        n * rows / total
    )


def _divided(gradient, by):
    if isinstance(gradient, tf.IndexedSlices):
        values = gradient.values / tf.cast(by, gradient.values.dtype)
        return tf.IndexedSlices(values, gradient.indices, gradient.dense_shape)
    return gradient / tf.cast(by, gradient.dtype)


def _anew(value):
    """Optimizers and metrics, made once more where this is called."""
    kinds = (keras.optimizers.Optimizer, keras.metrics.Metric)
    return keras.tree.map_structure(
        lambda x: (
            type(x).from_config(x.get_config()) if isinstance(x, kinds) else x
        ),
        value,
    )
