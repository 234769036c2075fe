"""Numbers of a model in a page: what 8 and 16 bits keep of them."""

import base64
import gzip

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.pages.weights import ROW, Block, quantize


def bytes_of(block):
    return gzip.decompress(base64.b64decode(block.text()))


def test_a_row_is_off_by_half_a_step_at_most():
    matrix = np.random.default_rng(0).normal(size=(9, 40)) ** 3
    scales, integers = quantize(matrix)
    error = np.abs(scales[:, None] * integers - matrix)
    largest = np.abs(matrix).max(axis=1)
    assert (error <= largest[:, None] / 127 / 2 * 1.001).all()
    assert (np.abs(integers).max(axis=1) == 127).all()


def test_rows_of_zeros_stay_zeros():
    scales, integers = quantize(np.zeros((2, 3)))
    assert not scales.any() and not integers.any()


def test_what_was_added_stands_where_it_is_said():
    block = Block(16)
    first = block.add(np.arange(3.0))
    second = block.add(np.array([[0.5, -2.0], [65504.0, 2.0**-24]]))
    third = block.add_sorted([3, 10, 5_000_000_000])
    data = bytes_of(block)
    assert np.frombuffer(data, "<f4", 3, first["float"]).tolist() == [0, 1, 2]
    halves = np.frombuffer(data, "<f2", 4, second["half"])
    assert halves.tolist() == [0.5, -2.0, 65504.0, 2.0**-24]
    steps = np.frombuffer(data, "<f8", 3, third["steps"])
    assert np.cumsum(steps).tolist() == [3, 10, 5_000_000_000]
    assert third["steps"] % 8 == 0


def test_a_table_has_a_scale_for_each_of_its_rows():
    columns = np.ones((2, ROW + 1))
    columns[1, ROW] = 1000
    block = Block(8)
    place = block.add_table(columns)
    assert place["shape"] == [4, ROW] and place["table"] == 2
    scales = np.frombuffer(bytes_of(block), "<f4", 4, place["scales"])
    np.testing.assert_allclose(127 * scales, [1, 1, 1, 1000])


def test_the_same_arrays_give_the_same_text():
    texts = set()
    for _ in range(2):
        block = Block(8)
        block.add(np.eye(3))
        texts.add(block.text())
    assert len(texts) == 1


@pytest.mark.parametrize("bits", [4, 32, "8"])
def test_other_bits_are_refused(bits):
    with pytest.raises(MitseqError, match=r"`bits` must be one of \(8, 16\)"):
        Block(bits)


def test_what_no_page_can_hold_is_refused():
    with pytest.raises(MitseqError, match="must be finite"):
        Block(8).add(np.array([[np.nan]]))
    with pytest.raises(MitseqError, match="at most 65504.* Received: 1e\\+06"):
        Block(16).add(np.array([[1e6]]))
