"""From what a student's function did to points and words that help."""

import dataclasses
import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mitseq.exercises.attempt import Outcome
from mitseq.exercises.catalog import load, number
from mitseq.exercises.exercise import Exercise
from mitseq.exercises.general_hints import (
    difference,
    hint_of_error,
    hint_of_stop,
    hint_of_value,
    told_error,
)
from mitseq.exercises.mistakes import (
    mistake_of_case,
    same_outcome,
    usual_mistakes,
)
from mitseq.exercises.values import shown, unpack

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
            came=told_error(raw["failed"], raw.get("file", "")),
            hints=hint_of_error(raw["failed"]),
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
            hints=hint_of_stop(raw["stopped"]),
        )
    if name not in raw["cases"]:  # the one before it was stopped
        return wrong(came="an exercise before it in the same file stopped")
    return _judge_outcomes(exercise, outcomes, result)


def _judge_outcomes(
    exercise: Exercise,
    outcomes: Sequence[Outcome],
    result: Callable[..., Result],
) -> Result:
    for outcome in outcomes:
        if outcome.get("error") == "NotImplementedError":
            line = f" in line {outcome['line']}" if "line" in outcome else ""
            came = f"the TODO{line} waits for your code"
            return result(NOT_BEGUN, 0, came=came)
        if outcome.get("error") == "arguments":
            return result(WRONG, 0, came=outcome["message"])
    for case, outcome in enumerate(outcomes):
        if not same_outcome(exercise, outcome, exercise.expected[case]):
            called = told_call(exercise, case)
            result = functools.partial(result, WRONG, 0, called=called)
            return _judge_case(exercise, outcomes, case, result)
    changed = [name for outcome in outcomes for name in outcome["changed"]]
    if not changed:
        return result(RIGHT, exercise.points)
    return result(
        WRONG,
        0,
        called=told_call(exercise, 0),
        came=f"the right result, but {changed[0]} is another one now",
        hints=(
            f"Your code changes its argument {changed[0]}: whoever called it "
            "did not expect that. Make a new one instead of writing into it "
            "(`+=` writes into an array).",
        ),
    )


def _judge_case(
    exercise: Exercise,
    outcomes: Sequence[Outcome],
    case: int,
    result: Callable[..., Result],
) -> Result:
    """Returns what is to say about the first call that went wrong."""
    outcome, right = outcomes[case], exercise.expected[case]
    hints = usual_mistakes(exercise, outcomes) or mistake_of_case(
        exercise, outcomes, case
    )
    expected = shown(right)
    if "error" in outcome:
        came = told_error(outcome)
        hints = hints or hint_of_error(outcome)
    else:
        value = unpack(outcome["value"])
        came = shown(value)
        if came.strip("[()]") == expected.strip("[()]"):
            came, expected = difference(value, right)
        hints = hints or hint_of_value(value, right, outcome["changed"])
    again = _again(exercise, case)
    return result(expected=expected, came=came, hints=hints, again=again)


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
