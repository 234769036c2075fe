"""`mitseq caption evaluate`: counts, intervals, chance, and the figure."""

import json

from tests.figure_checks import check_png


def test_what_the_training_held_out_is_measured(run, trained, tmp_path):
    done = run("caption", "evaluate", "--model", trained, "--out", "figures")
    assert done.code == 0, done.stderr
    heading, model, chance, *files = done.stdout.splitlines()
    assert heading == "exact captions, pictures"
    assert model.startswith("  the model  100.0 % (10 of 10; 95 % interval ")
    assert chance.startswith("  by chance  ") and " of 10; " in chance
    check_png((tmp_path / "figures" / "grid.png").read_bytes())
    kept = json.loads((tmp_path / "figures" / "evaluation.json").read_text())
    assert kept["the model"]["pictures"]["right"] == 10
    again = run("caption", "evaluate", "--model", trained, "--out", "figures")
    assert again.is_mistake("grid.png exists; --overwrite")


def test_other_pictures_are_measured(run, trained, bars):
    done = run(
        "caption", "evaluate", "--model", trained, "--data", bars, "--json"
    )
    found = done.json["exact"]["the model"]["pictures"]
    assert (found["right"], found["count"]) == (100, 100)
    assert found["interval"][0] > 0.95


def test_scenes_are_asked_for_both_kinds_of_pairs(run, trained, tmp_path):
    # without the test.csv of its training it is asked for scenes
    copy = tmp_path / "alone.keras"
    copy.write_bytes((trained / "model.keras").read_bytes())
    done = run("caption", "evaluate", "--model", copy, "--count", 5, "--json")
    assert done.code == 0, done.stderr
    found = done.json["exact"]
    assert set(found["the model"]) == {
        *("digits, unseen", "people, unseen", "unseen"),
        *("digits, seen", "people, seen", "seen"),
    }
    assert found["by chance"]["unseen"]["count"] == 10
    assert found["the model"]["seen"]["right"] == 0  # it knows bars only
