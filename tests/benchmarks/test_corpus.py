"""The generated file and the tables of benchmarks/corpus.py."""

import corpus
import pytest

from mitseq.tunes.corpus import prepare, read_tunes


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    path = tmp_path_factory.mktemp("generated") / "a.abc"
    corpus.write_generated(path, 0.3)
    return path


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    path = tmp_path_factory.mktemp("generated") / "small.abc"
    corpus.write_generated(path, 0.03)
    return prepare(path).report


def test_every_generated_tune_is_read(generated):
    data = generated.read_bytes()
    tunes = list(read_tunes(generated))
    assert len(tunes) == data.count(b"T:Le caf") > 1000
    assert {tune.damage for tune in tunes} == {""}
    assert b"\r\n" in data and b"!\n" in data and b"\xe9" in data


def test_every_generated_tune_is_accepted(report):
    assert report["read"] > 100
    assert set(report["dropped"]) <= {"duplicate", "near-duplicate"}


def test_kept_rows_add_up(report):
    rows = {row["what"]: row["tunes"] for row in corpus.kept_rows(report)}
    dropped = sum(n for what, n in rows.items() if what.startswith("dropped"))
    assert rows["read"] == rows["kept"] + dropped
    assert rows["kept"] == rows["train"] + rows["validation"] + rows["test"]


def test_the_script_prints_both_tables(tmp_path, capsys):
    path = tmp_path / "a.abc"
    corpus.write_generated(path, 0.01)
    arguments = ["--data", str(path), "--megabytes", "0.1"]
    corpus.main([*arguments, "--stages", "read_tunes"])
    output = capsys.readouterr().out
    assert "near-duplicates of another" in output
    assert "0.1 MB of generated ABC" in output and "| read_tunes" in output
