"""What a classifier learns from: examples, and those that are held out.

Texts that are held out decide when to stop and how much each part counts; they
are drawn from the training texts or given.

Letters: N texts, C classes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mitseq.errors import MitseqError


@dataclass(frozen=True)
class Examples:
    """Texts with the indices of their classes, some of them held out.

    Args:
        texts: All texts.
        y: `(N,)` of int, the class of each.
        classes: The labels, sorted.
        weights: `(N,)`, what each text's loss weighs.
        is_held: `(N,)` of bool, which ones are held out.
    """

    texts: list[str]
    y: np.ndarray
    classes: np.ndarray
    weights: np.ndarray
    is_held: np.ndarray

    @property
    def train(self) -> np.ndarray:
        """The indices of the texts to learn from."""
        return np.flatnonzero(~self.is_held)

    @property
    def held(self) -> np.ndarray:
        """The indices of the texts that are held out."""
        return np.flatnonzero(self.is_held)


def choose_examples(
    texts: Sequence[str],
    labels: np.ndarray,
    validation_data: tuple[Sequence[str], np.ndarray] | None,
    *,
    validation_split: float,
    groups: np.ndarray | None,
    class_weight: Any,
    seed: int,
) -> Examples:
    """Decides which texts are held out, and what each weighs.

    Args:
        texts: The training texts.
        labels: Their labels.
        validation_data: Texts and labels to hold out, or None.
        validation_split: Otherwise, the share of `texts` that is held out.
        groups: Which texts are held out together, `(N,)` of int, or None.
        class_weight: "balanced", a dict from class to weight, or None.
        seed: Of the draw.

    Returns:
        The `Examples`.

    Raises:
        MitseqError: if there are not two classes, or too few texts.
    """
    classes, y = np.unique(labels, return_inverse=True)
    if len(classes) < 2:
        raise MitseqError(
            "`labels` must hold at least two classes. "
            f"Received: {classes.tolist()} only."
        )
    if not 0 < validation_split < 1:
        raise MitseqError(
            "`validation_split` must be in (0, 1). "
            f"Received: validation_split={validation_split!r}."
        )
    texts = list(texts)
    if validation_data is not None:
        held_texts, held_labels = validation_data
        is_held = np.arange(len(texts) + len(held_texts)) >= len(texts)
        texts += held_texts
        y = np.concatenate([y, indices_of(held_labels, classes)])
    elif groups is not None:
        _check_each_class_twice(y, classes)
        is_held = hold_out_groups(groups, validation_split, seed)
    else:
        _check_each_class_twice(y, classes)
        is_held = hold_out(y, validation_split, seed)
    weights = text_weights(y, class_weight, classes)
    return Examples(texts, y, classes, weights, is_held)


def hold_out(y: np.ndarray, share: float, seed: int) -> np.ndarray:
    """Draws the texts to hold out, the same share of each class.

    Args:
        y: `(N,)` of int, the classes.
        share: In (0, 1).
        seed: Of the draw.

    Returns:
        `(N,)` of bool; at least one text of each class is left to train on.
    """
    rng = np.random.default_rng(seed)
    held = np.zeros(len(y), bool)
    for c in np.unique(y):
        members = rng.permutation(np.flatnonzero(y == c))
        count = min(max(1, round(share * len(members))), len(members) - 1)
        held[members[:count]] = True
    return held


def hold_out_groups(groups: np.ndarray, share: float, seed: int) -> np.ndarray:
    """Draws whole groups of texts to hold out.

    Args:
        groups: `(N,)` of int, which texts belong together.
        share: Of the groups, in (0, 1).
        seed: Of the draw.

    Returns:
        `(N,)` of bool; at least one group is held out, and one is not.
    """
    names = np.random.default_rng(seed).permutation(np.unique(groups))
    count = min(max(1, round(share * len(names))), len(names) - 1)
    return np.isin(groups, names[:count])


def indices_of(labels: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Returns indices of labels among the classes; unknown is an error."""
    index = {label: i for i, label in enumerate(classes.tolist())}
    unknown = [x for x in np.asarray(labels).tolist() if x not in index]
    if unknown:
        raise MitseqError(
            f"labels must be among {list(index)}. Received: {unknown[0]!r}."
        )
    return np.array([index[x] for x in np.asarray(labels).tolist()], "int64")


def text_weights(y: np.ndarray, class_weight, classes) -> np.ndarray:
    """Returns what each text's loss weighs; the mean is 1 if balanced."""
    if class_weight is None:
        return np.ones(len(y), "float32")
    counts = np.bincount(y, minlength=len(classes))
    if class_weight == "balanced":
        each = len(y) / (len(classes) * np.maximum(counts, 1))
    elif isinstance(class_weight, dict):
        each = np.array([class_weight.get(c, 1.0) for c in classes.tolist()])
    else:
        raise MitseqError(
            "`class_weight` must be 'balanced', a dict or None. "
            f"Received: class_weight={class_weight!r}."
        )
    return each[y].astype("float32")


def _check_each_class_twice(y, classes):
    rare = [c for c, n in zip(classes, np.bincount(y), strict=True) if n < 2]
    if rare:
        more = f" and {len(rare) - 5} more" if len(rare) > 5 else ""
        names = ", ".join(repr(name) for name in np.array(rare[:5]).tolist())
        raise MitseqError(
            "`texts` must hold at least two texts of each class, one of them "
            f"to hold out. Received: one text of {names}{more}."
        )
