"""Which usual mistake is it? Found by comparing outcomes.

The usual mistakes of an exercise are functions, too: the solution, changed. A
student whose outcomes are those of one of them has made that mistake. If it is
none of them, two at once are tried, and at last the call that is shown.
"""

import functools
import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from mitseq.exercises.attempt import Outcome, attempt
from mitseq.exercises.exercise import Exercise
from mitseq.exercises.values import same, unpack


@functools.cache
def outcomes_of(exercise: Exercise, numbers: tuple[int, ...]) -> list | None:
    """Returns the outcomes of the solution with one or two mistakes in it.

    Args:
        exercise: The exercise.
        numbers: Of its mistakes.

    Returns:
        What `attempt` yields for each case, or None if two mistakes change
        the same place.
    """
    edits: dict[str, str] = {}
    for each in numbers:
        more = exercise.mistakes[each].edits
        if edits.keys() & more.keys():
            return None
        edits |= more
    try:
        function = exercise.variant(edits)
    except (ValueError, SyntaxError):
        return None
    with np.errstate(all="ignore"):
        return list(attempt(exercise, function))


def usual_mistakes(
    exercise: Exercise, outcomes: Sequence[Outcome]
) -> tuple[str, ...]:
    """Returns the hints of the mistakes that give these outcomes."""
    for count in (1, 2):
        for chosen in itertools.combinations(
            range(len(exercise.mistakes)), count
        ):
            theirs = outcomes_of(exercise, chosen)
            if theirs is not None and _equal(exercise, outcomes, theirs):
                return tuple(exercise.mistakes[n].hint for n in chosen)
    return ()


def mistake_of_case(
    exercise: Exercise, outcomes: Sequence[Outcome], case: int
) -> tuple[str, ...]:
    """Returns the hint of the one mistake that fits in a case, if one does.

    In other cases the student does something else, as with a number that is
    right for the first call only.
    """
    if len(exercise.arguments) == 1 or "value" not in outcomes[case]:
        return ()
    fit = []
    for place, mistake in enumerate(exercise.mistakes):
        theirs = outcomes_of(exercise, (place,))
        if theirs is not None and case < len(theirs):
            if _equal(exercise, [outcomes[case]], [theirs[case]]):
                fit.append(mistake.hint)
    return (f"In this call: {fit[0]}",) if len(fit) == 1 else ()


def _equal(
    exercise: Exercise, outcomes: Sequence[Outcome], theirs: Sequence[Outcome]
) -> bool:
    """Tells whether outcomes are those of a variant, errors by their name."""
    if len(outcomes) != len(theirs):
        return False
    for a, b in zip(outcomes, theirs, strict=True):
        if "error" in b:
            if a.get("error") != b["error"]:
                return False
        elif not same_outcome(exercise, a, unpack(b["value"])):
            return False
    return any("value" in b for b in theirs)


def same_outcome(exercise: Exercise, outcome: Outcome, expected: Any) -> bool:
    """Tells whether an outcome is a value, and the one that is expected."""
    return "value" in outcome and same(
        unpack(outcome["value"]), expected, exercise.tolerance
    )
