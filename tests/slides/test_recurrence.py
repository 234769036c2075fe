"""Every example of the slides runs, prints, and draws a readable figure.

Those of other files too: they are found by the list of slides.
"""

import pytest

from mitseq.slides.find import numbered
from mitseq.slides.references import load
from tests.figure_checks import check_figure

# the tests of their own run these as they are, and check the same
ELSEWHERE = {
    "mitseq.slides.applications:music",
    "mitseq.slides.applications:summary",
    "mitseq.slides.attention:heads",
    "mitseq.slides.attention:weighting",
}
EXAMPLES = sorted({s.example for _, _, s in numbered() if s.example})


LONG = (  # they train networks
    "mitseq.slides.gradients:long_term",
    "mitseq.slides.gradients:vanishing",
)


@pytest.mark.parametrize(
    "example",
    [
        pytest.param(each, marks=[pytest.mark.slow] * (each in LONG))
        for each in EXAMPLES
        if each not in ELSEWHERE
    ],
)
def test_an_example_runs_and_draws(example, capsys):
    check_figure(load(example)())
    assert capsys.readouterr().out.strip()


def test_what_is_run_elsewhere_is_an_example():
    assert ELSEWHERE <= set(EXAMPLES)


def test_what_the_examples_say(capsys):
    load("mitseq.slides.recurrence:next_word")()
    assert "I love recurrent neural -> networks!" in capsys.readouterr().out
    load("mitseq.slides.recurrence:computational_graph")()
    *weights, total = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in weights] == ["W_xh", "W_hh", "W_hy"]
    parts, whole = total.removeprefix("L = ").split(" = ")
    assert abs(sum(map(float, parts.split("+"))) - float(whole[:4])) < 0.02
    load("mitseq.slides.recurrence:three_forms")()
    for line in capsys.readouterr().out.splitlines():
        assert float(line.split()[-1]) < 1e-6
    load("mitseq.slides.recurrence:feed_forward_forgets")()
    alone, recurrent = capsys.readouterr().out.splitlines()
    assert alone.endswith(" 0.000 apart")
    assert not recurrent.endswith(" 0.000 apart")
