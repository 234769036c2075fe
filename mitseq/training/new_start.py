"""The same model again, from other initial weights, without another compile.

One training tells little: another seed may end elsewhere. To build and compile
a model anew for each seed is what takes the time where models are small.
"""

import keras


def new_start(model: keras.Model, seed: int) -> keras.Model:
    """Puts a compiled model back to where a new one would start.

    The weights become those that the model's initializers draw after
    `keras.utils.set_random_seed(seed)`, and the optimizer forgets what it has
    seen. What was compiled stays, so that the next `fit` begins at once. The
    optimizer has its variables before the first one: else TensorFlow traces
    the step twice, the second time without making any.

    Args:
        model: A compiled functional or sequential model. Its initializers have
            no seed of their own, or they draw the same again.
        seed: Decides the weights, and what `fit` draws afterwards.

    Returns:
        The model itself.

    Example:

    >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
    >>> model.compile(loss="mse")
    >>> first = new_start(model, seed=0).get_weights()[0]
    >>> other = new_start(model, seed=1).get_weights()[0]
    >>> again = new_start(model, seed=0).get_weights()[0]
    >>> bool((first == again).all()), bool((first == other).all())
    (True, False)
    """
    keras.utils.set_random_seed(seed)
    fresh = keras.models.clone_model(model)
    for variables, drawn in (
        (model.trainable_variables, fresh.trainable_variables),
        (model.non_trainable_variables, fresh.non_trainable_variables),
    ):
        for variable, value in zip(variables, drawn, strict=True):
            variable.assign(value)
    if not model.optimizer.built:
        model.optimizer.build(model.trainable_variables)
    for variable in model.optimizer.variables:
        if variable.name != "learning_rate":  # that one is no memory
            variable.assign(keras.ops.zeros_like(variable))
    return model
