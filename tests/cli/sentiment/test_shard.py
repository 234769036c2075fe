"""`mitseq sentiment shard`: what it writes is trained on."""

import pytest


@pytest.fixture
def reviews(tmp_path):
    rows = [f"so good, {i},pos\nso bad, {i},neg" for i in range(40)]
    rows = [row.replace(", ", " ") for row in rows]
    (tmp_path / "r.csv").write_text("text,label\n" + "\n".join(rows) + "\n")


def test_shards_are_written_and_trained_on(run, reviews, tmp_path):
    args = ("sentiment", "shard", "--data", "r.csv", "--out", "s")
    done = run(*args)
    assert done.code == 0, done.stderr
    assert done.stdout.startswith("s: ") and " held out" in done.stdout
    assert run(*args).is_mistake("s exists", "--overwrite")
    again = run(*args, "--overwrite", "--json")
    assert again.json["classes"] == {"neg": 40, "pos": 40}
    train = ("sentiment", "train", "--data", "s", "--out", "m")
    done = run(*train, "--cell", "rnn", "--plain", "--epochs", 1, "--json")
    assert done.code == 0, done.stderr
    assert done.json["n"] == again.json["train"]
    assert done.json["classes"] == ["neg", "pos"]
    same = run("sentiment", "train", "--out", "m", "--resume")
    assert "m: this training is finished" in same.stderr
    (tmp_path / "s" / "sample.tfrecord").unlink()
    torn = run("sentiment", "train", "--out", "m", "--resume", "--epochs", 2)
    assert torn.is_mistake("s/sample.tfrecord is missing")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--data", "none.csv"), ["none.csv", "no such file"]),
        (("--data", "one.csv"), ["two classes"]),
        (("--data", "broken.csv"), ["broken.csv", "line 4", "columns"]),
        (("--data", "one.csv", "--text-column", "x"), ["text_column", "x"]),
    ],
)
def test_mistakes_are_one_line(run, tmp_path, args, words):
    (tmp_path / "one.csv").write_text("text,label\n" + "good,pos\n" * 9)
    (tmp_path / "broken.csv").write_text("text,label\na,b\nc,d\ne,f,g\n")
    outcome = run("sentiment", "shard", *args, "--out", "s")
    assert outcome.is_mistake(*words)
    assert not (tmp_path / "s").exists()
    assert not list(tmp_path.glob(".*"))
