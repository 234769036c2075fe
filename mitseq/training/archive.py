"""A `.keras` file from a stranger: its sizes, looked at before it is unpacked.

A file of some megabytes may unpack to gigabytes, or ask for a layer that no
memory holds. What it would take is in the table of the archive, in its
configuration and in the shapes of its weights, which are read without them.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CONFIG, WEIGHTS = "config.json", "model.weights.h5"
MOST_CONFIG = 2**26  # bytes of a configuration
# A file that unpacks to more than this, and to many times itself, is refused.
FREE, MOST_TIMES = 2**28, 20
# A layer is at most as large as its weights; below this nobody is hurt.
SMALL = 4096
_SIZES = frozenset(
    "units rnn_units input_dim output_dim embedding_dim head_dim num_heads "
    "feed_forward_dim filters num_features".split()
)
_SQUARE = ("RNN", "LSTM", "GRU", "RNNCell", "LSTMCell", "GRUCell")


class ArchiveError(ValueError):
    """An archive that would take more than it can be worth."""


def check_archive(path: Path) -> None:
    """Looks at the sizes in a `.keras` file, and unpacks nothing large.

    Raises:
        ArchiveError: if it unpacks to far more than itself, or its
            configuration asks for larger layers than it has weights for.
        OSError: if it cannot be read.
        zipfile.BadZipFile: if it is no archive.
    """
    packed = path.stat().st_size
    with zipfile.ZipFile(path) as archive:
        sizes = {info.filename: info.file_size for info in archive.infolist()}
        _check_growth(sum(sizes.values()), packed)
        if sizes.get(CONFIG, 0) > MOST_CONFIG:
            raise ArchiveError(
                f"its {CONFIG} has {sizes[CONFIG]:,} bytes, expected at most "
                f"{MOST_CONFIG:,}"
            )
        if CONFIG not in sizes or WEIGHTS not in sizes:
            return  # whoever loads it says so
        asked = list(_asked(json.loads(archive.read(CONFIG))))
        if not asked:
            return
        count, size = _weights(archive.read(WEIGHTS))
        _check_growth(size, packed)
    for name, value, least in asked:
        if least > count:
            raise ArchiveError(
                f"its configuration has {name}={value:,}, more than its "
                f"{count:,} weights can belong to"
            )


def _check_growth(size: int, packed: int) -> None:
    if size > FREE and size > MOST_TIMES * packed:
        raise ArchiveError(
            f"it has {packed:,} bytes and unpacks to {size:,}, expected at "
            f"most {MOST_TIMES} times as many"
        )


def _asked(config: Any) -> Iterator[tuple[str, int, int]]:
    """Yields name, value and the least weights of each large size."""
    rest = [(config, "")]
    while rest:
        here, kind = rest.pop()
        if isinstance(here, list):
            rest += [(x, kind) for x in here if isinstance(x, (list, dict))]
            continue
        kind = here.get("class_name", kind)
        for name, value in here.items():
            if isinstance(value, (list, dict)):
                if name in ("batch_shape", "input_shape"):
                    value = [value] if isinstance(value, dict) else value
                    for size in value:
                        if _is_large(size):
                            yield name, size, size
                else:
                    rest.append((value, kind))
            elif name in _SIZES and _is_large(value):
                is_square = str(kind).endswith(_SQUARE)
                yield name, value, value**2 if is_square else value


def _is_large(value: Any) -> bool:
    return isinstance(value, int) and value > SMALL


def _weights(data: bytes) -> tuple[int, int]:
    """How many numbers the weights are, and how many bytes."""
    import h5py

    count = size = 0

    def add(_, item):
        nonlocal count, size
        if isinstance(item, h5py.Dataset) and item.size:
            count, size = count + int(item.size), size + int(item.nbytes)

    with h5py.File(io.BytesIO(data), "r") as file:
        file.visititems(add)
    return count, size
