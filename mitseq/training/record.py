"""run.json: what a training was asked for, and which files belong to it.

It has a checksum of itself and of each file, so that one that was cut or
altered is found before it is used. shards.json is the same for a folder of
shards (shards.py). Nothing here needs Keras: commands look at records before
they load it.
"""

import hashlib
import importlib.metadata
import json
import os
import zipfile
from pathlib import Path

from mitseq.errors import MitseqError
from mitseq.output import atomic_write

FORMAT = 2
INDEX = "shards.json"
_LIBRARIES = ("mitseq", "tensorflow", "keras", "numpy")


def write_record(path: str | os.PathLike, record: dict) -> None:
    """Writes a record of JSON values, with its checksum.

    Raises:
        OutputError: if it cannot be written.
    """
    sealed = record | {"checksum": _seal(record)}
    atomic_write(path, json.dumps(sealed, indent=1) + "\n", sync=True)


def read_record(path: str | os.PathLike) -> dict:
    """Reads what `write_record` wrote.

    Raises:
        MitseqError: if it is missing, damaged or of another version.

    Example:

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "run.json")
    ...     write_record(path, {"format": FORMAT, "length": [2, None]})
    ...     read_record(path)
    {'format': 2, 'length': [2, None]}
    """
    try:
        record = json.loads(Path(path).read_text(encoding="utf-8"))
        if record["format"] != FORMAT:
            raise ValueError(f"format {record['format']!r}, expected {FORMAT}")
        if record.pop("checksum") != _seal(record):
            raise ValueError("it has another checksum")
        return record
    except FileNotFoundError:
        raise MitseqError(f"{path} is missing") from None
    except KeyError as error:
        raise MitseqError(f"{path} is damaged (no {error})") from None
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise MitseqError(f"{path} is damaged ({error})") from None


def checksum(path: str | os.PathLike) -> str:
    """Returns the SHA-256 of a file, in hexadecimal digits."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def fingerprint(texts) -> str:
    """Returns one SHA-256 of many texts, in their order."""
    digest = hashlib.sha256()
    for text in texts:
        digest.update(text.encode("utf-8", "replace") + b"\0")
    return digest.hexdigest()


def is_sound(path: str | os.PathLike) -> bool:
    """Tells whether a file is a zip archive, as models are, and undamaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.testzip() is None
    except Exception:  # whatever damaged bytes make it raise
        return False


def is_shards(path: str | os.PathLike) -> bool:
    """Tells whether a path is a folder of shards."""
    return (Path(path) / INDEX).is_file()


def versions() -> dict[str, str | None]:
    """Returns the versions of what a training computes with."""
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = None
    return found


def _seal(record: dict) -> str:
    text = json.dumps(record, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
