import pytest

from mitseq.tasks.music import model as models
from mitseq.tunes.check import check
from tests.tasks.music.test_vary import VOCABULARY, blind_model

TUNE = "X:1\nT:Old\nM:2/4\nL:1/8\nK:D\n|:d2A2|d4:|\n"


@pytest.fixture(autouse=True)
def blind(monkeypatch, tmp_path):
    model = blind_model(VOCABULARY)
    monkeypatch.setattr(models, "load_music_model", lambda _: model)
    (tmp_path / "old.abc").write_text(TUNE)


def test_continue_goes_on_behind_the_tune(run, tmp_path):
    args = ("music", "continue", "old.abc", "--formats", "abc", "--seed", 5)
    outcome = run(*args)
    assert outcome.code == 0 and "seed 5" in outcome.stderr
    abc = (tmp_path / "tunes" / "tune-1.abc").read_text()
    assert check(abc) == [] and "|:d2 A2|d4:|" in abc.replace("d2A2", "d2 A2")
    found = run(*args, "--count", 2, "--json").json
    assert len(found["tunes"]) == 2 and found["seed"] == 5
    assert all(tune["key"] == "D" for tune in found["tunes"])


@pytest.mark.parametrize(
    "args, words",
    [
        (["none.abc"], ["none.abc"]),
        (["old.abc", "--count", "0"], ["--count"]),
        (["bad.abc"], ["3/4 in a 2/4 tune"]),
        (["old.abc", "--temperature", "0"], ["--temperature"]),
        ([], ["FILE"]),
    ],
)
def test_continue_mistakes_are_one_line(run, tmp_path, args, words):
    (tmp_path / "bad.abc").write_text(TUNE.replace("d2A2", "d2A4|d4"))
    assert run("music", "continue", *args).is_mistake(*words)
    assert not (tmp_path / "tunes").exists()
