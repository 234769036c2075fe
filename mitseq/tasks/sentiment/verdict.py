r"""What stands between the recurrence and the verdict: pool, bag and vote.

Slide: Lecture 2, "Example Task: Sentiment Classification"
(docs/slides.md#sentiment). The slide reads the verdict off the last output.
`Pooling` looks at all outputs instead. `PresentFeatures` is a linear
layer over a bag of n-grams. `Vote` adds up what the parts of a model say.

Letters: B batch, T steps, H units, F features of a text, C classes, P parts.
"""

from collections.abc import Sequence

import keras
import tensorflow as tf
from keras import ops


@keras.saving.register_keras_serializable(package="mitseq")
class Pooling(keras.layers.Layer):
    """The mean of each feature over all steps, and its largest value.

    Args:
        use_max: Give the largest value too, in front of the mean.
        **kwargs: Passed to `keras.layers.Layer` (`name`, `dtype`, ...).

    Call arguments:
        h_seq: `(B, T, H)`.
        mask: `(B, T)` bool, True = keep, or None.

    Returns:
        `(B, 2 H)`, or `(B, H)`; zeros for a row that is masked throughout.

    Masking: masked steps count for nothing.

    Example:

    >>> Pooling()(ops.array([[[1.0], [5.0]]])).numpy()
    array([[5., 3.]], dtype=float32)
    """

    def __init__(self, use_max: bool = True, **kwargs):
        super().__init__(**kwargs)
        self.use_max = use_max
        self.supports_masking = True

    def call(self, h_seq: tf.Tensor, mask: tf.Tensor | None = None):
        if mask is None:
            mask = ops.ones(ops.shape(h_seq)[:2], "bool")
        keep = ops.cast(mask, h_seq.dtype)[..., None]  # (B, T, 1)
        count = ops.sum(keep, axis=1)  # (B, 1)
        mean = ops.sum(h_seq * keep, axis=1) / ops.maximum(count, 1)
        if not self.use_max:
            return mean
        lowest = -65504.0  # the lowest number of float16
        largest = ops.max(ops.where(keep > 0, h_seq, lowest), axis=1)
        largest = ops.where(count > 0, largest, 0.0)
        return ops.concatenate([largest, mean], axis=-1)

    def compute_mask(self, inputs, mask=None):
        return None

    def compute_output_shape(self, input_shape):
        return (input_shape[0], (1 + self.use_max) * input_shape[-1])

    def get_config(self) -> dict:
        return {**super().get_config(), "use_max": self.use_max}


@keras.saving.register_keras_serializable(package="mitseq")
class PresentFeatures(keras.layers.Layer):
    r"""A linear layer over the features that are present in a text.

    Equation: `z = b + n^(-1/2) sum_f W[f]`, over the n features f of the text.

    The sum of n numbers grows with n; divided by the square root, a review of
    500 words is not ten times as certain as one of 50.

    Args:
        num_features: Positive int: indices are below it, and 0 is none.
        classes: Positive int, C.
        scaled: Whether the sum is divided so.
        **kwargs: Passed to `keras.layers.Layer` (`name`, `dtype`, ...).

    Call arguments:
        features: `(B, F)` of int, zeros are ignored.

    Returns:
        `(B, C)`, logits.

    Example:

    >>> layer = PresentFeatures(num_features=4, classes=2)
    >>> layer(ops.array([[0, 2, 3]])).shape
    TensorShape([1, 2])
    """

    def __init__(
        self, num_features: int, classes: int, scaled: bool = False, **kwargs
    ):
        super().__init__(**kwargs)
        self.num_features, self.classes = num_features, classes
        self.scaled = scaled

    def build(self, input_shape):
        self.W = self.add_weight(
            name="W",
            shape=(self.num_features, self.classes),
            initializer="zeros",
        )
        self.b = self.add_weight(
            name="b", shape=(self.classes,), initializer="zeros"
        )

    def call(self, features: tf.Tensor) -> tf.Tensor:
        there = ops.cast(features > 0, self.compute_dtype)  # (B, F)
        weights = ops.take(self.W, features, axis=0)  # (B, F, C)
        total = ops.sum(weights * there[..., None], axis=1)  # (B, C)
        if self.scaled:
            count = ops.sum(there, axis=1, keepdims=True)
            total = total / ops.sqrt(ops.maximum(count, 1))
        return total + self.b

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.classes)

    def get_config(self) -> dict:
        names = ("num_features", "classes", "scaled")
        config = {name: getattr(self, name) for name in names}
        return super().get_config() | config


@keras.saving.register_keras_serializable(package="mitseq")
class Vote(keras.layers.Layer):
    r"""Adds up the logits of all parts, each times what its word is worth.

    Equation: `z = a_1 z_1 + ... + a_P z_P`.

    With one part, a is the temperature that makes probabilities honest. The a
    are no trainable weights: they are found on texts that the parts have not
    seen (`mitseq/tasks/sentiment/train.py`).

    Args:
        classes: Sequence of C labels, the names of the logits' columns. They
            are kept here so that a saved model knows what it says.
        neutral: The same of the score below which an answer is neither praise
            nor blame (`neutral.py`); 0 if it always takes sides.
        **kwargs: Passed to `keras.layers.Layer` (`name`, `dtype`, ...).

    Call arguments:
        parts: List of P tensors `(B, C)`.

    Returns:
        `(B, C)`.

    Example:

    >>> Vote(["bad", "good"])([ops.array([[1.0, 0]]), ops.array([[2.0, 4]])])
    <tf.Tensor: shape=(1, 2), dtype=float32, numpy=array([[3., 4.]]...
    """

    def __init__(self, classes: Sequence, neutral: float = 0.0, **kwargs):
        super().__init__(**kwargs)
        self.classes, self.neutral = list(classes), neutral

    def build(self, input_shape):
        self.a = self.add_weight(
            name="a",
            shape=(len(input_shape),),
            initializer="ones",
            trainable=False,
        )

    def call(self, parts: list[tf.Tensor]) -> tf.Tensor:
        a = ops.cast(self.a, parts[0].dtype)
        return ops.sum(a[:, None, None] * ops.stack(parts), axis=0)

    def compute_output_shape(self, input_shape):
        return input_shape[0]

    def get_config(self) -> dict:
        config = {"classes": self.classes, "neutral": self.neutral}
        return super().get_config() | config
