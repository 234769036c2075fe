"""Paths of balls in CSV files: a position a line, in a box of any size.

    x,y
    0.31,0.42
    0.35,0.47

The models know a box from 0 to 1; a `Box` is the one of the user.
"""

import dataclasses
import math
import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from mitseq.errors import MitseqError
from mitseq.output import atomic_write
from mitseq.text.encodings import read_text
from mitseq.text.tables import read_table


@dataclasses.dataclass(frozen=True)
class Box:
    """The walls, in the unit of the user.

    Args:
        left: The x of the left wall.
        bottom: The y of the lower wall, or of the upper one in a picture whose
            y goes down.
        right: The x of the right wall, above `left`.
        top: The y of the other wall, above `bottom`.

    Raises:
        MitseqError: if a wall is not a number, or stands on the wrong side.

    Example:

    >>> box = Box(0, 0, 640, 480)
    >>> box.to_unit(np.array([[320, 120]]))
    array([[0.5 , 0.25]])
    >>> box.from_unit(np.array([[0.5, 0.25]]))
    array([[320., 120.]])
    """

    left: float = 0.0
    bottom: float = 0.0
    right: float = 1.0
    top: float = 1.0

    def __post_init__(self):
        walls = dataclasses.astuple(self)
        if not (
            all(map(math.isfinite, walls))
            and self.left < self.right
            and self.bottom < self.top
        ):
            raise MitseqError(
                "`box` must be left, bottom, right and top, with left below "
                "right and bottom below top. Received: box="
                f"{' '.join(f'{wall:g}' for wall in walls)}."
            )

    @property
    def corner(self) -> np.ndarray:
        """Left and bottom, `(2,)`."""
        return np.array([self.left, self.bottom])

    @property
    def size(self) -> np.ndarray:
        """Width and height, `(2,)`."""
        return np.array([self.right, self.top]) - self.corner

    def to_unit(self, points: np.ndarray) -> np.ndarray:
        """Returns positions in a box from 0 to 1, `(..., 2)`."""
        return (points - self.corner) / self.size

    def from_unit(self, points: np.ndarray) -> np.ndarray:
        """Returns positions in this box, `(..., 2)`."""
        return points * self.size + self.corner


def read_path(path: str | os.PathLike, box: Box | None = None) -> np.ndarray:
    """Reads the path of a ball: columns x and y, a position a line.

    Without a header the file must have two columns, x first.

    Args:
        path: A CSV or TSV file.
        box: The walls; None for 0 to 1.

    Returns:
        `(T, 2)`, T at least two, in the unit of the file.

    Raises:
        MitseqError: if the file cannot be read, has no such columns, a cell is
            no number, a position is outside the box, or there are fewer than
            two; with file and line.
    """
    box = box or Box()
    text, _ = read_text(path)
    table = read_table(text, str(path))
    rows, lines = table.rows, table.lines
    columns = [0, 1]
    if not any(map(_is_number, rows[0])):
        columns = _columns(rows[0], path)
        rows, lines = rows[1:], lines[1:]
    elif table.width > 2:
        raise MitseqError(
            f"{path}: {table.width} columns and no header; expected x and y, "
            "or a first line that names them"
        )
    points = np.array(
        [
            _point([row[c] for c in columns], f"{path}: line {line}", box)
            for row, line in zip(rows, lines, strict=True)
        ]
    )
    if len(points) < 2:
        raise MitseqError(
            f"{path}: {len(points)} position{'s' * (len(points) != 1)}, "
            "expected at least two: one does not say where the ball flies"
        )
    return points


def read_paths(
    paths: Iterable[str | os.PathLike], box: Box | None = None
) -> list[np.ndarray]:
    """Reads several paths; of a folder, all files that end in .csv.

    Args:
        paths: Files and folders.
        box: The walls, as for `read_path`.

    Returns:
        A path `(T, 2)` a file, in the unit of the files.

    Raises:
        MitseqError: as `read_path`, and if a folder has no such file.
    """
    files: list[Path] = []
    for path in map(Path, paths):
        found = sorted(path.glob("*.csv")) if path.is_dir() else [path]
        if not found:
            raise MitseqError(f"{path}: a folder without a .csv file")
        files += found
    return [read_path(file, box) for file in files]


def write_path(path: str | os.PathLike, points: np.ndarray) -> Path:
    """Writes a path `(T, 2)` as `read_path` reads it."""
    lines = [f"{x:.6f},{y:.6f}\n" for x, y in points]
    return atomic_write(path, "x,y\n" + "".join(lines))


def _columns(names: list[str], path) -> list[int]:
    folded = [name.strip().casefold() for name in names]
    for name in ("x", "y"):
        if folded.count(name) != 1:
            raise MitseqError(
                f"{path}: line 1: expected a column x and a column y. "
                f"Received: {', '.join(name.strip() for name in names)}."
            )
    return [folded.index("x"), folded.index("y")]


def _is_number(cell: str) -> bool:
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False


def _point(cells: list[str], where: str, box: Box) -> list[float]:
    for name, cell in zip("xy", cells, strict=True):
        if not _is_number(cell):
            raise MitseqError(
                f"{where}: {name} must be a number. Received: {cell.strip()!r}."
            )
    point = [float(cell) for cell in cells]
    unit = box.to_unit(np.array(point))
    if unit.min() < 0 or unit.max() > 1:
        walls = " ".join(f"{wall:g}" for wall in dataclasses.astuple(box))
        raise MitseqError(
            f"{where}: {cells[0].strip()}, {cells[1].strip()} is outside the "
            f"box {walls}; `box` (--box) names the walls: left, bottom, "
            "right, top"
        )
    return point
