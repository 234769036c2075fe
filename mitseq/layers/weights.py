"""How weights are made: each drawn by itself, so that no two are copies.

No slide of its own. In the equations W_xf and W_xi are two matrices, and they
must start different, whatever initializer a layer is given.
"""

import keras


class MatrixLayer(keras.layers.Layer):
    """A layer of matrices, which passes on the mask that it is given.

    Args:
        kernel_initializer: Initializer of every matrix, each drawn by itself.
        **kwargs: Passed to `keras.layers.Layer` (`name`, `dtype`, ...).
    """

    def __init__(self, kernel_initializer="glorot_uniform", **kwargs):
        super().__init__(**kwargs)
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.supports_masking = True

    def add_matrix(self, name: str, shape: tuple[int, int]) -> keras.Variable:
        """Adds a weight with the symbol of the equations, from -> to."""
        initializer = fresh(self.kernel_initializer, len(self.weights))
        return self.add_weight(name=name, shape=shape, initializer=initializer)

    def get_config(self):
        serialize = keras.initializers.serialize
        return {
            **super().get_config(),
            "kernel_initializer": serialize(self.kernel_initializer),
        }


def fresh(
    initializer: keras.initializers.Initializer, index: int
) -> keras.initializers.Initializer:
    """Returns a copy of an initializer for weight number `index`.

    A Keras initializer gives the same numbers at every call, so the gates
    would start as copies of one another (and W_xf would equal W_xi). Another
    index is another seed; an initializer without one comes back as it is.

    Example:

    >>> fresh(keras.initializers.GlorotUniform(seed=7), 2).seed
    9
    """
    if not isinstance(initializer, keras.initializers.Initializer):
        return initializer
    config = initializer.get_config()
    if "seed" not in config:  # nor need the rest be there: Identity's gain
        return initializer
    if isinstance(config["seed"], int):
        config["seed"] += index
    return type(initializer).from_config(config)
