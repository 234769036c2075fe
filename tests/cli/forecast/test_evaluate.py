"""`mitseq forecast evaluate`: a table of the held-out end, or of faults."""

import json

from mitseq.cli.forecast import evaluate as command


def test_a_model_is_measured_beside_its_peers(run, series, trained, tmp_path):
    done = run(
        *("forecast", "evaluate", "sales.csv", "--model", trained),
        *("--out", "figures"),
    )
    assert done.code == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].split()[:3] == ["MAE", "MASE", "RMSE"]
    assert lines[1].startswith("the model") and "%" in lines[1]
    assert lines[-2:] == ["figures/forecast.png", "figures/evaluation.json"]
    told = json.loads((tmp_path / "figures" / "evaluation.json").read_text())
    assert told["forecasts"] == 37  # 40 values are held out, the last 3 known
    assert told["scores"]["the model"]["coverage"].keys() == {"80", "95"}
    assert told["verdict"] in done.stderr


def test_faults_of_the_bundled_model_are_counted(run, monkeypatch):
    monkeypatch.setattr(command, "SENSORS", 12)
    monkeypatch.setattr(command, "VALUES", 400)
    done = run("forecast", "evaluate", "--json")
    assert done.code == 0, done.stderr
    found = done.json
    assert found["faults"]["stuck"]["share"] > 0.8
    low, high = found["faults"]["stuck"]["interval"]
    assert low < found["faults"]["stuck"]["share"] <= high
    told = run("forecast", "evaluate").stdout
    assert "false alarms: " in told and told.count(" found: ") == 3


def test_a_series_needs_a_model_and_figures_a_series(run, series):
    done = run("forecast", "evaluate", "sales.csv")
    assert done.is_mistake("--model is needed")
    assert run("forecast", "evaluate", "--out", "a").is_mistake("--out is for")
