"""Files appear whole or not at all.

Whatever mitseq writes, it writes to a temporary name in the same folder and
moves it into place at the end. A full disk, a missing permission or Ctrl-C
leaves the file that stood there before, and never half a file. What must
outlast a power cut, too, is written with `sync`.
"""

import contextlib
import errno
import os
import re
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from mitseq.errors import MitseqError

# A temporary file says which process writes it. The number alone does not: a
# container that starts anew numbers its processes as before.
_PROCESS = secrets.token_hex(3)
_TEMPORARY = re.compile(
    r"\.mitseq-(\d+)-([0-9a-f]{6})-[0-9a-f]{8}(\.[^.]*){0,2}"
)
_DAY = 86400.0


class OutputError(MitseqError):
    """A file or folder that cannot be written, as the user named it, and why.

    Example:

    >>> print(OutputError("tunes/a.mid", "No space left on device"))
    cannot write tunes/a.mid: No space left on device
    """

    def __init__(self, path: str | os.PathLike, reason: str):
        super().__init__(path, reason)
        self.path = Path(path)
        self.reason = reason

    def __str__(self) -> str:
        return f"cannot write {self.path}: {self.reason}"


def atomic_write(
    path: str | os.PathLike, data: bytes | str, *, sync: bool = False
) -> Path:
    r"""Writes one whole file, or leaves what stood there before.

    Folders on the way are created. Text is written as UTF-8, line ends as
    they are. `sync` is as in `atomic_path`.

    Returns:
        The path of the file.

    Raises:
        OutputError: if the file cannot be written.

    Example:

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     atomic_write(Path(folder) / "new" / "a.abc", "X:1\n").read_text()
    'X:1\n'
    """
    if isinstance(data, str):
        data = data.encode("utf-8")
    with atomic_path(path, sync=sync) as temporary:
        temporary.write_bytes(data)
    return Path(path)


@contextlib.contextmanager
def atomic_path(
    path: str | os.PathLike, *, sync: bool = False
) -> Iterator[Path]:
    """Gives a temporary path that becomes `path` when the block succeeds.

    The temporary file stands in the same folder and has the same suffix, for
    writers that look at it. When the block raises, it is removed. Folders on
    the way are created.

    Args:
        path: What is to be written.
        sync: Wait until the disk has the file before it takes its name, and
            then until it has the name.

    Raises:
        OutputError: if the file cannot be written, also for an `OSError` in
            the block, unless that names another file.

    Example:

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with atomic_path(Path(folder) / "a.txt") as temporary:
    ...         size = temporary.write_text("hello")
    ...     sorted(p.name for p in Path(folder).iterdir())
    ['a.txt']
    """
    path = Path(path)
    # A link stays a link: its target is what gets replaced.
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise OutputError(path, "it is a folder, expected a file")
    if target.exists() and not target.is_file():
        raise OutputError(path, "it is not a regular file")
    output_folder(target.parent, shown=path)
    suffix = "".join(target.suffixes[-2:])
    temporary = target.with_name(
        f".mitseq-{os.getpid()}-{_PROCESS}-{secrets.token_hex(4)}{suffix}"
    )
    try:
        yield temporary
        if sync:
            _sync(temporary, os.O_RDWR)
        os.replace(temporary, target)
        if sync and os.name != "nt":  # Windows opens no folder
            _sync(target.parent, os.O_RDONLY)
    except OSError as error:
        if _names_another_file(error, temporary):
            raise
        raise OutputError(path, _reason(error)) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def remove_temporaries(folder: str | os.PathLike) -> None:
    """Removes what processes that were killed while they wrote left behind.

    Only temporary files of mitseq are removed, and only those whose process
    is gone or that are a day old.

    Example:

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for name in (".mitseq-4194399-a1b2c3-01234567.npz", ".my.npz"):
    ...         size = (Path(folder) / name).write_text("half")
    ...     remove_temporaries(folder)
    ...     [path.name for path in Path(folder).iterdir()]
    ['.my.npz']
    """
    for path in Path(folder).iterdir():
        found = _TEMPORARY.fullmatch(path.name)
        if found is None:
            continue
        with contextlib.suppress(OSError):
            is_old = time.time() - path.stat().st_mtime > _DAY
            if is_old or not _is_writing(int(found[1]), found[2]):
                path.unlink()


def check_folder(path: str | os.PathLike) -> None:
    """Looks whether a folder could be created and written to.

    Nothing is created, so that a mistake found later leaves no empty folder.

    Raises:
        OutputError: if a file stands in its way, or permission is missing.

    Example:

    >>> check_folder("setup.cfg/tunes")
    Traceback (most recent call last):
    ...
    mitseq.output.OutputError: cannot write setup.cfg/tunes: setup.cfg is a
    file, expected a folder
    """
    nearest = Path(path)
    try:
        while not os.path.lexists(nearest) and nearest != nearest.parent:
            nearest = nearest.parent
        if not nearest.is_dir():
            raise OutputError(path, f"{nearest} is a file, expected a folder")
    except OSError as error:
        raise OutputError(path, _reason(error)) from error
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise OutputError(path, os.strerror(errno.EACCES))


def check_new(path: str | os.PathLike, overwrite: bool) -> None:
    """Refuses a file that is there, unless it may be replaced.

    Raises:
        MitseqError: if it exists and `overwrite` is False.

    Example:

    >>> check_new("setup.cfg", overwrite=False)
    Traceback (most recent call last):
    ...
    mitseq.errors.MitseqError: setup.cfg exists; --overwrite replaces it
    """
    if os.path.lexists(path) and not overwrite:
        raise MitseqError(f"{os.fspath(path)} exists; --overwrite replaces it")


def output_folder(
    path: str | os.PathLike, shown: str | os.PathLike | None = None
) -> Path:
    """Creates a folder, and makes sure that files can be written into it.

    Called before a long job, so that it fails at its start and not at its end.

    An error names `shown`, or `path` where it is not given.

    Raises:
        OutputError: if it cannot be created, or not be written to.

    Example:

    >>> output_folder("setup.cfg/tunes")
    Traceback (most recent call last):
    ...
    mitseq.output.OutputError: cannot write setup.cfg/tunes: Not a directory
    """
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise OutputError(
            shown or path, f"{folder} is a file, expected a folder"
        ) from error
    except OSError as error:
        raise OutputError(shown or path, _reason(error)) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(shown or path, os.strerror(errno.EACCES))
    return folder


def _is_writing(number: int, process: str) -> bool:
    """Whether the process that began a temporary file may still write it."""
    if number == os.getpid():
        return process == _PROCESS
    if os.name == "nt":  # asking there, as below, would end it
        return True
    try:
        os.kill(number, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # it is there, and somebody else's
        return True
    return True


def _sync(path: Path, mode: int) -> None:
    opened = os.open(path, mode)
    try:
        os.fsync(opened)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a file system that cannot sync this
            raise
    finally:
        os.close(opened)


def _names_another_file(error: OSError, temporary: Path) -> bool:
    named = [n for n in (error.filename, error.filename2) if n is not None]
    return bool(named) and not any(
        os.fspath(temporary.name) in os.fsdecode(n)
        for n in named
        if not isinstance(n, int)
    )


def _reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "nothing was written"
    text = error.strerror or str(error) or type(error).__name__
    return " ".join(text.split())
