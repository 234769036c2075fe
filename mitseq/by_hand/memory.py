"""A task with a dial for its memory distance: which symbol came first?

Slide: Lecture 2, "The Problem of Long-Term Dependencies". Between the word
that matters and the place where it is needed the slide puts "...". Here the
dots have a length that you choose: a sequence opens with a symbol, then
`distance` steps of noise follow, then the network has to name the symbol.
Nothing else helps, so who is right after `distance` steps has remembered.

Letters: N sequences, T = distance + 1 steps.
"""

import numpy as np

SYMBOLS = 4


def remember_first(
    count: int,
    distance: int,
    symbols: int = SYMBOLS,
    *,
    anywhere: bool = False,
    seed: int = 0,
) -> tuple[np.ndarray, np.ndarray]:
    """Returns sequences that open with the symbol to be remembered.

    Args:
        count: N, how many sequences.
        distance: Positive int, how many steps of noise follow the symbol.
        symbols: How many symbols there are, at least 2; a guess is right in
            one of `symbols` cases. As many other ids are the noise.
        anywhere: Put the symbol at a random step instead of the first, so
            that any number of noise steps from 0 to `distance` follows.
        seed: Decides the sequences.

    Returns:
        The ids `(N, T)` of int32, symbols 0 to `symbols - 1`, noise
        `symbols` to `2 * symbols - 1`; and the symbol to name `(N,)`, int32.

    Raises:
        ValueError: if `distance` is not positive or `symbols` is below 2.

    Example:

    >>> ids, answers = remember_first(count=2, distance=5)
    >>> ids
    array([[2, 6, 6, 5, 5, 4],
           [2, 4, 4, 7, 6, 7]], dtype=int32)
    >>> answers
    array([2, 2], dtype=int32)
    """
    if distance < 1:
        raise ValueError(
            "`distance` must be a positive int, the steps of noise. "
            f"Received: distance={distance!r}."
        )
    if symbols < 2:
        raise ValueError(
            "`symbols` must be at least 2, or there is nothing to tell apart. "
            f"Received: symbols={symbols!r}."
        )
    rng = np.random.default_rng(seed)
    ids = rng.integers(symbols, 2 * symbols, (count, distance + 1), "int32")
    answers = rng.integers(0, symbols, count, "int32")
    at = rng.integers(0, distance + 1, count) if anywhere else 0
    ids[np.arange(count), at] = answers
    return ids, answers
