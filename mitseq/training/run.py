"""A training and its folder: who writes there, what was asked, what is done.

Every task trains in the same way, into a folder of the same layout:

    run.json              the settings as they were given, which files belong
                          to the training, and whether it is finished
    snapshot.npz          all that the rest of the training depends on
    snapshot-before.npz   the one before (snapshot.py)
    history.csv           what was measured, a row an epoch
    model.keras           the best model so far, or the finished one
    .lock                 while a process trains here (lock.py)

The snapshots are the truth: each has what run.json has, and the other files
come from them. So they are written first, and a training that is resumed looks
at all files before it changes any, and makes anew those that are damaged.

`TrainingRun` is that folder; `fit.py` trains in it. Nothing here needs
TensorFlow, so that the command line can say quickly what is wrong.
"""

import contextlib
import csv
import json
import logging
import os
import tempfile
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from mitseq.errors import MitseqError
from mitseq.output import atomic_path, atomic_write, remove_temporaries
from mitseq.training.interrupt import Interrupted, Request, interrupts
from mitseq.training.lock import FolderLock
from mitseq.training.record import (
    FORMAT,
    checksum,
    fingerprint,
    is_sound,
    read_record,
    versions,
    write_record,
)
from mitseq.training.snapshot import BEFORE, NEWEST, LastSnapshots, Snapshot
from mitseq.training.workers import Alone

RECORD = "run.json"
HISTORY, MODEL = "history.csv", "model.keras"
EARLIER = ("snapshot.json", "training.json")  # of mitseq before run.json

logger = logging.getLogger("mitseq")


class TrainingRun:
    """One training, from its first start to its end, over all its resumes.

    Use it as a context: the folder is locked meanwhile, and a signal to stop
    becomes `Interrupted`, with a message that says what was saved.

    Args:
        folder: Where the training is kept; None for one that is in memory
            only and cannot be resumed.
        resume: Go on with the training in the folder, instead of a new one.
        workers: Who trains together; only the first has the folder, and hands
            on what the others need to resume.
        second_quits: As in `interrupts`.

    Attributes:
        options: What the caller wants to find again when it resumes, a dict
            of JSON values; stored by `start`.
        settings: What the training was started with.
        length: `[epochs, minutes]` as they were given.
        best: Epoch and value of `model.keras`, as `write_model` was told; None
            if there is none or it is damaged.
        snapshot: What a training that is resumed goes on from; None for the
            beginning.
        request: Whether the process was asked to stop.

    Raises:
        LockedError: if another process trains in the folder.
        MitseqError: if there is a training already and `resume` is False, or
            none and `resume` is True, or it is damaged.

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
        self,
        folder: str | os.PathLike | None = None,
        *,
        resume: bool = False,
        second_quits: bool = False,
        workers: Alone | None = None,
    ):
        self.workers = workers or Alone()
        is_kept = folder is not None and self.workers.is_first
        self.folder = Path(folder) if is_kept else None
        self._opened: contextlib.ExitStack | None = None
        self.resume, self._second_quits = resume, second_quits
        self.options: dict = {}
        self.settings: dict = {}
        self.length: list = [None, None]
        self.best: tuple[int, float] | None = None
        self.snapshot: Snapshot | None = None
        self.request = Request()
        self._finished: list | None = None
        self._data = ""
        # the checksums of files in the folder: what is learned from, what came
        self._inputs: dict[str, str] = {}
        self._outputs: dict[str, str] = {}
        self._saved = ""
        self._is_older = False  # the snapshot: the newest is damaged

    @property
    def saved(self) -> str:
        """What was saved last, in words; "" before `start`."""
        return self._saved

    @property
    def writes(self) -> bool:
        """Whether this process is the one that writes into the folder."""
        return self.folder is not None

    def agree(self, wish: bool) -> bool:
        """Returns whether to do what this process wishes to do.

        Whatever hangs on clocks and signals is asked here: that the budget is
        used up, that a snapshot is due. Several workers must all do it after
        the same step.
        """
        return self.workers.any_of(wish)[0]

    def __enter__(self) -> "TrainingRun":
        if not self.workers.are_several:
            return self._open()
        wrong = ""
        if self.workers.is_first:
            try:
                self._open()
            except MitseqError as error:
                wrong = str(error)
        self._hand_on(wrong)
        return self

    def _open(self):
        if self.folder is None:
            if self.resume:
                raise MitseqError(
                    "`resume` needs the folder `out` in which the training "
                    "is kept. Received: out=None."
                )
            return self
        with contextlib.ExitStack() as stack:
            stack.enter_context(FolderLock(self.folder))
            self._snapshots = LastSnapshots(self.folder)
            if self.resume:
                self._read()
            else:
                self._refuse_another()
            remove_temporaries(self.folder)
            for path in filter(Path.is_dir, self.folder.iterdir()):
                remove_temporaries(path)
            self.request = stack.enter_context(
                interrupts(second_quits=self._second_quits)
            )
            self._opened = stack.pop_all()
        return self

    def __exit__(self, kind, error, traceback) -> None:
        if self._opened is None:
            return
        if error is None:
            self.workers.any_of(True)  # nobody leaves before the first is done
        self._opened.close()
        if isinstance(error, Interrupted) and not str(error):
            error.args = (f"interrupted{self._what_is_saved()}",)

    def _hand_on(self, wrong):
        """All workers go on from what the first has found in its folder."""
        names = ("options", "settings", "length", "_data", "_finished")
        given = self.workers.hand_on_json(
            {name: getattr(self, name) for name in names}
            | {"wrong": wrong, "goes on": self.snapshot is not None}
        )
        if given["wrong"]:
            raise MitseqError(given["wrong"])
        data = b""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / NEWEST
            if given["goes on"] and self.workers.is_first:
                self.snapshot.write(path)
                data = path.read_bytes()
            data = self.workers.hand_on(data)
            if self.workers.is_first:
                return
            if given["goes on"]:
                path.write_bytes(data)
                self.snapshot = Snapshot.read(path)
        for name in names:
            setattr(self, name, given[name])
        with contextlib.ExitStack() as stack:
            self.request = stack.enter_context(
                interrupts(second_quits=self._second_quits)
            )
            self._opened = stack.pop_all()

    def path(self, name: str) -> Path | None:
        """Returns the path of a file in the folder; None without a folder."""
        return None if self.folder is None else self.folder / name

    def is_finished(self, epochs: int | None, minutes: float | None) -> bool:
        """Tells whether it has come to the end of just this length.

        Not if a file that came of it is damaged or missing: it is made anew.
        """
        return self._finished == [epochs, minutes] and not self._damaged()

    def rows(self) -> list[dict]:
        """Returns what was measured so far, a dict an epoch."""
        if self.snapshot is not None:
            return list(self.snapshot.rows)
        return read_history(self.folder / HISTORY)

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
                that is resumed, or its snapshots are gone.
        """
        settings = json.loads(json.dumps(settings, default=str))
        data = fingerprint(data)
        asked = {"epochs": epochs, "minutes": minutes, "data": data}
        self.workers.check_same(settings | asked | versions())
        if self.resume:
            for name, value in settings.items():
                before = self.settings.get(name, value)
                if before != value:
                    raise MitseqError(
                        f"`{name}` must be as in the training that is resumed "
                        f"({before!r}). Received: {name}={value!r}."
                    )
            if data != self._data:
                raise MitseqError(
                    f"{self.folder}: the training to resume had other data. "
                    "Resume it with the same, or train anew."
                )
            history = self.path(HISTORY)
            has_begun = history and history.exists() or self.best
            is_lost = self.snapshot is None and has_begun
            if is_lost and not self.is_finished(epochs, minutes):
                raise MitseqError(
                    f"{self.folder}: {NEWEST} and {BEFORE} are missing, so "
                    "the training cannot be resumed; nothing was changed. "
                    "Train anew in another folder."
                )
        self.settings, self._data = settings, data
        self.length = [epochs, minutes]

    def start(self) -> None:
        """Writes `run.json`. Call it when nothing that was given is wrong."""
        self._write()
        self._saved = self._saved or "the beginning"

    def keep_inputs(self, folder: str) -> None:
        """Remembers the files in a folder of the run, which it learns from.

        It is not resumed when one of them has changed. Call it before `start`.
        """
        paths = sorted((self.folder / folder).iterdir())
        self._inputs = {
            path.relative_to(self.folder).as_posix(): checksum(path)
            for path in paths
        }

    def write_snapshot(self, snapshot: Snapshot) -> None:
        """Writes the newest snapshot; the newest so far is the one before.

        Raises:
            OutputError: if it cannot be written.
        """
        snapshot.run = self._record()
        self._snapshots.write(snapshot)
        self.snapshot, self._saved = snapshot, snapshot.place

    def write_model(
        self, save: Callable[[Path], object], epoch: int, value: float
    ) -> None:
        """Writes `model.keras`, the model of the best epoch so far.

        Args:
            save: Writes it to a path.
            epoch: Number of the epoch.
            value: What was measured there; the smaller, the better.

        Raises:
            OutputError: if it cannot be written.
        """
        before = dict(self._outputs), self.best
        try:
            with atomic_path(self.folder / MODEL, sync=True) as temporary:
                save(temporary)
                # Told first: a model that is not as run.json tells is the one
                # before, and is made anew of the snapshot.
                self._outputs[MODEL] = checksum(temporary)
                self.best = (epoch, value)
                self._write()
        except BaseException:
            self._outputs, self.best = before
            raise

    def set_model_aside(self) -> None:
        """Gives a `model.keras` that is not known another name.

        It may be a better one of the snapshot that was torn.
        """
        path = self.folder / MODEL
        if not self._is_older or self.best is not None or not is_sound(path):
            return
        number = 1
        while (aside := self.folder / f"model-{number}.keras").exists():
            number += 1
        os.replace(path, aside)
        self.note(f"{path} is not known to this training: kept as {aside}")

    def finish(self, *names: str) -> None:
        """Marks the training as finished, with the files that came of it."""
        if self.folder is not None:
            for name in names:
                if (self.folder / name).exists():
                    self._outputs[name] = checksum(self.folder / name)
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
        text = "\n".join(lines) + "\n"
        atomic_write(self.folder / HISTORY, text, sync=True)

    def note(self, text: str) -> None:
        """Says one line about what was found or could not be done."""
        logger.warning("%s", text)

    def _refuse_another(self):
        for name in (RECORD, MODEL, HISTORY, NEWEST, BEFORE, *EARLIER):
            if (self.folder / name).exists():
                raise MitseqError(
                    f"{self.folder / name} exists. Pass `resume` (--resume) "
                    "to go on with that training, or another output folder."
                )

    def _read(self):
        """Looks at all that is there, and changes nothing."""
        path = self.folder / RECORD
        wrong, record = "", {}
        try:
            record = read_record(path)
        except MitseqError as error:
            wrong = str(error)
        expected = {n: record[n] for n in ("settings", "data") if not wrong}
        try:
            self.snapshot, torn = self._snapshots.read(expected)
        except MitseqError as error:
            raise MitseqError(
                f"{wrong}; {error}" if wrong else str(error)
            ) from None
        if wrong:
            if self.snapshot is None:
                raise MitseqError(self._nothing_to_resume() or wrong)
            record = self.snapshot.run
            self.note(f"{wrong}: going on with what the snapshot has of it")
        if torn:
            self._is_older = True
            self.note(
                f"{torn}: going on from {self._snapshots.before}, "
                f"{self.snapshot.place}"
            )
        self._take(record)

    def _take(self, record):
        self.options, self.settings = record["options"], record["settings"]
        self.length, self._data = record["length"], record["data"]
        self._finished = record["finished"]
        self._inputs, self._outputs = record["inputs"], record["outputs"]
        for name, expected in self._inputs.items():
            path = self.folder / name
            if not path.is_file():
                raise MitseqError(
                    f"{path} is missing: the training learns from it and "
                    "cannot be resumed without it"
                )
            if checksum(path) != expected:
                raise MitseqError(
                    f"{path} is not as it was when the training began: it "
                    "cannot be resumed with other data"
                )
        if self.snapshot is not None:
            self._saved = self.snapshot.place
        damaged = self._damaged()
        if record["best"] and MODEL not in damaged:
            self.best = tuple(record["best"])
        for name in damaged:
            there = (self.folder / name).exists()
            state = "is not as it was written" if there else "is missing"
            self.note(f"{self.folder / name} {state}: it is made anew")
        before, now = record["versions"], versions()
        if before != now:
            changes = ", ".join(
                f"{name} {before.get(name)}, now {version}"
                for name, version in now.items()
                if before.get(name) != version
            )
            self.note(
                f"{self.folder} was trained with {changes}: the numbers may "
                "differ in their last digits"
            )

    def _damaged(self):
        """Names of files that came of the training and are not as they were."""
        return [
            name
            for name, expected in self._outputs.items()
            if not (self.folder / name).is_file()
            or checksum(self.folder / name) != expected
        ]

    def _nothing_to_resume(self):
        if (self.folder / RECORD).exists():
            return ""
        old = [n for n in EARLIER if (self.folder / n).exists()]
        why = (
            f" {old[0]} is of an earlier version, whose trainings cannot "
            "be resumed."
            if old
            else f" Expected {RECORD}, as a training without --resume writes "
            "it."
        )
        return f"{self.folder} has no training to resume.{why}"

    def _what_is_saved(self):
        if not self._saved:
            return "; nothing was trained yet"
        if self.folder is None:
            return "; the first worker has saved it"
        return (
            f" at {self._saved}; saved in {self.folder}, --resume goes on from "
            "there"
        )

    def _record(self):
        record = {
            "format": FORMAT,
            "versions": versions(),
            "options": self.options,
            "settings": self.settings,
            "length": self.length,
            "finished": self._finished,
            "data": self._data,
            "best": self.best,
            "inputs": self._inputs,
            "outputs": self._outputs,
        }
        return json.loads(json.dumps(record, default=str))

    def _write(self):
        if self.folder is None:
            return
        write_record(self.folder / RECORD, self._record())


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
    """Returns the rows of a `history.csv`, numbers as floats.

    Raises:
        MitseqError: if it is missing or damaged.
    """
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return [
                {name: float(value) for name, value in row.items() if value}
                for row in csv.DictReader(file)
            ]
    except FileNotFoundError:
        raise MitseqError(f"{path} is missing") from None
    except (OSError, ValueError, TypeError, csv.Error) as error:
        raise MitseqError(f"{path} is damaged ({error})") from None
