import numpy as np
import pytest

TEXT = "the old dog sees a tree ."


def test_each_word_and_where_it_looks(run, trained, tmp_path):
    args = ("translate", "align", "--model", trained, TEXT)
    done = run(*args, "--out", "map.html")
    assert done.code == 0, done.stderr
    title, *rows, path = done.stdout.splitlines()
    assert title.endswith(".") and path == "map.html"
    assert rows[-1].strip().startswith("(end)")
    page = (tmp_path / "map.html").read_text("utf-8")
    assert "dog" in page and rows[0].split()[0] in page
    assert run(*args, "--out", "map.html").is_mistake("map.html exists")
    found = run(*args, "--out", "map.png", "--json").json
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")
    weights = np.array(found["weights"])
    assert weights.shape == (len(found["written"]), len(found["read"]))
    np.testing.assert_allclose(weights.sum(-1), 1, atol=1e-4)
    looked = found["read"][int(weights[0].argmax())]
    assert looked == rows[0].split()[1]
    done = run(*args[:-1], "-", stdin=TEXT + "\n")
    assert done.stdout.splitlines() == [title, *rows]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("",), ["text 1", "no word"]),
        (("a", "--out", "map.txt"), ["--out must end with", "map.txt"]),
        ((), ["TEXT"]),
    ],
)
def test_mistakes_are_one_line(run, args, words):
    assert run("translate", "align", *args).is_mistake(*words)


def test_nothing_on_standard_input_is_a_mistake(run):
    done = run("translate", "align", "-", stdin="")
    assert done.is_mistake("standard input is empty")
    assert run("translate", "align", "-", stdin=" .\n").code == 0
