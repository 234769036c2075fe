import pytest

from mitseq.tasks.tag.conllu import write_conllu
from tests.tasks.tag.conftest import SENTENCES

SMALL = (
    *("--units", 4, "--embedding-dim", 4, "--affix-dim", 2),
    *("--batch-size", 16),
)


def test_train_resume_and_say_when_it_is_finished(run, tmp_path):
    (tmp_path / "my.conllu").write_text(write_conllu(SENTENCES * 5))
    args = ("tag", "train", "--out", "run")
    done = run(*args, "--data", "my.conllu", *SMALL, "--epochs", 1)
    assert done.code == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[:2] == ["run/model.keras", "run/history.csv"]
    assert lines[2].startswith("best held-out loss: ")
    assert lines[2].endswith("% of the tags right")
    said = "24 sentences to learn from, 3 to stop by, 3 to judge by"
    assert f"my.conllu: {said}" in done.stderr
    again = run(*args, "--data", "my.conllu", *SMALL, "--epochs", 1)
    assert again.code == 2 and "--resume" in again.stderr
    other = run(*args, "--resume", "--cell", "gru")
    assert other.is_mistake("--cell must be as in", "lstm")
    once_more = run(*args, "--resume")
    assert "run: this training is finished" in once_more.stderr
    assert once_more.stdout == done.stdout
    longer = run(*args, "--resume", "--epochs", 2, "--json")
    assert [row["epoch"] for row in longer.json["epochs"]] == [1, 2]
    assert longer.json["data"] == "my.conllu"
    judged = run("tag", "evaluate", "--model", "run", "--json")
    assert judged.json["sentences"] == 3


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--data", "none.conllu"), ["none.conllu", "No such file"]),
        (("--data", "empty.conllu"), ["empty.conllu", "no word"]),
        (("--data", "few.conllu"), ["few.conllu", "at least 20", "6"]),
        (("--data", "nine.conllu"), ["nine.conllu: line 1:", "10 columns"]),
        (("--data", "bytes.conllu"), ["bytes.conllu: line 1:", "utf-8"]),
        (("--data", "."), ["nine.conllu"]),
        (("--validation", "few.conllu"), ["--validation needs --data"]),
        (("--cell", "transformer"), ["--cell"]),
        (("--directions", "3"), ["--directions"]),
        (("--epochs", "1", "--minutes", "1"), ["exclude each other"]),
        (("--resume",), ["no training to resume"]),
    ],
)
def test_mistakes_are_one_line_and_nothing_is_left(run, tmp_path, args, words):
    (tmp_path / "empty.conllu").write_text("\n\n")
    (tmp_path / "few.conllu").write_text(write_conllu(SENTENCES))
    (tmp_path / "nine.conllu").write_text("\t".join("1a_______") + "\n")
    (tmp_path / "bytes.conllu").write_bytes(b"1\ta\xff\n")
    if "." in args:
        (tmp_path / "empty.conllu").unlink()
        (tmp_path / "bytes.conllu").unlink()
    done = run("tag", "train", *args, "--out", "run")
    line = done.stderr.splitlines()[-1]
    assert done.code == 2 and line.startswith("mitseq: error: ")
    assert all(word in line for word in words), line
    assert done.stdout == ""
    left = [p.name for p in (tmp_path / "run").glob("*") if p.name != ".lock"]
    assert left == []
