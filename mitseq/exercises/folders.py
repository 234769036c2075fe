"""A folder of a student, and a folder of folders: a class."""

import collections
import contextlib
import csv
import io
import os
import queue
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from mitseq.errors import MitseqError
from mitseq.exercises.catalog import NAMES, by_function, load
from mitseq.exercises.child import MEMORY, SECONDS, Child
from mitseq.exercises.judge import NOT_BEGUN, RIGHT, WRONG, Result, judge
from mitseq.exercises.start import file_name
from mitseq.progress import Work

Answers = dict[str, Path]
_PAUSE = 0.4  # seconds between two looks at a folder
_DEPTH = 4  # folders in a student's folder
_NOBODYS = ("venv", "env", "site-packages", "node_modules")
_SPEAKS = re.compile(rb"mitseq[ .]exercises( import|[ .](check|start))")
_DEFINES = re.compile(rb"^(?:def|class)\s+(\w+)", re.MULTILINE)


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


# Finding


def find_answers(folder: Path, *, below: bool = False) -> Answers:
    """Returns the file that answers each exercise, in their order.

    It is the one with the name that `start` gave it. If there is none, it is
    a file that speaks of the exercises, as those of `start` do, and has the
    exercise's name or defines its function. No other file is run.

    Args:
        folder: Of a student.
        below: Look into its folders, too, a few of them deep.

    Example:

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "02_trace.py").write_text("")
    ...     _ = Path(folder, "bptt.py").write_text("def bptt(): 1")
    ...     [*find_answers(Path(folder))]
    ['trace']
    """
    found: Answers = {}
    others = []
    for path in _files(folder, below):
        name = _name_in(path)
        if name and path.name == file_name(name):
            found.setdefault(name, path)
        else:
            others.append(path)
    for path in others:
        text = _text_of(path)
        if _SPEAKS.search(text):
            for name in _names_of(path, text):
                found.setdefault(name, path)
    return {name: found[name] for name in NAMES if name in found}


def answers_of_file(path: Path) -> Answers:
    """Returns the exercises that one file answers.

    Raises:
        MitseqError: if there are none.
    """
    names = _names_of(path, _text_of(path))
    if not names:
        raise MitseqError(
            f"{path} answers no exercise. Expected the name of one, such as "
            "02_trace.py, or a function of one, such as `trace`, in a file of "
            "Python"
        )
    return {name: path for name in NAMES if name in names}


def students_in(folder: Path) -> list[Path]:
    """Returns the folders of a class, one for each student, by name."""
    return sorted(
        (p for p in folder.iterdir() if p.is_dir() and not _is_hidden(p)),
        key=lambda path: path.name,
    )


def _files(folder: Path, below: bool) -> Iterator[Path]:
    """Yields Python files by name, those of a folder before those below."""
    for where, folders, names in os.walk(folder):
        is_deep = len(Path(where).relative_to(folder).parts) >= _DEPTH
        folders[:] = sorted(n for n in folders if not _is_hidden(Path(n)))
        if is_deep or not below:
            folders.clear()
        for name in sorted(names):
            if name.endswith(".py") and not name.startswith((".", "test_")):
                yield Path(where, name)


def _is_hidden(path: Path) -> bool:
    return path.name.startswith((".", "__")) or path.name in _NOBODYS


def _name_in(path: Path) -> str | None:
    """Returns the exercise in a name: "02_trace", "trace", "02_trace (1)"."""
    stem = re.sub(r"^\d+[_ -]*|[ _-]*\(?\d+\)?$", "", path.stem)
    return stem if stem in NAMES else None


def _names_of(path: Path, text: bytes) -> list[str]:
    """Returns the exercise that a file is named by, or those it defines.

    Its text is not parsed: a file that Python cannot read is an answer, too.
    """
    if name := _name_in(path):
        return [name]
    known = by_function()
    found = [each.decode() for each in _DEFINES.findall(text)]
    return [known[name].name for name in found if name in known]


def _text_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # a link that leads nowhere
        return b""


# Checking


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


def changes(
    look: Callable[[], Answers], pause: Callable[[float], Any] = time.sleep
) -> Iterator[Answers]:
    """Yields answers as their files are saved, for ever.

    Args:
        look: Returns the answers.
        pause: Waits between two looks.
    """
    seen = {name: _stamp(path) for name, path in look().items()}
    while True:
        pause(_PAUSE)
        answers = look()
        stamps = {name: _stamp(path) for name, path in answers.items()}
        changed = {n: p for n, p in answers.items() if stamps[n] != seen.get(n)}
        seen = stamps
        if changed:
            yield changed


def _stamp(path: Path) -> tuple:
    try:
        status = path.stat()
    except OSError:  # on its way from one name to another
        return ()
    return path, status.st_mtime_ns, status.st_size


# Telling


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
