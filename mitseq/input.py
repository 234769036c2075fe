"""Files as a user names them: also "-", and what can be read only once.

A reader may look at a file twice, or ask how large it is. Of standard input, a
pipe or a device it gets a copy that it can do so with, and that still goes by
the name that the user gave.
"""

import contextlib
import os
import shutil
import stat
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from mitseq.arguments import check_path
from mitseq.errors import MitseqError

STANDARD_INPUT = "standard input"
MOST = 1 << 30  # bytes of a copy
PATIENCE = 2.0  # seconds after which it says for what it waits
_PIECE = 1 << 20


class _Copy(type(Path())):  # type: ignore[misc]
    """A temporary file that is told by another name."""

    told: str | None = None

    def __str__(self) -> str:
        return super().__str__() if self.told is None else self.told

    def __fspath__(self) -> str:
        return super().__str__()


def input_path(path: str | os.PathLike) -> Path:
    """Returns a file that can be read as often as needed.

    Args:
        path: A file or folder, which comes back as it is, there or not; or
            "-" for standard input, a named pipe, or a device such as
            /dev/stdin. These are read here, to their end.

    Raises:
        MitseqError: if a pipe or device cannot be read, or has more bytes than
            `MOST`.

    Example:

    >>> input_path("tunes.abc")
    PosixPath('tunes.abc')
    """
    if isinstance(path, _Copy):
        return path
    check_path(path=path)
    if os.fspath(path) == "-":
        if sys.stdin is None:
            raise MitseqError(f"{STANDARD_INPUT}: there is none")
        return _copy(getattr(sys.stdin, "buffer", sys.stdin), STANDARD_INPUT)
    path = Path(path)
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):  # whoever reads it says so
        return path
    if not (stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)):
        return path
    try:
        with _waiting(str(path)):
            file = open(path, "rb")  # a pipe opens when somebody writes
        with file:
            return _copy(file, str(path))
    except OSError as error:
        raise MitseqError(f"{path}: {error.strerror}") from error


@contextlib.contextmanager
def _waiting(name: str) -> Iterator[None]:
    """Says after a while that nothing has come yet."""
    told = f"{name}: waiting, nothing has come yet"
    timer = threading.Timer(PATIENCE, print, [told], {"file": sys.stderr})
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _copy(file: IO[bytes], name: str) -> _Copy:
    # a name that what is made of it can have too
    base = os.path.basename(name).replace(" ", "-")
    path = os.path.join(tempfile.mkdtemp(dir=_folder()), base)
    size = 0
    with open(path, "xb") as copy:
        with _waiting(name):
            piece = file.read1(_PIECE)  # type: ignore[attr-defined]
        while piece:
            size += len(piece)
            if size > MOST:
                raise MitseqError(
                    f"{name}: more than {MOST:,} bytes, expected a file where "
                    "there is so much"
                )
            copy.write(piece)
            piece = file.read1(_PIECE)  # type: ignore[attr-defined]
    copied = _Copy(path)
    copied.told = name
    return copied


_folders: list[str] = []


def _folder() -> str:
    """The folder of the copies of this process, removed at its end."""
    if not _folders:
        import atexit

        _folders.append(tempfile.mkdtemp(prefix="mitseq-"))
        atexit.register(shutil.rmtree, _folders[0], ignore_errors=True)
    return _folders[0]
