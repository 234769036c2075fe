"""Between two epochs a model has the average of its weights.

An optimizer with `use_ema=True` keeps the average of the weights over the last
steps. It is steadier than the last weights, so it is what is measured and
kept. Keras's `SwapEMAWeights` exchanges the two by adding and subtracting, and
each exchange rounds; here the weights that learn come back to the last bit, so
that a run that is resumed in between equals one that is not.
"""

import keras
import numpy as np

from mitseq.errors import MitseqError


class Averages(keras.callbacks.Callback):
    """Puts the averaged weights into the model whenever it is measured.

    They are there while `fit` validates, and from the end of an epoch to the
    beginning of the next. With an optimizer that keeps no average nothing
    happens.

    Attributes:
        learning: All variables as they are when the next epoch begins, from
            the end of an epoch on.
    """

    def __init__(self):
        super().__init__()
        self.learning: list[np.ndarray] = []
        self._validating: list[np.ndarray] = []

    def on_epoch_begin(self, epoch, logs=None):
        if self.learning:
            set_variables(self.model, self.learning)
            self.learning = []

    def on_epoch_end(self, epoch, logs=None):
        self.learning = self._average()

    def on_test_begin(self, logs=None):
        if not self.learning:
            self._validating = self._average()

    def on_test_end(self, logs=None):
        if self._validating:
            set_variables(self.model, self._validating)
            self._validating = []

    def _average(self):
        """Copies of all variables; from now on the model has the averages."""
        before = variables_of(self.model)
        optimizer = self.model.optimizer
        # with float16 another optimizer stands around it, to scale the loss
        optimizer = getattr(optimizer, "inner_optimizer", optimizer)
        if optimizer.use_ema:
            optimizer.finalize_variable_values(self.model.trainable_variables)
        return before


def variables_of(model: keras.Model) -> list[np.ndarray]:
    """Returns copies of all that training changes in a compiled model.

    That is its weights, the states of its random generators, and the variables
    of its optimizer.
    """
    return list(map(keras.ops.convert_to_numpy, _variables(model)))


def set_variables(model: keras.Model, values: list[np.ndarray]) -> None:
    """Sets what `variables_of` returned for a model of the same layers.

    Raises:
        MitseqError: if it was a model of other layers; nothing is set then.
    """
    if not model.optimizer.built:
        model.optimizer.build(model.trainable_variables)
    shapes = [tuple(variable.shape) for variable in _variables(model)]
    if shapes != [value.shape for value in values]:
        raise MitseqError(
            "the training to resume had another model: the shapes of its "
            f"{len(values)} variables are not those of the {len(shapes)} here"
        )
    for variable, value in zip(_variables(model), values, strict=True):
        variable.assign(value)


def _variables(model):
    return [*model.variables, *model.optimizer.variables]
