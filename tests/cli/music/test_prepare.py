import json

from tests.cli.conftest import BAD, GOOD

OTHER = "X:3\nT:Other\nM:4/4\nL:1/8\nK:G\nGABc dedB|cBAG F2D2|G4 G4|]\n"


def test_prepare_writes_split_and_report(run, tmp_path):
    (tmp_path / "a.abc").write_text(GOOD + "\n" + BAD)
    (tmp_path / "b.abc").write_text(OTHER)
    outcome = run("music", "prepare", "--data", "a.abc", "b.abc", "--out", "c")
    assert outcome.code == 0
    names = {p.name for p in (tmp_path / "c").iterdir()}
    assert names == {"train.abc", "validation.abc", "test.abc", "report.json"}
    assert outcome.stdout.splitlines()[0].startswith("c/train.abc: ")
    assert "read 3 tunes, kept 2" in outcome.stderr
    report = json.loads((tmp_path / "c" / "report.json").read_text())
    assert (report["read"], report["kept"]) == (3, 2)


def test_prepare_json_is_the_report(run, good):
    outcome = run("music", "prepare", "--data", good, "--out", "c", "--json")
    notes = outcome.json["notes"]
    assert outcome.stderr.splitlines() == notes
    assert "1 tune to learn from, 0 tunes to judge by" in notes[0]
    assert outcome.json["read"] == 1 and outcome.json["out"] == "c"


def test_prepare_mistakes_leave_nothing(run, tmp_path, good):
    prepare = ("music", "prepare")
    assert run(*prepare, "--data", good).is_mistake("--out")
    assert run(*prepare, "--data", "no.abc", "--out", "c").is_mistake("no.abc")
    (tmp_path / "empty.abc").touch()
    outcome = run(*prepare, "--data", "empty.abc", "--out", "c")
    assert outcome.is_mistake("empty.abc")
    outcome = run(*prepare, "--data", good, "--out", good / "c")
    assert outcome.is_mistake("expected a folder")
    assert {p.name for p in tmp_path.iterdir()} == {"good.abc", "empty.abc"}


def test_prepare_music21_without_corpus_says_what_to_do(
    run, tmp_path, monkeypatch
):
    import importlib.util

    find_spec = importlib.util.find_spec

    def without_music21(name, *args):
        return None if name == "music21" else find_spec(name, *args)

    monkeypatch.setattr(importlib.util, "find_spec", without_music21)
    assert run("music", "prepare", "--out", "c").is_mistake("music21")
    assert run("music", "train", "--out", "c").is_mistake("music21")
    assert list(tmp_path.iterdir()) == []
