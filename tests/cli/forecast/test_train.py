"""`mitseq forecast train`: a folder, resumed; series or sensors."""

QUICK = ("--epochs", 1, "--units", 2, "--cell", "gru", "--horizon", 3)


def test_a_training_has_a_folder_and_is_resumed(run, series, tmp_path):
    done = run("forecast", "train", "sales.csv", *QUICK, "--out", "a")
    assert done.code == 0, done.stderr
    assert done.stdout.splitlines()[0] == "a/model.keras"
    assert {"model.keras", "history.csv", "run.json"} <= {
        path.name for path in (tmp_path / "a").iterdir()
    }
    again = run("forecast", "train", "--out", "a", "--resume", "--json")
    assert again.code == 0, again.stderr
    assert "this training is finished" in again.stderr
    assert again.json["settings"]["file"] == "sales.csv"
    assert run(
        "forecast", "train", "sales.csv", *QUICK, "--out", "a"
    ).is_mistake("Pass `resume`")


def test_a_series_in_which_nothing_can_be_learned_leaves_no_folder(
    run, tmp_path
):
    (tmp_path / "a.csv").write_text("1\n2\n" * 8)
    done = run("forecast", "train", "a.csv", "--out", "a")
    assert done.is_mistake("16 values, expected at least 30")
    assert not (tmp_path / "a" / "model.keras").exists()


def test_options_of_a_file_need_one(run):
    done = run("forecast", "train", "--season", 3, "--out", "a")
    assert done.is_mistake("--season is for a FILE")
