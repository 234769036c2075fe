import json

import pytest

from mitseq.tasks.music import generate as generating
from mitseq.tasks.music import model as models
from tests.cli.music.conftest import reels
from tests.tasks.music.test_generate import CHAIN, chain_model


@pytest.fixture(autouse=True)
def chain(monkeypatch):
    """In place of the bundled model one that takes no time."""
    monkeypatch.setattr(
        models, "load_music_model", lambda _: chain_model(CHAIN)
    )
    monkeypatch.setattr(generating, "can_add_up", lambda _: False)


@pytest.fixture
def made(run, tmp_path):
    (tmp_path / "people.abc").write_text(reels(8, seed=4))
    args = ("--people", "people.abc", "--count", 4, "--seed", 3)
    outcome = run("music", "judge", *args)
    assert outcome.code == 0
    assert outcome.stdout.startswith("judge/judge.html\njudge/key.json")
    return json.loads((tmp_path / "judge" / "key.json").read_text())


def answer(key, tmp_path, name, who, **more):
    answers = [
        {"who": who(e["who"]), "structure": 3, "melody": 2, "known": False}
        for e in key["tunes"]
    ]
    text = json.dumps({"test": key["test"], "answers": answers} | more)
    (tmp_path / name).write_text(text)


def test_judge_writes_page_and_key(made, tmp_path):
    page = (tmp_path / "judge" / "judge.html").read_text()
    assert page.count("<article") == 8 and made["test"] in page
    kinds = [entry["who"] for entry in made["tunes"]]
    assert kinds.count("person") == kinds.count("program") == 4
    people = {e["source"] for e in made["tunes"] if e["who"] == "person"}
    assert all(source.startswith("people.abc, X:") for source in people)


def test_results_are_judged(run, made, tmp_path):
    answer(made, tmp_path, "a.json", lambda who: who)
    answer(made, tmp_path, "b.json", lambda who: "person")
    found = run(
        "music", "judge", "--results", "a.json", "b.json", "--json"
    ).json
    assert found["judges"] == 2 and found["answers"] == 16
    assert found["right"] == 12
    taken = found["questions"][0]
    assert (taken["people"], taken["program"]) == (1, 0.5)
    outcome = run("music", "judge", "--results", "a.json")
    assert "8 of 8 answers right, 100% (" in outcome.stdout
    assert "taken for a person: people 1.00, program 0.00" in outcome.stdout


def test_judge_replaces_nothing_by_itself(run, made):
    args = ("music", "judge", "--people", "people.abc", "--count", 2)
    assert run(*args).is_mistake("judge/judge.html exists", "--overwrite")
    assert run(*args, "--overwrite", "--json").json["tunes"] == 4


@pytest.mark.parametrize(
    "args, words",
    [
        (["--results", "none.json"], ["none.json"]),
        (["--results", "other.json"], ["results of test 'x'"]),
        (["--results", "a.json", "--key", "a.json"], ["not the key of a test"]),
        (["--count", "1"], ["--count"]),
        (["--people", "people.abc", "--count", "30"], ["30 tunes of people"]),
        (["--people", "none.abc", "--overwrite"], ["none.abc"]),
    ],
)
def test_judge_mistakes_are_one_line(run, made, tmp_path, args, words):
    answer(made, tmp_path, "a.json", lambda who: who)
    answer(made, tmp_path, "other.json", lambda who: who, test="x")
    more = () if "--results" in args else ("--out", "new")
    assert run("music", "judge", *args, *more).is_mistake(*words)
