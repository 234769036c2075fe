import json

import pytest


def test_scores_of_what_was_held_out_and_a_figure(run, trained, tmp_path):
    args = ("translate", "evaluate", "--model", trained, "--beams", 2)
    done = run(*args, "--out", "report")
    assert done.code == 0, done.stderr
    names = [line.split()[0] for line in done.stdout.splitlines()]
    assert names[:7] == [
        *("sentences", "unknown", "perplexity", "chrf", "bleu", "accuracy"),
        "exact",
    ]
    figure = tmp_path / "report/by_length.png"
    assert figure.read_bytes().startswith(b"\x89PNG")
    kept = json.loads((tmp_path / "report/evaluation.json").read_text())
    assert kept["sentences"] == 50
    assert run(*args, "--out", "report").is_mistake("exists; --overwrite")


def test_pairs_of_the_user_either_way(run, trained, tmp_path):
    line = (trained / "test.tsv").read_text("utf-8").splitlines()[0]
    source, target = line.split("\t")
    (tmp_path / "there.tsv").write_text(f"{source}\t{target}\n", "utf-8")
    (tmp_path / "back.tsv").write_text(f"{target}\t{source}\n", "utf-8")
    args = ("translate", "evaluate", "--model", trained, "--json", "--data")
    there = run(*args, "there.tsv").json
    assert run(*args, "back.tsv", "--reverse").json == there
    assert there["sentences"] == 1 and there["unknown"] == 0


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ((), ["expected --data"]),
        (("--model", "empty"), ["test.tsv is not there"]),
        (("--data", "none.tsv"), ["none.tsv: cannot be read"]),
    ],
)
def test_mistakes_are_one_line(run, tmp_path, args, words):
    (tmp_path / "empty").mkdir()
    assert run("translate", "evaluate", *args).is_mistake(*words)
