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
convex: L-BFGS walks to its only minimum, without a learning rate, and no early
stopping is needed.

Letters: N texts, F features, C classes, z logits, p probabilities.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np


class Bags(NamedTuple):
    """The features of N texts, one text after the other.

    Attributes:
        features: All of them, int32.
        starts: `(N + 1,)`: text i has `features[starts[i] : starts[i + 1]]`.
    """

    features: np.ndarray
    starts: np.ndarray

    @classmethod
    def of(cls, texts: Sequence[np.ndarray]) -> "Bags":
        """Packs one array of features a text; zeros are left out.

        Example:

        >>> Bags.of([np.array([0, 4, 2]), np.array([3])])
        Bags(features=array([4, 2, 3], dtype=int32), starts=array([0, 2, 3]))
        """
        there = [np.asarray(text) > 0 for text in texts]
        starts = np.cumsum([0, *map(np.count_nonzero, there)])
        features = np.empty(starts[-1], "int32")
        for i, (text, keep) in enumerate(zip(texts, there, strict=True)):
            features[starts[i] : starts[i + 1]] = np.asarray(text)[keep]
        return cls(features, starts)

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def counts(self) -> np.ndarray:
        """How many features each text has, `(N,)`."""
        return np.diff(self.starts)

    def runs(self, most: int = 4_000_000) -> Iterator[tuple[int, int]]:
        """Cuts the texts into runs of about `most` features: little memory."""
        first = 0
        while first < len(self):
            end = self.starts[first] + most
            last = int(np.searchsorted(self.starts, end, "right")) - 1
            last = max(last, first + 1)
            yield first, last
            first = last

    def sums(self, weights: np.ndarray) -> np.ndarray:
        """Adds up the weights `(F,)` of the features of each text, `(N,)`."""
        sums = np.empty(len(self))
        for i, j in self.runs():
            starts = self.starts[i : j + 1]
            features = self.features[starts[0] : starts[-1]]
            total = np.zeros(len(features) + 1)
            np.cumsum(weights[features], out=total[1:])
            sums[i:j] = np.diff(total[starts - starts[0]])
        return sums

    def spread(self, values: np.ndarray, num_features: int) -> np.ndarray:
        """Adds the value `(N,)` of each text to its features, `(F,)`."""
        total = np.zeros(num_features)
        for i, j in self.runs():
            each = np.repeat(values[i:j], self.counts[i:j])
            features = self.features[self.starts[i] : self.starts[j]]
            total += np.bincount(features, each, minlength=num_features)
        return total


def log_count_ratios(
    bags: Bags, labels: np.ndarray, num_features: int, classes: int
) -> np.ndarray:
    """Computes r, how much a feature speaks for each class.

    Args:
        bags: The features of N texts.
        labels: `(N,)` of int.
        num_features: F.
        classes: C.

    Returns:
        `(F, C)`; 0 for a feature that stands nowhere.

    Example: feature 1 stands in class 0 only, feature 2 in both.

    >>> bags = Bags.of([np.array([1, 2]), np.array([2])])
    >>> log_count_ratios(bags, np.array([0, 1]), 3, 2).round(2)
    array([[ 0.  ,  0.  ],
           [ 0.41, -0.41],
           [-0.29,  0.29]])
    """
    counts = np.stack(
        [bags.spread(labels == c, num_features) for c in range(classes)], 1
    )
    there = counts.sum(1) > 0
    inside, others = counts + 1, counts.sum(1, keepdims=True) - counts + 1
    inside = inside / inside[there].sum(0)
    others = others / others[there].sum(0)
    return np.where(there[:, None], np.log(inside / others), 0.0)


def feature_scales(
    bags: Bags, labels: np.ndarray, num_features: int, classes: int
) -> np.ndarray:
    """Computes s, how far a feature's weight may easily go.

    Args:
        bags: The features of N texts.
        labels: `(N,)` of int.
        num_features: F.
        classes: C.

    Returns:
        `(F, C)`, not negative; 0 for a feature that stands nowhere.
    """
    r = log_count_ratios(bags, labels, num_features, classes)
    texts = bags.spread(np.ones(len(bags)), num_features)
    rarity = 1 + np.log(len(bags) / np.maximum(texts, 1))
    return np.sqrt(np.abs(r)) * rarity[:, None]


def fit_linear(
    bags: Bags,
    labels: np.ndarray,
    num_features: int,
    classes: int,
    *,
    strength: float = 1.0,
    sample_weight: np.ndarray | None = None,
    steps: int = 100,
    start: Sequence[np.ndarray] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Fits the weights of a `PresentFeatures` layer that is `scaled`.

    Args:
        bags: The features of N texts.
        labels: `(N,)` of int.
        num_features: F.
        classes: C.
        strength: What the texts' losses weigh against the penalty (the C of
            support vector machines).
        sample_weight: `(N,)`, what each text's loss weighs, or None.
        steps: Most steps of L-BFGS.
        start: `W` and `b` of a fit that was nearly the same, to begin there;
            None for zeros.

    Returns:
        `W` `(F, C)` and `b` `(C,)`, float32.
    """
    s = feature_scales(bags, labels, num_features, classes)
    if classes == 2:  # one logit is enough: the other is its negative
        s = s[:, 1:]
    columns = s.shape[1]
    root = np.sqrt(np.maximum(bags.counts, 1))[:, None]
    weight = np.ones(len(bags)) if sample_weight is None else sample_weight
    y = np.eye(classes)[labels]

    def loss(flat):
        u, b = flat[:-columns].reshape(-1, columns), flat[-columns:]
        z = np.stack(
            [
                bags.sums((s * u)[:, k].astype("float32"))
                for k in range(columns)
            ],
            axis=1,
        )
        z = z / root + b
        if classes == 2:
            z = np.concatenate([-z / 2, z / 2], 1)
        log_p = log_softmax(z)
        dz = strength * weight[:, None] * (np.exp(log_p) - y)
        if classes == 2:
            dz = dz[:, 1:]
        du = s * np.stack(
            [
                bags.spread(dz[:, k] / root[:, 0], num_features)
                for k in range(columns)
            ],
            axis=1,
        )
        value = -strength * (weight * (y * log_p).sum(1)).sum()
        value += 0.5 * (u * u).sum()
        return value, np.concatenate([(du + u).ravel(), dz.sum(0)])

    flat = zeros = np.zeros(s.size + columns)
    if start is not None:
        W, b = start
        if classes == 2:
            W, b = 2 * W[:, 1:], 2 * b[1:]
        u = np.divide(W, s, out=np.zeros_like(s), where=s > 0)
        flat = np.concatenate([u.ravel(), b])
    flat = minimize(
        loss, flat, steps, gradient_scale=np.linalg.norm(loss(zeros)[1])
    )
    u, b = flat[:-columns].reshape(-1, columns), flat[-columns:]
    W = s * u
    if classes == 2:
        W, b = np.concatenate([-W / 2, W / 2], 1), np.array([-b[0], b[0]]) / 2
    return W.astype("float32"), b.astype("float32")


def log_softmax(z: np.ndarray) -> np.ndarray:
    """The logarithms of the probabilities that logits mean.

    Args:
        z: `(N, C)`, logits.

    Returns:
        `(N, C)`.

    Example:

    >>> np.exp(log_softmax(np.array([[0.0, 0.0], [1000.0, 0.0]])))
    array([[0.5, 0.5],
           [1. , 0. ]])
    """
    z = z - z.max(1, keepdims=True)
    return z - np.log(np.exp(z).sum(1, keepdims=True))


def minimize(
    loss: Callable[[np.ndarray], tuple[float, np.ndarray]],
    x: np.ndarray,
    steps: int = 100,
    memory: int = 10,
    tolerance: float = 1e-3,
    gradient_scale: float | None = None,
) -> np.ndarray:
    """Walks to the minimum of a smooth convex function: L-BFGS.

    The step is downhill, along minus the gradient, bent by what the last
    steps told about the curvature (Nocedal, 1980, the two-loop recursion).

    Args:
        loss: Function of `(D,)` that returns its value and its gradient.
        x: `(D,)`, where to start.
        steps: Most steps.
        memory: How many steps are remembered.
        tolerance: Stop when the gradient has become this much smaller.
        gradient_scale: Than what; None for the gradient at `x`.

    Returns:
        `(D,)`.

    Example:

    >>> minimize(lambda x: (((x - 3) ** 2).sum(), 2 * (x - 3)), np.zeros(2))
    array([3., 3.])
    """
    value, gradient = loss(x)
    first = gradient_scale or np.linalg.norm(gradient)
    past: list[tuple[np.ndarray, np.ndarray]] = []
    for _ in range(steps):
        if np.linalg.norm(gradient) <= tolerance * first:
            break
        direction = -_bent(gradient, past)
        slope = direction @ gradient
        size = 1.0 if past else 1 / max(np.linalg.norm(gradient), 1e-12)
        while True:  # halve the step until the value falls enough
            new = x + size * direction
            new_value, new_gradient = loss(new)
            if new_value <= value + 1e-4 * size * slope or size < 1e-12:
                break
            size /= 2
        moved, bend = new - x, new_gradient - gradient
        if moved @ bend > 1e-12:
            past = [*past[-memory + 1 :], (moved, bend)]
        x, value, gradient = new, new_value, new_gradient
    return x


def _bent(gradient, past):
    """The inverse curvature, as far as it is known, times the gradient."""
    q, kept = gradient.copy(), []
    for moved, bend in reversed(past):
        share = (moved @ q) / (moved @ bend)
        q -= share * bend
        kept.append(share)
    if past:
        moved, bend = past[-1]
        q *= (moved @ bend) / (bend @ bend)
    for (moved, bend), share in zip(past, reversed(kept), strict=True):
        q += (share - (bend @ q) / (moved @ bend)) * moved
    return q
