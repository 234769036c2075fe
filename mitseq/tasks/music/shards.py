"""Tunes of a collection larger than memory: rows of them, in shards.

Read rows.py (how tunes are packed) and training/shards.py (the files) first.
The tunes are read and normalized once, into a temporary file, and gone through
twice from there: to count the vocabulary, and to pack them. What is held in
memory meanwhile is a number for each tune (equal ones are dropped), the tunes
that are held out, and one buffer.

In memory, near-duplicates are grouped over the whole collection. Here they are
looked for where they would do harm: a hash of a tune's text says whether it is
held out, and a tune that is a near-duplicate of a held-out one is not learned
from. Two transcriptions that are both learned from stay.

A row of a shard has the same tunes in every epoch, each time in another order.
Packed in memory, they meet other ones.
"""

import hashlib
import heapq
import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator

import numpy as np

from mitseq.arguments import check_positive
from mitseq.errors import MitseqError
from mitseq.progress import follow
from mitseq.tasks.music.model import tune_vocabulary
from mitseq.tasks.music.rows import POOL, encode_tunes, fill_rows, first_fit
from mitseq.text.vocabulary import PAD, START, Vocabulary
from mitseq.training.shards import (
    BUFFER,
    ShardedBatches,
    Shards,
    ShardWriter,
    check_target,
)
from mitseq.tunes.corpus import Corpus
from mitseq.tunes.drops import Drops, normalized_tunes
from mitseq.tunes.duplicates import FEW, SHARED, shingles, staff_steps
from mitseq.tunes.reading import read_tunes
from mitseq.tunes.splits import SPLITS, split_at, tune_place

KIND = "music"
HELD_OUT = 1000  # most tunes to stop by, and to judge by
SAMPLE = 1000  # tunes to learn from that stand in a file, too


class MusicShards(Shards):
    """Shards that `write_music_shards` wrote, to train on as on a `Corpus`.

    Attributes:
        vocabulary: Of the tunes to learn from.
        corpus: The tunes held out, and a sample of those to learn from.
        notes: What a person should know, as of a `Corpus`.
    """

    def __init__(self, folder: str | os.PathLike):
        super().__init__(folder, KIND)
        self.vocabulary = Vocabulary(**self.tables["vocabulary"])
        self.corpus = Corpus.load(self.folder)
        self.validation = self.corpus.validation
        self.notes: list[str] = []


class ShardedRows(ShardedBatches):
    """The batches of every epoch, `x` and `y` `(B, T)`, as of `PackedTunes`.

    The last batch is filled up with rows of padding.
    """

    def signature(self):
        import tensorflow as tf

        num_steps = self.shards.settings["sequence_length"]
        return (tf.TensorSpec([None, num_steps], "int32"),) * 2

    def batches_of(self, records, rng):
        num_steps = self.shards.settings["sequence_length"]
        rows = [tunes_of(records[i]) for i in rng.permutation(len(records))]
        x, y = fill_rows(rows, num_steps, rng)
        missing = ((0, -len(x) % self.batch_size), (0, 0))
        x, y = (
            np.pad(a, missing, constant_values=PAD).reshape(
                -1, self.batch_size, num_steps
            )
            for a in (x, y)
        )
        return list(zip(x, y, strict=True))


def tunes_of(record: bytes) -> list[np.ndarray]:
    """Returns the tunes of a row, each from its `START` on."""
    ids = np.frombuffer(record, "<i4")
    return np.split(ids, np.flatnonzero(ids == START)[1:])


def write_music_shards(
    paths: str | os.PathLike | Iterable[str | os.PathLike],
    out: str | os.PathLike,
    *,
    level: str = "token",
    sequence_length: int = 256,
    seed: int = 0,
    overwrite: bool = False,
) -> dict:
    """Writes ABC files, however large, as shards to train on.

    Args:
        paths: Files and folders.
        out: The folder of the shards; `test.abc`, `validation.abc` and a sample
            of the tunes to learn from, `train.abc`, stand there, too.
        level: "token" or "character".
        sequence_length: Tokens or characters of a row.
        seed: Of the split and of the order.
        overwrite: Whether shards that are there are replaced.

    Returns:
        What was read, kept and dropped; JSON can hold it.

    Raises:
        MitseqError: if a path cannot be read, or has too few tunes; if `out`
            exists.
    """
    check_positive(sequence_length=sequence_length)
    if isinstance(paths, (str, os.PathLike)):
        paths = [paths]
    check_target(out, overwrite)
    settings = {
        "level": level,
        "sequence_length": sequence_length,
        "seed": seed,
    }
    drops = Drops()
    writer = ShardWriter(out, KIND, settings, seed=seed, overwrite=overwrite)
    with writer, tempfile.TemporaryFile(dir=writer.folder) as spool:
        held = _read(paths, spool, drops, seed)
        if not held["validation"]:
            raise MitseqError(
                f"{', '.join(map(str, paths))}: {drops.read} tunes are too few "
                "for shards, which hold out one in twenty; train on the files"
            )
        kept = _Kept(held, drops)
        vocabulary = tune_vocabulary(
            kept.choose(follow(_tunes(spool), "choosing tunes")),
            level,
            every_key=True,
        )
        writer.set_size(4 * kept.characters)
        rng = np.random.default_rng(seed)
        tunes = kept.again(follow(_tunes(spool), "packing tunes"))
        rows = 0
        for row in _rows(tunes, vocabulary, sequence_length, rng):
            writer.add(np.concatenate(row).astype("<i4").tobytes())
            rows += 1
        report = {
            "read": drops.read,
            "kept": kept.count + sum(map(len, held.values())),
            "dropped": dict(drops.reasons.most_common()),
            "examples": drops.examples,
            "rows": rows,
            "shards": writer.count,
        }
        _write_corpus(writer, held | {"train": kept.sample}, report)
        writer.tables = {
            "vocabulary": {
                "tokens": list(vocabulary.tokens),
                "level": vocabulary.level,
                "pattern": vocabulary.pattern,
            },
            "tunes": kept.count,
        }
    return report


def _read(paths, spool, drops, seed):
    """Writes the distinct tunes to a file, and chooses those held out."""
    seen: set[int] = set()
    # of each split the tunes with the lowest places, the highest one first
    heaps: dict[str, list] = {split: [] for split in SPLITS[1:]}
    for tune, raw in follow(
        normalized_tunes(read_tunes(paths, []), drops), "reading tunes"
    ):
        digest = hashlib.sha256(tune.encode()).digest()[:8]
        number = int.from_bytes(digest, "big")
        if number in seen:
            drops.add("duplicate", raw, "an equal tune came before")
            continue
        seen.add(number)
        _spool(spool, tune)
        place = tune_place(tune, seed)
        heap = heaps.get(split_at(place))
        if heap is not None:
            heapq.heappush(heap, (-place, tune))
            if len(heap) > HELD_OUT:
                heapq.heappop(heap)
    return {
        split: [tune for _, tune in sorted(heap)]
        for split, heap in heaps.items()
    }


class _Kept:
    """Which tunes of the file are learned from."""

    def __init__(self, held, drops):
        self.drops, self.flags = drops, bytearray()
        self.count = self.characters = 0
        self.sample: list[str] = []
        self.held = {tune for tunes in held.values() for tune in tunes}
        self.sizes, self.owners = [], {}
        for number, tune in enumerate(sorted(self.held)):
            hashes = shingles(staff_steps(tune))
            self.sizes.append(len(hashes))
            for value in hashes.tolist():
                self.owners.setdefault(value, []).append(number)

    def choose(self, tunes: Iterable[str]) -> Iterator[str]:
        """Yields the tunes that are neither held out nor nearly."""
        for tune in tunes:
            is_kept = tune not in self.held
            if is_kept and self._is_near(tune):
                self.drops.reasons["near-duplicate of a held-out tune"] += 1
                is_kept = False
            self.flags.append(is_kept)
            if is_kept:
                self.count += 1
                self.characters += len(tune)
                if len(self.sample) < SAMPLE:
                    self.sample.append(tune)
                yield tune

    def again(self, tunes: Iterable[str]) -> Iterator[str]:
        """Yields the same ones once more."""
        for is_kept, tune in zip(self.flags, tunes, strict=True):
            if is_kept:
                yield tune

    def _is_near(self, tune):
        """Whether it shares enough of the smaller one's shingles."""
        hashes = shingles(staff_steps(tune)).tolist()
        shared = Counter(
            owner for h in hashes for owner in self.owners.get(h, ())
        )
        for owner, count in shared.items():
            smaller = min(len(hashes), self.sizes[owner])
            if count >= min(max(SHARED * smaller, FEW), smaller):
                return True
        return False


def _rows(tunes, vocabulary, num_steps, rng):
    """Yields rows of tunes: each in a buffer's random order."""
    buffer: list[str] = []

    def pack():
        encoded = encode_tunes(vocabulary, buffer)
        order = rng.permutation(len(encoded))
        for start in range(0, len(order), POOL):
            pool = [encoded[i][: num_steps + 1] for i in order[start:][:POOL]]
            pool.sort(key=len, reverse=True)
            rows = first_fit(pool, num_steps)
            yield from (rows[i] for i in rng.permutation(len(rows)))

    for tune in tunes:
        buffer.append(tune)
        if len(buffer) == BUFFER:
            yield from pack()
            buffer.clear()
    yield from pack()


def _write_corpus(writer, tunes, report):
    report["splits"] = {
        split: {"tunes": len(found), "characters": sum(map(len, found))}
        for split, found in tunes.items()
    }
    Corpus(**tunes, report=report).save(writer.folder)
    for split in SPLITS:
        writer.add_file(f"{split}.abc")
    writer.add_file("report.json")


def _spool(file, text):
    data = text.encode()
    file.write(len(data).to_bytes(4, "little") + data)


def _tunes(file):
    file.seek(0)
    while size := file.read(4):
        yield file.read(int.from_bytes(size, "little")).decode()
