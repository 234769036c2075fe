r"""What each part's word is worth, found on texts that none has seen.

Slide: Lecture 2, "Example Task: Sentiment Classification"
(docs/slides.md#sentiment). `Vote` adds up the logits of the parts of a model,
each times its weight a_p. This finds the weights, and with them makes the
probabilities honest: with one part, a is a temperature.

Letters: P parts, N texts, C classes.
"""

import numpy as np
from scipy import optimize, special


def fit_vote(
    verdicts: np.ndarray,  # (P, N, C)
    labels: np.ndarray,  # (N,)
) -> np.ndarray:  # (P,)
    """Returns the weights a of `Vote`, none negative.

    The more texts there are, the farther a may go from equal shares. It stays
    above zero: that a part is more often wrong than right on the texts held out
    is chance, and no reason to believe the contrary of what it says.

    Example: the first part knows it, the second one guesses.

    >>> z = np.array([[[2.0, 0], [0, 2]] * 50, [[2.0, 0], [2, 0]] * 50])
    >>> a = fit_vote(z, np.array([0, 1] * 50))
    >>> bool(a[0] > 1 and abs(a[1]) < 0.2)
    True
    """
    verdicts = np.asarray(verdicts, "float64")
    parts, _, classes = verdicts.shape
    y, equal = np.eye(classes)[labels], 1 / parts

    def loss(a):
        log_p = _log_probs(verdicts, a)
        value = -(y * log_p).sum() + ((a - equal) ** 2).sum()
        slope = np.einsum("nc,pnc->p", np.exp(log_p) - y, verdicts)
        return value, slope + 2 * (a - equal)

    return optimize.minimize(
        loss,
        np.full(parts, equal),
        jac=True,
        method="L-BFGS-B",
        bounds=[(0, None)] * parts,
    ).x


def vote_losses(
    verdicts: np.ndarray,  # (P, N, C)
    labels: np.ndarray,  # (N,)
    a: np.ndarray,  # (P,)
) -> np.ndarray:  # (N,)
    """Returns the loss of each text: minus the log of its class's share.

    Example:

    >>> z = np.array([[[0.0, 0.0], [0.0, 9.0]]])
    >>> vote_losses(z, np.array([0, 1]), np.array([1.0])).round(3)
    array([0.693, 0.   ])
    """
    log_p = _log_probs(np.asarray(verdicts, "float64"), a)
    return -log_p[np.arange(len(labels)), labels]


def _log_probs(verdicts, a):
    return special.log_softmax(np.einsum("p,pnc->nc", a, verdicts), axis=1)
