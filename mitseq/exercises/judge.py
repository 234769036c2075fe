"""From what a student's function did to points and words that help.

A hint is found by comparison: the usual mistakes of an exercise are functions
too, and whose outcomes are those of one of them has made that mistake. If it
is none of them, two at once are tried, and at last the call that is shown.
"""

import dataclasses
import functools
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mitseq.exercises.attempt import Outcome, attempt
from mitseq.exercises.catalog import load, number
from mitseq.exercises.exercise import Exercise
from mitseq.exercises.values import Other, numbers, same, shown, unpack

RIGHT, WRONG, NOT_BEGUN = "right", "wrong", "not begun"
Raw = Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class Result:
    """What is to say about one exercise of one student.

    In a notebook or a terminal it shows itself as text.

    Args:
        name: Of the exercise.
        status: "right", "wrong" or "not begun".
        points: For this answer.
        of: Points for a right one.
        called: The call that went wrong.
        expected: What should have come.
        came: What came, or what happened.
        hints: One for a usual mistake, two for two of them, or none.
        printed: What the code has printed, its beginning.
        again: The call as Python, with the arguments of the check.
    """

    name: str
    status: str
    points: int
    of: int
    called: str = ""
    expected: str = ""
    came: str = ""
    hints: tuple[str, ...] = ()
    printed: str = ""
    again: str = ""

    @property
    def is_right(self) -> bool:
        """Whether it gets all points."""
        return self.status == RIGHT

    def head(self) -> str:
        """Returns the line with number, name, status and points."""
        score = f"{self.points}/{self.of}"
        return (
            f"{number(self.name):02} {self.name:16} {self.status:9} {score:>5}"
        )

    def lines(self) -> list[str]:
        """Returns what to say, beginning with `head`."""
        exercise = load(self.name)
        lines = [f"{self.head()}  {exercise.title}"]
        if self.is_right:
            return lines
        for word, text in (
            ("called", self.called),
            ("expected", self.expected),
            ("came", self.came),
            *(("hint", hint) for hint in self.hints),
            ("slide", exercise.slide if self.status == WRONG else ""),
            ("again", self.again),
            ("printed", " | ".join(self.printed.splitlines()[:5])),
        ):
            if text:
                lines.append(f"   {word:9} {text}")
        return lines

    def __repr__(self) -> str:
        text = "\n".join(self.lines())
        if self.is_right:
            text += f"\n   compare   {place_of(load(self.name))}"
        return text


def place_of(exercise: Exercise) -> str:
    """Returns where mitseq has the same code.

    Example:

    >>> place_of(load("state_update"))
    'rnn_step in mitseq/layers/rnn.py'
    """
    module, _, name = exercise.code.partition(":")
    return f"{name} in {module.replace('.', '/')}.py"


def judge(name: str, raw: Raw) -> Result:
    """Returns the result of one exercise.

    Args:
        name: Of the exercise.
        raw: What `Child.run` has found.
    """
    exercise = load(name)
    result = functools.partial(
        Result, name, of=exercise.points, printed=raw.get("printed", "")
    )
    wrong = functools.partial(result, WRONG, 0)
    if "failed" in raw:
        return wrong(
            came=_told(raw["failed"], raw.get("file", "")),
            hints=_hint_of(raw["failed"]),
        )
    if name in raw["lacks"]:
        return wrong(
            came=f"the file defines no `{exercise.function}`",
            hints=("Keep the name that the file began with.",),
        )
    outcomes = raw["cases"].get(name, [])
    is_short = len(outcomes) < len(exercise.arguments)
    if "stopped" in raw and raw["at"] in ("", name) and is_short:
        called = ""
        if raw["at"] == name:
            called = told_call(exercise, len(outcomes))
        return wrong(
            called=called,
            expected=_expected(exercise, len(outcomes)) if called else "",
            came=raw["stopped"],
            hints=_hint_of_stop(raw["stopped"]),
        )
    if name not in raw["cases"]:  # the one before it was stopped
        return wrong(came="an exercise before it in the same file stopped")
    return _judge_outcomes(exercise, outcomes, result)


def _judge_outcomes(exercise, outcomes, result) -> Result:
    errors = [o for o in outcomes if "error" in o]
    if any(o["error"] == "NotImplementedError" for o in errors):
        waits = next(o for o in errors if o["error"] == "NotImplementedError")
        line = f" in line {waits['line']}" if "line" in waits else ""
        return result(NOT_BEGUN, 0, came=f"the TODO{line} waits for your code")
    if errors and errors[0]["error"] == "arguments":
        return result(WRONG, 0, came=errors[0]["message"])
    wrong = [
        case
        for case, outcome in enumerate(outcomes)
        if not _same_outcome(exercise, outcome, exercise.expected[case])
    ]
    if not wrong:
        changed = [n for o in outcomes for n in o["changed"]]
        if not changed:
            return result(RIGHT, exercise.points)
        return result(
            WRONG,
            0,
            called=told_call(exercise, 0),
            came=f"the right result, but {changed[0]} is another one now",
            hints=(
                f"Your code changes its argument {changed[0]}: whoever called "
                f"it did not expect that. Make a new one instead of writing "
                "into it (`+=` writes into an array).",
            ),
        )
    case = wrong[0]
    hints = _usual_mistakes(exercise, outcomes)
    hints = hints or _mistake_of_case(exercise, outcomes, case)
    outcome = outcomes[case]
    if "error" in outcome:
        came = _told(outcome)
        hints = hints or _hint_of(outcome)
    else:
        value = unpack(outcome["value"])
        came = shown(value)
        hints = hints or _hint_of_value(
            value, exercise.expected[case], outcome["changed"]
        )
    expected = _expected(exercise, case)
    if "value" in outcome and came.strip("[()]") == expected.strip("[()]"):
        came, expected = _difference(
            unpack(outcome["value"]), exercise.expected[case]
        )
    return result(
        WRONG,
        0,
        called=told_call(exercise, case),
        expected=expected,
        came=came,
        hints=hints,
        again=_again(exercise, case),
    )


def told_call(exercise: Exercise, case: int) -> str:
    """Returns a call as it would be written, its arguments in short.

    Example:

    >>> told_call(load("trace"), 0)
    'trace(x=[1, 2, 3, 4, 5], keep=0.5, write=0.5, h_0=0)'
    """
    arguments = exercise.arguments[min(case, len(exercise.arguments) - 1)]
    width = max(120 // max(len(arguments), 1), 30)
    text = ", ".join(
        f"{name}={shown(value, width)}"
        for name, value in zip(exercise.names, arguments, strict=False)
    )
    if exercise.told is None:
        return f"{exercise.function}({text})"
    return f"{exercise.told}, with {text}"


def _again(exercise: Exercise, case: int) -> str:
    if exercise.told is not None or not exercise.names:
        return ""
    arguments = f"mitseq.exercises.arguments({exercise.name!r}, {case})"
    return f"{exercise.function}(*{arguments})"


def _expected(exercise: Exercise, case: int) -> str:
    return shown(exercise.expected[min(case, len(exercise.expected) - 1)])


# Usual mistakes


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


def _usual_mistakes(
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


def _mistake_of_case(
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


def _equal(exercise, outcomes, theirs) -> bool:
    if len(outcomes) != len(theirs):
        return False
    for a, b in zip(outcomes, theirs, strict=True):
        if "error" in b:
            if a.get("error") != b["error"]:
                return False
        elif not _same_outcome(exercise, a, unpack(b["value"])):
            return False
    return any("value" in b for b in theirs)


def _same_outcome(exercise: Exercise, outcome: Outcome, expected: Any) -> bool:
    return "value" in outcome and same(
        unpack(outcome["value"]), expected, exercise.tolerance
    )


# What helps with any exercise


def _told(outcome: Outcome, file: str = "") -> str:
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


def _hint_of(outcome: Outcome) -> tuple[str, ...]:
    hint = _HINTS_OF_ERRORS.get(outcome["error"])
    shapes = ("matmul", "aligned", "broadcast", "shape")
    if hint is None and any(w in outcome["message"] for w in shapes):
        hint = (
            "The shapes do not fit. Write them beside each other: (B, D) times "
            "(D, H) gives (B, H). A print of `.shape` helps."
        )
    return (hint,) if hint else ()


def _hint_of_stop(stopped: str) -> tuple[str, ...]:
    if "did not end" in stopped:
        return ("Is there a loop that never ends?",)
    if "crashed" in stopped:
        return ("Does a function call itself too often?",)
    return ("The code must not end the program: use `return`.",)


def _hint_of_value(came, expected, changed) -> tuple[str, ...]:
    if came is None:
        return ("It returns nothing (None). Is `return` missing?",)
    if came is Ellipsis or isinstance(came, Other):
        return (f"It returns {came!r}.",) if isinstance(came, Other) else ()
    is_row = isinstance(came, np.ndarray) and came.ndim == 1
    if isinstance(expected, tuple) and not is_row:
        if isinstance(came, (tuple, list)) and len(came) == len(expected):
            for place, (a, b) in enumerate(zip(came, expected, strict=True)):
                if not same(a, b):
                    hints = _hint_of_value(a, b, changed)
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


def _difference(came: Any, expected: Any) -> tuple[str, str]:
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
