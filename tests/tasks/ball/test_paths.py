"""Files of paths: what is read, and what is wrong with them in one line."""

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.ball.paths import Box, read_path, read_paths, write_path


@pytest.mark.parametrize(
    "text",
    [
        "x,y\n0.1,0.2\n0.3,0.4\n",
        "0.1,0.2\n0.3,0.4\n",
        "frame;Y;X\n1;0.2;0.1\n\n2;0.4;0.3\n",
        "x\ty\r\n0.1\t0.2\r\n0.3\t0.4",
    ],
)
def test_columns_are_found(tmp_path, text):
    path = tmp_path / "path.csv"
    path.write_bytes(text.encode())
    np.testing.assert_array_equal(read_path(path), [[0.1, 0.2], [0.3, 0.4]])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the file is empty"),
        ("x,y\n", "0 positions, expected at least two"),
        ("x,y\n0.1,0.2\n", "1 position, expected at least two"),
        ("x,y\n0.1,0.2\nhere,0.3\n", "line 3: x must be a number.*'here'"),
        ("x,y\n0.1,0.2\n0.1,\n", "line 3: y must be a number. Received: ''"),
        ("x,y\n0.1,nan\n0.1,0.2\n", "line 2: y must be a number.*'nan'"),
        ("0.1,0.2\n0.1,left\n", "line 2: y must be a number.*'left'"),
        ("a,b\n0.1,0.2\n0.1,0.2\n", "line 1: expected a column x.*a, b"),
        ("1,0.1,0.2\n2,0.1,0.2\n", "3 columns and no header"),
        ("0.1\n0.2\n", "one column, expected at least two"),
        ("x,y\n0.1,0.2\n3,0.2\n", "line 3: 3, 0.2 is outside the box 0 0 1 1"),
        ("x,y\n0.1,0.2\n0.1\n", "line 3: 1 column, expected 2"),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path, text, words):
    path = tmp_path / "path.csv"
    path.write_text(text)
    with pytest.raises(MitseqError, match=f"path.csv: .*{words}"):
        read_path(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(MitseqError, match="none.csv: No such file"):
        read_path(tmp_path / "none.csv")


def test_what_is_written_is_read(tmp_path):
    box = Box(-10, 5, 630, 485)
    unit = np.random.default_rng(0).uniform(size=(6, 2))
    path = write_path(tmp_path / "a" / "ball.csv", box.from_unit(unit))
    np.testing.assert_allclose(box.to_unit(read_path(path, box)), unit, 1e-6)


def test_a_folder_is_its_files(tmp_path):
    for name, x in (("b", 0.2), ("a", 0.1)):
        write_path(tmp_path / f"{name}.csv", np.full((3, 2), x))
    (tmp_path / "notes.txt").write_text("none of them")
    found = read_paths([tmp_path, tmp_path / "a.csv"])
    assert [path[0, 0] for path in found] == [0.1, 0.2, 0.1]
    (tmp_path / "empty").mkdir()
    with pytest.raises(MitseqError, match="empty: a folder without"):
        read_paths([tmp_path / "empty"])


@pytest.mark.parametrize(
    "walls", [(1, 0, 0, 1), (0, 1, 1, 1), (0, 0, float("nan"), 1)]
)
def test_walls_on_the_wrong_side_are_refused(walls):
    with pytest.raises(MitseqError, match="`box` must be left, bottom"):
        Box(*walls)
