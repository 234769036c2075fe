"""Many to one: from the last state to a mood."""

import numpy as np

from mitseq.exercises.exercise import Exercise, Mistake
from mitseq.exercises.given import sigmoid


# %% student
def probability_positive(h_seq, lengths, w, b):
    """Returns for each review the probability that it is positive, (B,).

    The reviews of a batch are filled up to T steps. The state after the last
    real word has read all of it:

        p = sigmoid(h_last w + b)

    Args:
        h_seq: (B, T, H), the states of all steps.
        lengths: (B,), how many of them are real words.
        w: (H,).
        b: A number.
    """
    # TODO: h_last, (B, H), at step lengths - 1 of each row; then p.
    # solution
    h_last = h_seq[np.arange(len(lengths)), lengths - 1]
    return sigmoid(h_last @ w + b)
    # end


# %% check
def cases():
    rng = np.random.default_rng(10)
    return [
        (
            rng.normal(size=(len(lengths), T, 3)).round(1),
            np.array(lengths),
            rng.normal(size=3).round(1),
            0.5,
        )
        for T, lengths in ((4, [3, 1, 2]), (5, [2, 4]))
    ]


EXERCISE = Exercise(
    module=__name__,
    function="probability_positive",
    title="The sentiment head",
    slide="Example Task: Sentiment Classification",
    code="mitseq.tasks.sentiment.model:build_sentiment_model",
    cases=cases,
    mistakes=(
        Mistake(
            "You took the last step of the row. There stands what fills it up; "
            "the last word of a review is at lengths - 1.",
            {"h_seq[np.arange(len(lengths)), lengths - 1]": "h_seq[:, -1]"},
        ),
        Mistake(
            "You are a step too far: the steps count from 0, so the last word "
            "is at lengths - 1.",
            {"lengths - 1]": "lengths]"},
        ),
        Mistake(
            "You took the first state. It has read one word.",
            {"h_seq[np.arange(len(lengths)), lengths - 1]": "h_seq[:, 0]"},
        ),
        Mistake(
            "You took the mean of all steps, those that fill up the row, too.",
            {"h_seq[np.arange(len(lengths)), lengths - 1]": "h_seq.mean(1)"},
        ),
        Mistake(
            "This is no probability: the sigmoid is missing.",
            {"sigmoid(h_last @ w + b)": "h_last @ w + b"},
        ),
        Mistake(
            "This is a softmax over the batch: the reviews share one "
            "probability. Each has its own: a sigmoid.",
            {
                "sigmoid(h_last @ w + b)": "np.exp(h_last @ w + b) / np.exp("
                "h_last @ w + b).sum()"
            },
        ),
        Mistake("The bias b is missing.", {" + b)": ")"}),
    ),
)
