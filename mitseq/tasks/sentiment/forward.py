r"""The LSTM of a sentiment model, forward only: thousands of texts a second.

Slide: Lecture 2, "Long Short Term Memory (LSTM) Networks". Read
mitseq/layers/lstm.py first: here are its equations once more, for texts whose
words are indices, and with nothing kept for a gradient. What makes it fast:

- A word says the same to the gates wherever it stands: E W_x + b is computed
  once for each different word of the texts, not for each word.
- sigmoid(z) = (1 + tanh(z / 2)) / 2: one call gives all gates, which stand in
  the order f, i, o, c. What is halved is halved in the weights: h is 2 h here.
- Texts are sorted by length. Those that have ended are left out of the later
  steps; there is no padding, and no mask.
- Both directions make their step together.

Letters: N texts, B texts of a batch, T steps, D numbers of a word's vector,
U different words, H units, R directions (1 or 2), C classes.
"""

import keras
import numpy as np
from scipy.linalg.blas import sgemm as add_product

from mitseq.layers.equations import LSTMEquations
from mitseq.layers.lstm import LSTM
from mitseq.tasks.sentiment.verdict import Pooling
from mitseq.text.rows import Rows

BATCH = 256  # texts: their gates fit into the cache of a core


def values_of(variable: keras.Variable) -> np.ndarray:
    """Returns a weight as an array; on the CPU it is not copied."""
    tensor = variable.value.value()
    try:
        return np.asarray(memoryview(tensor))
    except (BufferError, TypeError, ValueError):  # it is on a GPU
        return tensor.numpy()


class ForwardLSTM:
    """The part of a sentiment model from its words to its logits.

    Args:
        model: A model that `can_run` accepts: indices `(B, T)` -> logits.
    """

    def __init__(self, model: keras.Model):
        self.embedding, self.layers, self.pooling, self.verdict = _taken_apart(
            model
        )

    @staticmethod
    def can_run(model: keras.Model) -> bool:
        """Tells whether a part is one LSTM in single precision, so far."""
        return _taken_apart(model) is not None

    def __call__(self, rows: Rows) -> np.ndarray:
        """Returns the logits of texts, `(N, C)`, from their words' indices."""
        seen = self._features(rows)  # (N, ...)
        return seen @ values_of(self.verdict.kernel) + values_of(
            self.verdict.bias
        )

    def _features(self, rows):
        words, places = _different(rows.values, self.embedding.input_dim)
        E = values_of(self.embedding.embeddings)[words]  # (U, D)
        said, W_h = zip(*(self._gates(x, E) for x in self.layers), strict=True)
        said, W_h = np.stack(said), np.stack(W_h)  # (R, U, 4H), (R, H, 4H)
        order = np.argsort(-rows.lengths, kind="stable")
        sorted_rows = Rows(places, rows.starts).take(order)
        found = [
            self._read(sorted_rows[i : i + BATCH], said, W_h)
            for i in range(0, len(rows), BATCH)
        ]
        features = np.empty((len(rows), found[0].shape[1]), "float32")
        features[order] = np.concatenate(found)
        return features

    def _gates(self, layer, E):
        """What each word says to the gates, (U, 4H), and W_h, both halved."""

        def gates(name):
            found = [
                values_of(getattr(layer.cell, name + gate)) * half
                for gate, half in (("f", 0.5), ("i", 0.5), ("o", 0.5), ("c", 1))
            ]
            return np.concatenate(found, axis=-1)

        said = E @ gates("W_x")
        if layer.cell.use_bias:
            said += gates("b_")
        return said, 0.5 * gates("W_h")  # of 2 h

    def _read(self, rows, said, W_h):
        """The features of texts that are sorted, the longest first."""
        directions, units = W_h.shape[:2]
        steps = _steps(rows, directions)  # (R, T, B)
        active = np.searchsorted(-rows.lengths, -np.arange(steps.shape[1]))
        shape = (directions, len(rows), units)
        h2, c = np.zeros(shape, "float32"), np.zeros(shape, "float32")
        total = np.zeros(shape, "float32")
        largest = np.full(shape, -np.inf, "float32")
        z = np.empty((*shape[:2], 4 * units), "float32")
        new = np.empty(shape, "float32")
        for t, b in enumerate(active.tolist()):
            z_t, h_t, c_t, new_t = z[:, :b], h2[:, :b], c[:, :b], new[:, :b]
            for r in range(directions):
                # z_t = zx_t + h_prev W_h, in the columns that BLAS takes
                said[r].take(steps[r, t, :b], 0, z_t[r], mode="clip")
                add_product(1, W_h[r].T, h_t[r].T, 1, z_t[r].T, overwrite_c=1)
            np.tanh(z_t, out=z_t)
            z_t[..., : 3 * units] += 1
            f, i, o, c_tilde = (
                z_t[..., k * units : (k + 1) * units] for k in range(4)
            )
            # 2 c_t = 2 f * c_prev + 2 i * c_tilde
            c_t *= f
            np.multiply(i, c_tilde, out=new_t)
            c_t += new_t
            c_t *= 0.5
            # 2 h_t = 2 o * tanh(c_t)
            np.tanh(c_t, out=new_t)
            np.multiply(o, new_t, out=h_t)
            if self.pooling is not None:
                total[:, :b] += h_t
                np.maximum(largest[:, :b], h_t, out=largest[:, :b])
        if self.pooling is None:
            return _side_by_side(h2) / 2
        count = np.maximum(rows.lengths, 1)[:, None].astype("float32")
        mean = _side_by_side(total) / (2 * count)
        if not self.pooling.use_max:
            return mean
        largest[:, rows.lengths == 0] = 0
        return np.concatenate([_side_by_side(largest) / 2, mean], axis=1)


def _taken_apart(model):
    """(embedding, LSTMs, pooling or None, verdict), or None for others."""
    layers = [
        layer
        for layer in model.layers
        if not isinstance(
            layer, (keras.layers.InputLayer, keras.layers.Dropout)
        )
    ]
    pooling = None
    if len(layers) == 4 and isinstance(layers[2], Pooling):
        pooling = layers.pop(2)
    if len(layers) != 3:
        return None
    embedding, reader, verdict = layers
    both = isinstance(reader, keras.layers.Bidirectional)
    if both and reader.merge_mode != "concat":
        return None
    lstms = [reader.forward_layer, reader.backward_layer] if both else [reader]
    fits = (
        isinstance(embedding, keras.layers.Embedding)
        and isinstance(verdict, keras.layers.Dense)
        and verdict.activation is keras.activations.linear
        and all(_is_plain(lstm, i == 1) for i, lstm in enumerate(lstms))
        and all(layer.compute_dtype == "float32" for layer in layers)
    )
    return (embedding, lstms, pooling, verdict) if fits else None


def _is_plain(layer, backwards):
    if not isinstance(layer, LSTM) or layer.go_backwards != backwards:
        return False
    packed = layer.cell.packed()
    return packed is not None and packed.equations == LSTMEquations()


def _different(ids, num_ids):
    """The different ones of indices, and the place of each among them."""
    met = np.zeros(num_ids, bool)
    met[ids] = True
    words = np.flatnonzero(met)
    place = np.zeros(num_ids, "int64")
    place[words] = np.arange(len(words))
    return words, place[ids]


def _steps(rows, directions):
    """What each direction reads at each step, (R, T, B); 0 behind the end."""
    longest = int(rows.lengths.max(initial=0))
    there = np.arange(longest) < rows.lengths[:, None]  # (B, T)
    steps = np.zeros((directions, len(rows), longest), "int64")
    steps[0][there] = rows.values
    if directions == 2:
        # row for row from its end: all backwards, and the rows as they were
        steps[1][there[::-1]] = rows.values[::-1]
        steps[1] = steps[1][::-1]
    return np.ascontiguousarray(steps.transpose(0, 2, 1))


def _side_by_side(x):
    """(R, B, H) -> (B, R * H)."""
    return np.concatenate(list(x), axis=1)
