"""`mitseq ball evaluate`: numbers with their ranges, and files of them."""

import json

from tests.figure_checks import check_png


def test_the_bundled_model_is_measured(run, tmp_path):
    args = ("ball", "evaluate", "--balls", 20, "--steps", 5, "--out", "f")
    done = run(*args)
    assert done.code == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].endswith("  5 steps ahead")
    model = next(line for line in lines if line.startswith("the model"))
    assert model.count(" to ") == 3
    assert lines[-2:] == ["f/errors.png", "f/evaluation.json"]
    check_png((tmp_path / "f" / "errors.png").read_bytes())
    kept = json.loads((tmp_path / "f" / "evaluation.json").read_text())
    errors = kept["errors"]
    assert errors["the model"]["one_step"]["high"] < 0.005
    assert len(errors["the physical rule"]["ahead"]) == 5
    assert run(*args).is_mistake("errors.png exists; --overwrite")
    again = run(*args, "--overwrite", "--json")
    assert again.json["errors"] == errors


def test_mistakes_are_one_line(run, tmp_path):
    assert run("ball", "evaluate", "--steps", 31).is_mistake("--steps")
    assert run("ball", "evaluate", "--model", "x").is_mistake("no such model")
    (tmp_path / "file").touch()
    done = run("ball", "evaluate", "--out", "file")
    assert done.is_mistake("expected a folder")
