"""Bucketed lengths: padded right, and few graphs for many lengths."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from mitseq.layers.lstm import LSTM
from mitseq.training.lengths import (
    bucket_batches,
    bucket_lengths,
    pad_to_bucket,
)


def test_buckets_double_until_the_longest_fits():
    assert bucket_lengths(1) == [16]
    assert bucket_lengths(16) == [16]
    assert bucket_lengths(17) == [16, 32]
    assert bucket_lengths(9, shortest=3) == [3, 6, 12]
    for name in ("longest", "shortest"):
        with pytest.raises(ValueError, match=f"`{name}` must be .*{name}=0"):
            bucket_lengths(**{"longest": 4, name: 0})


def test_every_sequence_comes_once_in_its_shortest_bucket():
    rng = np.random.default_rng(0)
    sequences = [
        rng.integers(1, 9, size) for size in rng.integers(0, 100, size=200)
    ]
    lengths = bucket_lengths(100)
    seen = []
    for batch, indices in bucket_batches(sequences, 8, lengths):
        assert len(batch) == 8
        for row, index in zip(batch, indices, strict=True):
            sequence = sequences[index] if index >= 0 else []
            np.testing.assert_array_equal(row[: len(sequence)], sequence)
            assert not row[len(sequence) :].any()
            if index >= 0:
                seen.append(index)
                shorter = [n for n in lengths if n < batch.shape[1]]
                assert all(len(sequence) > n for n in shorter)
    assert sorted(seen) == list(range(200))


def test_a_sequence_beyond_the_last_bucket_is_an_error():
    message = r"`lengths` must end .*\[2, 4\], a sequence of 5"
    with pytest.raises(ValueError, match=message):
        pad_to_bucket([[1] * 5], [2, 4])
    with pytest.raises(ValueError, match=message):
        list(bucket_batches([[1] * 5], 1, [2, 4]))


def test_training_traces_once_a_bucket_not_once_a_length():
    model = keras.Sequential(
        [
            keras.layers.Embedding(9, 4, mask_zero=True),
            LSTM(4),
            keras.layers.Dense(1),
        ]
    )
    optimizer = keras.optimizers.SGD()
    model.build((None, None))
    optimizer.build(model.trainable_variables)

    @tf.function
    def train_step(x):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(model(x, training=True) ** 2)
        variables = model.trainable_variables
        optimizer.apply(tape.gradient(loss, variables), variables)

    sequences = [np.ones(n, "int32") for n in range(1, 65)]
    batches = [
        batch for batch, _ in bucket_batches(sequences, 4, bucket_lengths(64))
    ]
    assert len(batches) == 16
    for batch in 2 * batches:
        train_step(tf.constant(batch))
    assert train_step.experimental_get_tracing_count() == 3
