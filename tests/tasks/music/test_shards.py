"""Tunes in shards: each once an epoch, none that is held out, and learned."""

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.music.shards import (
    MusicShards,
    ShardedRows,
    tunes_of,
    write_music_shards,
)
from mitseq.tasks.music.train import train_music_model
from mitseq.text.vocabulary import END, PAD, START
from mitseq.training import fit as fitting
from mitseq.training.run import TrainingRun
from mitseq.training.snapshot import Snapshot
from mitseq.tunes.duplicates import near_duplicate_groups
from tests.cli.music.conftest import reels
from tests.training.toy_training import Killed


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """120 tunes, the first 40 of them a second time and once more in G."""
    folder = tmp_path_factory.mktemp("abc")
    first = reels(40)
    (folder / "a.abc").write_text(reels(80, seed=1))
    (folder / "b.abc").write_text(first + "\n" + first)
    (folder / "c.abc").write_text(first.replace("K:D", "K:G"))
    return folder


@pytest.fixture(scope="module")
def written(files, tmp_path_factory):
    out = tmp_path_factory.mktemp("shards") / "s"
    return out, write_music_shards(files, out, sequence_length=128, seed=3)


def texts_of(shards, batches):
    """The tunes in the rows of all batches of an epoch."""
    texts = []
    for x, y in (batches[i] for i in range(len(batches))):
        assert x.shape == y.shape == (batches.batch_size, 128)
        for row_x, row_y in zip(x, y, strict=True):
            row = row_x[row_x != PAD]
            ends = np.flatnonzero(row_y == END)
            starts = np.flatnonzero(row == START)
            np.testing.assert_array_equal(
                row_y[: len(row) - 1][row[1:] != START],
                row[1:][row[1:] != START],
            )
            for start, end in zip(starts, ends, strict=True):
                texts.append(shards.vocabulary.decode(row_x[start : end + 1]))
    return texts


def test_each_tune_is_once_in_an_epoch_and_none_held_out_is(files, written):
    out, report = written
    shards = MusicShards(out)
    held = {*shards.corpus.validation, *shards.corpus.test}
    assert report["dropped"]["duplicate"] == 40
    assert 0 < len(held) < 25
    batches = ShardedRows(shards, 3, seed=0)
    epochs = []
    for epoch in (1, 2):
        batches.start(epoch)
        epochs.append(texts_of(shards, batches))
    # a sample of the tunes to learn from is all of so few
    learned = sorted(shards.corpus.train)
    assert [sorted(texts) for texts in epochs] == [learned, learned]
    assert epochs[0] != epochs[1]
    assert not held & set(learned)
    assert len(learned) == report["kept"] - len(held)
    assert (
        len(learned) + len(held) + sum(report["dropped"].values())
        == (report["read"])
    )
    # nor is a held-out tune learned from in another key
    both = [*sorted(held), *learned]
    for group in near_duplicate_groups(both):
        sides = {i < len(held) for i in group}
        assert len(sides) == 1, [both[i] for i in group]
    assert report["dropped"]["near-duplicate of a held-out tune"] > 0


def test_the_split_is_that_of_the_seed(files, written, tmp_path):
    same = tmp_path / "same"
    write_music_shards(files, same, sequence_length=128, seed=3)
    other = tmp_path / "other"
    write_music_shards(files, other, sequence_length=128, seed=4)
    shards, again, another = map(MusicShards, (written[0], same, other))
    assert shards.fingerprint == again.fingerprint
    assert set(shards.validation) != set(another.validation)
    assert again.vocabulary == shards.vocabulary


def test_a_row_is_cut_at_its_starts():
    row = np.array([START, 7, END, START, 8, 9, END], "<i4")
    assert [tune.tolist() for tune in tunes_of(row.tobytes())] == [
        [START, 7, END], [START, 8, 9, END]
    ]  # fmt: skip


SMALL = {
    "cell": "rnn",
    "units": 8,
    "layers": 1,
    "batch_size": 8,
    "epochs": 2,
    "sample": False,
    "verbose": 0,
}


def state_of(folder):
    state = Snapshot.read(folder / "snapshot.npz")
    rows = [row | {"seconds": 0} for row in state.rows]
    return [*state.variables, *state.best], rows


def test_a_training_learns_and_killed_in_the_middle_ends_the_same(
    written, tmp_path, monkeypatch
):
    shards = MusicShards(written[0])
    whole = train_music_model(shards, tmp_path / "whole", **SMALL)
    key = "val_bits_per_character"
    assert whole[-1][key] < whole[0][key]
    end = fitting.Snapshots.on_train_batch_end

    def kill(self, batch, logs=None):
        end(self, batch, logs)
        if (self.state.epoch, self.state.step) == (1, 1):
            raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(fitting.Snapshots, "SECONDS", 0)
        patch.setattr(fitting.Snapshots, "on_train_batch_end", kill)
        train_music_model(shards, tmp_path / "run", **SMALL)
    with TrainingRun(tmp_path / "run", resume=True) as run:
        assert run.snapshot.place == "epoch 2, step 1"
        train_music_model(shards, run, **SMALL)
    (found, rows), (expected, all_rows) = (
        state_of(tmp_path / name) for name in ("run", "whole")
    )
    assert rows == all_rows
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (
            {"level": "character"},
            r"`level` must be as in the shards of .*token",
        ),
        ({"sequence_length": 64}, r"`sequence_length` .*\(128\)"),
    ],
)
def test_other_settings_are_refused(written, tmp_path, settings, words):
    with pytest.raises(MitseqError, match=words):
        train_music_model(MusicShards(written[0]), tmp_path, **SMALL | settings)


def test_too_few_tunes_and_none_are_one_error(tmp_path):
    (tmp_path / "few.abc").write_text(reels(2))
    (tmp_path / "empty.abc").write_text("")
    for name, words in (("few", "2 tunes are too few"), ("empty", "is empty")):
        with pytest.raises(MitseqError, match=words):
            write_music_shards(tmp_path / f"{name}.abc", tmp_path / "s")
    assert not (tmp_path / "s").exists()
