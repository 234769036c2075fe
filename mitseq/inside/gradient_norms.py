r"""A callback that watches the gradient through time while a model trains.

Slide: Lecture 2, "Standard RNN Gradient Flow"
(docs/slides.md#gradient-flow). Read gradients.py before: `GradientNorms` takes
the same norms again and again during `fit`, of your own model, and writes them
where TensorBoard shows them.

All norms are of one batch that you hand over, not of the batch that `fit` is
at: then a curve that moves has moved because of the weights.
"""

import os
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from mitseq.arguments import check_count, check_kind, check_path
from mitseq.errors import MitseqError
from mitseq.inside.gradients import GradientFlow, flows
from mitseq.inside.watch import find_layer, recurrent_layers
from mitseq.layers.recurrent import RecurrentLayer


class GradientNorms(keras.callbacks.Callback):
    """Takes the norm of dL/dh_t for every t, and what it depends on, in `fit`.

    Slide: Lecture 2, "Standard RNN Gradient Flow"
    (docs/slides.md#gradient-flow).

    Before the first batch, after every `every`-th and after the last, for each
    recurrent layer: the norms of dL/dh_t and of the Jacobian dh_T/dh_t for all
    t, the spectral radius and the largest singular value of W_hh (of each
    gate's); and the norm of the whole gradient of the weights, which is what
    clipping looks at. Nothing of the training changes by it.

    Args:
        x: The batch to look at, as for `fit`; a few dozen examples do.
        y: Its targets.
        every: Positive int, training batches between two looks. A look runs
            the layer step by step, which takes as long as many batches do.
        log_dir: Folder for TensorBoard's files, or None for none.
        layers: Recurrent layers or their names; None for all of the model.
        examples: Of how many examples of the batch to take the Jacobian; 0
            for none.
        steps: How many steps t, evenly spread, TensorBoard gets a curve of.
            The attributes below have all of them.

    Attributes:
        batches: After how many batches each look was.
        flows: For each layer's name a list of `GradientFlow`, one a look.
        weight_norms: The norm of the gradient of all weights, one a look.

    Raises:
        ValueError: if `every` is not a positive int; when the training starts,
            if the model has no recurrent layer of mitseq.
        MitseqError: if `log_dir` is given and TensorBoard is not installed.

    Example:

    >>> from mitseq.layers.rnn import SimpleRNN
    >>> rnn = SimpleRNN(2, name="rnn")
    >>> model = keras.Sequential([keras.Input((5, 1)), rnn])
    >>> model.compile(loss="mse")
    >>> x, y = np.ones((8, 5, 1)), np.ones((8, 2))
    >>> norms = GradientNorms(x, y, every=2)
    >>> _ = model.fit(x, y, batch_size=2, callbacks=[norms], verbose=0)
    >>> norms.batches, norms.flows["rnn"][0].dL_dh.shape
    ([0, 2, 4], (5,))
    """

    def __init__(
        self,
        x: Any,
        y: Any,
        every: int = 100,
        log_dir: str | os.PathLike | None = None,
        layers: Sequence[str | RecurrentLayer] | None = None,
        examples: int = 1,
        steps: int = 5,
    ):
        super().__init__()
        check_count(every=every, steps=steps)
        check_count(0, examples=examples)
        if log_dir is not None:
            check_path(log_dir=log_dir)
        if layers is not None:
            check_kind((list, tuple), "be a list of layers", layers=layers)
            kinds = (str, keras.layers.Layer)
            for layer in layers:
                check_kind(kinds, "be layers or their names", layers=layer)
        self.x, self.y, self.every = x, y, every
        self.log_dir, self.layers = log_dir, layers
        self.examples, self.steps = examples, steps
        self.batches: list[int] = []
        self.flows: dict[str, list[GradientFlow]] = {}
        self.weight_norms: list[float] = []
        self._writer = None
        self._count = 0

    def on_train_begin(self, logs=None):
        if self.layers is None:
            self._found = recurrent_layers(self.model)
        else:
            self._found = [find_layer(self.model, x) for x in self.layers]
        if not self._found:
            raise ValueError(
                "`model` must have a SimpleRNN, LSTM or GRU of mitseq. "
                f"Received: model={self.model.name!r}."
            )
        if self.log_dir is not None:
            self._writer = _writer(os.fspath(self.log_dir))
        if not self.batches:
            self._look()

    def on_train_batch_end(self, batch, logs=None):
        self._count += 1
        if self._count % self.every == 0:
            self._look()

    def on_train_end(self, logs=None):
        if self.batches[-1] != self._count:
            self._look()
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _look(self):
        found, weight_norm = flows(
            self.model, self.x, self.y, self._found, examples=self.examples
        )
        self.batches.append(self._count)
        self.weight_norms.append(weight_norm)
        for flow in found:
            self.flows.setdefault(flow.layer, []).append(flow)
        if self._writer is not None:
            self._write(found, weight_norm)

    def _write(self, found, weight_norm):
        import tensorflow as tf

        values = {"weights": weight_norm}
        for flow in found:
            values |= scalars(flow, self.steps)
        with self._writer.as_default(step=self._count):
            for name, value in values.items():
                tf.summary.scalar(f"gradient_norms/{name}", value)
        self._writer.flush()


def scalars(flow: GradientFlow, steps: int = 5) -> dict[str, float]:
    """Returns the numbers of a flow that become curves in TensorBoard.

    Of its steps there are `steps`, evenly spread from the first to the last.

    Example:

    >>> flow = GradientFlow("rnn", np.arange(1.0, 6), None, None, None, {})
    >>> scalars(flow, steps=3)
    {'rnn/dL_dh/t=1': 1.0, 'rnn/dL_dh/t=3': 3.0, 'rnn/dL_dh/t=5': 5.0}
    """
    values = {}
    for field in ("dL_dh", "dL_dc", "dhT_dh", "dhT_dc"):
        norms = getattr(flow, field)
        if norms is None:
            continue
        last = len(norms) - 1
        for t in sorted({round(s) for s in np.linspace(0, last, steps)}):
            values[f"{flow.layer}/{field}/t={t + 1}"] = float(norms[t])
    for matrix, spectrum in flow.matrices.items():
        for name, value in spectrum._asdict().items():
            values[f"{flow.layer}/{name}/{matrix}"] = value
    return values


def _writer(log_dir):
    import tensorflow as tf

    try:
        import tensorboard  # noqa: F401
    except ImportError as error:
        raise MitseqError(
            "`log_dir` needs TensorBoard: pip install 'mitseq[tensorboard]'"
        ) from error
    return tf.summary.create_file_writer(log_dir)
