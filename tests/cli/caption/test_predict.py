"""`mitseq caption PICTURE`: captions, figures, and one line for a mistake."""

import numpy as np
import pytest

from mitseq.tasks.caption.pictures import write_picture
from tests.figure_checks import check_png
from tests.tasks.caption.conftest import CAPTIONS, bar


@pytest.fixture
def pictures(tmp_path):
    for where in CAPTIONS:
        write_picture(tmp_path / "in" / f"{where}.png", bar(where, 48))
    return tmp_path / "in"


def test_one_picture_gets_its_caption_without_a_verb(run, trained, pictures):
    done = run("caption", pictures / "top.png", "--model", trained)
    assert done.code == 0, done.stderr
    caption, share, percent = done.stdout.rstrip().rsplit(" ", 2)
    assert caption == CAPTIONS["top"] and percent == "%)"
    assert 0 < float(share.strip("(")) <= 100


def test_a_folder_gets_a_line_each_a_grid_and_the_looks(
    run, trained, pictures, tmp_path
):
    args = ("caption", "in", "--model", trained)
    done = run(*args, "--grid", "grid.png", "--looks", "looks.png")
    assert done.code == 0, done.stderr
    *lines, grid, looks = done.stdout.splitlines()
    for line, where in zip(lines, sorted(CAPTIONS), strict=True):
        assert line.startswith(f"in/{where}.png: {CAPTIONS[where]} (")
    check_png((tmp_path / grid).read_bytes())
    check_png((tmp_path / looks).read_bytes())
    again = run(*args, "--grid", "grid.png")
    assert again.is_mistake("grid.png exists; --overwrite")
    assert run(*args, "--grid", "a.xyz").is_mistake("must end in a format")


def test_json_has_words_and_probabilities(run, trained, pictures):
    done = run("caption", pictures / "left.png", "--model", trained, "--json")
    (found,) = done.json["pictures"]
    assert found["caption"] == CAPTIONS["left"]
    assert found["words"] == [*"a bar on the left .".split(), ""]
    product = np.prod(found["probabilities"])
    assert found["probability"] == pytest.approx(product)
    assert done.json["errors"] == [] and done.json["figures"] == []


def test_what_cannot_be_read_is_told_and_the_others_are_captioned(
    run, trained, pictures
):
    (pictures / "broken.png").write_bytes(b"none")
    done = run("caption", pictures, "--model", trained)
    assert done.code == 2
    assert len(done.stdout.splitlines()) == 4
    *_, broken, last = done.stderr.splitlines()
    assert "broken.png: not a picture" in broken
    assert last.endswith("1 of 5 pictures could not be read")
    done = run("caption", pictures, "--model", trained, "--json")
    assert done.code == 2 and len(done.json["pictures"]) == 4
    assert "broken.png" in done.json["errors"][0]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("none.png",), "none.png: cannot be read: No such file"),
        (("empty",), "a folder without a picture"),
        (("broken.png",), "broken.png: not a picture that Pillow reads"),
        ((), "no picture: expected PICTURE"),
        (("pictrue",), "No such command"),
    ],
)
def test_a_mistake_is_one_line(run, tmp_path, trained, args, words):
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.png").write_text("no")
    model = ("--model", trained) if args != ("pictrue",) else ()
    assert run("caption", *args, *model).is_mistake(words)


def test_what_the_model_doubts_gets_a_remark(
    run, trained, pictures, monkeypatch
):
    monkeypatch.setattr("mitseq.tasks.caption.predict.DOUBT", 1.1)
    done = run("caption", pictures / "top.png", "--model", trained)
    assert "doubtful" in done.stderr and "top.png" in done.stderr
    monkeypatch.setattr("mitseq.tasks.caption.predict.DOUBT", 0.0)
    done = run("caption", pictures / "top.png", "--model", trained)
    assert "doubtful" not in done.stderr
