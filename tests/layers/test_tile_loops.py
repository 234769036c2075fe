"""Tiles are as few and as small as they need be, in both ways to go over them.

Their numbers are in test_chunked.py too.
"""

import numpy as np
import tensorflow as tf

from mitseq.layers import tiles
from mitseq.layers.attention import scaled_dot_product_attention
from mitseq.layers.chunked import chunked_attention
from tests.layers.test_chunked import (
    B,
    C,
    K,
    N,
    at_once,
    inputs,
    mask_of,
    with_gradients,
)


def largest_tensor(function):
    graphs = [function.graph]
    graphs += [f.graph for f in function.graph._functions.values() if f.graph]
    shapes = [
        output.shape
        for graph in graphs
        for operation in graph.get_operations()
        for output in operation.outputs
    ]
    return max(s.num_elements() or 0 for s in shapes if s.rank is not None)


def test_no_tensor_of_a_training_step_has_the_size_of_all_weights():
    T = 8 * 64
    spec = tf.TensorSpec((1, 1, T, 4))
    calls = {
        "chunks": lambda q, k, v: chunked_attention(q, k, v, chunk=64),
        "at once": scaled_dot_product_attention,
    }
    largest = {
        name: largest_tensor(
            tf.function(
                lambda *x, call=call: with_gradients(call, *x)
            ).get_concrete_function(spec, spec, spec, spec)
        )
        for name, call in calls.items()
    }
    assert largest["at once"] == T * T
    assert largest["chunks"] <= T * 64


def test_tiles_of_the_future_are_not_made():
    def products(causal):
        x = tf.TensorSpec((1, 1, 8 * C, K))
        function = tf.function(
            lambda q, k, v: chunked_attention(q, k, v, chunk=C, causal=causal)
        ).get_concrete_function(x, x, x)
        library = function.graph.as_graph_def().library.function
        inside = max((f.node_def for f in library), key=len)  # has the tiles
        return sum("PartitionedCall" in node.op for node in inside)

    assert products(causal=False) == 64
    assert products(causal=True) == 36


def test_unknown_sizes_and_masks_in_one_graph():
    @tf.function(
        input_signature=[tf.TensorSpec((None, None, None, K))] * 2
        + [tf.TensorSpec((None, None, None, None), tf.bool)]
    )
    def run(query, key, mask):
        return with_gradients(
            lambda q, k, v: chunked_attention(q, k, v, mask, chunk=C),
            query,
            key,
            key,
            query,
        )

    for T, S in [(1, 1), (9, 6), (4, 8)]:
        query, key, _, _ = inputs(T, S)
        for mask in mask_of("pairs", max(T, 4), S)[:, :, :T], [[[[True]]]]:
            mask = tf.constant(mask)
            expected = with_gradients(
                lambda q, k, v, mask=mask: at_once(q, k, v, mask, False, None),
                *(query, key, tf.identity(key), query),
            )
            y, dq, dk, dv = run(query, key, mask)
            np.testing.assert_allclose(y, expected[0], atol=1e-5)
            np.testing.assert_allclose(dq, expected[1], atol=1e-5)
            # query and value are one tensor there: one gradient, twice
            total = expected[2] + expected[3]
            np.testing.assert_allclose(dk, total, atol=1e-5)
            np.testing.assert_allclose(dv, total, atol=1e-5)


def test_short_texts_of_unknown_length_are_not_filled_up_to_a_chunk(
    monkeypatch,
):
    scores_of, seen = tiles._scores, []

    def watched(q, k, keep):
        scores = scores_of(q, k, keep)
        tf.numpy_function(
            lambda shape: seen.append(shape.tolist()), [tf.shape(scores)], []
        )
        return scores

    monkeypatch.setattr(tiles, "_scores", watched)

    @tf.function(input_signature=[tf.TensorSpec((None, None, None, K))])
    def run(x):
        return with_gradients(
            lambda q, k, v: chunked_attention(q, k, v, chunk=512), x, x, x, x
        )

    run(inputs(10, 10)[0])
    # one tile, made twice: forward, and again in the backward pass
    assert seen == [[B, N, 10, 10]] * 2
