"""Will I pass this class? One student in, one answer out.

Slide: Lecture 2, "Sequence Modeling Applications"
(docs/slides.md#applications), one to one: the course's example of a network
without a sequence. A student is two numbers, and nothing comes before or after.
"""

import numpy as np

LECTURES, HOURS = 12, 20  # the most of both, as inputs from 0 to 1
WEIGHTS, BIAS = np.array([5.0, 6.0]), -5.0  # of the chance to pass


def students(
    count: int, seed: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Invents students, how likely each is to pass, and who does.

    The chance is sigmoid(5 x_1 + 6 x_2 - 5), where x_1 is the share of the 12
    lectures attended and x_2 the share of 20 hours spent on the project. Who
    passes is drawn with that chance, so nobody can tell it for sure.

    Args:
        count: How many.
        seed: Another seed, other students.

    Returns:
        `(N, 2)` inputs from 0 to 1, `(N,)` chances, `(N,)` 1 for a pass, else
        0.

    Example:

    >>> x, chances, passed = students(1000)
    >>> x.shape, bool(abs(chances.mean() - passed.mean()) < 0.05)
    ((1000, 2), True)
    """
    rng = np.random.default_rng(seed)
    lectures = rng.integers(0, LECTURES + 1, count) / LECTURES
    hours = rng.uniform(0, 1, count)
    x = np.stack([lectures, hours], axis=1)
    chances = 1 / (1 + np.exp(-(x @ WEIGHTS + BIAS)))
    return x, chances, (rng.random(count) < chances).astype(int)
