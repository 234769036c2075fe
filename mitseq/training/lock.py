"""One training at a time in a folder.

The lock is the operating system's: it is on the open file, so it goes with the
process, however that ends. A crash leaves no lock behind.
"""

import contextlib
import os
from pathlib import Path

from mitseq.errors import MitseqError
from mitseq.output import check_folder, output_folder

NAME = ".lock"


class LockedError(MitseqError):
    """A folder in which another process is training."""


class FolderLock:
    """Holds a folder for this process: `with FolderLock("runs/music"):`.

    The folder is created where it is missing, and removed at the end if
    nothing was written into it.

    Raises:
        LockedError: if another process holds it, with that one's number.
        OutputError: if the folder cannot be created or written to.

    Example:

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with FolderLock(folder):
    ...         sorted(os.listdir(folder))
    ['.lock']
    """

    def __init__(self, folder: str | os.PathLike):
        self.folder = Path(folder)
        self.path = self.folder / NAME
        self._file = None

    def __enter__(self) -> "FolderLock":
        check_folder(self.folder)
        self._created = not self.folder.exists()
        output_folder(self.folder)
        while self._file is None:
            self._file = self._take()
        self._file.seek(0)
        self._file.truncate()
        self._file.write(str(os.getpid()))
        self._file.flush()
        return self

    def __exit__(self, *error) -> None:
        with contextlib.suppress(OSError):
            self.path.unlink()
        self._file.close()
        self._file = None
        if self._created:
            with contextlib.suppress(OSError):  # it is not empty
                self.folder.rmdir()

    def _take(self):
        """The locked file, or None if it was removed in between."""
        file = open(self.path, "a+", encoding="utf-8")
        try:
            _lock(file)
        except OSError:
            file.seek(0)
            number = file.read().strip()
            file.close()
            raise LockedError(
                f"{self.folder}: another training is writing here (process "
                f"{number or 'unknown'}). Wait for its end, or give another "
                "folder."
            ) from None
        try:
            still_there = os.path.samestat(
                os.fstat(file.fileno()), os.stat(self.path)
            )
        except FileNotFoundError:
            still_there = False
        if still_there:
            return file
        file.close()
        return None


def _lock(file) -> None:
    try:
        import fcntl
    except ImportError:  # Windows locks bytes, and those nobody may read
        import msvcrt

        file.seek(1 << 30)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
