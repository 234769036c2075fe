"""The results of a student, and of a class: checked, summed up, as a table."""

import collections
import contextlib
import csv
import io
import os
import queue
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from mitseq.errors import MitseqError
from mitseq.exercises.catalog import NAMES, load
from mitseq.exercises.child import MEMORY, SECONDS, Child
from mitseq.exercises.folders import Answers, find_answers, students_in
from mitseq.exercises.judge import NOT_BEGUN, RIGHT, WRONG, Result, judge
from mitseq.progress import Work


class Student(NamedTuple):
    """A student's results.

    Args:
        name: Of the folder.
        results: One for each exercise, in order.
    """

    name: str
    results: list[Result]

    @property
    def points(self) -> int:
        """The sum of the points."""
        return sum(each.points for each in self.results)

    @property
    def of(self) -> int:
        """The points for right answers to all."""
        return sum(each.of for each in self.results)


def check_answer(name: str, path: Path, child: Child) -> Result:
    """Returns the result of one exercise in one file."""
    return check_answers({name: path}, child)[0]


def check_answers(answers: Answers, child: Child) -> list[Result]:
    """Returns a result for each answer, each file run once."""
    by_path: dict[Path, list[str]] = {}
    for name, path in answers.items():
        by_path.setdefault(path, []).append(name)
    results = {}
    for path, names in by_path.items():
        left = list(names)
        while left:
            raw = child.run(path, left)
            if "stopped" in raw and raw["at"] in left[:-1]:
                # what stands behind the one that was stopped, by itself
                now = left[: left.index(raw["at"]) + 1]
            else:
                now = left
            results.update({name: judge(name, raw) for name in now})
            left = left[len(now) :]
    return [results[name] for name in answers]


def check_class(
    folder: Path,
    seconds: float = SECONDS,
    memory: int = MEMORY,
    workers: int | None = None,
) -> list[Student]:
    """Checks the folders of all students of a class.

    The exercises are those that anybody has a file of; who has none has not
    begun.

    Args:
        folder: Has a folder for each student.
        seconds: For one exercise.
        memory: Bytes that a file may use.
        workers: Processes beside each other; None for one a core.

    Raises:
        MitseqError: if there is no answer in any of the folders.
    """
    folders = students_in(folder)
    found = {path: find_answers(path, below=True) for path in folders}
    names = [n for n in NAMES if any(n in each for each in found.values())]
    if not names:
        raise MitseqError(
            f"{folder} has no exercises, nor has a folder in it. Expected "
            "files such as 02_trace.py; mitseq exercises start writes them"
        )
    count = max(1, min(workers or os.cpu_count() or 1, len(folders)))
    free: queue.Queue[Child] = queue.Queue()

    def check_one(path: Path) -> Student:
        child = free.get()
        try:
            results = check_answers(found[path], child)
            if not child.fork:  # the next one gets a clean process
                child.close()
        finally:
            free.put(child)
        have = {each.name: each for each in results}
        return Student(path.name, [have.get(n) or _missing(n) for n in names])

    with contextlib.ExitStack() as stack:
        for _ in range(count):
            free.put(stack.enter_context(Child(seconds, memory)))
        pool = stack.enter_context(ThreadPoolExecutor(count))
        work = stack.enter_context(Work("checking", len(folders)))
        students = []
        for student in pool.map(check_one, folders):
            students.append(student)
            work.update(len(students), student.name)
    return students


def _missing(name: str) -> Result:
    return Result(name, NOT_BEGUN, 0, load(name).points, came="no file")


class Summary(NamedTuple):
    """How a class did in one exercise.

    Args:
        name: Of the exercise.
        right: How many students are right.
        wrong: How many are not.
        not_begun: How many have not begun.
        hints: How often each hint was given, the most frequent first.
    """

    name: str
    right: int
    wrong: int
    not_begun: int
    hints: list[tuple[str, int]]


def summaries(students: Sequence[Student]) -> list[Summary]:
    """Returns how a class did, exercise by exercise."""
    found = []
    for results in zip(*(each.results for each in students), strict=True):
        count = collections.Counter(each.status for each in results)
        hints = collections.Counter(h for each in results for h in each.hints)
        found.append(
            Summary(
                results[0].name,
                count[RIGHT],
                count[WRONG],
                count[NOT_BEGUN],
                hints.most_common(),
            )
        )
    return found


def to_csv(students: Sequence[Student]) -> str:
    r"""Returns a row a student: name, points, of how many, each exercise.

    Example:

    >>> to_csv([Student("Ada", [Result("trace", "right", 1, 1)])])
    'student,points,of,trace\r\nAda,1,1,1\r\n'
    """
    text = io.StringIO()
    writer = csv.writer(text)
    names = [each.name for each in students[0].results]
    writer.writerow(["student", "points", "of", *names])
    for student in students:
        points = [each.points for each in student.results]
        name = os.fsencode(student.name).decode("utf-8", "replace")
        writer.writerow([name, student.points, student.of, *points])
    return text.getvalue()


def as_dict(result: Result) -> Mapping[str, Any]:
    """Returns a result as plain data, with title and slide."""
    exercise = load(result.name)
    head = {"title": exercise.title, "slide": exercise.slide}
    return {"name": result.name, **head, **vars(result)}
