"""All that the rest of a training depends on, in one file.

Keras's `BackupAndRestore` keeps weights, optimizer and epoch only. Killed and
resumed it made 36 or 40 steps instead of 32, and never the weights of the run
that was not killed. So a snapshot also holds the random states of dropout, the
averages, the place in the data, the metrics so far, the history and the best
weights: a resumed run ends as if nothing had happened.
"""

import json
import os
import zipfile
from dataclasses import dataclass, field

import numpy as np

from mitseq.errors import MitseqError
from mitseq.output import atomic_path

# What a damaged file makes `np.load` raise.
_DAMAGES = (
    *(ValueError, KeyError, TypeError, AttributeError, EOFError),
    zipfile.BadZipFile,
)
_ARRAYS = ("variables", "metrics", "best")


@dataclass
class Snapshot:
    """The state of a training between two steps."""

    epoch: int = 0  # how many are done
    step: int = 0  # how many of the next epoch are done
    seconds: float = 0.0  # how long it has taken
    rows: list[dict] = field(default_factory=list)  # what was measured
    # weights, random states, the optimizer's variables
    variables: list[np.ndarray] = field(default_factory=list)
    # the sums behind the metrics of the epoch that is begun
    metrics: list[np.ndarray] = field(default_factory=list)
    # the weights of the best epoch
    best: list[np.ndarray] = field(default_factory=list)

    def write(self, path: str | os.PathLike) -> None:
        """Writes an `.npz` file, whole or not at all.

        Raises:
            OutputError: if it cannot be written.
        """
        record = {k: v for k, v in vars(self).items() if k not in _ARRAYS}
        record["counts"] = {kind: len(getattr(self, kind)) for kind in _ARRAYS}
        named = {
            f"{kind}_{i}": array
            for kind in _ARRAYS
            for i, array in enumerate(getattr(self, kind))
        }
        with atomic_path(path) as temporary, open(temporary, "wb") as file:
            np.savez(file, record=json.dumps(record), **named)

    @classmethod
    def read(cls, path: str | os.PathLike) -> "Snapshot":
        """Reads what `write` wrote.

        Raises:
            MitseqError: if the file is damaged.

        Example:

        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = os.path.join(folder, "snapshot.npz")
        ...     Snapshot(epoch=2, best=[np.ones(3)]).write(path)
        ...     Snapshot.read(path).best
        [array([1., 1., 1.])]
        """
        try:
            with open(path, "rb") as file, np.load(file) as saved:
                record = json.loads(str(saved["record"]))
                arrays = {
                    kind: [saved[f"{kind}_{i}"] for i in range(count)]
                    for kind, count in record.pop("counts").items()
                }
            return cls(**record, **arrays)
        except _DAMAGES as error:
            raise MitseqError(
                f"{path}: damaged: {error}. Delete it to begin with the first "
                "epoch again."
            ) from None
