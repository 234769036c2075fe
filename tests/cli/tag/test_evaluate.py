import json
import shutil

import pytest

from mitseq.tasks.tag.conllu import write_conllu
from tests.tasks.tag.conftest import SENTENCES, sentence


def test_what_was_held_out_is_judged_beside_the_most_frequent_tag(run, trained):
    done = run("tag", "evaluate", "--model", trained, "--json")
    assert done.code == 0, done.stderr
    words = sum(len(s.words) for s in SENTENCES)
    assert done.json["accuracy"] == 1.0 and done.json["words"] == words
    # can, flies, like, saw and fly are half wrong
    peer = done.json["most_frequent_tag"]["accuracy"]
    assert peer == pytest.approx(1 - 5 / words)
    assert done.json["unknown_words"] == 0
    assert done.json["unknown_accuracy"] is None


def test_other_sentences_a_table_and_files(run, trained, tmp_path):
    other = [sentence("the/DET zebra/NOUN flies/VERB"), SENTENCES[0]]
    (tmp_path / "a.conllu").write_text(write_conllu(other))
    args = ("tag", "evaluate", "--model", trained, "--data", "a.conllu")
    done = run(*args, "--out", "found")
    assert done.code == 0, done.stderr
    rows = {line.split("  ")[0]: line for line in done.stdout.splitlines()}
    assert rows["unknown words"].split()[-1] == "1"
    assert rows["NOUN"].split()[1] == "3" and "DET" in rows
    kept = json.loads((tmp_path / "found/evaluation.json").read_text())
    assert kept["words"] == 8 and kept["data"] == "a.conllu"
    png = (tmp_path / "found/confusion.png").read_bytes()
    assert png.startswith(b"\x89PNG")
    again = run(*args, "--out", "found")
    assert again.is_mistake("confusion.png exists; --overwrite replaces it")
    assert run(*args, "--out", "found", "--overwrite").code == 0


def test_mistakes_are_one_line(run, trained, tmp_path):
    args = ("tag", "evaluate", "--model")
    assert run(*args, "none").is_mistake("none", "no such model")
    shutil.copy(trained / "model.keras", tmp_path / "model.keras")
    done = run(*args, tmp_path)
    assert done.is_mistake("most_frequent.json: cannot be read")
    shutil.copy(trained / "most_frequent.json", tmp_path)
    assert run(*args, tmp_path).is_mistake("held nothing out", "--data")
    missing = run(*args, trained, "--data", "none.conllu")
    assert missing.is_mistake("none.conllu", "No such file")
