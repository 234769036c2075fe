"""Applications and limits; that they run: test_recurrence.py."""

import numpy as np

from mitseq.layers.multi_head import MultiHeadAttention
from mitseq.layers.rnn import SimpleRNN
from mitseq.slides.applications import (
    goal,
    music,
    reach,
    sentiment,
    summary,
    tags,
)
from mitseq.tunes.check import check
from tests.figure_checks import check_figure


def test_the_tune_that_is_written_adds_up(capsys):
    check_figure(music())
    abc = capsys.readouterr().out
    assert "M:6/8" in abc and check(abc) == []


def test_weights_of_the_table_are_those_of_the_layers():
    cells = [text.get_text() for text in goal().axes[0].texts]
    for layer in (SimpleRNN(64), MultiHeadAttention(4)):
        layer.build((None, 1000, 64))
        assert f"✓  {layer.count_params():,}" in cells
    assert f"✗  {1000 * 64 * 64 + 64:,}" in cells


def test_attention_reaches_the_first_input_and_a_recurrence_does_not():
    rnn, lstm, block = (line.get_ydata() for line in reach().axes[0].lines)
    for values in (rnn, lstm, block):
        assert abs(values.sum() - 1) < 1e-5
    assert rnn[-1] < lstm[-1] < 1e-4 < block[-1]


def test_in_the_summary_each_row_is_shared_out(capsys):
    figure = summary()
    check_figure(figure)
    assert capsys.readouterr().out.strip()
    left, right = figure.axes
    rows = np.asarray(left.images[0].get_array().filled(0))
    np.testing.assert_allclose(rows.sum(axis=1), 1, atol=1e-5)
    assert (np.triu(rows, 1) == 0).all()  # no step knows a later word
    assert rows[-1].argmax() == 6 and rows[-1].argmin() == 0  # it fades
    weights = np.asarray(right.images[0].get_array())
    np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-5)


def test_the_same_words_in_another_order_are_another_mood(capsys):
    sentiment()
    good, bad, reasons = capsys.readouterr().out.splitlines()
    assert good.startswith("positive (") and bad.startswith("negative (")
    assert "not +" in reasons


def test_flies_are_a_verb_and_a_noun(capsys):
    tags()
    time, fruit = capsys.readouterr().out.splitlines()
    assert time == "Time/NOUN flies/VERB like/ADP an/DET arrow/NOUN"
    assert fruit == "Fruit/NOUN flies/NOUN like/VERB a/DET banana/NOUN"
