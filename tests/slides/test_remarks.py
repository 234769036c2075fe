"""What is said otherwise than it is: remarks on titles that exist, and true."""

import re

import numpy as np
from keras import ops

from mitseq.layers.gru import GRU
from mitseq.layers.lstm import LSTM
from mitseq.slides.attention import PRINTED
from mitseq.slides.find import numbered
from mitseq.slides.notes import OURS
from mitseq.slides.remarks import REMARKS, remarks_on


def test_each_remark_is_on_a_slide_or_a_section():
    titles = {slide.title for _, _, slide in numbered()}
    assert set(REMARKS) <= titles
    assert remarks_on("The Perceptron Revisited") == ()
    for remarks in REMARKS.values():
        assert all(remark.endswith(".") for remark in remarks)


def test_the_misprints_of_the_notes_are_named():
    (factors,) = remarks_on("Backpropagation Through Time")
    assert '"When many values are smaller than 0' in factors
    (relu,) = remarks_on("Activation Functions")
    assert '"when the value is less than 0"' in relu
    slope = [float(x > 0) for x in (-1.0, 1.0)]  # of a ReLU
    assert (
        slope
        == [0, 1]
        == [float(ops.relu(x + 1) - ops.relu(x)) for x in (-1.0, 1.0)]
    )


def test_numbers_of_the_table_are_those_of_the_slide():
    table, cosine = remarks_on("Learning Self-Attention with Neural Networks")
    sums = [f"{row:g}" for row in PRINTED.sum(axis=1)]
    assert f"{', '.join(sums[:-1])} and {sums[-1]}" in table
    first = np.exp(PRINTED[0]) / np.exp(PRINTED[0]).sum()
    assert [f"{x:.2f}" for x in first[:3]] == re.findall(r"0\.\d\d", table)
    np.testing.assert_array_equal(PRINTED, PRINTED.T)
    # Twice as long a key: twice the score, the same cosine.
    q, k = np.array([1.0, 2.0]), np.array([2.0, 1.0])
    assert q @ (2 * k) == 2 * (q @ k)
    assert "cosine" in cosine


def test_the_weights_of_the_two_gated_cells_are_counted():
    (remark,) = remarks_on("Gating Mechanisms in Neurons")
    for layer in (GRU(128), LSTM(128)):
        layer.build((None, None, 64))
        assert f"{layer.count_params():,} weights" in remark or (
            f"an LSTM {layer.count_params():,}" in remark
        )


def test_passages_without_a_heading_are_named_as_such():
    titles = {slide.title for _, _, slide in numbered()}
    assert set(OURS) <= titles
