"""What a classifier learns from: examples, and those that are held out.

Texts that are held out decide when to stop and how much each part counts; they
are drawn from the training texts or given.

Letters: N texts, C classes.
"""

import numbers
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mitseq.arguments import check_not_negative, wrong
from mitseq.errors import MitseqError


@dataclass(frozen=True)
class Examples:
    """Texts with the indices of their classes, some of them held out."""

    texts: list[str]  # all of them
    y: np.ndarray  # `(N,)` of int, the class of each
    classes: np.ndarray  # the labels, sorted
    weights: np.ndarray  # `(N,)`, what each text's loss weighs
    is_held: np.ndarray  # `(N,)` of bool, which ones are held out
    # `(N,)` of bool: those that only what reads in order learns from; or none
    for_order: np.ndarray | None = None

    @property
    def train(self) -> np.ndarray:
        """The indices of the texts to learn from."""
        return np.flatnonzero(~self.is_held)

    @property
    def held(self) -> np.ndarray:
        """The indices of the texts that are held out."""
        return np.flatnonzero(self.is_held)

    def without_order(self, chosen: np.ndarray) -> np.ndarray:
        """Returns those of the chosen ones that linear parts learn from."""
        if self.for_order is None:
            return chosen
        return chosen[~self.for_order[chosen]]

    def in_runs(self) -> "Examples":
        """Returns the same, those held out last: one run of texts each.

        Before them come those that only what reads in order learns from. Rows
        that are neighbors share the memory of all rows (`Rows.take`), and
        these are taken often.
        """
        of_order = self.for_order
        if of_order is None:
            of_order = np.zeros(len(self.y), bool)
        order = np.lexsort((of_order, self.is_held))
        return replace(
            self,
            texts=[self.texts[i] for i in order],
            y=self.y[order],
            weights=self.weights[order],
            is_held=self.is_held[order],
            for_order=None if self.for_order is None else of_order[order],
        )


def choose_examples(
    texts: Sequence[str],
    labels: np.ndarray,
    validation_data: tuple[Sequence[str], np.ndarray] | None,
    *,
    validation_split: float,
    groups: np.ndarray | None,
    class_weight: Any,
    seed: int,
    sample_weight: np.ndarray | None = None,
    for_order: np.ndarray | None = None,
) -> Examples:
    """Decides which texts are held out, and what each weighs.

    The arguments are those of `SentimentClassifier` and its `fit`; `groups` is
    `(N,)` of int, or None; so are `sample_weight` of float and `for_order`
    of bool.

    Raises:
        MitseqError: if there are not two classes, or too few texts.
    """
    classes, y = np.unique(labels, return_inverse=True)
    check_two_classes(classes.tolist())
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
    else:
        _check_each_class_twice(y, classes)
        is_held = (
            hold_out(y, validation_split, seed)
            if groups is None
            else hold_out_groups(groups, validation_split, seed)
        )
    weights = text_weights(y, class_weight, classes)
    if sample_weight is not None:
        weights[: len(sample_weight)] *= sample_weight
    if for_order is not None:
        given = len(for_order)
        for_order = np.append(for_order, np.zeros(len(texts) - given, bool))
    return Examples(texts, y, classes, weights, is_held, for_order)


def check_two_classes(classes: Sequence) -> None:
    """Refuses labels of which nothing can be learned with a `MitseqError`."""
    if len(classes) < 2:
        raise MitseqError(
            "`labels` must hold at least two classes. "
            f"Received: {list(classes)} only."
        )


def hold_out(y: np.ndarray, share: float, seed: int) -> np.ndarray:
    """Draws texts to hold out, `(N,)` of bool: the same share of each class.

    At least one text of each class is left to train on.
    """
    rng = np.random.default_rng(seed)
    held = np.zeros(len(y), bool)
    for c in np.unique(y):
        members = rng.permutation(np.flatnonzero(y == c))
        held[members[: _count(share, members)]] = True
    return held


def hold_out_groups(groups: np.ndarray, share: float, seed: int) -> np.ndarray:
    """Draws whole groups of texts to hold out, `(N,)` of bool.

    At least one group is held out, and one is not.
    """
    names = np.random.default_rng(seed).permutation(np.unique(groups))
    return np.isin(groups, names[: _count(share, names)])


def _count(share: float, members: np.ndarray) -> int:
    return min(max(1, round(share * len(members))), len(members) - 1)


def indices_of(labels: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Returns indices of labels among the classes; unknown is an error."""
    index = {label: i for i, label in enumerate(classes.tolist())}
    labels = np.asarray(labels).tolist()
    unknown = [x for x in labels if x not in index]
    if unknown:
        raise MitseqError(
            f"labels must be among {list(index)}. Received: {unknown[0]!r}."
        )
    return np.array([index[x] for x in labels], "int64")


def text_weights(y: np.ndarray, class_weight, classes) -> np.ndarray:
    """Returns what each text's loss weighs; the mean is 1 if balanced."""
    counts = np.bincount(y, minlength=len(classes))
    return weights_of_classes(counts, class_weight, classes)[y]


def weights_of_classes(
    counts: np.ndarray, class_weight: Any, classes: np.ndarray
) -> np.ndarray:
    """Returns what a text of each class weighs, `(C,)`, from their counts.

    Example:

    >>> weights_of_classes(np.array([1, 3]), "balanced", np.array(["a", "b"]))
    array([2.       , 0.6666667], dtype=float32)
    """
    if class_weight is None:
        each = np.ones(len(classes))
    elif isinstance(class_weight, dict):
        unknown = [c for c in class_weight if c not in classes.tolist()]
        if unknown:
            raise MitseqError(
                f"`class_weight` must be of the labels {classes.tolist()}. "
                f"Received: {unknown[0]!r}."
            )
        for weight in class_weight.values():
            check_not_negative(class_weight=weight)
        each = np.array([class_weight.get(c, 1.0) for c in classes.tolist()])
    elif class_weight == "balanced":
        each = counts.sum() / (len(classes) * np.maximum(counts, 1))
    else:
        raise MitseqError(
            "`class_weight` must be 'balanced', a dict or None. "
            f"Received: class_weight={class_weight!r}."
        )
    return each.astype("float32")


def _check_each_class_twice(y, classes):
    rare = [c for c, n in zip(classes, np.bincount(y), strict=True) if n < 2]
    if rare:
        more = f" and {len(rare) - 5} more" if len(rare) > 5 else ""
        names = ", ".join(repr(name) for name in np.array(rare[:5]).tolist())
        raise MitseqError(
            "`texts` must hold at least two texts of each class, one of them "
            f"to hold out. Received: one text of {names}{more}."
        )


def check_groups(groups: Iterable | None, count: int) -> np.ndarray | None:
    """Returns the number of each text's group, `(count,)` of int, or None.

    Groups that are not one for each text, or one in all, are a MitseqError.
    """
    if groups is None:
        return None
    groups = _one_for_each("group", groups, count)
    names, index = np.unique(np.asarray(groups), return_inverse=True)
    if len(names) < 2:
        raise MitseqError(
            "`groups` must hold at least two groups, one of them to hold out. "
            f"Received: {names.tolist()} only."
        )
    return index


def check_sample_weight(
    weights: Iterable | None, count: int
) -> np.ndarray | None:
    """Returns what each text weighs, `(count,)` of float, or None.

    Weights that are not one for each text, or below zero, are a MitseqError.
    """
    if weights is None:
        return None
    try:
        weights = np.asarray(weights, "float32")
    except (ValueError, TypeError, OverflowError):
        must = "hold one number for each text, 0 or more"
        raise wrong("sample_weight", must, weights) from None
    if weights.shape != (count,) or not (weights >= 0).all():
        raise MitseqError(
            "`sample_weight` must hold one number for each text, 0 or more. "
            f"Received: {weights.ravel().tolist()[:5]} ... of shape "
            f"{weights.shape}, {count} texts."
        )
    return weights


def check_for_order(
    flags: Iterable | None, count: int, cell: str | None
) -> np.ndarray | None:
    """Returns which texts are for order alone, `(count,)` of bool, or None.

    Flags that are not one for each text, or without a part that reads in order,
    or that leave the others nothing, are a MitseqError.
    """
    if flags is None:
        return None
    flags = np.asarray(flags)
    if flags.shape != (count,) or flags.dtype != bool or flags.all():
        raise MitseqError(
            "`for_order` must hold one bool for each text, not all of them "
            f"true. Received: {flags.dtype} of shape {flags.shape}, {count} "
            "texts."
        )
    if cell is None:
        raise MitseqError(
            "`for_order` needs a part that reads in order. Received: cell=None."
        )
    return flags


def check_labels(labels: Iterable, count: int) -> np.ndarray:
    """Returns labels as an array, `(count,)`.

    One that is missing, or one too many or too few, is a MitseqError.
    """
    if isinstance(labels, (str, bytes)):
        raise wrong("labels", "be a list of labels", labels)
    labels = _one_for_each("label", labels, count)
    for i, label in enumerate(labels):
        kind = _kind_of(label)
        if label is None or (kind is numbers.Real and label != label):
            raise MitseqError(
                f"`labels` must not be missing. Received: {label!r} at index "
                f"{i}."
            )
        if kind is None or kind is not _kind_of(labels[0]):
            raise MitseqError(
                "`labels` must be strings, numbers or bools, all of one kind. "
                f"Received: {str(labels[0])[:40]!r}, and {str(label)[:40]!r} "
                f"at index {i}."
            )
    return np.asarray(labels)


def _kind_of(label):
    """What a label is; None for what is none."""
    for kind in (bool, np.bool_, numbers.Real, str):
        if isinstance(label, kind):
            return bool if kind is np.bool_ else kind
    return None


def _one_for_each(what: str, values: Iterable, count: int) -> list:
    try:
        values = list(values)
    except TypeError:
        must = f"hold one {what} for each text"
        raise wrong(f"{what}s", must, values) from None
    if len(values) != count:
        raise MitseqError(
            f"`{what}s` must hold one {what} for each text. "
            f"Received: {len(values)} {what}s, {count} texts."
        )
    return values
