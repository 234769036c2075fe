r"""How good a classifier is, and whether its probabilities can be believed.

The sums that everyone uses, in NumPy, tested against scikit-learn's; and the
calibration error, which tells whether of the texts that a model is 80 % sure
of 80 % are right. An accuracy stands beside what always giving the commonest
answer reaches, and beside the interval that so few texts leave.

Letters: n texts, C classes.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from mitseq.errors import MitseqError

BINS = 15
CONFIDENCE = 0.95  # of the interval


@dataclass(frozen=True)
class ClassScores:
    """How well one class is told from the others."""

    n: int  # how many texts are of it
    precision: float  # the share of the answers "it is" that are right
    recall: float  # the share of its texts that are found
    f1: float  # 2 hits / (truths + answers)
    # of the probability of this class, likely or not, in `BINS` bins
    calibration_error: float


@dataclass(frozen=True)
class Evaluation:
    """What a classifier did on labeled texts."""

    classes: tuple[str, ...]  # in the order of the matrix
    n: int  # how many texts
    accuracy: float  # the share of right answers
    accuracy_interval: tuple[float, float]  # of `CONFIDENCE`
    majority: float  # the share of the largest class
    majority_class: str  # its name
    macro_f1: float  # the mean of the F1 of each class, whatever its size
    calibration_error: float  # in `BINS` bins
    confusion: np.ndarray  # rows are the truth
    confidences: np.ndarray  # `(n,)`, the probability of each answer
    hits: np.ndarray  # `(n,)`, whether each answer is right
    by_class: dict[str, ClassScores]

    @property
    def is_chance(self) -> bool:
        """Whether the commonest answer alone may be as good."""
        return self.accuracy_interval[0] <= self.majority

    def as_dict(self) -> dict:
        """Returns the figures as JSON can hold them."""
        names = ("n", "accuracy", "majority", "majority_class", "macro_f1")
        return {name: getattr(self, name) for name in names} | {
            "accuracy_interval": list(self.accuracy_interval),
            "calibration_error": self.calibration_error,
            "classes": list(self.classes),
            "confusion_matrix": self.confusion.tolist(),
            "by_class": {
                name: asdict(scores) for name, scores in self.by_class.items()
            },
        }


def evaluate_probabilities(
    labels: Sequence[str], probs: np.ndarray, classes: Sequence[str]
) -> Evaluation:
    """Compares probabilities `(n, C)` with the right class of each text.

    Raises:
        MitseqError: if there is no text, a label is no class, or the shapes do
            not agree.

    Example:

    >>> result = evaluate_probabilities(
    ...     ["neg", "pos", "pos"],
    ...     np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]]),
    ...     ["neg", "pos"],
    ... )
    >>> result.confusion.tolist()
    [[1, 0], [1, 1]]
    >>> round(result.accuracy, 3), round(result.majority, 3)
    (0.667, 0.667)
    """
    classes, probs = tuple(classes), np.asarray(probs, dtype=float)
    if probs.shape != (len(labels), len(classes)) or not len(labels):
        raise MitseqError(
            "`probs` must have a row for each label, at least one, and a "
            f"column for each class. Received: {len(labels)} labels, "
            f"{len(classes)} classes, probs of shape {probs.shape}."
        )
    places = {name: place for place, name in enumerate(classes)}
    unknown = sorted(set(labels) - set(places))
    if unknown:
        raise MitseqError(
            f"`labels` must be classes of the model: {', '.join(classes)}. "
            f"Received: {', '.join(unknown[:5])}."
        )
    truth = np.array([places[label] for label in labels])
    answers = probs.argmax(axis=1)
    confidences = probs[np.arange(len(truth)), answers]
    matrix = confusion_matrix(truth, answers, len(classes))
    hits = answers == truth
    sizes = matrix.sum(axis=1)
    return Evaluation(
        classes=classes,
        n=len(truth),
        accuracy=float(np.mean(hits)),
        accuracy_interval=share_interval(int(hits.sum()), len(hits)),
        majority=float(sizes.max() / len(truth)),
        majority_class=classes[sizes.argmax()],
        macro_f1=macro_f1(matrix),
        calibration_error=calibration_error(confidences, hits),
        confusion=matrix,
        confidences=confidences,
        hits=hits,
        by_class={
            name: _class_scores(matrix, place, probs[:, place], truth == place)
            for name, place in places.items()
        },
    )


def _class_scores(matrix, place, probs, is_it) -> ClassScores:
    """The scores of the class at a place; a share of nothing is 0."""
    hits, truths = matrix[place, place], matrix[place].sum()
    answers = matrix[:, place].sum()
    return ClassScores(
        n=int(truths),
        precision=float(hits / max(answers, 1)),
        recall=float(hits / max(truths, 1)),
        f1=float(2 * hits / max(truths + answers, 1)),
        calibration_error=calibration_error(probs, is_it),
    )


def share_interval(hits: int, n: int) -> tuple[float, float]:
    """Returns where the share may lie of which `hits` of `n` are a sample.

    It is the interval of Wilson (1927) at `CONFIDENCE`, which holds for few
    answers, too, and if all are right.

    Example:

    >>> [round(end, 2) for end in share_interval(13, 30)]
    [0.27, 0.61]
    """
    from scipy import stats

    found = stats.binomtest(hits, n).proportion_ci(CONFIDENCE, "wilson")
    return float(found.low), float(found.high)


def confusion_matrix(
    truth: np.ndarray, answers: np.ndarray, classes: int
) -> np.ndarray:
    """Counts each pair of true class (row) and answer (column), `(C, C)`.

    Example:

    >>> confusion_matrix([0, 0, 1], [0, 1, 1], 2).tolist()
    [[1, 1], [0, 1]]
    """
    matrix = np.zeros((classes, classes), dtype=int)
    np.add.at(matrix, (np.asarray(truth), np.asarray(answers)), 1)
    return matrix


def macro_f1(matrix: np.ndarray) -> float:
    """Returns the mean over the classes of 2 hits / (truths + answers).

    Args:
        matrix: From `confusion_matrix`. A class that is neither true nor
            answered anywhere does not count.

    Example:

    >>> macro_f1(np.array([[2, 0], [0, 2]]))
    1.0
    """
    hits = np.diag(matrix)
    total = matrix.sum(axis=0) + matrix.sum(axis=1)
    there = total > 0
    return float(np.mean(2 * hits[there] / total[there]))


def calibration_error(
    confidences: np.ndarray, hits: np.ndarray, bins: int = BINS
) -> float:
    """Returns how far what a model believes is from how often it is so.

    Answers are put into bins of equal width by their probability; the error is
    the mean over all answers of |accuracy - mean probability| of their bin.

    Args:
        confidences: `(n,)`, the probability of each answer.
        hits: `(n,)`, whether it is right.
        bins: How many.

    Returns:
        0 for a model whose probabilities can be believed, 1 for one that is
        sure of what is always wrong.

    Example:

    >>> calibration_error(np.array([0.75] * 4), np.array([1, 1, 1, 0]))
    0.0
    >>> calibration_error(np.array([1.0, 1.0]), np.array([0, 0]))
    1.0
    """
    counts, believed, right = reliability(confidences, hits, bins)
    full = counts > 0
    gaps = np.abs(right[full] - believed[full])
    return float(np.average(gaps, weights=counts[full]))


def reliability(
    confidences: np.ndarray, hits: np.ndarray, bins: int = BINS
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns of each bin: answers, their mean probability, their accuracy.

    The arguments are those of `calibration_error`. A border belongs to the bin
    below it.

    Returns:
        Three arrays `(bins,)`; NaN where a bin is empty.
    """
    confidences = np.asarray(confidences, dtype=float)
    hits = np.asarray(hits, dtype=float)
    borders = np.linspace(0, 1, bins + 1)[1:-1]
    place = np.searchsorted(borders, confidences, side="left")
    counts = np.bincount(place, minlength=bins)
    with np.errstate(invalid="ignore"):
        believed = np.bincount(place, confidences, minlength=bins) / counts
        right = np.bincount(place, hits, minlength=bins) / counts
    return counts, believed, right
