"""All that the rest of a training depends on, in one file, and the one before.

Keras's `BackupAndRestore` keeps weights, optimizer and epoch only. Killed and
resumed it made 36 or 40 steps instead of 32, and never the weights of the run
that was not killed. So a snapshot also holds the random states of dropout, the
averages, the place in the data, the metrics so far, the history, the best
weights, and what run.json has: a resumed run ends as if nothing had happened.

A file can be torn on the disk by what no program can help. The format, a zip
archive, has a checksum of each array, and the last two snapshots are kept.
"""

import contextlib
import io
import json
import os
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from mitseq.errors import MitseqError
from mitseq.output import atomic_path

NEWEST, BEFORE = "snapshot.npz", "snapshot-before.npz"

_ARRAYS = ("variables", "metrics", "best")


class SnapshotError(MitseqError):
    """A snapshot that is missing, damaged or of another training."""


@dataclass
class Snapshot:
    """The state of a training between two steps."""

    epoch: int = 0  # how many are done
    step: int = 0  # how many of the next epoch are done
    seconds: float = 0.0  # how long it has taken
    rows: list[dict] = field(default_factory=list)  # what was measured
    run: dict = field(default_factory=dict)  # what run.json has
    # weights, random states, the optimizer's variables
    variables: list[np.ndarray] = field(default_factory=list)
    # the sums behind the metrics of the epoch that is begun
    metrics: list[np.ndarray] = field(default_factory=list)
    # the weights of the best epoch
    best: list[np.ndarray] = field(default_factory=list)

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        if self.step:
            return f"epoch {self.epoch + 1}, step {self.step}"
        return f"the end of epoch {self.epoch}"

    def write(self, path: str | os.PathLike) -> None:
        """Writes an `.npz` file, whole or not at all.

        Raises:
            OutputError: if it cannot be written.
        """
        with atomic_path(path, sync=True) as temporary:
            self._write(temporary)

    def _write(self, path):
        record = {k: v for k, v in vars(self).items() if k not in _ARRAYS}
        record["counts"] = {kind: len(getattr(self, kind)) for kind in _ARRAYS}
        named = {
            f"{kind}_{i}": array
            for kind in _ARRAYS
            for i, array in enumerate(getattr(self, kind))
        }
        with open(path, "wb") as file:
            np.savez(file, record=json.dumps(record), **named)

    @classmethod
    def read(cls, path: str | os.PathLike) -> "Snapshot":
        """Reads what `write` wrote.

        Raises:
            SnapshotError: if the file is missing or damaged.

        Example:

        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = os.path.join(folder, "snapshot.npz")
        ...     Snapshot(epoch=2, best=[np.ones(3)]).write(path)
        ...     Snapshot.read(path).best
        [array([1., 1., 1.])]
        """
        try:
            with zipfile.ZipFile(path) as archive:
                record = json.loads(str(_array(archive, "record")))
                arrays = {
                    kind: [_array(archive, f"{kind}_{i}") for i in range(count)]
                    for kind, count in record.pop("counts").items()
                }
            return cls(**record, **arrays)
        except FileNotFoundError:
            raise SnapshotError(f"{path} is missing") from None
        except Exception as error:  # whatever damaged bytes make NumPy raise
            reason = " ".join(str(error).split()) or type(error).__name__
            raise SnapshotError(f"{path} is damaged ({reason})") from None


class LastSnapshots:
    """The last two snapshots in a folder.

    A new one takes the place of the newest, and that one's of the one before.
    One that `read` has found damaged is not put over a good one.

    Example:

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     last = LastSnapshots(folder)
    ...     for epoch in (1, 2, 3):
    ...         last.write(Snapshot(epoch=epoch))
    ...     size = (Path(folder) / "snapshot.npz").write_text("torn")
    ...     last.read()[0].epoch
    2
    """

    def __init__(self, folder: str | os.PathLike):
        self.newest = Path(folder) / NEWEST
        self.before = Path(folder) / BEFORE
        self._is_good = True  # the newest, or there is none

    def write(self, snapshot: Snapshot) -> None:
        """Writes the newest.

        Raises:
            OutputError: if it cannot be written; both are there as before.
        """
        with atomic_path(self.newest, sync=True) as temporary:
            snapshot._write(temporary)
            if self._is_good:
                with contextlib.suppress(FileNotFoundError):
                    os.replace(self.newest, self.before)
        self._is_good = True

    def read(self, settings: dict | None = None) -> tuple[Snapshot | None, str]:
        """Reads the newest, or the one before if the newest is damaged.

        Args:
            settings: What `Snapshot.run` has to hold; None for anything.

        Returns:
            The snapshot, and what is wrong with the newest one, in words. No
            snapshot if none was ever written.

        Raises:
            SnapshotError: if one is there and none is good.
        """
        if not (self.newest.exists() or self.before.exists()):
            return None, ""
        try:
            self._is_good = False
            snapshot = _read_of(self.newest, settings)
            self._is_good = True
            return snapshot, ""
        except SnapshotError as error:
            wrong = str(error)
        try:
            return _read_of(self.before, settings), wrong
        except SnapshotError as error:
            raise SnapshotError(
                f"{wrong}, and {error}: nothing can be resumed, and nothing "
                "was changed. Train anew in another folder."
            ) from None


def _array(archive, name):
    # read to its end, so that the checksum is compared
    return np.load(io.BytesIO(archive.read(f"{name}.npy")))


def _read_of(path, settings):
    snapshot = Snapshot.read(path)
    for name, value in (settings or {}).items():
        if snapshot.run.get(name) != value:
            raise SnapshotError(f"{path} is of another training")
    return snapshot
