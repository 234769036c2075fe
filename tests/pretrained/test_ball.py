"""The bundled model of the ball: small, in place, and it sees walls coming."""

import json
import zipfile

import pytest

from mitseq.pretrained import ball as script
from mitseq.pretrained.half_precision import readable_by_older
from mitseq.tasks.ball.evaluation import (
    RULE,
    STAYS,
    evaluate_ball_model,
    unseen_paths,
)
from mitseq.tasks.ball.model import BUNDLED, load_ball_model


def test_it_is_ten_times_as_good_as_the_present_alone_and_near_the_rule():
    draws = [unseen_paths(100, draw) for draw in (10, 11, 12)]
    found = evaluate_ball_model(load_ball_model(), draws)
    model, stays = found["the model"], found[STAYS]
    assert (model.next < stays.next / 30).all()
    assert (model.walls < stays.walls / 15).all()
    assert (model.walls - found[RULE].walls < 0.005).all()
    assert (model.walls < found["the same step once more"].walls / 4).all()
    # fed back twenty times
    assert (model.ahead[:, -1] < stays.ahead[:, -1] / 5).all()


def test_bundled_file_is_small_and_readable_by_older_versions():
    assert BUNDLED.stat().st_size <= 200_000
    with zipfile.ZipFile(BUNDLED) as archive:
        config = json.loads(archive.read("config.json"))
    assert config == readable_by_older(config)  # loads on Python 3.10
    text = BUNDLED.with_suffix(".md").read_text("utf-8")
    assert json.dumps(script.SETTINGS) in text


def test_script_leaves_model_and_card(tmp_path, monkeypatch):
    small = {"cell": "present", "units": 4, "epochs": 1, "steps": 2}
    monkeypatch.setattr(script, "SETTINGS", small)
    monkeypatch.setattr(script, "BALLS", 10)
    figures = script.main(["--out", str(tmp_path)])
    text = (tmp_path / "ball.md").read_text("utf-8")
    for name in ("the model", RULE, "seed 1", "seed 2"):
        assert f"{name} | " in text
    one_step = figures["the model"]["one_step"]
    told = "{mean:.4f} ({low:.4f} to {high:.4f})".format(**one_step)
    assert f"| the model | {told} |" in text
    assert load_ball_model(tmp_path / "ball.keras").count_params()


@pytest.mark.parametrize("seed", [1, 2])
def test_the_card_has_a_row_for_each_seed(seed):
    text = BUNDLED.with_suffix(".md").read_text("utf-8")
    assert f"| trained anew, seed {seed} |" in text
