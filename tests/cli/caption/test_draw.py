"""`mitseq caption draw`: pictures and their captions, ready to be read."""

from mitseq.tasks.caption.folders import read_rows
from mitseq.tasks.caption.pictures import read_picture
from mitseq.tasks.caption.scenes import all_scenes


def test_pictures_and_a_table_are_written(run, tmp_path):
    done = run("caption", "draw", "--count", 4, "--size", 48, "--out", "x")
    assert done.code == 0, done.stderr
    *lines, table = done.stdout.splitlines()
    assert table == "x/captions.csv"
    rows = read_rows(tmp_path / "x")
    assert lines == [f"x/{file.name}: {text}" for file, text in rows]
    assert [file.name for file, _ in rows] == [f"0{i}.png" for i in range(1, 5)]
    assert read_picture(rows[0][0], 48).std() > 10
    again = run("caption", "draw", "--out", "x")
    assert again.is_mistake("x/01.png exists; --overwrite")


def test_kind_pairs_and_seed_are_as_asked(run):
    args = ("caption", "draw", "--count", 5, "--size", 32, "--json")
    asked = (*args, "--kind", "people", "--pairs", "unseen")
    found = run(*asked, "--out", "a").json
    unseen = {scene.caption for scene in all_scenes("people", "unseen")}
    captions = [each["caption"] for each in found["pictures"]]
    assert set(captions) <= unseen and found["table"] == "a/captions.csv"
    same = run(*asked, "--out", "b").json["pictures"]
    assert [each["caption"] for each in same] == captions
    other = run(*asked, "--seed", 1, "--out", "c").json["pictures"]
    assert [each["caption"] for each in other] != captions
