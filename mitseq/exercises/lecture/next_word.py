"""From a hidden state to a word."""

import numpy as np

from mitseq.exercises.exercise import Exercise, Mistake
from mitseq.exercises.given import softmax


# %% student
def next_word(h_t, W_hy, words):
    """Returns the likeliest next word, and its probability.

        logits = h_t W_hy
        probs = softmax(logits)

    Args:
        h_t: (H,), the state after the words so far.
        W_hy: (H, V).
        words: The V words of the vocabulary.

    >>> next_word(np.array([1.0]), np.array([[0.0, 0.0]]), ["walk", "nap"])
    ('walk', 0.5)
    """
    # TODO: the two equations, then np.argmax.
    # solution
    logits = h_t @ W_hy
    probs = softmax(logits)
    best = int(np.argmax(probs))
    return words[best], float(probs[best])
    # end


# %% check
WORDS = ["walk", "nap", "cat", "morning"]


def cases():
    rng = np.random.default_rng(3)
    return [
        (rng.normal(size=3).round(1), rng.normal(size=(3, 4)).round(1), WORDS)
        for _ in range(4)
    ]


EXERCISE = Exercise(
    module=__name__,
    function="next_word",
    title="The next word",
    slide="A Sequence Modeling Problem: Predict the Next Word",
    code="mitseq.tasks.words.predict:next_words",
    cases=cases,
    mistakes=(
        Mistake(
            "The number is a logit, not a probability: the softmax is missing.",
            {"softmax(logits)": "logits"},
        ),
        Mistake(
            "This is a sigmoid: it looks at each word alone, and the numbers "
            "of all words do not sum to one. Take the softmax.",
            {"softmax(logits)": "1 / (1 + np.exp(-logits))"},
        ),
        Mistake(
            "The exp is there, the sum is not: divide by the sum over all "
            "words.",
            {"softmax(logits)": "np.exp(logits)"},
        ),
        Mistake(
            "This is the least likely word.",
            {"np.argmax(probs)": "np.argmin(probs)"},
        ),
        Mistake(
            "You took the largest number of the state h_t. Its H numbers are "
            "no words: first comes the product with W_hy.",
            {"np.argmax(probs)": "np.argmax(h_t)"},
        ),
    ),
)
