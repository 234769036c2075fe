import json
import shutil

from mitseq.tasks.words.evaluation import evaluate_words_model
from mitseq.tasks.words.model import load_words_model
from tests.tasks.words.conftest import SENTENCES


def test_a_models_own_held_out_texts(run, trained, tmp_path):
    shutil.copytree(trained, tmp_path / "m")
    record = json.loads((tmp_path / "m/run.json").read_text())
    record["options"] = {"data": ["book.txt"]}  # as the command keeps it
    (tmp_path / "m/run.json").write_text(json.dumps(record))
    done = run("words", "evaluate", "--model", "m", "--json")
    expected = evaluate_words_model(load_words_model(trained), SENTENCES)
    assert done.code == 0 and done.json == expected
    (tmp_path / "other.txt").write_text("I took\n\nmy zebra.\n")
    done = run("words", "evaluate", "--model", "m", "--data", "other.txt")
    figures = dict(line.split() for line in done.stdout.splitlines())
    assert figures["texts"] == "2" and float(figures["unknown"]) > 0


def test_the_bundled_model_and_the_n_gram_on_the_grammar(run, tmp_path):
    args = ("words", "evaluate", "--count", 4, "--distance", 8, "--out", "o")
    done = run(*args)
    assert done.code == 0, done.stderr
    assert "language, right at a distance of (a guess: 8%)" in done.stdout
    assert "  n-gram  " in done.stdout
    assert (tmp_path / "o/agreement.png").stat().st_size > 5000
    kept = json.loads((tmp_path / "o/evaluation.json").read_text())
    assert set(kept["agreement"]["model"]["number"]) == set("0345678")
    assert run(*args).is_mistake("o/agreement.png exists", "--overwrite")


def test_mistakes_are_one_line(run, trained, tmp_path):
    (tmp_path / "empty.txt").write_text("")
    args = ("words", "evaluate", "--model", trained)
    assert run(*args, "--data", "empty.txt").is_mistake("holds no word")
    assert run(*args, "--data", "none").is_mistake("none: cannot be read")
    assert run(*args, "--distance", 3).is_mistake("--distance")
