"""Shards: every record once an epoch, in an order that can be found again."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.errors import MitseqError
from mitseq.training import fit as fitting
from mitseq.training.budget import Budget
from mitseq.training.fit import fit
from mitseq.training.record import INDEX, is_shards
from mitseq.training.run import TrainingRun
from mitseq.training.shards import (
    ShardedBatches,
    Shards,
    ShardsError,
    ShardWriter,
    read_records,
)
from tests.training.toy_training import (
    Killed,
    assert_same,
    held_out,
    traced_model,
)
from tests.two_workers import start, wait_for


def write(folder, records, files=3, **options):
    with ShardWriter(folder, "numbers", {"level": 1}, **options) as writer:
        writer.count = files
        for record in records:
            writer.add(record)
        (writer.folder / "beside.txt").write_text("beside")
        writer.add_file("beside.txt")
        writer.tables["words"] = ["a", "b"]
    return folder


def numbers(count):
    return [str(i).encode() for i in range(count)]


class Numbers(ShardedBatches):
    """Batches of the numbers in records."""

    def batches_of(self, records, rng):
        shuffled = rng.permutation([int(r) for r in records])
        size = self.batch_size
        return [shuffled[i : i + size] for i in range(0, len(shuffled), size)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write(tmp_path_factory.mktemp("shards") / "s", numbers(53))


def epoch_of(batches, epoch, first_step=0):
    batches.start(epoch, first_step)
    return [batches[i].tolist() for i in range(len(batches))]


def test_what_was_written_is_read(folder):
    shards = Shards(folder, "numbers")
    assert sorted(shards.read()) == sorted(numbers(53)) and len(shards) == 53
    assert len(shards.paths) == 3 and min(shards.counts) > 5
    assert shards.tables == {"words": ["a", "b"]}
    assert is_shards(folder) and not is_shards(folder.parent)
    order = [2, 0, 1]
    whole = list(shards.read(order))
    for first in (0, 1, shards.counts[2], shards.counts[2] + 3, 53):
        assert list(shards.read(order, first)) == whole[first:]
    # nothing else is left beside it
    assert [path.name for path in folder.parent.iterdir()] == ["s"]


@pytest.mark.parametrize("batch_size, buffer", [(4, 12), (5, 53), (8, 3)])
def test_each_record_is_once_in_an_epoch(folder, batch_size, buffer):
    batches = Numbers(
        Shards(folder, "numbers"), batch_size, seed=0, buffer=buffer
    )
    first, second = epoch_of(batches, 1), epoch_of(batches, 2)
    for epoch in (first, second):
        assert sorted(sum(epoch, [])) == list(range(53))
        assert len(epoch) == batches.steps == -(-53 // batch_size)
        assert {len(batch) for batch in epoch[:-1]} == {batch_size}
    assert first != second


def test_the_order_is_that_of_seed_and_epoch_and_of_nothing_else(folder):
    def batches(seed):
        return Numbers(Shards(folder, "numbers"), 4, seed=seed, buffer=12)

    one, other = batches(1), batches(1)
    epochs = {number: epoch_of(one, number) for number in (1, 2, 3)}
    for number in (3, 1, 2):
        assert epoch_of(other, number) == epochs[number]
    assert epoch_of(batches(2), 1) != epochs[1]
    # the files stand in another order, not only the records of a buffer
    orders = {tuple(one.shards.order(1, epoch)) for epoch in range(1, 9)}
    assert len(orders) > 2


def test_from_every_step_on_the_rest_is_the_same(folder):
    shards = Shards(folder, "numbers")
    whole = epoch_of(Numbers(shards, 4, seed=0, buffer=12), 2)
    for step in range(len(whole)):
        fresh = Numbers(shards, 4, seed=0, buffer=12)
        assert epoch_of(fresh, 2, step) == whole[step:]
    # any one, in any order: what Keras looks at is not what it reads next
    at_will = Numbers(shards, 4, seed=0, buffer=12)
    at_will.start(2)
    for step in (13, 0, 7, 7, 1, 12):
        assert at_will[step].tolist() == whole[step]


def test_a_stream_holds_one_buffer(folder, monkeypatch):
    """Going on to the next buffer reads none of the records once more."""
    shards = Shards(folder, "numbers")
    read = []
    stream = Shards.read

    def counting(self, *args):
        for record in stream(self, *args):
            read.append(record)
            yield record

    monkeypatch.setattr(Shards, "read", counting)
    batches = Numbers(shards, 4, seed=0, buffer=12)
    batches.start(1)
    assert read == []
    batches[0], batches[2]
    assert len(read) == 12
    batches[3]
    assert len(read) == 24
    epoch_of(batches, 1)
    assert len(read) == 24 + 53


@settings(max_examples=10, deadline=None)
@given(
    count=st.integers(1, 40),
    files=st.integers(1, 5),
    batch_size=st.integers(1, 9),
    buffer=st.integers(1, 50),
    seed=st.integers(0, 99),
)
def test_any_sizes_give_each_record_once(
    tmp_path_factory, count, files, batch_size, buffer, seed
):
    out = tmp_path_factory.mktemp("any") / "s"
    write(out, numbers(count), files=files, seed=seed)
    shards = Shards(out, "numbers")
    batches = Numbers(shards, batch_size, seed=seed, buffer=buffer)
    epoch = epoch_of(batches, 1)
    assert sorted(sum(epoch, [])) == list(range(count))
    step = len(epoch) // 2
    assert epoch_of(batches, 1, step) == epoch[step:]


WORKERS = """
import json, sys
import tensorflow as tf
from mitseq.training.shards import Shards
from mitseq.training.workers import Workers
from tests.training.test_shards import Numbers

workers = Workers(devices=2)
batches = Numbers(Shards(sys.argv[1], "numbers"), 4, seed=0, buffer=12)
batches.signature = lambda: tf.TensorSpec([None], "int64")
batches.start(1)
seen = [[], []]
shared = workers.strategy.experimental_distribute_dataset(
    workers.share(batches.dataset())
)
for batch in shared:
    parts = workers.strategy.experimental_local_results(batch)
    for mine, values in zip(seen, parts):
        mine.append(values.numpy().tolist())
print(json.dumps(seen))
"""


def test_of_two_workers_exactly_one_sees_a_record(folder):
    ((status, out, errors),) = wait_for([start(["-c", WORKERS, folder])])
    assert status == 0, errors
    seen = json.loads(out.splitlines()[-1])
    alone = Numbers(Shards(folder, "numbers"), 4, seed=0, buffer=12)
    # both see a part of each batch that one alone would see
    both = [a + b for a, b in zip(*seen, strict=True)]
    assert both == epoch_of(alone, 1)
    assert sorted(sum(both, [])) == list(range(53))
    assert all(len(part) == 2 for part in seen[0][:-1])


# Damage


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_torn_or_altered_file_is_named(folder, tmp_path_factory, data):
    copy = tmp_path_factory.mktemp("torn") / "s"
    shutil.copytree(folder, copy)
    path = copy / data.draw(
        st.sampled_from(sorted(p.name for p in folder.iterdir()))
    )
    content = path.read_bytes()
    kind = data.draw(st.sampled_from(["cut", "flip", "more", "gone", "other"]))
    at = data.draw(st.integers(0, len(content) - 1))
    damaged = {
        "cut": content[:at],
        "flip": content[:at]
        + bytes([content[at] ^ 1 << data.draw(st.integers(0, 7))])
        + content[at + 1 :],
        "more": content + b"0",
        "other": b"\0" * len(content),
    }
    path.unlink()
    if kind != "gone":
        path.write_bytes(damaged[kind])
    before = {p.name: p.read_bytes() for p in copy.iterdir()}
    if path.name == INDEX and kind == "flip" and _says_the_same(path, content):
        return
    with pytest.raises(MitseqError) as caught:
        Shards(copy, "numbers")
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert {p.name: p.read_bytes() for p in copy.iterdir()} == before


def _says_the_same(path, content):
    """A blank that became another is no damage."""
    try:
        return json.loads(path.read_bytes()) == json.loads(content)
    except ValueError:
        return False


def test_a_record_that_is_torn_while_it_is_read_is_named(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "s")
    shards = Shards(tmp_path / "s", "numbers")
    content = bytearray(shards.paths[1].read_bytes())
    content[-5] ^= 1
    shards.paths[1].write_bytes(content)
    with pytest.raises(ShardsError, match=f"{shards.paths[1]} is torn"):
        list(shards.read())
    with pytest.raises(ShardsError, match="missing"):
        list(read_records(tmp_path / "none"))


def test_other_kinds_and_settings_are_refused(folder):
    with pytest.raises(ShardsError, match="shards of numbers, expected music"):
        Shards(folder, "music")
    shards = Shards(folder, "numbers")
    shards.check_settings(level=1)
    shards.check_settings(level=None)
    with pytest.raises(
        ShardsError, match=r"`level` must be .* \(1\); .*level=2"
    ):
        shards.check_settings(level=2)


def test_nothing_is_put_over_what_is_there(tmp_path):
    out = write(tmp_path / "s", numbers(5))
    with pytest.raises(MitseqError, match="exists; --overwrite"):
        write(out, numbers(9))
    assert len(Shards(out, "numbers")) == 5
    write(out, numbers(9), overwrite=True)
    assert len(Shards(out, "numbers")) == 9
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years")
    with pytest.raises(MitseqError, match="holds no shards"):
        write(mine, numbers(9), overwrite=True)
    assert (mine / "thesis.txt").read_text() == "years"
    # a writer that fails leaves what was there, and nothing else
    with pytest.raises(Killed):
        with ShardWriter(out, "numbers", {}, overwrite=True) as writer:
            writer.add(b"1")
            raise Killed
    with pytest.raises(ShardsError, match="no record"):
        with ShardWriter(tmp_path / "none", "numbers", {}):
            pass
    assert len(Shards(out, "numbers")) == 9
    assert {p.name for p in tmp_path.iterdir()} == {"s", "mine"}


def test_what_a_killed_writer_left_is_cleared(tmp_path):
    left = tmp_path / ".s.mitseq-shards"
    left.mkdir()
    (left / "00007.tfrecord").write_text("half")
    out = write(tmp_path / "s", numbers(5))
    assert not left.exists()
    assert "00007.tfrecord" not in {p.name for p in out.iterdir()}


def test_the_size_decides_how_many_files_there_are(tmp_path):
    sizes = {0: 1, 1: 1, 32 << 20: 1, 320 << 20: 10, 1 << 50: 256}
    for size, count in sizes.items():
        writer = ShardWriter(tmp_path / "s", "numbers", {}, size=size)
        assert writer.count == count


# A training


class Points(ShardedBatches):
    """What the toy training learns from, in records."""

    def batches_of(self, records, rng):
        points = np.array([np.frombuffer(r, "float32") for r in records])
        points = rng.permutation(points)
        size = self.batch_size
        chosen = [points[i : i + size] for i in range(0, len(points), size)]
        return [(each[:, :3], each[:, 3]) for each in chosen]


def train(folder, out, resume=False):
    from mitseq.training.averages import set_variables

    model, first = traced_model()
    set_variables(model, first)
    shards = Shards(folder, "numbers")
    with TrainingRun(out, resume=resume) as run:
        run.check({}, data=[shards.fingerprint])
        run.start()
        rows = fit(
            run,
            model,
            Points(shards, 4, seed=0, buffer=8),
            Budget(2),
            monitor="val_loss",
            patience=9,
            validation_data=held_out(),
        )
    return model.get_weights(), rows


def test_killed_at_every_step_and_resumed_it_ends_as_the_whole_one(
    tmp_path, monkeypatch
):
    from tests.training.toy_training import X, Y

    points = np.column_stack([X, Y]).astype("float32")
    folder = write(tmp_path / "s", [row.tobytes() for row in points])
    whole = train(folder, tmp_path / "whole")
    end = fitting.Snapshots.on_train_batch_end
    monkeypatch.setattr(fitting.Snapshots, "SECONDS", 0)  # one each step
    for kill in range(8):
        steps = iter(range(9))

        def kill_then(self, batch, logs=None, steps=steps, kill=kill):
            end(self, batch, logs)
            if next(steps) == kill:
                raise Killed

        out = tmp_path / str(kill)
        with monkeypatch.context() as patch, pytest.raises(Killed):
            patch.setattr(fitting.Snapshots, "on_train_batch_end", kill_then)
            train(folder, out)
        assert_same(train(folder, out, resume=True), whole)
    other = write(Path(tmp_path, "t"), [row.tobytes() for row in points[:9]])
    with pytest.raises(MitseqError, match="had other data"):
        train(other, tmp_path / "0", resume=True)
