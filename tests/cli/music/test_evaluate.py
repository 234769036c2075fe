import pytest

from mitseq.tasks.music.evaluation import bits_per_character
from mitseq.tasks.music.model import load_music_model
from mitseq.tunes.normalize import normalize
from tests.cli.conftest import BAD
from tests.cli.music.conftest import reels


def test_evaluate_json_has_the_agreed_keys(run, tiny_model, tmp_path):
    (tmp_path / "held.abc").write_text(reels(3) + "\n" + BAD)
    (tmp_path / "more.abc").write_text(reels(1, seed=1))
    outcome = run(
        *("music", "evaluate", "--model", tiny_model, "--samples", 2),
        *("--data", "held.abc", "more.abc", "--json"),
    )
    assert outcome.code == 0, outcome.stderr
    result = outcome.json
    assert (result["tunes"], result["dropped"], result["samples"]) == (4, 1, 2)
    assert 0 <= result["accepted"] <= 1 and 0 <= result["copied"] <= 1
    assert "longest_copied_run" in result
    texts = reels(3).split("\n\n") + [reels(1, seed=1)]
    tunes = [normalize(text) for text in texts]
    assert result["characters"] == sum(map(len, tunes))
    expected = bits_per_character(load_music_model(tiny_model), tunes)
    assert result["bits_per_character"] == pytest.approx(expected, rel=1e-5)


def test_evaluate_without_samples_says_null(run, tiny_model, tmp_path):
    (tmp_path / "held.abc").write_text(reels(1))
    args = ("--model", tiny_model, "--data", "held.abc", "--samples", 0)
    result = run("music", "evaluate", *args, "--json").json
    assert result["samples"] == 0
    assert result["accepted"] is None and result["copied"] is None


@pytest.mark.parametrize(
    "args, words",
    [
        (["--samples", "-1"], ["--samples"]),
        (["--model", "none"], ["none", "no such model"]),
        (["--data", "none.abc"], ["none.abc"]),
        (["--data", "bad.abc"], ["bad.abc", "none of 1 tunes"]),
    ],
)
def test_evaluate_mistakes_are_one_line(run, tiny_model, tmp_path, args, words):
    (tmp_path / "bad.abc").write_text(BAD)
    (tmp_path / "reels.abc").write_text(reels(1))
    data = () if "--data" in args else ("--data", "reels.abc")
    model = () if "--model" in args else ("--model", tiny_model)
    assert run("music", "evaluate", *model, *data, *args).is_mistake(*words)
