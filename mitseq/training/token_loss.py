"""What a model of tokens learns by: the cross-entropy of the next one.

Slide: Lecture 2, "RNNs: Computational Graph Across Time". The losses of all
steps are averaged, those of padding left out. The gradient is clipped as a
whole.
"""

import keras

from mitseq.precision import scaled_for
from mitseq.text.vocabulary import PAD

# What is no matrix that multiplies its input: it is not pulled to zero.
KEPT = ("bias", "beta", "gamma", "embeddings")


def compile_for_tokens(
    model: keras.Model,
    learning_rate,
    weight_decay: float | None = None,
    **settings,
) -> None:
    """Compiles a model with Adam and the mean cross-entropy, in nats a token.

    Args:
        model: Of logits `(B, T, V)`, trained on ids `(B, T)`.
        learning_rate: The highest one, or a schedule of Keras's.
        weight_decay: Each step also takes the share learning_rate weight_decay
            of a weight away, beside Adam (Loshchilov and Hutter, 2019); not of
            biases, of what normalizes and of embeddings. None for none.
        **settings: Passed to `compile`.

    Example:

    >>> ids = keras.Input((None,), dtype="int32")
    >>> model = keras.Model(ids, keras.layers.Embedding(8, 8, "zeros")(ids))
    >>> compile_for_tokens(model, 0.01)
    >>> x = keras.ops.array([[1, 2, 3]])
    >>> y = keras.ops.array([[2, 3, 0]])  # the last one is padding
    >>> round(float(model.evaluate(x, y, verbose=0)), 4)  # log(8)
    2.0794
    """
    optimizer = keras.optimizers.Adam(
        learning_rate, weight_decay=weight_decay, global_clipnorm=1.0
    )
    if weight_decay is not None:
        optimizer.exclude_from_weight_decay(var_names=KEPT)
    model.compile(
        optimizer=scaled_for(model, optimizer),
        auto_scale_loss=False,
        loss=keras.losses.SparseCategoricalCrossentropy(
            from_logits=True, ignore_class=PAD
        ),
        **settings,
    )
