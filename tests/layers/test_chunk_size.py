"""How large chunks are, and from which length on there are some."""

import pytest
import tensorflow as tf

from mitseq.layers.chunk_size import chosen_chunk, even_chunk


@pytest.mark.parametrize(
    ("chunk", "num_keys", "causal", "expected"),
    [
        ("auto", 256, True, None),
        ("auto", 257, True, 128),
        ("auto", 1024, False, None),
        ("auto", 2048, False, 256),
        ("auto", 100_000, True, 512),
        ("auto", None, False, 512),
        (None, 100_000, True, None),
        (7, 10, True, 7),
    ],
)
def test_length_decides(chunk, num_keys, causal, expected):
    assert chosen_chunk(chunk, num_keys, causal) == expected


@pytest.mark.parametrize("length", [0, 1, 5, 8, 9, 16, 17, 100])
def test_chunks_are_even_and_as_few_as_may_be(length):
    size = even_chunk(length, most=8)
    chunks = -(-length // 8)
    assert size * chunks - length < max(chunks, 1)
    assert 1 <= size <= 8
    assert even_chunk(tf.constant(length), most=8) == size
