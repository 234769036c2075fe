r"""Weights for a page: small enough to be sent, exact enough to be trusted.

A matrix is kept row by row, a row for each output. With 8 bits a row has a
scale, and each number is the nearest of 255:

    W[r, k] = s_r q[r, k],   s_r = max_k |W[r, k]| / 127,   q from -127 to 127

With 16 bits each number is the nearest of half precision. All arrays of a
model stand behind each other in one block of bytes, which is compressed and
written as text; `network.js` reads it.
"""

import base64
import gzip
from typing import Any

import numpy as np

from mitseq.arguments import is_int
from mitseq.errors import MitseqError

BITS = (8, 16)
ROW = 256  # features of a table that share a scale


def check_bits(bits: int) -> None:
    """Raises MitseqError for a number of bits that no page can hold."""
    if not is_int(bits) or bits not in BITS:
        raise MitseqError(
            f"`bits` must be one of {BITS}, of each weight in the page. "
            f"Received: bits={bits!r}."
        )


def quantize(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns the scale of each row `(R,)` and the integers `(R, K)`.

    Example:

    >>> scales, integers = quantize(np.array([[0.5, -127.0], [0.0, 0.0]]))
    >>> scales.tolist(), integers.tolist()
    ([1.0, 0.0], [[0, -127], [0, 0]])
    """
    largest = np.abs(matrix).max(axis=1, initial=0)
    scales = (largest / 127).astype("<f4")
    safe = np.where(scales > 0, scales, 1)[:, None]
    return scales, np.rint(matrix / safe).astype("i1")


class Block:
    """Arrays behind each other, each with what finds it again.

    Args:
        bits: 8 or 16, of each number of a matrix; vectors are kept in single
            precision, for they are few.
    """

    def __init__(self, bits: int = 8):
        check_bits(bits)
        self.bits = bits
        self._pieces: list[bytes] = []
        self._size = 0

    def add(self, values: Any, bits: int | None = None) -> dict:
        """Adds a matrix or a vector; returns where it stands.

        Raises:
            MitseqError: if a number is not finite, or too large for 16 bits.
        """
        values = np.asarray(values)
        if not np.isfinite(values).all():
            raise MitseqError(
                "the weights of `model` must be finite. Received: NaN or inf."
            )
        place = {"shape": list(values.shape)}
        if values.ndim < 2:
            return place | {"float": self._put(values.astype("<f4"))}
        if (bits or self.bits) == 8:
            scales, integers = quantize(values)
            place["scales"] = self._put(scales)
            return place | {"int8": self._put(integers)}
        if np.abs(values).max(initial=0) > np.finfo("f2").max:
            raise MitseqError(
                "the weights of `model` must be at most 65504 for 16 bits. "
                f"Received: {np.abs(values).max():g}."
            )
        return place | {"half": self._put(values.astype("<f2"))}

    def add_integers(self, values: Any) -> dict:
        """Adds integers of up to 32 bits as they are."""
        values = np.asarray(values).astype("<i4")
        return {"shape": list(values.shape), "int32": self._put(values)}

    def add_sorted(self, values: Any) -> dict:
        """Adds large integers in their order: the steps from each to the next.

        A step is small, and what is small is compressed well.
        """
        steps = np.diff(np.asarray(values, "int64"), prepend=0).astype("<f8")
        return {"shape": list(steps.shape), "steps": self._put(steps)}

    def add_table(self, columns: np.ndarray) -> dict:
        """Adds a number for each of many features, `(C, F)`, `ROW` a row.

        Each row has its own scale, so that a few large numbers do not make
        all others coarse.
        """
        columns = np.asarray(columns, "float32")
        classes, features = columns.shape
        missing = -features % ROW
        padded = np.pad(columns, [(0, 0), (0, missing)])
        place = self.add(padded.reshape(-1, ROW), bits=self.bits)
        return place | {"table": classes}

    def _put(self, array: np.ndarray) -> int:
        missing = -self._size % 8  # where a browser may read 64 bits at once
        self._pieces += [bytes(missing), array.tobytes()]
        at = self._size + missing
        self._size = at + array.nbytes
        return at

    def text(self) -> str:
        """Returns all of it as text."""
        packed = gzip.compress(b"".join(self._pieces), 6, mtime=0)
        return base64.b64encode(packed).decode()
