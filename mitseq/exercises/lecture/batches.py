"""Inputs and targets: the same text, one step apart."""

import numpy as np

from mitseq.exercises.exercise import Exercise, Mistake


# %% student
def get_batch(ids, starts, seq_length):
    """Returns inputs x and targets y, each (B, T).

    The target of a step is the input of the next one. Row b of x has the T ids
    from starts[b] on; row b of y has those one step later.

    Args:
        ids: The whole text as integers, an array.
        starts: Where each of the B rows begins.
        seq_length: T.

    >>> x, y = get_batch(np.array([7, 8, 9, 5]), [0, 1], 2)
    >>> x.tolist(), y.tolist()
    ([[7, 8], [8, 9]], [[8, 9], [9, 5]])
    """
    # TODO: cut the rows out of ids, and np.stack them.
    # solution
    x = np.stack([ids[s : s + seq_length] for s in starts])
    y = np.stack([ids[s + 1 : s + 1 + seq_length] for s in starts])
    return x, y
    # end


# %% check
EXERCISE = Exercise(
    module=__name__,
    function="get_batch",
    title="Shifted batches",
    slide="Lab 1: Deep Learning in Python and Music Generation with RNNs",
    code="mitseq.mitdeeplearning.checks:test_batch_func_next_step",
    cases=lambda: [
        (np.array([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5]), [1, 4, 6], 3),
        (np.arange(20) ** 2, [2, 9], 5),
    ],
    mistakes=(
        Mistake(
            "The target is not shifted: y is x. A model that copies its input "
            "would be perfect.",
            {"ids[s + 1 : s + 1 + seq_length]": "ids[s : s + seq_length]"},
        ),
        Mistake(
            "The target is shifted the other way: it is the step before.",
            {
                "ids[s + 1 : s + 1 + seq_length]": "ids[s - 1 : s - 1 + "
                "seq_length]"
            },
        ),
        Mistake(
            "The target is shifted by two steps.",
            {
                "ids[s + 1 : s + 1 + seq_length]": "ids[s + 2 : s + 2 + "
                "seq_length]"
            },
        ),
        Mistake(
            "Batch and time are swapped: each row is a sequence.",
            {"return x, y": "return x.T, y.T"},
        ),
        Mistake(
            "y has the id after each row alone. Every step has its target.",
            {"ids[s + 1 : s + 1 + seq_length]": "ids[s + seq_length]"},
        ),
        Mistake(
            "x and y have changed places: first the inputs, then the targets.",
            {"return x, y": "return y, x"},
        ),
    ),
)
