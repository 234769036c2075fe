r"""The slide's loss, and its twin with a single logit.

Slide: Lecture 2, "Example Task: Sentiment Classification"
(docs/slides.md#sentiment): `softmax_cross_entropy_with_logits(y, predicted)`.
A model with two classes may also give one logit, the difference of the two:

    softmax([z_0, z_1])_1 = e^{z_1} / (e^{z_0} + e^{z_1}) = sigmoid(z_1 - z_0)

so both forms are one loss, and their gradients agree.

Letters: B batch, C classes, z logits, p probabilities, y labels.
"""

import keras
import tensorflow as tf
from keras import ops


def softmax_cross_entropy_with_logits(
    y: tf.Tensor,  # (B, C)
    predicted: tf.Tensor,  # (B, C)
) -> tf.Tensor:  # (B,)
    """Returns the slide's loss: minus the log-probability of the right class.

    Args:
        y: `(B, C)`, one-hot labels, or probabilities that sum to 1.
        predicted: `(B, C)`, the logits.

    Returns:
        `(B,)`, a loss for each text in nats.

    Example: nothing is known, so the loss is log 2.

    >>> y, logits = ops.array([[0.0, 1.0]]), ops.array([[3.0, 3.0]])
    >>> round(float(softmax_cross_entropy_with_logits(y, logits)[0]), 4)
    0.6931
    """
    # log p = z - log sum_c e^{z_c}
    log_p = predicted - ops.logsumexp(predicted, axis=-1, keepdims=True)
    # L = - sum_c y_c log p_c
    return -ops.sum(y * log_p, axis=-1)


def sigmoid_cross_entropy_with_logit(
    y: tf.Tensor,  # (B,)
    predicted: tf.Tensor,  # (B,)
) -> tf.Tensor:  # (B,)
    """Returns the same for the single logit z = z_1 - z_0 of two classes.

    `y` is 1 for the second class, 0 for the first.

    Example:

    >>> loss = sigmoid_cross_entropy_with_logit(ops.ones(1), ops.zeros(1))
    >>> round(float(loss[0]), 4)
    0.6931
    """
    # -log sigmoid(z) = softplus(-z), and -log(1 - sigmoid(z)) = softplus(z)
    return y * ops.softplus(-predicted) + (1 - y) * ops.softplus(predicted)


@keras.saving.register_keras_serializable(package="mitseq")
class CrossEntropy(keras.losses.Loss):
    """Either loss as `model.compile` takes it, told apart by the shapes.

    Args:
        label_smoothing: Share of each label that is spread over all classes.
        **kwargs: Passed to `keras.losses.Loss`.

    Call arguments:
        y_true: `(B,)` of int, the classes.
        y_pred: `(B, C)`, the logits; or `(B, 1)`, the single one.

    Example:

    >>> loss = CrossEntropy()
    >>> two = loss(ops.array([1]), ops.array([[1.0, 4.0]]))
    >>> one = loss(ops.array([1]), ops.array([[3.0]]))
    >>> round(float(two), 4), round(float(one), 4)
    (0.0486, 0.0486)
    """

    def __init__(self, label_smoothing: float = 0.0, **kwargs):
        kwargs.setdefault("name", "cross_entropy")
        super().__init__(**kwargs)
        self.label_smoothing = label_smoothing

    def call(self, y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
        keep, classes = 1 - self.label_smoothing, max(2, y_pred.shape[-1])
        spread = self.label_smoothing / classes
        if y_pred.shape[-1] == 1:
            y = keep * ops.cast(ops.reshape(y_true, (-1,)), y_pred.dtype)
            return sigmoid_cross_entropy_with_logit(y + spread, y_pred[:, 0])
        labels = ops.cast(ops.reshape(y_true, (-1,)), "int32")
        y = keep * ops.one_hot(labels, classes, dtype=y_pred.dtype)
        return softmax_cross_entropy_with_logits(y + spread, y_pred)

    def get_config(self) -> dict:
        config = super().get_config()
        return {**config, "label_smoothing": self.label_smoothing}
