"""A training and its folder: who writes there, what was asked, what is done.

Every task trains in the same way, into a folder of the same layout:

    run.json       the settings as they were given, and whether it is finished
    snapshot.npz   all that the rest of the training depends on (snapshot.py)
    history.csv    what was measured, a row an epoch
    model.keras    the best model so far, or the finished one
    .lock          while a process trains here (lock.py)

`TrainingRun` is that folder; `fit.py` trains in it. Nothing here needs
TensorFlow, so that the command line can say quickly what is wrong.
"""

import csv
import hashlib
import json
import os
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from mitseq.errors import MitseqError
from mitseq.output import atomic_write, remove_temporaries
from mitseq.training.lock import FolderLock

RECORD, SNAPSHOT = "run.json", "snapshot.npz"
HISTORY, MODEL = "history.csv", "model.keras"
EARLIER = ("snapshot.json", "training.json")  # of mitseq before run.json
FORMAT = 1


class TrainingRun:
    """One training, from its first start to its end, over all its resumes.

    Use it as a context: the folder is locked meanwhile.

    Args:
        folder: Where the training is kept; None for one that is in memory
            only and cannot be resumed.
        resume: Go on with the training in the folder, instead of a new one.

    Attributes:
        options: What the caller wants to find again when it resumes, a dict
            of JSON values; stored by `start`.
        settings: What the training was started with.
        length: `[epochs, minutes]` as they were given.

    Raises:
        LockedError: if another process trains in the folder.
        MitseqError: if there is a training already and `resume` is False, or
            none and `resume` is True.

    Example:

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with TrainingRun(folder) as run:
    ...         run.check({"units": 8}, epochs=2)
    ...         run.start()
    ...     with TrainingRun(folder, resume=True) as run:
    ...         run.settings, run.length, run.is_finished(2, None)
    ({'units': 8}, [2, None], False)
    """

    def __init__(
        self, folder: str | os.PathLike | None = None, *, resume: bool = False
    ):
        self.folder = None if folder is None else Path(folder)
        self.resume = resume
        self.options: dict = {}
        self.settings: dict = {}
        self.length: list = [None, None]
        self._finished: list | None = None
        self._data = ""

    def __enter__(self) -> "TrainingRun":
        if self.folder is None:
            if self.resume:
                raise MitseqError(
                    "`resume` needs the folder `out` in which the training "
                    "is kept. Received: out=None."
                )
            return self
        self._lock = FolderLock(self.folder)
        self._lock.__enter__()
        try:
            if self.resume:
                self._read()
                remove_temporaries(self.folder)
            else:
                self._refuse_another()
        except BaseException:
            self._lock.__exit__()
            raise
        return self

    def __exit__(self, *error) -> None:
        if self.folder is not None:
            self._lock.__exit__()

    def path(self, name: str) -> Path | None:
        """Returns the path of a file in the folder; None without a folder."""
        return None if self.folder is None else self.folder / name

    def is_finished(self, epochs: int | None, minutes: float | None) -> bool:
        """Tells whether it has come to the end of just this length."""
        return self._finished == [epochs, minutes]

    def check(
        self,
        settings: dict,
        *,
        data: Iterable[str] = (),
        epochs: int | None = None,
        minutes: float | None = None,
    ) -> None:
        """Takes the settings, or refuses to resume with other ones.

        The length may be another one than before.

        Args:
            settings: All that decides what is trained, a dict of JSON values.
            data: All that is learned from, as texts; a fingerprint is kept.
            epochs: Most passes over the data, or None.
            minutes: Most minutes, or None.

        Raises:
            MitseqError: if a setting or the data is not as in the training
                that is resumed.
        """
        settings = json.loads(json.dumps(settings, default=str))
        fingerprint = _fingerprint(data)
        if self.resume:
            for name, value in settings.items():
                before = self.settings.get(name, value)
                if before != value:
                    raise MitseqError(
                        f"`{name}` must be as in the training that is resumed "
                        f"({before!r}). Received: {name}={value!r}."
                    )
            if fingerprint != self._data:
                raise MitseqError(
                    f"{self.folder}: the training to resume had other data. "
                    "Resume it with the same, or train anew."
                )
        self.settings, self._data = settings, fingerprint
        self.length = [epochs, minutes]

    def start(self) -> None:
        """Writes `run.json`. Call it when nothing that was given is wrong."""
        self._write()

    def finish(self) -> None:
        """Marks the training as finished."""
        self._finished = self.length
        self._write()

    def write_history(self, rows: list[dict]) -> None:
        """Writes `history.csv` from a dict of numbers an epoch."""
        if self.folder is None or not rows:
            return
        names = list(dict.fromkeys(name for row in rows for name in row))
        lines = [",".join(names)]
        lines += [
            ",".join(str(row.get(name, "")) for name in names) for row in rows
        ]
        atomic_write(self.folder / HISTORY, "\n".join(lines) + "\n")

    def _refuse_another(self):
        for name in (RECORD, MODEL, HISTORY, *EARLIER):
            if (self.folder / name).exists():
                raise MitseqError(
                    f"{self.folder / name} exists. Pass `resume` (--resume) "
                    "to go on with that training, or another output folder."
                )

    def _read(self):
        path = self.folder / RECORD
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            if record["format"] != FORMAT:
                raise ValueError(f"format {record['format']!r}")
            self.options, self.settings = record["options"], record["settings"]
            self.length, self._data = record["length"], record["data"]
            self._finished = record["finished"]
        except FileNotFoundError:
            old = [n for n in EARLIER if (self.folder / n).exists()]
            why = (
                f" {old[0]} is of an earlier version, whose trainings cannot "
                "be resumed."
                if old
                else f" Expected {RECORD}, as a training without --resume "
                "writes it."
            )
            raise MitseqError(
                f"{self.folder} has no training to resume.{why}"
            ) from None
        except (ValueError, KeyError, TypeError) as error:
            raise MitseqError(f"{path}: damaged: {error}") from None

    def _write(self):
        if self.folder is None:
            return
        record = {
            "format": FORMAT,
            "options": self.options,
            "settings": self.settings,
            "length": self.length,
            "finished": self._finished,
            "data": self._data,
        }
        text = json.dumps(record, indent=1, default=str)
        atomic_write(self.folder / RECORD, text + "\n")


def open_run(
    out: str | os.PathLike | TrainingRun | None, resume: bool
) -> AbstractContextManager[TrainingRun]:
    """Returns a context with the run in a folder, or with one that is open.

    That one is somebody else's to close.
    """
    if isinstance(out, TrainingRun):
        return nullcontext(out)
    return TrainingRun(out, resume=resume)


def read_history(path: str | os.PathLike) -> list[dict]:
    """Returns the rows of a `history.csv`, numbers as floats."""
    with open(path, encoding="utf-8", newline="") as file:
        return [
            {name: float(value) for name, value in row.items() if value}
            for row in csv.DictReader(file)
        ]


def _fingerprint(texts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for text in texts:
        digest.update(text.encode("utf-8", "replace") + b"\0")
    return digest.hexdigest()
