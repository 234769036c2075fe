import pytest

from mitseq.tasks.music import model as models
from mitseq.tunes.check import check
from tests.tasks.music.test_vary import TUNE, VOCABULARY, blind_model


@pytest.fixture(autouse=True)
def blind(monkeypatch, tmp_path):
    model = blind_model(VOCABULARY)
    monkeypatch.setattr(models, "load_music_model", lambda _: model)
    (tmp_path / "old.abc").write_text(TUNE)


def test_vary_writes_versions_and_says_how_much_changed(run, tmp_path):
    args = ("music", "vary", "old.abc", "--formats", "abc", "--seed", 5)
    outcome = run(*args, "--change", 0.5)
    assert outcome.code == 0
    assert outcome.stdout.rstrip().endswith("tunes/tune-1.abc")
    assert "of the notes changed, seed 5" in outcome.stderr
    abc = (tmp_path / "tunes" / "tune-1.abc").read_text()
    assert check(abc) == [] and "T:Old, varied" in abc
    found = run(*args, "--change", 0.5, "--count", 2, "--json").json
    assert found["tunes"][0]["abc"] == abc and found["seed"] == 5
    assert 0 < found["tunes"][0]["changed"] < 1
    assert found["files"] == ["tunes/tune-2.abc", "tunes/tune-3.abc"]


@pytest.mark.parametrize(
    "args, words",
    [
        (["old.abc", "--change", "2"], ["--change"]),
        (["none.abc"], ["none.abc"]),
        (["two.abc"], ["two.abc: 2 tunes, expected one", "line 10"]),
        (["bad.abc"], ["bar 2: 3/4 in a 2/4 tune"]),
        ([], ["FILE"]),
    ],
)
def test_vary_mistakes_are_one_line(run, tmp_path, args, words):
    (tmp_path / "two.abc").write_text(
        f"{TUNE}\n\n{TUNE}".replace("\n\n\n", "\n\n")
    )
    (tmp_path / "bad.abc").write_text(TUNE.replace("A2d2", "A2d4"))
    outcome = run("music", "vary", *args)
    assert outcome.is_mistake(*[w for w in words if w != "line 10"])
    assert not (tmp_path / "tunes").exists()
