"""The examples of the slides on attention run and draw."""

import numpy as np

from mitseq.slides import attention
from tests.figure_checks import check_figure


def test_search_finds_the_jig(capsys):
    check_figure(attention.search())
    assert "value: jig.abc" in capsys.readouterr().out


def test_the_printed_rows_are_no_softmax_and_the_learned_ones_are(capsys):
    figure = attention.weighting()
    check_figure(figure)
    assert capsys.readouterr().out.strip()
    tables = [
        np.reshape([float(text.get_text()) for text in axes.texts], (7, 8))
        for axes in figure.axes
    ]
    printed, learned = tables
    np.testing.assert_array_equal(printed[:, :7], attention.PRINTED)
    np.testing.assert_array_equal(printed[:, 7], [1.5, 2, 1, 2, 2, 1, 1.5])
    assert (learned[:, 7] == 1).all()
    model, found = attention.learned_attention(1)
    np.testing.assert_allclose(learned[:, :7], found.weights[0], atol=0.006)
    words = found.tokens
    for query, key in (("tossed", "He"), ("tennis", "serve")):
        row = found.weights[0][words.index(query)]
        assert words[row.argmax()] == key
    # what the slide calls a cosine is the score of the layer, and is none
    score, cosine = attention.score_and_cosine("tennis", "serve")
    rows = [attention.score_and_cosine("tennis", word)[0] for word in words]
    softmax = np.exp(rows) / np.exp(rows).sum()
    np.testing.assert_allclose(
        softmax, found.weights[0][words.index("tennis")], atol=1e-4
    )
    assert abs(cosine) <= 1 < score


def test_heads_are_those_of_a_trained_layer(capsys):
    figure = attention.heads()
    check_figure(figure)
    assert figure.get_suptitle().startswith("“tennis”: head 1 looks")
    told, *lines, common = capsys.readouterr().out.splitlines()
    assert told.startswith("100% of") and "held out" in told
    assert len(lines) == 4 and "head 2: 'tossed' looks at" in lines[2]
    assert int(common.split("%")[0].split()[-1]) < 80


def test_a_decoder_finds_the_words_in_another_order(capsys):
    attention.alignment()
    found = capsys.readouterr().out.splitlines()
    assert found[1:3] == [
        "to write 'maison', look at 'house'",
        "to write 'rouge', look at 'red'",
    ]


def test_a_motif_finds_its_mutated_copy(capsys):
    attention.beyond_text()
    printed = capsys.readouterr().out
    assert "then at TATACTGC" in printed
    assert "16 patches of an image: (1, 16, 32)" in printed
