r"""Neither praise nor blame: the third answer of a classifier of two.

Slide: Lecture 2, "Example Task: Sentiment Classification"
(docs/slides.md#sentiment). The slide's classes are two. A text that speaks for
neither, or of which nothing is understood, has to get one of them all the
same, unless the score

    s = P(praise) - P(blame)        from -1 to 1

is allowed to say so: below a threshold, -n < s < n, the answer is "neutral".

Letters: N texts, C classes.
"""

from collections.abc import Sequence

import numpy as np

from mitseq.arguments import check_share
from mitseq.errors import MitseqError
from mitseq.tasks.sentiment.labels import NEGATIVE, POSITIVE, meaning_of

NEUTRAL = "neutral"


def check_neutral(neutral: float, classes: Sequence) -> None:
    """Raises MitseqError for a threshold that the classes cannot have."""
    check_share(neutral=neutral)
    if neutral and (len(classes) != 2 or sides(classes) is None):
        names = ", ".join(map(str, classes))
        raise MitseqError(
            "`neutral` needs two classes, one of praise and one of blame, such "
            f"as positive and negative. Received: {names}."
        )


def sides(classes: Sequence) -> tuple[int, int] | None:
    """Returns which class is blame and which is praise; None if not one each.

    Example:

    >>> sides(["pos", "neg"]), sides(["sports", "news"])
    ((1, 0), None)
    """
    meanings = list(meaning_of(classes).values())
    if meanings.count(NEGATIVE) != 1 or meanings.count(POSITIVE) != 1:
        return None
    return meanings.index(NEGATIVE), meanings.index(POSITIVE)


def scores_of(probs: np.ndarray, classes: Sequence) -> np.ndarray | None:
    """Returns s of each text, `(N,)`, from -1 to 1.

    None if there is not one class of praise and one of blame. `probs` is
    `(N, C)`.

    Example:

    >>> scores_of(np.array([[0.25, 0.75]]), ["neg", "pos"])
    array([0.5])
    """
    found = sides(classes)
    if found is None:
        return None
    blame, praise = found
    return probs[:, praise] - probs[:, blame]


def answers_of(
    probs: np.ndarray, classes: np.ndarray, neutral: float
) -> np.ndarray:
    """Returns the answer to each text, `(N,)`: its likeliest class, or neither.

    Example:

    >>> probs = np.array([[0.1, 0.9], [0.45, 0.55]])
    >>> answers_of(probs, np.array(["neg", "pos"]), neutral=0.3).tolist()
    ['pos', 'neutral']
    """
    answers = classes[probs.argmax(axis=1)]
    if not neutral:
        return answers
    unsure = np.abs(scores_of(probs, list(classes))) < neutral
    return np.where(unsure, NEUTRAL, answers.astype(object)).astype(str)


def with_neutral(
    probs: np.ndarray, classes: Sequence[str], neutral: float, labels: Sequence
) -> tuple[np.ndarray, list[str]]:
    """Returns probabilities `(N, 3)` whose largest is the answer, and classes.

    Beside p of either side stands that which both would need to count, (1 + n)
    / 2; then all three are divided by their sum. Where no label is "neutral",
    what came is returned: a text has to take sides then.

    Example:

    >>> probs = np.array([[0.1, 0.9], [0.4, 0.6]])
    >>> p, names = with_neutral(probs, ["neg", "pos"], 0.5, ["neutral"])
    >>> names, p.argmax(axis=1).tolist()
    (['neg', 'neutral', 'pos'], [2, 1])
    """
    if not neutral or NEUTRAL not in labels:
        return probs, list(classes)
    between = np.full(len(probs), (1 + neutral) / 2)
    three = np.stack([probs[:, 0], between, probs[:, 1]], axis=1)
    names = [classes[0], NEUTRAL, classes[1]]
    return three / three.sum(axis=1, keepdims=True), names
