"""Every example of the slides runs, prints, and draws a readable figure.

Those of other files too: they are found by the list of slides.
"""

import pytest

from mitseq.slides.find import numbered
from mitseq.slides.references import load
from tests.figure_checks import check_figure

EXAMPLES = sorted({s.example for _, _, s in numbered() if s.example})


LONG = "mitseq.slides.gradients:long_term"  # it trains three networks


@pytest.mark.parametrize(
    "example",
    [
        pytest.param(each, marks=[pytest.mark.slow] * (each == LONG))
        for each in EXAMPLES
    ],
)
def test_an_example_runs_and_draws(example, capsys):
    check_figure(load(example)())
    assert capsys.readouterr().out.strip()


def test_what_the_examples_say(capsys):
    load("mitseq.slides.recurrence:next_word")()
    assert "I love recurrent neural -> networks!" in capsys.readouterr().out
    load("mitseq.slides.recurrence:feed_forward_forgets")()
    alone, recurrent = capsys.readouterr().out.splitlines()
    assert alone.endswith(" 0.000 apart")
    assert not recurrent.endswith(" 0.000 apart")
