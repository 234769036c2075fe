"""The examples of the slides on attention run and draw."""

import numpy as np

from mitseq.slides import attention
from tests.figure_checks import check_figure


def test_search_finds_the_jig(capsys):
    check_figure(attention.search())
    assert "value: jig.abc" in capsys.readouterr().out


def test_the_table_by_hand_has_the_pattern_of_the_slide():
    figure = attention.weighting()
    check_figure(figure)
    cells = [float(text.get_text()) for text in figure.axes[0].texts]
    weights = np.reshape(cells, (7, 7))
    words = list(attention.WORDS)
    # a word looks at itself first, and "tennis" at "serve" next
    assert (weights.argmax(axis=1) == np.arange(7)).all()
    tennis = weights[words.index("tennis")].copy()
    tennis[words.index("tennis")] = 0
    assert words[tennis.argmax()] == "serve"


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
