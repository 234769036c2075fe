import pytest

TEXT = "The dog sees the cat.\nThe cat sees the dog.\nI see them.\n" * 8
SMALL = ("--units", 8, "--embedding-dim", 4, "--min-count", 1)


def test_train_resume_and_say_when_it_is_finished(run, tmp_path):
    (tmp_path / "book.txt").write_text(TEXT)
    args = ("words", "train", "--out", "run")
    done = run(*args, "--data", "book.txt", *SMALL, "--epochs", 1)
    assert done.code == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[:2] == ["run/model.keras", "run/history.csv"]
    assert lines[2].startswith("best held-out loss: ")
    assert "20 paragraphs to learn from, 2 to stop by" in done.stderr
    assert len((tmp_path / "run/test.txt").read_text().split("\n\n")) == 2
    again = run(*args, "--data", "book.txt", *SMALL, "--epochs", 1)
    assert again.code == 2 and "--resume" in again.stderr
    other = run(*args, "--resume", "--cell", "gru")
    assert other.is_mistake("--cell must be as in", "lstm")
    once_more = run(*args, "--resume")
    assert "run: this training is finished" in once_more.stderr
    assert once_more.stdout == done.stdout
    longer = run(*args, "--resume", "--epochs", 2, "--json")
    assert [row["epoch"] for row in longer.json["epochs"]] == [1, 2]
    assert longer.json["data"] == "book.txt"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--data", "none.txt"), ["none.txt: cannot be read"]),
        (("--data", "empty.txt"), ["empty.txt", "no word"]),
        (("--data", "few.txt"), ["few.txt", "at least 50 words", "3"]),
        (("--distance", "3"), ["--distance"]),
        (("--cell", "cnn"), ["--cell"]),
        (("--epochs", "1", "--minutes", "1"), ["exclude each other"]),
        (("--cell", "transformer", "--units", "12"), ["multiple of 8"]),
        (("--resume",), ["no training to resume"]),
    ],
)
def test_mistakes_are_one_line_and_nothing_is_left(run, tmp_path, args, words):
    (tmp_path / "empty.txt").write_text("\n\n")
    (tmp_path / "few.txt").write_text("one two three")
    done = run("words", "train", *args, "--out", "run")
    line = done.stderr.splitlines()[-1]
    assert done.code == 2 and line.startswith("mitseq: error: ")
    assert all(word in line for word in words), line
    assert done.stdout == ""
    left = [p.name for p in (tmp_path / "run").glob("*") if p.name != ".lock"]
    assert left == []
