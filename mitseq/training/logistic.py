r"""The linear parts of a sentiment model: one optimum, found exactly.

A linear layer over a bag of n-grams has far more weights than texts, so all
depends on where it is held. As in Wang and Manning (2012), each feature is
first scaled by its naive-Bayes log-count ratio, how much more often it stands
in texts of the class than elsewhere,

    r_fc = log (share of f among the features in class c)
         - log (its share in all the other classes)
    W_fc = r_fc U_fc
    z    = b + sum of W_f over the features f that are present

and U is found by logistic regression with a penalty on its squares. So a
feature that says nothing about the class stays silent, and a rare one has to
earn its word. The loss is convex: L-BFGS walks to its only minimum, without a
learning rate, and no early stopping is needed.

Letters: N texts, F features, C classes, z logits, p probabilities.
"""

from collections.abc import Callable, Sequence
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
        texts = [np.asarray(t)[np.asarray(t) > 0] for t in texts]
        starts = np.cumsum([0, *map(len, texts)])
        return cls(np.concatenate(texts).astype("int32"), starts)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def sums(self, weights: np.ndarray) -> np.ndarray:
        """Adds up the weights `(F,)` of the features of each text, `(N,)`."""
        total = np.cumsum(weights[self.features], dtype="float64")
        total = np.concatenate([[0.0], total])
        return total[self.starts[1:]] - total[self.starts[:-1]]

    def spread(self, values: np.ndarray, num_features: int) -> np.ndarray:
        """Adds the value `(N,)` of each text to its features, `(F,)`."""
        each = np.repeat(values, np.diff(self.starts))
        return np.bincount(self.features, each, minlength=num_features)


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


def fit_linear(
    bags: Bags,
    labels: np.ndarray,
    num_features: int,
    classes: int,
    *,
    strength: float = 1.0,
    sample_weight: np.ndarray | None = None,
    steps: int = 100,
) -> tuple[np.ndarray, np.ndarray]:
    """Fits the weights of a `PresentFeatures` layer.

    Args:
        bags: The features of N texts.
        labels: `(N,)` of int.
        num_features: F.
        classes: C.
        strength: What the texts' losses weigh against the penalty (the C of
            support vector machines).
        sample_weight: `(N,)`, what each text's loss weighs, or None.
        steps: Most steps of L-BFGS.

    Returns:
        `W` `(F, C)` and `b` `(C,)`, float32.
    """
    r = log_count_ratios(bags, labels, num_features, classes)
    if classes == 2:  # one logit is enough: the other is its negative
        r = r[:, 1:]
    columns = r.shape[1]
    weight = np.ones(len(bags)) if sample_weight is None else sample_weight
    y = np.eye(classes)[labels]

    def loss(flat):
        u, b = flat[:-columns].reshape(-1, columns), flat[-columns:]
        z = np.stack(
            [
                bags.sums((r * u)[:, k].astype("float32"))
                for k in range(columns)
            ],
            axis=1,
        )
        z = z + b
        if classes == 2:
            z = np.concatenate([-z / 2, z / 2], 1)
        z = z - z.max(1, keepdims=True)
        log_p = z - np.log(np.exp(z).sum(1, keepdims=True))
        dz = strength * weight[:, None] * (np.exp(log_p) - y)
        if classes == 2:
            dz = dz[:, 1:]
        du = r * np.stack(
            [bags.spread(dz[:, k], num_features) for k in range(columns)], 1
        )
        value = -strength * (weight * (y * log_p).sum(1)).sum()
        value += 0.5 * (u * u).sum()
        return value, np.concatenate([(du + u).ravel(), dz.sum(0)])

    flat = minimize(loss, np.zeros(r.size + columns), steps)
    u, b = flat[:-columns].reshape(-1, columns), flat[-columns:]
    W = r * u
    if classes == 2:
        W, b = np.concatenate([-W / 2, W / 2], 1), np.array([-b[0], b[0]]) / 2
    return W.astype("float32"), b.astype("float32")


def minimize(
    loss: Callable[[np.ndarray], tuple[float, np.ndarray]],
    x: np.ndarray,
    steps: int = 100,
    memory: int = 10,
    tolerance: float = 1e-3,
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

    Returns:
        `(D,)`.

    Example:

    >>> minimize(lambda x: (((x - 3) ** 2).sum(), 2 * (x - 3)), np.zeros(2))
    array([3., 3.])
    """
    value, gradient = loss(x)
    first = np.linalg.norm(gradient)
    past: list[tuple[np.ndarray, np.ndarray]] = []
    for _ in range(steps):
        if np.linalg.norm(gradient) <= tolerance * first:
            break
        direction = -_bent(gradient, past)
        slope = direction @ gradient
        size = 1.0 if past else 1 / max(first, 1e-12)
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
