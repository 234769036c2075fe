"""Folders of pictures with their captions in a table beside them.

    file,caption
    dog.jpg,A dog runs after a stick.
    park/two.png,Two children on a swing.

The table is called captions.csv or captions.tsv (or .txt). A picture may stand
in several rows, with another caption in each. By picture a tenth is held out to
stop by, and a tenth to judge by.
"""

import csv
import dataclasses
import hashlib
import io
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mitseq.errors import MitseqError
from mitseq.output import atomic_write
from mitseq.progress import follow
from mitseq.tasks.caption.pictures import read_picture
from mitseq.text.encodings import read_text
from mitseq.text.tables import read_table

TABLES = ("captions.csv", "captions.tsv", "captions.txt")
FILE_NAMES = ("file", "filename", "file_name", "image", "picture")
CAPTION_NAMES = ("caption", "text", "description")
FEWEST = 10  # pictures that a training needs


@dataclasses.dataclass(frozen=True)
class Captioned:
    """Pictures with captions.

    Args:
        files: A path a picture.
        pictures: `(N, S, S, C)` of uint8, the same order.
        captions: Texts.
        rows: The picture of each caption, by number.
    """

    files: Sequence[Path]
    pictures: np.ndarray
    captions: Sequence[str]
    rows: np.ndarray

    def right_captions(self) -> list[tuple[str, ...]]:
        """Returns all captions of each picture."""
        right: list[list[str]] = [[] for _ in self.files]
        for caption, row in zip(self.captions, self.rows, strict=True):
            right[row].append(caption)
        return [tuple(each) for each in right]


@dataclasses.dataclass(frozen=True)
class Pictures:
    """Pictures with captions that are split.

    Args:
        train: To learn from.
        validation: To stop by.
        test: To judge by.
        size: Pixels of a side.
        channels: 1 for grey, 3 for colors.
    """

    train: Captioned
    validation: Captioned
    test: Captioned
    size: int
    channels: int

    def as_texts(self) -> list[str]:
        """Returns what a training that is resumed must find again."""
        texts = []
        for part in (self.train, self.validation, self.test):
            digest = hashlib.sha256(part.pictures.tobytes()).hexdigest()
            texts += [digest, *part.captions]
        return texts


def read_rows(path: str | os.PathLike) -> list[tuple[Path, str]]:
    """Returns the files and captions of a table.

    Args:
        path: The table, or the folder that holds it; files are looked for
            from the table's folder on.

    Returns:
        A file and its caption a row.

    Raises:
        MitseqError: if there is no such table, it is damaged, a cell is empty
            or there is no such file; with file and line.
    """
    path = find_table(path)
    text, _ = read_text(path)
    table = read_table(text, str(path), tabs=path.suffix == ".tsv")
    rows, lines, columns = table.rows, table.lines, (0, 1)
    header = [cell.strip().casefold() for cell in rows[0]]
    if set(header) & {*FILE_NAMES, *CAPTION_NAMES}:
        columns = _columns(header, path)
        rows, lines = rows[1:], lines[1:]
    elif table.width != 2:
        raise MitseqError(
            f"{path}: {table.width} columns and no header; expected file and "
            "caption, or a first line that names them"
        )
    if not rows:
        raise MitseqError(f"{path}: a header and no row")
    found = []
    for row, line in zip(rows, lines, strict=True):
        name, caption = (row[column].strip() for column in columns)
        if not name or not caption:
            missing = "file" if not name else "caption"
            raise MitseqError(f"{path}: line {line}: the {missing} is empty")
        if "\0" in name or not (path.parent / name).is_file():
            raise MitseqError(
                f"{path}: line {line}: no such file: {path.parent / name}"
            )
        found.append((path.parent / name, caption))
    return found


def find_table(path: str | os.PathLike) -> Path:
    """Returns the table of a folder, or the file itself.

    Raises:
        MitseqError: if a folder has none, or several.
    """
    path = Path(path)
    if not path.is_dir():
        return path
    found = [path / name for name in TABLES if (path / name).is_file()]
    if len(found) != 1:
        names = ", ".join(file.name for file in found) or "none"
        raise MitseqError(
            f"{path}: expected one table of captions, {' or '.join(TABLES)}, "
            f"with columns file and caption. Received: {names}."
        )
    return found[0]


def read_captioned(
    path: str | os.PathLike, size: int = 64, channels: int = 1
) -> Captioned:
    """Reads all pictures of a table, with their captions.

    Args:
        path: As for `read_rows`.
        size: As for `read_picture`, and so is `channels`.

    Raises:
        MitseqError: as `read_rows`, and if a picture cannot be read.
    """
    return _read_pictures(read_rows(path), size, channels)


def read_pictures(
    paths: Sequence[str | os.PathLike],
    size: int = 64,
    channels: int = 1,
    seed: int = 0,
) -> Pictures:
    """Reads pictures with captions, and splits them.

    Args:
        paths: Folders with captions.csv, or such tables.
        size: As for `read_picture`, and so is `channels`.
        seed: Decides who is held out.

    Raises:
        MitseqError: as `read_captioned`, and if there are fewer than 10
            pictures, or all captions are the same.
    """
    rows = [row for path in paths for row in read_rows(path)]
    name = ", ".join(map(str, paths))
    files = list(dict.fromkeys(file for file, _ in rows))
    if len(files) < FEWEST:
        raise MitseqError(
            f"{name}: expected at least {FEWEST} pictures to learn from. "
            f"Received: {len(files)}."
        )
    if len({caption.casefold() for _, caption in rows}) < 2:
        raise MitseqError(
            f"{name}: all captions are the same; there is nothing to learn"
        )
    order = np.random.default_rng(seed).permutation(len(files))
    tenth = max(1, len(files) // 10)
    cuts = (order[2 * tenth :], order[tenth : 2 * tenth], order[:tenth])
    parts = []
    for chosen in cuts:
        kept = {files[i] for i in chosen}
        part = [row for row in rows if row[0] in kept]
        parts.append(_read_pictures(part, size, channels))
    return Pictures(*parts, size, channels)


def write_table(path: str | os.PathLike, captioned: Captioned) -> Path:
    """Writes a table that `read_rows` reads, its files with their whole path.

    Args:
        path: Of the table.
        captioned: Pictures and captions.
    """
    files = [captioned.files[row].absolute() for row in captioned.rows]
    return write_rows(path, zip(files, captioned.captions, strict=True))


def write_rows(path: str | os.PathLike, rows) -> Path:
    """Writes files and captions as a table that `read_rows` reads."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("file", "caption"))
    writer.writerows(rows)
    return atomic_write(path, text.getvalue())


def _read_pictures(rows, size, channels):
    files = list(dict.fromkeys(file for file, _ in rows))
    numbers = {file: i for i, file in enumerate(files)}
    pictures = [
        read_picture(file, size, channels)
        for file in follow(files, "reading pictures")
    ]
    return Captioned(
        files,
        np.array(pictures, "uint8").reshape(-1, size, size, channels),
        [caption for _, caption in rows],
        np.array([numbers[file] for file, _ in rows], int),
    )


def _columns(header: list[str], path) -> tuple[int, int]:
    columns = []
    for names in (FILE_NAMES, CAPTION_NAMES):
        found = [i for i, name in enumerate(header) if name in names]
        if len(found) != 1:
            raise MitseqError(
                f"{path}: line 1: expected one column {FILE_NAMES[0]} and one "
                f"column {CAPTION_NAMES[0]}. Received: {', '.join(header)}."
            )
        columns.append(found[0])
    return columns[0], columns[1]
