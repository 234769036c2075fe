r"""The linear parts of a sentiment model: one optimum, found exactly.

A linear layer over a bag of n-grams has far more weights than texts, so all
depends on where it is held. As in Wang and Manning (2012), each feature is
first scaled by its naive-Bayes log-count ratio, how much more often it stands
in texts of the class than elsewhere. As in TF-IDF, it is scaled by how rare it
is, too, and a text's sum by how many features n it has:

    r_fc = log (share of f among the features in class c)
         - log (its share in all the other classes)
    s_fc = sqrt|r_fc| (1 + log (N / texts with f))
    W_fc = s_fc U_fc
    z    = b + n^(-1/2) sum of W_f over the features f that are present

and U is found by logistic regression with a penalty on its squares. So a
feature that says nothing about the class stays silent. The square root keeps
a ratio that stands on two or three texts from being taken at its word; with
it, one strength of the penalty suits sentences and long reviews. The loss is
convex: SciPy's L-BFGS walks to its only minimum, without a learning rate, and
no early stopping is needed.

Letters: N texts, F features, C classes, X the features of the texts, z logits,
p probabilities.
"""

import itertools
from collections.abc import Sequence

import numpy as np
from scipy import optimize, sparse, special

from mitseq.text.rows import BLOCK, Rows, runs

# The walk ends when a step lowers the loss by less than this share of it: the
# sums are in single precision and tell little more.
TOLERANCE = 1e-6


class Bags:
    """X, which of F features each of N texts has: a sparse matrix of ones.

    It is cut into blocks of rows, which share the memory of `texts` and one
    array of ones. Zeros among the features are left out.

    Example:

    >>> X = Bags([np.array([0, 4, 2]), np.array([3])], num_features=5)
    >>> X.sums(np.array([[0], [10], [20], [30], [40]], "float32")).tolist()
    [[60.0], [30.0]]
    """

    def __init__(self, texts: Sequence[np.ndarray], num_features: int):
        rows = Rows.of(texts)
        self.counts = rows.lengths
        self.num_features = num_features
        self.edges = runs(rows.starts, BLOCK)
        sizes = np.diff(rows.starts[self.edges])
        ones = np.ones(sizes.max(initial=0), "float32")
        self.blocks = []  # of X, and the same of X^T
        for i, j in itertools.pairwise(self.edges):
            starts = (rows.starts[i : j + 1] - rows.starts[i]).astype("int32")
            columns = rows.values[rows.starts[i] : rows.starts[j]]
            shape, content = (j - i, num_features), (columns, starts)
            self.blocks.append(
                (
                    _ones_at(sparse.csr_array, ones, *content, shape),
                    _ones_at(sparse.csc_array, ones, *content, shape[::-1]),
                )
            )

    def __len__(self) -> int:
        return len(self.counts)

    def sums(self, W: np.ndarray) -> np.ndarray:
        """Computes X W: the weights `(F, C)` of each text, `(N, C)`."""
        none = np.zeros((0, W.shape[1]), W.dtype)
        return np.concatenate([none, *(X @ W for X, _ in self.blocks)])

    def spread(self, V: np.ndarray) -> np.ndarray:
        """Computes X^T V: the values `(N, C)` at each feature, `(F, C)`."""
        total = np.zeros((self.num_features, V.shape[1]))
        runs_of_rows = itertools.pairwise(self.edges)
        for (_, XT), (i, j) in zip(self.blocks, runs_of_rows, strict=True):
            total += XT @ V[i:j].astype("float32")
        return total

    @property
    def root(self) -> np.ndarray:
        """Computes n^(1/2) for the n features of each text, `(N, 1)`."""
        return np.sqrt(np.maximum(self.counts, 1))[:, None]


def _ones_at(kind, ones, indices, starts, shape):
    """A sparse array of ones that shares the memory of its indices."""
    ones = ones[: len(indices)]
    found = kind((ones, indices, starts), shape=shape)
    # SciPy has copied what is a view of less than half of another array
    found.data, found.indices = ones, indices
    return found


def log_count_ratios(X: Bags, labels: np.ndarray, classes: int) -> np.ndarray:
    """Computes r `(F, C)`, how much a feature speaks for each class.

    It is 0 for a feature that stands nowhere.

    Example: feature 1 stands in class 0 only, feature 2 in both.

    >>> X = Bags([np.array([1, 2]), np.array([2])], num_features=3)
    >>> log_count_ratios(X, np.array([0, 1]), classes=2).round(2)
    array([[ 0.  ,  0.  ],
           [ 0.41, -0.41],
           [-0.29,  0.29]])
    """
    counts = X.spread(np.eye(classes)[labels])
    there = counts.sum(1) > 0
    inside, others = counts + 1, counts.sum(1, keepdims=True) - counts + 1
    inside = inside / inside[there].sum(0)
    others = others / others[there].sum(0)
    return np.where(there[:, None], np.log(inside / others), 0.0)


def feature_scales(X: Bags, labels: np.ndarray, classes: int) -> np.ndarray:
    """Computes s `(F, C)`, how far a feature's weight may easily go.

    None is negative; it is 0 for a feature that stands nowhere.
    """
    r = log_count_ratios(X, labels, classes)
    texts = X.spread(np.ones((len(X), 1)))  # that have the feature
    rarity = 1 + np.log(len(X) / np.maximum(texts, 1))
    return np.sqrt(np.abs(r)) * rarity


def fit_linear(
    X: Bags,
    labels: np.ndarray,
    classes: int,
    *,
    strength: float = 1.0,
    sample_weight: np.ndarray | None = None,
    steps: int = 100,
    start: Sequence[np.ndarray] | None = None,
    scales: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Fits the weights of a `PresentFeatures` layer that is `scaled`.

    Args:
        X: The features of N texts.
        labels: `(N,)` of int, below `classes`.
        classes: C.
        strength: What the texts' losses weigh against the penalty (the C of
            support vector machines).
        sample_weight: `(N,)`, what each text's loss weighs, or None.
        steps: Most steps of L-BFGS.
        start: `W` and `b` to begin at, of a fit that was nearly the same.
        scales: The `feature_scales`, for who fits the same texts again.

    Returns:
        `W` `(F, C)` and `b` `(C,)`, float32.
    """
    s = feature_scales(X, labels, classes) if scales is None else scales
    if classes == 2:  # one logit is enough: the other is its negative
        s = s[:, 1:]
    columns = s.shape[1]
    W = np.zeros(s.shape, "float32")
    heard = np.flatnonzero(s.any(axis=1))  # W of the others stays 0
    s = s[heard]
    weight = 1.0 if sample_weight is None else sample_weight[:, None]
    y = np.eye(classes)[labels]

    def loss(flat):
        U, b = flat[:-columns].reshape(s.shape), flat[-columns:]
        W[heard] = s * U
        z = _of_all_classes(X.sums(W) / X.root + b, classes)
        log_p = special.log_softmax(z, axis=1)
        dz = strength * weight * (np.exp(log_p) - y)
        value = -strength * (weight * y * log_p).sum() + 0.5 * (U * U).sum()
        dz = dz[:, -columns:]
        dU = s * X.spread(dz / X.root)[heard] + U
        return value, np.append(dU, dz.sum(0))

    flat = optimize.minimize(
        loss,
        np.zeros(s.size + columns)
        if start is None
        else _variables(start, heard, s),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": steps, "ftol": TOLERANCE},
    ).x
    W[heard] = s * flat[:-columns].reshape(s.shape)
    b = flat[-columns:].astype("float32")
    return _of_all_classes(W, classes), _of_all_classes(b, classes)


def _of_all_classes(z, classes):
    """One logit for two classes becomes two, its half for and against."""
    return np.concatenate([-z / 2, z / 2], axis=-1) if classes == 2 else z


def _variables(start, heard, s):
    """The variables of the loss at the weights of another fit."""
    W, b = start
    W = W[heard]
    if s.shape[1] == 1:
        W, b = 2 * W[:, 1:], 2 * b[1:]
    U = np.divide(W, s, out=np.zeros_like(s), where=s > 0)
    return np.append(U, b)
