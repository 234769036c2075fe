"""`mitseq caption train`: scenes or pictures of the user, and --resume."""

import pytest

from mitseq.tasks.caption.model import load_caption_model, picture_shape
from tests.tasks.caption.conftest import write_bars

SMALL = ("--units", 8, "--epochs", 1, "--size", 16)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_bars(tmp_path_factory.mktemp("few"), copies=3)


def test_a_folder_of_pictures_is_learned_from_and_resumed(run, folder):
    args = ("caption", "train", "--out", "run")
    done = run(*args, *SMALL, "--data", folder, "--color", "--json")
    assert done.code == 0, done.stderr
    assert "10 pictures to learn from, 1 to stop by, 1 to judge by" in (
        done.stderr
    )
    found = done.json
    assert found["settings"]["units"] == 8 and len(found["epochs"]) == 1
    model = load_caption_model(found["model"])
    assert picture_shape(model) == (16, 3)
    more = run(*args, "--resume", "--epochs", 2, "--json")
    assert more.code == 0, more.stderr
    assert len(more.json["epochs"]) == 2
    other = run(*args, "--resume", "--units", 9)
    assert other.is_mistake("--units must be as in the training")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--color",), "--color is for pictures in --data"),
        (("--data", "none.csv"), "none.csv: cannot be read|No such file"),
        (("--data", "."), "expected one table of captions"),
        (("--size", 20), "`size` must be a multiple of 8"),
        (("--minutes", 1, "--epochs", 2), "exclude each other"),
    ],
)
def test_a_mistake_is_one_line_and_leaves_nothing(run, tmp_path, args, words):
    done = run("caption", "train", *args, "--out", "run")
    assert done.code == 2
    line = done.stderr.splitlines()[-1]
    assert any(word in line for word in words.split("|")), line
    assert not (tmp_path / "run" / "model.keras").exists()
