"""How weights are made: each drawn by itself, so that no two are copies.

No slide of its own. In the equations W_xf and W_xi are two matrices, and they
must start different, whatever initializer a layer is given.
"""

import keras


def add_matrix(
    layer: keras.layers.Layer, name: str, shape: tuple[int, int]
) -> keras.Variable:
    """Adds a weight drawn by itself: equal shapes, different numbers.

    Args:
        layer: It has a `kernel_initializer`.
        name: The symbol in the equations.
        shape: From -> to.
    """
    initializer = fresh(layer.kernel_initializer, len(layer.weights))
    return layer.add_weight(name=name, shape=shape, initializer=initializer)


def fresh(
    initializer: keras.initializers.Initializer, index: int
) -> keras.initializers.Initializer:
    """Returns a copy of an initializer for weight number `index`.

    A Keras initializer gives the same numbers at every call, so the gates
    would start as copies of one another (and W_xf would equal W_xi).

    Args:
        initializer: The layer's; one without a seed comes back as it is.
        index: Another index is another seed, if the initializer has one.

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
