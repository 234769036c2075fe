"""`mitseq music shard`: what it writes is trained on and judged by."""

import shutil

import pytest

from tests.cli.music.conftest import reels

SMALL = ("--cell", "rnn", "--units", 8, "--layers", 1, "--epochs", 1)


@pytest.fixture(scope="module")
def tunes(tmp_path_factory):
    path = tmp_path_factory.mktemp("tunes") / "reels.abc"
    path.write_text(reels(80))
    return path


def test_shards_are_written_trained_on_resumed_and_judged_by(
    run, tunes, tmp_path
):
    args = ("music", "shard", "--data", tunes, "--out", "s")
    done = run(*args, "--sequence-length", 128)
    assert done.code == 0, done.stderr
    assert done.stdout.startswith("s: ") and "in 1 files" in done.stdout
    assert "read 80 tunes, kept 80" in done.stderr
    assert run(*args).is_mistake("s exists", "--overwrite")
    again = run(*args, "--sequence-length", 128, "--overwrite", "--json")
    assert again.json["kept"] == 80

    train = ("music", "train", "--out", "r")
    other = run(*train, "--data", "s", *SMALL, "--sequence-length", 64)
    assert other.is_mistake("`sequence_length` must be", "(128)", "64")
    shutil.rmtree("r", ignore_errors=True)
    done = run(*train, "--data", "s", *SMALL)
    assert done.code == 0, done.stderr
    same = run(*train, "--resume", "--json")
    assert [row["epoch"] for row in same.json["epochs"]] == [1]
    # the tunes that were held out are beside the model, as always
    for name in ("test.abc", "validation.abc"):
        kept, held = (tmp_path / at / name for at in ("r/corpus", "s"))
        assert kept.read_text() == held.read_text() != ""
    (shard,) = (tmp_path / "s").glob("*.tfrecord")
    shard.write_bytes(shard.read_bytes()[:-1])
    torn = run(*train, "--resume", "--epochs", 3)
    assert torn.is_mistake(f"s/{shard.name} is torn or altered")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ((), ["--data"]),
        (("--data", "none.abc"), ["none.abc"]),
        (("--data", "few.abc"), ["few.abc", "1 tunes are too few"]),
        (("--data", "few.abc", "--sequence-length", 0), ["--sequence-length"]),
        (("--data", "few.abc", "--out", "few.abc"), ["few.abc exists"]),
    ],
)
def test_mistakes_are_one_line(run, tmp_path, args, words):
    (tmp_path / "few.abc").write_text(reels(1))
    out = () if "--out" in args else ("--out", "s")
    outcome = run("music", "shard", *args, *out)
    assert outcome.is_mistake(*words)
    assert [path.name for path in tmp_path.iterdir()] == ["few.abc"]
