import json

import pytest

from mitseq.tasks.music import compare
from tests.cli.music.conftest import reels


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(compare, "TREES", 10)
    monkeypatch.setattr(compare, "ROUNDS", 1)
    monkeypatch.setattr(compare, "SHUFFLES", 49)


@pytest.fixture
def files(tmp_path):
    for name, seed in (("a.abc", 1), ("b.abc", 2), ("c.abc", 3)):
        (tmp_path / name).write_text(reels(24, seed=seed))


def test_compare_prints_classifier_measures_and_distances(run, files):
    outcome = run("music", "compare", "a.abc", "b.abc")
    assert outcome.code == 0
    assert "A  a.abc: 24 tunes measured, 24 read" in outcome.stdout
    assert "classifier: AUC 0." in outcome.stdout
    for line in ("ends_on_tonic ", "bars_repeated ", "degree_pairs "):
        assert f"\n{line}" in outcome.stdout
    assert "floor" not in outcome.stdout


def test_compare_with_itself_finds_nothing(run, files):
    found = run("music", "compare", "a.abc", "a.abc", "--json").json
    assert found["classifier"]["auc"] == pytest.approx(0.5)
    assert found["shared"] == found["a"]["measured"] == 24
    assert not any(one["q"] < 0.05 for one in found["measures"])


def test_compare_json_and_page(run, files, tmp_path):
    args = ("music", "compare", "a.abc", "b.abc", "--floor", "b.abc", "c.abc")
    outcome = run(*args, "--json", "--out", "page.html", "--most", 20)
    assert outcome.json["out"] == "page.html"
    assert outcome.json["floor"]["tunes"] == 20
    assert outcome.json["a"]["measured"] == 20
    page = (tmp_path / "page.html").read_text()
    auc = json.loads(outcome.stdout)["classifier"]["auc"]
    assert f"<strong>{auc:.2f}</strong>" in page
    assert run(*args, "--out", "page.html").is_mistake("--overwrite")
    assert run(*args, "--out", "page.html", "--overwrite").code == 0


@pytest.mark.parametrize(
    "args, words",
    [
        (["a.abc"], ["'B'"]),
        (["a.abc", "none.abc"], ["none.abc", "no such file"]),
        (["a.abc", "few.abc"], ["at least 20", "3 of few.abc"]),
        (["a.abc", "b.abc", "--floor", "a.abc"], ["--floor"]),
        (["a.abc", "b.abc", "--most", "3"], ["--most"]),
        (["a.abc", "b.abc", "--out", "a.abc"], ["a.abc exists"]),
        (["a.abc", "b.abc", "--out", "a.abc/x.html"], ["a.abc is a file"]),
        (["a.abc", "words.abc"], ["words.abc"]),
    ],
)
def test_compare_mistakes_are_one_line(run, files, tmp_path, args, words):
    (tmp_path / "few.abc").write_text(reels(3, seed=9))
    (tmp_path / "words.abc").write_text("no tune\n")
    assert run("music", "compare", *args).is_mistake(*words)
