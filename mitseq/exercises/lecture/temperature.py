"""Drawing the next character, bold or careful."""

import numpy as np

from mitseq.exercises.exercise import Exercise, Mistake
from mitseq.exercises.given import softmax


# %% student
def draw(logits, temperature, u):
    """Returns the id that is drawn, an int.

        probs = softmax(logits / temperature)

    u is a random number from 0 to 1. Add up the probabilities from id 0 on:
    the first id whose sum is above u is drawn. So each id is drawn as often
    as its probability says. A low temperature is careful, a high one bold.

    Args:
        logits: (V,).
        temperature: Positive number.
        u: The random number.

    >>> draw(np.array([0.0, 0.0]), 1.0, u=0.4), draw(np.zeros(2), 1.0, u=0.6)
    (0, 1)
    """
    # TODO: probs; their sums so far by np.cumsum; the first that is above u.
    # solution
    probs = softmax(logits / temperature)
    sums = np.cumsum(probs)
    return int(np.argmax(sums > u))
    # end


# %% check
def cases():
    logits = np.array([1.0, 2.5, 0.2, 1.8])
    return [
        (logits, temperature, u)
        for temperature in (0.3, 1.0, 4.0)
        for u in (0.02, 0.2, 0.55, 0.7, 0.95)
    ]


EXERCISE = Exercise(
    module=__name__,
    function="draw",
    title="Sampling with temperature",
    slide="Example Task: Music Generation",
    code="mitseq.generation.sampling:sample",
    cases=cases,
    points=2,
    mistakes=(
        Mistake(
            "The logits are multiplied by the temperature: so a high one would "
            "be careful. Divide.",
            {"logits / temperature": "logits * temperature"},
        ),
        Mistake(
            "This is always the likeliest id: nothing is drawn. u has to "
            "decide.",
            {"np.argmax(sums > u)": "np.argmax(probs)"},
        ),
        Mistake(
            "The temperature has no effect.",
            {"logits / temperature": "logits"},
        ),
        Mistake(
            "The probabilities are divided by the temperature, after the "
            "softmax. They no longer sum to one: divide the logits.",
            {"softmax(logits / temperature)": "softmax(logits) / temperature"},
        ),
        Mistake(
            "This is the id before the one that is drawn: the first sum above "
            "u, not the last below.",
            {"np.argmax(sums > u)": "np.argmax(sums > u) - 1"},
        ),
        Mistake(
            "The id drawn is the first whose own probability is above u. Add "
            "the probabilities up: np.cumsum.",
            {"np.cumsum(probs)": "probs"},
        ),
    ),
)
