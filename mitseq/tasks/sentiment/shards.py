"""Labeled texts of a collection larger than memory, in shards.

Read training/shards.py (the files) and train.py (what learns from what) first.
The texts are read once, into a temporary file, and gone through once more from
there. What is held in memory meanwhile is the counts of words, of which the
rarest are forgotten when there are more than `MOST_COUNTED`.

A hash says which texts are held out: equal texts (capitals and punctuation
apart) and those of one group land on the same side. At most `HELD_OUT` are.

The part that reads in order learns from all texts, as a stream. The linear
parts need all n-grams of their texts at once: they learn from a sample of
`SAMPLE` texts, and so does the vote from those held out. A collection that has
no more texts than that loses nothing.
"""

import hashlib
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from mitseq.errors import MitseqError
from mitseq.progress import follow
from mitseq.tasks.sentiment.examples import (
    Examples,
    check_two_classes,
    text_weights,
    weights_of_classes,
)
from mitseq.tasks.sentiment.read import stream_texts
from mitseq.tasks.sentiment.texts import TextsError, key_of, remarks_on_counts
from mitseq.text.tokens import tokenize
from mitseq.training.lengths import pad_to_bucket
from mitseq.training.shards import (
    ShardedBatches,
    Shards,
    ShardWriter,
    check_target,
    read_records,
)

KIND = "sentiment"
HELD_OUT = 5_000  # most texts to stop by and to weigh the parts by
SAMPLE = 20_000  # texts that the linear parts learn from
MOST_WORDS = 50_000  # that have a vector, the most frequent ones
MOST_COUNTED = 2_000_000  # different words that are counted at once
HELD_FILE, SAMPLE_FILE = "held-out.tfrecord", "sample.tfrecord"


class SentimentShards(Shards):
    """Shards that `write_sentiment_shards` wrote.

    Attributes:
        classes: The labels, sorted.
        counts: How many texts to learn from each class has.
        notes: What a person should know about them.
    """

    def __init__(self, folder: str | os.PathLike):
        super().__init__(folder, KIND)
        self.classes = np.array(self.tables["classes"])
        self.counts = np.array(self.tables["counts"])
        self.notes = tuple(self.tables["notes"])

    def words(self, min_count: int) -> list[str]:
        """Returns the words that stand `min_count` times, frequent first."""
        return [w for w, n in self.tables["words"] if n >= min_count]

    def examples(self, class_weight: Any) -> Examples:
        """Returns the sample, and the texts that are held out."""
        y: list[int] = []
        texts: list[str] = []
        sizes = []
        for name in (SAMPLE_FILE, HELD_FILE):
            for record in read_records(self.folder / name):
                label, text = text_of(record)
                y.append(label)
                texts.append(text)
            sizes.append(len(y))
        labels = np.array(y)
        return Examples(
            texts,
            labels,
            self.classes,
            text_weights(labels, class_weight, self.classes),
            np.arange(len(labels)) >= sizes[0],
        )


class ShardedTexts(ShardedBatches):
    """Batches of texts of about the same length, as of `TextBatches`.

    Args:
        shards: Texts.
        read: An `EntryReader` of the part.
        batch_size: Texts of a batch.
        seed: Another seed, another order.
        class_weight: As of `SentimentClassifier`.
        longest: Most indices of a text.
        buffer: Texts that are shuffled at once.
    """

    def __init__(
        self,
        shards: SentimentShards,
        read,
        batch_size: int,
        *,
        seed: int,
        class_weight: Any = None,
        longest: int = 256,
        **options,
    ):
        from mitseq.tasks.sentiment.parts import step_lengths

        self.read, self.lengths = read, step_lengths(longest)
        self.weights = weights_of_classes(
            shards.counts, class_weight, shards.classes
        )
        super().__init__(shards, batch_size, seed=seed, **options)

    def signature(self):
        import tensorflow as tf

        return (
            tf.TensorSpec([None, None], "int32"),
            tf.TensorSpec([None], "int64"),
            tf.TensorSpec([None], "float32"),
        )

    def batches_of(self, records, rng):
        found = [text_of(records[i]) for i in rng.permutation(len(records))]
        labels = np.array([label for label, _ in found], "int64")
        (rows,) = self.read([text for _, text in found])
        # chunks of 50 batches, each sorted by length, as in memory
        size, batches = self.batch_size, []
        for start in range(0, len(rows), 50 * size):
            chunk = sorted(
                range(start, min(start + 50 * size, len(rows))),
                key=lambda i: len(rows[i]),
            )
            for at in range(0, len(chunk), size):
                members = chunk[at : at + size]
                x = pad_to_bucket([rows[i] for i in members], self.lengths)
                y = labels[members]
                batches.append((x, y, self.weights[y]))
        rng.shuffle(batches)
        return batches


def text_of(record: bytes) -> tuple[int, str]:
    """Returns the index of a text's class, and the text.

    Example:

    >>> text_of(record_of(1, "so good"))
    (1, 'so good')
    """
    return int.from_bytes(record[:4], "little"), record[4:].decode()


def record_of(label: int, text: str) -> bytes:
    """Returns what `text_of` reads."""
    return label.to_bytes(4, "little") + text.encode("utf-8", "replace")


def write_sentiment_shards(
    path: str | os.PathLike,
    out: str | os.PathLike,
    *,
    text_column: str | int | None = None,
    label_column: str | int | None = None,
    encoding: str | None = None,
    validation_split: float = 0.1,
    seed: int = 0,
    overwrite: bool = False,
) -> dict:
    """Writes labeled texts, however many, as shards to train on.

    Args:
        path: As for `read_texts`, and so are the columns and the encoding.
        out: The folder of the shards.
        validation_split: Share of the texts that is held out, as long as these
            are not more than `HELD_OUT`.
        seed: Of what is held out, and of the order.
        overwrite: Whether shards that are there are replaced.

    Returns:
        What was read; JSON can hold it.

    Raises:
        MitseqError: if nothing can be read there, a row is not as it should
            be, there are fewer than two classes, or `out` exists.
    """
    if not 0 < validation_split < 1:
        raise MitseqError(
            "`validation_split` must be in (0, 1). "
            f"Received: validation_split={validation_split!r}."
        )
    check_target(out, overwrite)
    settings = {"validation_split": validation_split, "seed": seed}
    writer = ShardWriter(out, KIND, settings, seed=seed, overwrite=overwrite)
    columns = {"text_column": text_column, "label_column": label_column}
    with writer, tempfile.TemporaryFile(dir=writer.folder) as spool:
        found = stream_texts(path, encoding=encoding, **columns)
        labels = _spool(spool, follow(found, "reading texts"), seed)
        number = sum(labels.values())
        if not number:
            raise TextsError(f"{path}: no text")
        check_two_classes(sorted(labels))
        writer.set_size(spool.tell())
        share = min(validation_split, HELD_OUT / number)
        told = _write(writer, spool, sorted(labels), share, seed)
        notes = list(remarks_on_counts(labels))
        writer.tables = told | {"classes": sorted(labels), "notes": notes}
    return {
        "read": number,
        "classes": dict(sorted(labels.items())),
        "train": sum(told["counts"]),
        "held_out": number - sum(told["counts"]),
        "sample": told["sample"],
        "words": len(told["words"]),
        "shards": writer.count,
        "notes": notes,
    }


def _spool(file, found, seed) -> Counter:
    """Writes all texts to a file, each with its label and its place."""
    labels: Counter[str] = Counter()
    for text, label, group in found:
        labels[label] += 1
        key = f"{seed}\n{key_of(text) if group is None else group}"
        place = hashlib.sha256(key.encode("utf-8", "replace")).digest()[:8]
        for data in (place, label.encode(), text.encode("utf-8", "replace")):
            file.write(len(data).to_bytes(4, "little") + data)
    return labels


def _spooled(file) -> Iterator[tuple[float, str, str]]:
    def field(size):
        return file.read(int.from_bytes(size, "little"))

    file.seek(0)
    while size := file.read(4):
        place = int.from_bytes(field(size), "big") / 2**64
        label = field(file.read(4)).decode()
        yield place, label, field(file.read(4)).decode()


def _write(writer, spool, classes, share, seed):
    """Writes shards, held-out texts and the sample; returns the tables."""
    import tensorflow as tf

    index = {label: i for i, label in enumerate(classes)}
    words: Counter[str] = Counter()
    counts, held = [0] * len(classes), [0] * len(classes)
    sample: list[bytes] = []
    rng = np.random.default_rng([seed, len(classes)])
    held_path = str(writer.folder / HELD_FILE)
    with tf.io.TFRecordWriter(held_path) as held_out:
        for place, label, text in follow(_spooled(spool), "writing texts"):
            record = record_of(index[label], text)
            if place < share:
                held[index[label]] += 1
                held_out.write(record)
                continue
            counts[index[label]] += 1
            writer.add(record)
            words.update(tokenize(text))
            if len(words) > MOST_COUNTED:
                words = _frequent(words)
            # each text so far is in the sample with the same probability
            at = int(rng.integers(sum(counts)))
            if len(sample) < SAMPLE:
                sample.append(record)
            elif at < SAMPLE:
                sample[at] = record
    for numbers, what in ((counts, "learned from"), (held, "held out")):
        if not all(numbers):
            raise MitseqError(
                f"no text of {classes[numbers.index(0)]!r} is {what}: label "
                "more, or train on the file instead of shards"
            )
    with tf.io.TFRecordWriter(str(writer.folder / SAMPLE_FILE)) as file:
        for record in sample:
            file.write(record)
    for name in (HELD_FILE, SAMPLE_FILE):
        writer.add_file(name)
    del words["[UNK]"]
    kept = sorted(words.items(), key=lambda item: (-item[1], item[0]))
    return {
        "counts": counts,
        "words": kept[:MOST_WORDS],
        "sample": len(sample),
    }


def _frequent(words: Counter) -> Counter:
    """The words that stand more often than the rarer half."""
    least = sorted(words.values())[len(words) // 2]
    return Counter({w: n for w, n in words.items() if n > least})
