"""Writes what a student begins with: a folder of files, each with TODOs."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from mitseq.exercises.catalog import NAMES, load, number
from mitseq.exercises.exercise import Exercise
from mitseq.output import atomic_write, check_folder, output_folder

README, ADAPTER = "README.md", "test_exercises.py"

_README = """# Exercises

Each file has a function with a TODO. Take away the line

    raise NotImplementedError  # your code

and write yours in its place. Then check it:

    mitseq exercises check                    all files of this folder
    mitseq exercises check {first}
    mitseq exercises check --watch            again, each time you save

or, if you have pytest, `pytest`. The check says what it has called, what it
expected and what came. If it knows your mistake it gives you a hint.

| file | slide | points |
|---|---|---|
{rows}

`mitseq slides show "TITLE"` shows a slide's code and its figure.
"""

_ADAPTER = '''"""Your exercises as tests: `pytest` in this folder runs them."""

from pathlib import Path

import pytest

from mitseq.exercises.child import Child
from mitseq.exercises.folders import find_answers
from mitseq.exercises.students import check_answer

ANSWERS = find_answers(Path(__file__).parent)


@pytest.fixture(scope="module")
def child():
    """The process in which your code runs."""
    with Child() as child:
        yield child


@pytest.mark.parametrize("name", ANSWERS)
def test_exercise(name, child):
    result = check_answer(name, ANSWERS[name], child)
    if result.status == "not begun":
        pytest.skip(f"not begun: {result.came}")
    if not result.is_right:
        pytest.fail(repr(result), pytrace=False)
'''


class Started(NamedTuple):
    """What `start` has done.

    Args:
        written: New files, and those that were replaced.
        kept: Files that were there, and are as they were.
    """

    written: list[Path]
    kept: list[Path]


def file_name(name: str) -> str:
    """Returns the file of an exercise.

    Example:

    >>> file_name("trace")
    '02_trace.py'
    """
    return f"{number(name):02}_{name}.py"


def start(
    folder: str | Path,
    names: Sequence[str] = (),
    *,
    overwrite: bool = False,
    solutions: bool = False,
) -> Started:
    """Writes the files of exercises, a README.md and an adapter for pytest.

    A file that is there stays as it is: it may be a student's work.

    Args:
        folder: Where to; it is created.
        names: Of exercises; none for all.
        overwrite: Replace files that are there.
        solutions: Write the solutions in place of the TODOs.

    Raises:
        MitseqError: if a name is no exercise, or the folder cannot be written.

    Example:

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written, kept = start(folder, ["trace"])
    >>> [path.name for path in written]
    ['02_trace.py', 'README.md', 'test_exercises.py']
    """
    folder = Path(folder)
    exercises = [load(name) for name in names or NAMES]
    exercises.sort(key=lambda each: number(each.name))
    texts = {
        file_name(each.name): _head(each)
        + (each.solved if solutions else each.start)
        for each in exercises
    }
    first = next(iter(texts))
    texts[README] = _README.format(first=first, rows=_rows(exercises))
    texts[ADAPTER] = _ADAPTER
    check_folder(folder)
    output_folder(folder)
    written, kept = [], []
    for name, text in texts.items():
        path = folder / name
        if path.exists() and not overwrite:
            kept.append(path)
        else:
            written.append(atomic_write(path, text))
    return Started(written, kept)


def _head(exercise: Exercise) -> str:
    name = file_name(exercise.name)
    return (
        f'"""{exercise.title}.\n\n'
        f"Slide: {exercise.slide}\n"
        f"Check: mitseq exercises check {name}\n"
        f'"""\n\n'
    )


def _rows(exercises: Sequence[Exercise]) -> str:
    return "\n".join(
        f"| {file_name(each.name)} | {each.slide} | {each.points} |"
        for each in exercises
    )
