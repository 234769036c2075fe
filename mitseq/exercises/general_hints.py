"""What helps with any exercise: errors, shapes, None, a sign."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mitseq.exercises.attempt import Outcome
from mitseq.exercises.values import Other, numbers, same, shown


def told_error(outcome: Outcome, file: str = "") -> str:
    """Returns an error and its place in one line."""
    place = f" in {file}" if file else ""
    if "line" in outcome:
        place = f"{place}, line" if file else " in line"
        place += f" {outcome['line']}"
        if outcome.get("text"):
            place += f", `{outcome['text']}`"
    message = f": {outcome['message']}" if outcome["message"] else ""
    return f"{outcome['error']}{place}{message}"


_HINTS_OF_ERRORS = {
    "RecursionError": "The function calls itself again and again. Where does "
    "it stop?",
    "SystemExit": "`exit()` ends the whole program. Use `return`.",
    "EOFError": "Nobody types while this runs: the values are the arguments, "
    "not `input()`.",
    "MemoryError": "It needs more memory than a check may use. Are the shapes "
    "those that you think?",
    "NameError": "A name that nothing has defined: a slip in typing, or a "
    "missing import.",
    "IndentationError": "Python reads blocks by their indentation: four spaces "
    "in front of each line of a function.",
    "TabError": "Tabs and spaces are mixed: use four spaces.",
    "SyntaxError": "Python cannot read the file. The mistake is in this line "
    "or just before it.",
}


def hint_of_error(outcome: Outcome) -> tuple[str, ...]:
    """Returns what helps with an error, if anything is known."""
    hint = _HINTS_OF_ERRORS.get(outcome["error"])
    shapes = ("matmul", "aligned", "broadcast", "shape")
    if hint is None and any(w in outcome["message"] for w in shapes):
        hint = (
            "The shapes do not fit. Write them beside each other: (B, D) times "
            "(D, H) gives (B, H). A print of `.shape` helps."
        )
    return (hint,) if hint else ()


def hint_of_stop(stopped: str) -> tuple[str, ...]:
    """Returns what helps where a file was stopped, or ended itself."""
    if "did not end" in stopped:
        return ("Is there a loop that never ends?",)
    if "crashed" in stopped:
        return ("Does a function call itself too often?",)
    return ("The code must not end the program: use `return`.",)


def hint_of_value(
    came: Any, expected: Any, changed: Sequence[str]
) -> tuple[str, ...]:
    """Returns what helps with a value that is wrong, if anything is known.

    Args:
        came: The value.
        expected: The right one.
        changed: The arguments that the call has changed.

    Example:

    >>> hint_of_value(None, 1.0, [])
    ('It returns nothing (None). Is `return` missing?',)
    """
    if came is None:
        return ("It returns nothing (None). Is `return` missing?",)
    if came is Ellipsis or isinstance(came, Other):
        return (f"It returns {came!r}.",) if isinstance(came, Other) else ()
    is_row = isinstance(came, np.ndarray) and came.ndim == 1
    if isinstance(expected, tuple) and not is_row:
        if isinstance(came, (tuple, list)) and len(came) == len(expected):
            for place, (a, b) in enumerate(zip(came, expected, strict=True)):
                if not same(a, b):
                    hints = hint_of_value(a, b, changed)
                    where = f"Value {place + 1} of {len(expected)} is wrong."
                    return (" ".join([where, *hints]),)
        return (f"It must return {len(expected)} values: `return a, b, ...`.",)
    if changed:
        return (
            f"Your code changes its argument {changed[0]}, and the next call "
            "sees the change. Make a new array instead.",
        )
    a, b = numbers(came), numbers(expected)
    if a is None or b is None:
        if type(came) is not type(expected):
            kinds = type(expected).__name__, type(came).__name__
            return ("It must return a {}, a {} came.".format(*kinds),)
        return ()
    if a.shape != b.shape:
        hint = f"The shape is {a.shape}, expected {b.shape}."
        if a.shape == b.shape[::-1] or sorted(a.shape) == sorted(b.shape):
            hint += " Are two axes swapped?"
        return (hint,)
    if not np.isfinite(a).all():
        return (
            "There are numbers that are not finite (nan or inf): a division "
            "by zero, a log of zero, or an exp of a large number?",
        )
    if same(-a, b):
        return ("The sign is the other way round.",)
    if np.sort(a, axis=None).tolist() == np.sort(b, axis=None).tolist():
        return ("The numbers are right, their order is not.",)
    if np.allclose(a, b, rtol=0.02, atol=1e-3):
        return ("Nearly: is something rounded on the way?",)
    return ()


def difference(came: Any, expected: Any) -> tuple[str, str]:
    """Returns two values that look alike when they are shown in short."""
    a, b = numbers(came), numbers(expected)
    if a is not None and b is not None and a.shape == b.shape and a.ndim:
        at = np.unravel_index(np.argmax(~np.isclose(a, b)), a.shape)
        place = ", ".join(str(int(i)) for i in at)
        return (
            f"{float(a[at])!r} at [{place}]",
            f"{float(b[at])!r} at [{place}]",
        )
    if isinstance(expected, tuple) and isinstance(came, (tuple, list)):
        for place, (x, y) in enumerate(zip(came, expected, strict=False)):
            if not same(x, y):
                return (
                    f"value {place + 1}: {shown(x, 200)}",
                    f"value {place + 1}: {shown(y, 200)}",
                )
    return shown(came, 300), shown(expected, 300)
