"""Collections larger than memory: records in many files, read as a stream.

A folder of shards holds TFRecord files, each a random part of the collection,
and `shards.json`: how many records each file has, its checksum, and what the
shards were made with. It is written under another name and takes its own when
it is whole.

An epoch reads the files in an order that it draws. What it reads goes through
a buffer of `BUFFER` records, which is shuffled as a whole before the next one
is filled. So a place in an epoch is a number of steps, as for any other data:
the snapshot has it, and a training that is resumed reads from the buffer that
it stood in.

TensorFlow loads when records are read or written, not with this file.
"""

import abc
import contextlib
import itertools
import os
import shutil
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from mitseq.errors import MitseqError
from mitseq.output import (
    OutputError,
    check_folder,
    check_new,
    output_folder,
)
from mitseq.training.batches import EpochBatches
from mitseq.training.lock import FolderLock
from mitseq.training.record import (
    FORMAT,
    INDEX,
    checksum,
    fingerprint,
    is_shards,
    read_record,
    write_record,
)

BYTES = 32 << 20  # of a shard, about
MOST = 256  # shards; larger ones then
BUFFER = 8192  # records that are shuffled at once


class ShardsError(MitseqError):
    """Shards that are missing, damaged, or not those that are asked for."""


class ShardWriter:
    """Writes a folder of shards, whole or not at all.

    Use it as a context. A record goes to a file that is drawn, so that each
    file is a random part of all records.

    Args:
        out: The folder.
        kind: What the records are: "music", "sentiment".
        size: About how many bytes all records have.
        seed: Of the files that are drawn.
        overwrite: Whether a folder of shards that is there is replaced.

    Attributes:
        folder: Where files beside the shards are written, to `add_file`.
        tables: JSON values that the index is to hold.

    Raises:
        MitseqError: if the folder exists, or is to be replaced and is none of
            shards.
        OutputError: if it cannot be written.
    """

    def __init__(
        self,
        out: str | os.PathLike,
        kind: str,
        settings: dict,
        *,
        size: int = 0,
        seed: int = 0,
        overwrite: bool = False,
    ):
        self.out, self.kind, self.settings = Path(out), kind, settings
        check_target(out, overwrite)
        self.tables: dict = {}
        self._files: dict[str, str] = {}
        self._seed, self._writers = seed, []
        self.set_size(size)

    def set_size(self, size: int) -> None:
        """Says how many bytes there will be, before the first record."""
        self.count = min(max(1, round(size / BYTES)), MOST)

    def __enter__(self) -> "ShardWriter":
        parent = output_folder(self.out.absolute().parent, shown=self.out)
        self.folder = parent / f".{self.out.name}.mitseq-shards"
        output_folder(self.folder, shown=self.out)
        self._lock: FolderLock | None = FolderLock(self.folder)
        self._lock.__enter__()
        for path in self.folder.iterdir():  # of a process that was killed
            if path.name != self._lock.path.name:
                path.unlink()
        return self

    def __exit__(self, kind, error, traceback) -> None:
        try:
            self._close()
            if error is None:
                self._finish()
        finally:
            self._unlock()
            shutil.rmtree(self.folder, ignore_errors=True)

    def add(self, record: bytes) -> None:
        """Writes a record."""
        if not self._writers:
            self._open()
        at = int(self._rng.integers(self.count))
        self._writers[at].write(record)
        self._sizes[at] += 1

    def add_file(self, name: str) -> None:
        """Says that a file in `folder` belongs to the shards."""
        self._files[name] = checksum(self.folder / name)

    def _open(self):
        import tensorflow as tf

        self._rng = np.random.default_rng([self._seed, self.count])
        self._names = [f"{i:05}.tfrecord" for i in range(self.count)]
        self._sizes = [0] * self.count
        self._writers = [
            tf.io.TFRecordWriter(str(self.folder / name))
            for name in self._names
        ]

    def _close(self):
        for writer in self._writers:
            writer.close()

    def _unlock(self):
        if self._lock is not None:
            self._lock.__exit__(None, None, None)
        self._lock = None

    def _finish(self):
        if not self._writers:
            raise ShardsError(f"{self.out}: no record to write")
        index = {
            "format": FORMAT,
            "kind": self.kind,
            "settings": self.settings,
            "shards": [
                {
                    "name": name,
                    "records": size,
                    "bytes": (self.folder / name).stat().st_size,
                    "checksum": checksum(self.folder / name),
                }
                for name, size in zip(self._names, self._sizes, strict=True)
                if size
            ],
            "files": self._files,
            "tables": self.tables,
        }
        for name, size in zip(self._names, self._sizes, strict=True):
            if not size:
                (self.folder / name).unlink()
        write_record(self.folder / INDEX, index)
        self._unlock()
        before = self.folder.with_suffix(".before")
        shutil.rmtree(before, ignore_errors=True)
        try:
            with contextlib.suppress(FileNotFoundError):
                os.replace(self.out, before)
            os.replace(self.folder, self.out)
        except OSError as error:
            if before.exists() and not self.out.exists():
                os.replace(before, self.out)
            raise OutputError(self.out, error.strerror) from error
        shutil.rmtree(before, ignore_errors=True)


def check_target(out: str | os.PathLike, overwrite: bool) -> None:
    """Refuses a folder that shards cannot be written to.

    Raises:
        MitseqError: if it exists, or is to be replaced and holds no shards.
        OutputError: if it could not be created.
    """
    check_new(out, overwrite)
    if os.path.lexists(out) and not is_shards(out):
        raise ShardsError(
            f"{os.fspath(out)} exists and holds no shards: --overwrite "
            "replaces shards only"
        )
    check_folder(out)


class Shards:
    """A folder of shards that is whole.

    Args:
        folder: What `ShardWriter` wrote.
        kind: What is expected there.

    Attributes:
        settings: What they were made with.
        tables: The JSON values that came with them.
        fingerprint: One checksum of everything.

    Raises:
        ShardsError: if a file is missing, torn or altered, with its name.
    """

    def __init__(self, folder: str | os.PathLike, kind: str):
        self.folder = Path(folder)
        index = read_record(self.folder / INDEX)
        if index["kind"] != kind:
            raise ShardsError(
                f"{self.folder}: shards of {index['kind']}, expected {kind}"
            )
        self.settings, self.tables = index["settings"], index["tables"]
        files = dict(index["files"])
        for shard in index["shards"]:
            files[shard["name"]] = shard["checksum"]
        for name, expected in files.items():
            self._check(name, expected)
        self.paths = [self.folder / each["name"] for each in index["shards"]]
        self.counts = [each["records"] for each in index["shards"]]
        self.fingerprint = fingerprint([str(index)])

    def __len__(self) -> int:
        return sum(self.counts)

    def _check(self, name, expected):
        path = self.folder / name
        try:
            found = checksum(path)
        except FileNotFoundError:
            raise ShardsError(
                f"{path} is missing; nothing was changed. Write the shards "
                "anew, or put the file back"
            ) from None
        except OSError as error:
            raise ShardsError(f"{path}: {error.strerror}") from None
        if found != expected:
            raise ShardsError(
                f"{path} is torn or altered (it has another checksum than "
                f"{INDEX} tells); nothing was changed. Write the shards anew, "
                "or put the file back"
            )

    def check_settings(self, **asked) -> None:
        """Refuses settings that the shards were not made with.

        Args:
            **asked: What a training asks for; None for anything.

        Raises:
            ShardsError: if one differs.
        """
        for name, value in asked.items():
            made = self.settings.get(name)
            if value is not None and value != made:
                raise ShardsError(
                    f"`{name}` must be as in the shards of {self.folder} "
                    f"({made!r}); write others for another one. Received: "
                    f"{name}={value!r}."
                )

    def order(self, seed: int, epoch: int) -> np.ndarray:
        """Returns the numbers of the files in the order of an epoch."""
        rng = np.random.default_rng([seed, epoch])
        return rng.permutation(len(self.paths))

    def read(
        self, order: Sequence[int] | None = None, first: int = 0
    ) -> Iterator[bytes]:
        """Yields the records of the files, in an order, from any one on.

        Raises:
            ShardsError: if a record is damaged, with the name of the file.
        """
        if order is None:
            order = range(len(self.paths))
        for at in order:
            if first >= self.counts[at]:
                first -= self.counts[at]
                continue
            yield from read_records(self.paths[at], first)
            first = 0


def read_records(path: str | os.PathLike, first: int = 0) -> Iterator[bytes]:
    """Yields the records of a TFRecord file, from any one on.

    Raises:
        ShardsError: if one is damaged.
    """
    import tensorflow as tf

    dataset = tf.data.TFRecordDataset(str(path), buffer_size=1 << 20)
    try:
        for batch in dataset.skip(first).batch(256).as_numpy_iterator():
            yield from batch
    except (tf.errors.DataLossError, tf.errors.NotFoundError) as error:
        what = "missing" if not Path(path).exists() else "torn or altered"
        raise ShardsError(f"{path} is {what}") from error


class ShardedBatches(EpochBatches):
    """The batches of every epoch of a folder of shards.

    A subclass makes batches of the records of a buffer:

    Args:
        shards: A `Shards`.
        batch_size: Records of a batch; the last one of a buffer may have fewer.
        seed: Another seed, another order.
        buffer: Records that are shuffled at once.
    """

    def __init__(
        self, shards: Shards, batch_size: int, *, seed: int, buffer=BUFFER
    ):
        self.shards, self.batch_size, self.seed = shards, batch_size, seed
        self.per_buffer = max(1, buffer // batch_size)  # batches
        self._lock = threading.Lock()  # the batches are read ahead in a thread
        self._buffer, self._batches = -1, []
        self._stream, self._next = iter(()), -1
        super().__init__()

    @abc.abstractmethod
    def batches_of(
        self, records: list[bytes], rng: np.random.Generator
    ) -> list:
        """Returns `ceil(len(records) / batch_size)` batches, in random order.

        Args:
            records: Those of a buffer.
            rng: Decides the order, and whatever else is random.
        """

    def draw(self, epoch: int) -> int:
        with self._lock:
            self._drawn = epoch
            self.order = self.shards.order(self.seed, epoch)
            self._buffer, self._next = -1, -1
        return -(-len(self.shards) // self.batch_size)

    def batch(self, index: int):
        number, at = divmod(index, self.per_buffer)
        with self._lock:
            if number != self._buffer:
                rng = np.random.default_rng([self.seed, self._drawn, number])
                self._batches = []  # before the next ones are made
                self._batches = self.batches_of(self._read(number), rng)
                self._buffer = number
            return self._batches[at]

    def _read(self, number):
        """The records of a buffer; the one after the last is at hand."""
        size = self.per_buffer * self.batch_size
        if number != self._next:
            self._stream = self.shards.read(self.order, number * size)
        self._next = number + 1
        return list(itertools.islice(self._stream, size))
