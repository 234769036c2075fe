"""Which files of a folder are answers to exercises: a student's, a class's."""

import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from mitseq.errors import MitseqError
from mitseq.exercises.catalog import NAMES, by_function
from mitseq.exercises.start import file_name

Answers = dict[str, Path]
_PAUSE = 0.4  # seconds between two looks at a folder
_DEPTH = 4  # folders in a student's folder
_NOBODYS = ("venv", "env", "site-packages", "node_modules")
_SPEAKS = re.compile(rb"mitseq[ .]exercises( import|[ .](check|start))")
_DEFINES = re.compile(rb"^(?:def|class)\s+(\w+)", re.MULTILINE)


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
