"""Tiles that are written out: as few and as small as they need be.

Their numbers are in test_chunked.py.
"""

import tensorflow as tf

from mitseq.layers.attention import scaled_dot_product_attention
from mitseq.layers.chunked import chunked_attention
from tests.layers.test_chunked import C, K, with_gradients


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
        names = [op.type for op in function.graph.get_operations()]
        return sum("PartitionedCall" in name for name in names)

    assert products(causal=False) == 64
    assert products(causal=True) == 36
