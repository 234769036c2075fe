import pytest

PAIRS = "".join(
    f"I see {i} {what}.\tVeo {i} {como}.\tCC-BY\n"
    for i in range(20)
    for what, como in (("cats", "gatos"), ("dogs", "perros"))
)
SMALL = ("--units", 8, "--embedding-dim", 4, "--min-count", 1)


def test_train_resume_and_say_when_it_is_finished(run, tmp_path):
    (tmp_path / "pairs.tsv").write_text(PAIRS)
    args = ("translate", "train", "--out", "run")
    data = ("--data", "pairs.tsv", *SMALL, "--epochs", 1)
    done = run(*args, *data, "--reverse")
    assert done.code == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[:2] == ["run/model.keras", "run/history.csv"]
    assert lines[2].startswith("best held-out loss: ")
    assert "36 pairs to learn from, 2 to stop by, 2 to" in done.stderr
    held = (tmp_path / "run/test.tsv").read_text().splitlines()
    assert len(held) == 2 and all(line.startswith("Veo") for line in held)
    assert run(*args, *data).code == 2
    other = run(*args, "--resume", "--attention", "none")
    assert other.is_mistake("--attention must be as in", "additive")
    once_more = run(*args, "--resume")
    assert "run: this training is finished" in once_more.stderr
    assert once_more.stdout == done.stdout
    longer = run(*args, "--resume", "--epochs", 2, "--json")
    assert [row["epoch"] for row in longer.json["epochs"]] == [1, 2]
    assert longer.json["data"] == "pairs.tsv"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--data", "none.tsv"), ["none.tsv: cannot be read"]),
        (("--data", "empty.tsv"), ["empty.tsv", "no pair"]),
        (("--data", "one.tsv"), ["one.tsv, line 2", "1 column"]),
        (("--data", "few.tsv"), ["few.tsv", "at least 20 different"]),
        (("--clauses", "0"), ["--clauses"]),
        (("--cell", "rnn"), ["--cell"]),
        (("--epochs", "1", "--minutes", "1"), ["exclude each other"]),
        (("--units", "7"), ["multiple of 2"]),
        (("--resume",), ["no training to resume"]),
    ],
)
def test_mistakes_are_one_line_and_nothing_is_left(run, tmp_path, args, words):
    (tmp_path / "empty.tsv").write_text("\n\n")
    (tmp_path / "one.tsv").write_text("a\tb\nonly this\n")
    (tmp_path / "few.tsv").write_text("a\tb\n")
    done = run("translate", "train", *args, "--out", "run")
    line = done.stderr.splitlines()[-1]
    assert done.code == 2 and line.startswith("mitseq: error: ")
    assert all(word in line for word in words), line
    assert done.stdout == ""
    left = [p.name for p in (tmp_path / "run").glob("*") if p.name != ".lock"]
    assert left == []
