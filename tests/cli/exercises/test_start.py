from mitseq.exercises.catalog import NAMES


def test_files_are_written_and_named(run, tmp_path):
    done = run("exercises", "start", "mine")
    assert done.code == 0
    assert done.stdout.splitlines()[0] == "mine/01_pencil.py"
    assert len(done.stdout.splitlines()) == len(NAMES) + 2
    assert "mitseq exercises check mine" in done.stderr


def test_what_is_there_stays(run, tmp_path):
    run("exercises", "start", "mine", "trace")
    (tmp_path / "mine" / "02_trace.py").write_text("work")
    done = run("exercises", "start", "mine", "trace", "--json")
    assert done.json["written"] == []
    assert len(done.json["kept"]) == 3
    done = run("exercises", "start", "mine", "trace")
    assert "3 files were there" in done.stderr
    assert (tmp_path / "mine" / "02_trace.py").read_text() == "work"
    run("exercises", "start", "mine", "trace", "--overwrite", "--solutions")
    assert "h_prev = h_t" in (tmp_path / "mine" / "02_trace.py").read_text()


def test_mistakes_are_one_line(run, tmp_path):
    assert run("exercises", "start", "mine", "trase").is_mistake(
        "no exercise is called 'trase' (did you mean 'trace'?)"
    )
    (tmp_path / "file").write_text("")
    assert run("exercises", "start", "file").is_mistake("expected a folder")
    assert not (tmp_path / "mine").exists()
