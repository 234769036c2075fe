r"""The LSTM of a sentiment model, forward only: thousands of texts a second.

Slide: Lecture 2, "Long Short Term Memory (LSTM) Networks". Read
mitseq/layers/lstm.py first: here are its equations once more, for texts whose
words are indices, and with nothing kept for a gradient. What makes it fast:

- A word says the same to the gates wherever it stands: E W_x + b is computed
  once for each different word of the texts, not for each word.
- sigmoid(z) = (1 + tanh(z / 2)) / 2: one call gives all gates, which stand in
  the order f, i, o, c. What is halved is halved in the weights: h is 2 h here.
- Each gate of a batch lies in one piece of memory, 4 of (B, H) and not one of
  (B, 4 H): what is done to each number runs through without a jump.
- Texts are sorted by length. Those that have ended are left out of the later
  steps; there is no padding, and no mask.

Letters: N texts, B texts of a batch, T steps, D numbers of a word's vector,
U different words, H units, C classes.
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
        order = np.argsort(-rows.lengths, kind="stable")
        sorted_rows = Rows(places, rows.starts).take(order)
        batches = [
            sorted_rows[i : i + BATCH] for i in range(0, len(rows), BATCH)
        ]
        found = []
        for layer in self.layers:
            said, W_h = _gates(layer, E)
            seen = [
                self._read(batch, layer.go_backwards, said, W_h)
                for batch in batches
            ]
            found.append([np.concatenate(x) for x in zip(*seen, strict=True)])
        features = np.empty_like(side_by_side := _side_by_side(found))
        features[order] = side_by_side
        return features

    def _read(self, rows, backwards, said, W_h):
        """What is seen in texts that are sorted, the longest first.

        Returns a list of `(B, H)`: the last output, or what the pooling gives.
        """
        steps = _steps(rows, backwards)  # (T, B)
        active = np.searchsorted(-rows.lengths, -np.arange(len(steps)))
        shape = (len(rows), W_h.shape[-1])
        h2, c = np.zeros(shape, "float32"), np.zeros(shape, "float32")
        total = np.zeros(shape, "float32")
        largest = np.full(shape, -np.inf, "float32")
        new, gates = (
            np.empty(shape, "float32"),
            np.empty(4 * h2.size, "float32"),
        )
        for t, b in enumerate(active.tolist()):
            h_t, c_t, new_t = h2[:b], c[:b], new[:b]
            z_t = gates[: 4 * h_t.size].reshape(4, *h_t.shape)
            for k in range(4):
                # z_t = zx_t + h_prev W_h, in the columns that BLAS takes
                said[k].take(steps[t, :b], 0, z_t[k], mode="clip")
                add_product(1, W_h[k].T, h_t.T, 1, z_t[k].T, overwrite_c=1)
            np.tanh(z_t, out=z_t)
            z_t[:3] += 1
            f, i, o, c_tilde = z_t
            # 2 c_t = 2 f * c_prev + 2 i * c_tilde
            c_t *= f
            c_t += np.multiply(i, c_tilde, out=new_t)
            c_t *= 0.5
            # 2 h_t = 2 o * tanh(c_t)
            np.multiply(o, np.tanh(c_t, out=new_t), out=h_t)
            if self.pooling is not None:
                total[:b] += h_t
                np.maximum(largest[:b], h_t, out=largest[:b])
        if self.pooling is None:
            return [h2 / 2]
        count = np.maximum(rows.lengths, 1)[:, None].astype("float32")
        mean = total / (2 * count)
        largest[rows.lengths == 0] = 0
        return [largest / 2, mean] if self.pooling.use_max else [mean]


def _gates(layer, E):
    """What each word says to the gates, (4, U, H), and W_h, both halved."""
    said, W_h = [], []
    for gate, half in (("f", 0.5), ("i", 0.5), ("o", 0.5), ("c", 1)):

        def weight(name, gate=gate, half=half):
            return values_of(getattr(layer.cell, name + gate)) * half

        said.append(E @ weight("W_x"))
        if layer.cell.use_bias:
            said[-1] += weight("b_")
        W_h.append(0.5 * weight("W_h"))  # of 2 h
    return said, np.stack(W_h)


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


def _steps(rows, backwards):
    """What is read at each step, (T, B); 0 behind the end of a text."""
    longest = int(rows.lengths.max(initial=0))
    there = np.arange(longest) < rows.lengths[:, None]  # (B, T)
    steps = np.zeros((len(rows), longest), "int64")
    if backwards:
        # row for row from its end: all backwards, and the rows as they were
        steps[there[::-1]] = rows.values[::-1]
        steps = steps[::-1]
    else:
        steps[there] = rows.values
    return np.ascontiguousarray(steps.T)


def _side_by_side(found):
    """What each direction gives, kind by kind: (N, kinds * directions * H)."""
    kinds = zip(*found, strict=True)
    return np.concatenate([x for kind in kinds for x in kind], axis=1)
