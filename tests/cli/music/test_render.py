import signal
from pathlib import Path

import pytest

from tests.cli.conftest import BAD, GOOD


def test_render_writes_every_format(run, good, tmp_path):
    outcome = run("music", "render", good, "--out", "out")
    assert outcome.code == 0
    suffixes = "abc mid musicxml svg png wav html".split()
    expected = [f"out/good-1.{suffix}" for suffix in suffixes]
    assert outcome.stdout.splitlines() == expected
    for path in expected:
        assert (tmp_path / path).stat().st_size > 30


def test_render_leaves_rejected_tunes_out_and_names_them(run, bad, tmp_path):
    outcome = run("music", "render", "bad.abc", "--formats", "abc,midi")
    assert outcome.code == 1
    assert outcome.stdout == "tunes/bad-1.abc\ntunes/bad-1.mid\n"
    assert outcome.stderr == (
        "bad.abc: line 13, bar 2: 7/8 in a 6/8 tune (left out)\n"
    )


def test_render_json(run, good, tmp_path):
    outcome = run("music", "render", good, "--formats", "abc", "--json")
    assert outcome.json == {"files": ["tunes/good-1.abc"], "rejected": []}
    assert outcome.stderr == ""


def test_render_two_files_of_one_name_stay_apart(run, tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.abc").write_text(GOOD)
    outcome = run("music", "render", "a/x.abc", "b/x.abc", "--formats", "abc")
    assert outcome.stdout == "tunes/x-1.abc\ntunes/x-2-1.abc\n"


@pytest.mark.parametrize(
    "args, words",
    [
        (["no.abc"], ["no.abc"]),
        (["only-bad.abc"], ["only-bad.abc", "line 6", "7/8 in a 6/8 tune"]),
        (["good.abc", "--formats", "pdf"], ["--formats", "pdf"]),
        (["good.abc", "--out", "good.abc"], ["good.abc", "expected a folder"]),
        ([], ["FILE"]),
    ],
)
def test_render_mistakes_write_nothing(run, tmp_path, good, args, words):
    (tmp_path / "only-bad.abc").write_text(BAD)
    assert run("music", "render", *args).is_mistake(*words)
    names = {p.name for p in tmp_path.iterdir()}
    assert names == {"good.abc", "only-bad.abc"}


@pytest.mark.parametrize("number", [28, 122])  # ENOSPC, EDQUOT
def test_render_full_disk_leaves_nothing_half_written(
    run, good, tmp_path, monkeypatch, number
):
    import os
    from pathlib import Path

    write_bytes = Path.write_bytes

    def full(self, data):
        if self.suffix == ".mid":
            write_bytes(self, data[: len(data) // 2])
            raise OSError(number, os.strerror(number))
        return write_bytes(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    outcome = run("music", "render", good, "--formats", "abc,midi,svg")
    assert outcome.is_mistake("good-1.mid: ", os.strerror(number))
    left = [p.name for p in (tmp_path / "tunes").iterdir()]
    assert left == ["good-1.abc"]


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_to_end_leaves_nothing_half_written(
    run, good, tmp_path, monkeypatch, name
):
    number = getattr(signal, name)
    before = signal.getsignal(number)
    signal.signal(number, signal.SIG_DFL)
    write_bytes = Path.write_bytes

    def stopped(self, data):
        write_bytes(self, data[:10])
        if self.suffix == ".mid":
            signal.raise_signal(number)
        return write_bytes(self, data)

    monkeypatch.setattr(Path, "write_bytes", stopped)
    try:
        outcome = run("music", "render", good, "--formats", "abc,midi,svg")
        assert signal.getsignal(number) is signal.SIG_DFL
    finally:
        signal.signal(number, before)
    assert outcome.code == 128 + number
    assert outcome.stderr == f"mitseq: error: stopped by {name}\n"
    left = [p.name for p in (tmp_path / "tunes").iterdir()]
    assert left == ["good-1.abc"]
