"""`mitseq exercises check`: what is right, and hints for what is not."""

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mitseq.cli.options import PositiveNumber, json_option, option, paths
from mitseq.cli.program import REJECTED, command, one_line, print_json, remark
from mitseq.cli.work import progress
from mitseq.errors import MitseqError

if TYPE_CHECKING:
    from mitseq.exercises.child import Child
    from mitseq.exercises.folders import Answers
    from mitseq.exercises.judge import Result
    from mitseq.exercises.students import Student

WIDTH = 28  # of a student's name


@command(
    "mitseq exercises check my_exercises",
    "mitseq exercises check 02_trace.py",
    "mitseq exercises check --watch",
    "mitseq exercises check class --csv scores.csv",
)
@click.argument(
    "path", type=paths, default=Path("."), metavar="[DIR|FILE]", required=False
)
@option("--watch", is_flag=True, help="Check again each time a file is saved.")
@option(
    "--csv",
    "csv_file",
    type=paths,
    metavar="FILE",
    help="Write the points as a table: a row a student.",
)
@option(
    "--overwrite", is_flag=True, help="Replace the --csv file if it is there."
)
@option(
    "--seconds",
    type=PositiveNumber(),
    default=10.0,
    metavar="SECONDS",
    help="Stop an exercise that takes longer.",
)
@json_option
@click.pass_context
def check(
    context: click.Context,
    path: Path,
    watch: bool,
    csv_file: Path | None,
    overwrite: bool,
    seconds: float,
    as_json: bool,
) -> None:
    """Check exercises: of a file, of a folder, or of a class.

    A class is a folder with a folder for each student. Exit code 0 says that
    all of a student's exercises are right, 1 that some are not; for a class
    it is 0 in either case.
    """
    from mitseq.exercises.folders import answers_of_file, find_answers
    from mitseq.exercises.students import Student, check_answers, check_class
    from mitseq.output import check_new

    if watch and (as_json or csv_file):
        raise click.UsageError("--watch takes neither --json nor --csv")
    if csv_file is not None:
        check_new(csv_file, overwrite)
    if not path.exists():
        raise MitseqError(f"{path}: no such file or folder")

    def look() -> "Answers":
        return find_answers(path) if path.is_dir() else answers_of_file(path)

    answers = look()
    if not answers and not watch:
        with progress():
            students = check_class(path, seconds)
        _write_csv(csv_file, students)
        _tell_class(students, as_json)
        return
    from mitseq.exercises.child import Child

    with Child(seconds) as child:
        results = check_answers(answers, child)
        student = Student(path.resolve().name, results)
        _write_csv(csv_file, [student])
        if as_json:
            _tell_json(path, student, answers)
        else:
            _tell(results)
        if watch:
            with contextlib.suppress(KeyboardInterrupt):
                _watch(look, child)
            return
    if not all(each.is_right for each in results):
        context.exit(REJECTED)


def _watch(look: Callable[[], "Answers"], child: "Child") -> None:
    from mitseq.exercises.folders import changes
    from mitseq.exercises.students import check_answers

    remark("watching; Ctrl-C ends it")
    for answers in changes(look):
        _tell(check_answers(answers, child))


def _write_csv(path: Path | None, students: Sequence["Student"]) -> None:
    from mitseq.exercises.students import to_csv
    from mitseq.output import atomic_write

    if path is not None:
        atomic_write(path, to_csv(students))
        remark(f"{path} has the points")


def _safe(text: str) -> str:
    """A line of a student's values that is safe to show in a terminal."""
    return "".join(c if c.isprintable() else "?" for c in text)


def _tell(results: Sequence["Result"]) -> None:
    for result in results:
        lines = result.lines()
        if result.status == "not begun" and len(results) > 1:
            lines = lines[:1]
        for line in lines:
            click.echo(_safe(line))
    points = sum(each.points for each in results)
    of = sum(each.of for each in results)
    click.echo(f"{points} of {of} points")


def _tell_json(path: Path, student: "Student", answers: "Answers") -> None:
    from mitseq.exercises.students import as_dict

    print_json(
        {
            "path": path,
            "points": student.points,
            "of": student.of,
            "exercises": [
                {**as_dict(each), "file": answers[each.name]}
                for each in student.results
            ],
        }
    )


def _tell_class(students: Sequence["Student"], as_json: bool) -> None:
    from mitseq.exercises.students import as_dict, summaries

    told = summaries(students)
    if as_json:
        print_json(
            {
                "students": [
                    {
                        "student": each.name,
                        "points": each.points,
                        "of": each.of,
                        "exercises": [as_dict(r) for r in each.results],
                    }
                    for each in students
                ],
                "exercises": [
                    {
                        **each._asdict(),
                        "hints": [
                            {"hint": hint, "count": count}
                            for hint, count in each.hints
                        ],
                    }
                    for each in told
                ],
            }
        )
        return
    for each in students:
        name = one_line(each.name)
        click.echo(f"{name:{WIDTH}} {each.points:3} of {each.of}")
    click.echo(f"\n{'exercise':18} right  wrong  not begun  most often")
    for one in told:
        often = ""
        if one.hints:
            hint, count = one.hints[0]
            often = f"{count} x {one_line(hint)}"
        click.echo(
            f"{one.name:18} {one.right:5}  {one.wrong:5}  {one.not_begun:9}  "
            f"{often}".rstrip()
        )
