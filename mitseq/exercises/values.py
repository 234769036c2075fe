"""What a student's function returned: as plain data, compared, and shown.

A child process sends values to us. They travel as JSON and not as pickles:
reading a pickle runs what its writer wants.
"""

import math
from fractions import Fraction
from typing import Any

import numpy as np

LARGEST = 100_000  # numbers in one value
WIDTH = 70


class Other:
    """A value of a kind that no exercise asks for.

    Args:
        kind: The name of its type, or what else there is to say.
    """

    def __init__(self, kind: str):
        self.kind = kind

    def __repr__(self) -> str:
        return self.kind


def pack(value: Any) -> Any:
    """Returns a value as what JSON can hold; `unpack` makes it whole again.

    Example:

    >>> pack((1, np.ones(2)))
    {'tuple': [1, {'array': [1.0, 1.0]}]}
    """
    if value is None or isinstance(value, (bool, str)):
        return value[:LARGEST] if isinstance(value, str) else value
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**63 else float(value)
    if isinstance(value, (float, Fraction)):
        return float(value)
    if isinstance(value, (list, tuple)) and len(value) <= LARGEST:
        kind = "tuple" if isinstance(value, tuple) else "list"
        return {kind: [pack(each) for each in value]}
    if isinstance(value, dict) and len(value) <= LARGEST:
        return {"dict": [[pack(k), pack(v)] for k, v in value.items()]}
    if hasattr(value, "__array__"):
        array = np.asarray(value)
        if array.dtype.kind not in "biuf":
            return {"other": f"an array of {array.dtype}"}
        if array.size > LARGEST:
            return {"other": f"an array of shape {array.shape}"}
        return {"array": array.tolist()} | (
            {} if array.size else {"shape": array.shape}
        )
    return {"other": f"a {type(value).__name__}"}


def unpack(packed: Any) -> Any:
    """Returns what `pack` has packed.

    Example:

    >>> unpack(pack({"a": [1, 2.5]}))
    {'a': [1, 2.5]}
    """
    if not isinstance(packed, dict):
        return packed
    kind, content = next(iter(packed.items()))
    if kind == "array":
        array = np.array(content)
        return array.reshape(packed["shape"]) if "shape" in packed else array
    if kind == "dict":
        return {_key(unpack(k)): unpack(v) for k, v in content}
    if kind == "other":
        return Other(content)
    values = [unpack(each) for each in content]
    return tuple(values) if kind == "tuple" else values


def _key(key: Any) -> Any:
    return key if isinstance(key, (str, int, float, tuple)) else repr(key)


def same(came: Any, expected: Any, tolerance: float = 1e-5) -> bool:
    """Tells whether two values are the same, but for rounding.

    Numbers may come in lists or arrays, a pair as a tuple or a list.

    Example:

    >>> same([0.1 + 0.2, 1], np.array([0.3, 1])), same(None, 1)
    (True, False)
    """
    if isinstance(expected, str) or expected is None:
        return isinstance(came, type(expected)) and came == expected
    if isinstance(expected, dict):
        return (
            isinstance(came, dict)
            and came.keys() == expected.keys()
            and all(same(came[k], expected[k], tolerance) for k in expected)
        )
    a, b = numbers(came), numbers(expected)
    if b is not None:
        return (
            a is not None
            and a.shape == b.shape
            and bool(np.allclose(a, b, rtol=tolerance, atol=tolerance))
        )
    return (
        isinstance(came, (list, tuple))
        and len(came) == len(expected)
        and all(map(same, came, expected, [tolerance] * len(expected)))
    )


def numbers(value: Any) -> np.ndarray | None:
    """Returns a value as an array of numbers, or None if it is none."""
    if isinstance(value, (dict, str, Other)) or value is None:
        return None
    try:
        array = np.asarray(value)
    except (ValueError, TypeError):  # rows of several lengths
        return None
    return array.astype(float) if array.dtype.kind in "biuf" else None


def shown(value: Any, width: int = WIDTH) -> str:
    """Returns a value as short text, on one line.

    Example:

    >>> shown(np.array([[1.0, 0.123456], [0.0, 2.0]]))
    '[[1, 0.1235], [0, 2]]'
    >>> shown(np.zeros((20, 30)))
    'array of shape (20, 30)'
    """
    text = _text(value)
    if len(text) <= width:
        return text
    array = None if isinstance(value, (list, dict)) else numbers(value)
    if array is not None and array.ndim:
        return f"array of shape {array.shape}"
    if isinstance(value, tuple):
        share = max(width // len(value), 24)
        return "(" + ", ".join(shown(each, share) for each in value) + ")"
    return text[: width - 4] + " ..."


def _text(value: Any) -> str:
    if isinstance(value, np.ndarray):
        if value.size > 200:
            return f"array of shape {value.shape}" + " " * WIDTH
        value = value.tolist()
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            return str(value)
        return f"{value + 0.0:.4g}"  # no -0
    if isinstance(value, (list, tuple)):
        parts = ", ".join(map(_text, value[:200]))
        if isinstance(value, tuple):
            return f"({parts}{',' * (len(value) == 1)})"
        return f"[{parts}]"
    if isinstance(value, dict):
        parts = [f"{_text(k)}: {_text(v)}" for k, v in value.items()]
        return "{" + ", ".join(parts[:200]) + "}"
    if isinstance(value, Fraction):
        return str(value)
    return repr(value)
