"""`mitseq ball`: at once, with a file, and wrong in one line."""

import numpy as np
import pytest

from mitseq.by_hand.ball import ball_paths
from tests.figure_checks import check_png


def write(path, points):
    path.write_text("x,y\n" + "".join(f"{x:.6f},{y:.6f}\n" for x, y in points))
    return path


def test_a_ball_is_drawn_at_once(run, tmp_path):
    done = run("ball")
    assert done.code == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["step", "x", "y", "off", "by", "rule's"]
    assert len(lines) == 22 and lines[-1] == "ball.png"
    off = [float(line.split()[3]) for line in lines[1:-1]]
    assert off[0] < 0.005 and max(off) < 0.1
    check_png((tmp_path / "ball.png").read_bytes())
    assert "one step ahead on the positions seen" in done.stderr

    again = run("ball")
    assert again.is_mistake("ball.png exists; --overwrite")


def test_the_path_of_a_file_goes_on_in_its_own_unit(run, tmp_path):
    path = ball_paths(1, 30, seed=5)[0] * [640, 480]
    write(tmp_path / "track.csv", path)
    box = ("--box", 0, 0, 640, 480)
    done = run(
        *("ball", "predict", "track.csv", *box, "--seen", 20),
        *("--steps", 15, "--json"),
    )
    assert done.code == 0, done.stderr
    found = done.json
    assert found["seen"] == 20 and found["source"] == "track.csv"
    assert len(found["prediction"]) == 15
    # ten of them are known
    np.testing.assert_allclose(found["truth"], path[20:], atol=1e-4)
    np.testing.assert_allclose(found["rule"][:10], path[20:], atol=1)
    assert len(found["distance"]["model"]) == 10
    assert max(found["distance"]["model"]) < 0.1
    known = found["one_step_on_seen"]
    assert known["the model"] < known["stays where it is"] / 10


def test_without_more_positions_there_is_nothing_to_compare(run, tmp_path):
    write(tmp_path / "two.csv", [[0.1, 0.1], [0.2, 0.2]])
    done = run("ball", "two.csv", "--steps", 2, "--out", "a.svg")
    assert done.code == 0, done.stderr
    assert done.stdout.splitlines()[0].split() == ["step", "x", "y"]
    assert "positions seen" not in done.stderr


@pytest.mark.parametrize(
    ("text", "args", "words"),
    [
        ("", (), ["a.csv: the file is empty"]),
        ("x,y\n1,one\n", (), ["a.csv: line 2: y must be a number", "one"]),
        ("x,y\n.1,.2\n", (), ["a.csv: 1 position"]),
        ("x,y\n.1,.2\n5,.3\n", (), ["line 3", "outside the box", "--box"]),
        ("x,y\n.1,.2\n.2,.3\n", ("--seen", 3), ["--seen", "at most the 2"]),
        ("x,y\n.1,.2\n.2,.3\n", ("--box", 1, 0, 0, 1), ["`box` must be"]),
        ("x,y\n.1,.2\n.2,.3\n", ("--out", "a.xyz"), ["a.xyz"]),
        ("x,y\n.1,.2\n.2,.3\n", ("--model", "no"), ["no: no such model"]),
    ],
)
def test_mistakes_are_one_line(run, tmp_path, text, args, words):
    (tmp_path / "a.csv").write_text(text)
    done = run("ball", "predict", "a.csv", *args)
    assert done.is_mistake(*words)
    assert {p.name for p in tmp_path.iterdir()} == {"a.csv"}


def test_what_is_neither_verb_nor_file_is_refused(run):
    assert run("ball", "trian").is_mistake("Did you mean 'train'?")
    assert run("ball", "none.csv").is_mistake("none.csv: No such file")


def test_a_box_needs_a_file(run):
    assert run("ball", "--box", 0, 0, 2, 2).is_mistake("--box is for a FILE")
