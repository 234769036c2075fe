"""The losses of all steps, summed."""

import numpy as np

from mitseq.exercises.exercise import Exercise, Mistake


# %% student
def total_loss(probs, targets):
    """Returns L = L_1 + L_2 + ... + L_T, a number.

    L_t = -log(the probability that step t gave to what really came). The log
    is the natural one.

    Args:
        probs: (T, V), what the network expected at each step.
        targets: (T,), the id that came.

    >>> print(round(total_loss(np.array([[0.5, 0.5]]), np.array([0])), 4))
    0.6931
    """
    # TODO: p, the T probabilities of the targets; the loss of each; their sum.
    # solution
    p = probs[np.arange(len(targets)), targets]
    losses = -np.log(p)
    return losses.sum()
    # end


# %% check
EXERCISE = Exercise(
    module=__name__,
    function="total_loss",
    title="The total loss",
    slide="RNNs: Computational Graph Across Time",
    code="mitseq.by_hand.next_word:learn_sentence",
    cases=lambda: [
        (
            np.array([[0.5, 0.3, 0.2], [0.1, 0.2, 0.7], [0.25, 0.25, 0.5]]),
            np.array([0, 2, 1]),
        ),
        (np.array([[0.6, 0.4], [0.9, 0.1]]), np.array([1, 0])),
    ],
    mistakes=(
        Mistake(
            "This is the mean of the losses. The total loss is their sum.",
            {"losses.sum()": "losses.mean()"},
        ),
        Mistake(
            "This is the loss of the last step alone. Sum over all steps.",
            {"losses.sum()": "losses[-1]"},
        ),
        Mistake(
            "The minus is missing: a log of a probability is below 0, a loss "
            "is above.",
            {"-np.log": "np.log"},
        ),
        Mistake(
            "This is the log to the base 2. The natural one is np.log.",
            {"-np.log": "-np.log2"},
        ),
        Mistake(
            "You took the largest probability of each step. It counts what "
            "the target got, likely or not.",
            {"probs[np.arange(len(targets)), targets]": "probs.max(axis=1)"},
        ),
        Mistake(
            "You took the log of the sum. First the log of each step, then "
            "the sum.",
            {"-np.log(p)": "-np.log(p.sum())"},
        ),
    ),
)
