import doctest
import re

import latex
import pytest

from mitseq.slides.board import BOARD, equation_in
from mitseq.slides.lines import docstring

EQUATIONS = sorted(
    {board.equation for board in BOARD.values() if board.equation}
    | {
        equation_in(docstring(board.computed))
        for board in BOARD.values()
        if board.computed
    }
)


def _letters(text):
    """The letters and digits of plain text and of LaTeX, in order."""
    text = re.sub(r"\\(?:begin|end)\{align\*\}", "", text)
    text = re.sub(r"\\(?:text|operatorname|mathbb|hat)\b", "", text)
    text = re.sub(r"\\tilde\{(\w)\}", r"\1tilde", text)
    text = text.replace(r"\eta", "η").replace(r"\top", "T")
    text = re.sub(r"\\(?:cdot|odot|dots|to|sim|leftarrow|frac)\b", "", text)
    return re.sub(r"[^a-zA-Z0-9η]", "", text.replace("ŷ", "y"))


def _equations(text):
    return [part for kind, part in latex.blocks(text) if kind == "equations"]


@pytest.mark.parametrize("equation", EQUATIONS)
def test_nothing_of_an_equation_is_lost_and_its_order_stays(equation):
    for part in _equations(equation):
        found = latex.rows(part)
        assert _letters(found) == _letters(part)
        assert found.count("{") == found.count("}")


@pytest.mark.parametrize("equation", EQUATIONS)
def test_every_equation_is_drawn(equation):
    convert = pytest.importorskip("latex2mathml.converter").convert
    for part in _equations(equation):
        drawn = convert(latex.rows(part), display="block")
        assert drawn.startswith("<math") and drawn.endswith("</math>")
        # what it does not know it would show as it stands
        assert "\\" not in drawn and "&</m" not in drawn
        assert drawn.count("<mtr>") == len(part.splitlines())


@pytest.mark.parametrize(
    "plain, written",
    [
        ("c_t = f_t * c_{t-1}", r"c_{t} = f_{t} \odot c_{t-1}"),
        ("g * min(1, c)", r"g \cdot \min(1, c)"),
        ("(1 - z_t) * h_tilde", r"(1 - z_{t}) \odot \tilde{h}"),
        ("W_hy^T h_t", r"W_{hy}^{\top}\,h_{t}"),
        ("dL/dh_t", r"\frac{dL}{dh_{t}}"),
        ("Q K^T / sqrt(K)", r"Q\,K^{\top}/ \sqrt{K}"),
        ("sum_t L_t", r"\sum_{t} L_{t}"),
        ("softmax(ŷ_t)", r"\operatorname{softmax}(\hat{y}_{t})"),
    ],
)
def test_signs_and_names_in_latex(plain, written):
    assert latex.latex(plain) == written


def test_what_is_said_between_equations_is_no_equation():
    text = "    a = b\nor so:\n    c = d   words"
    assert [kind for kind, _ in latex.blocks(text)] == [
        "equations",
        "words",
        "equations",
    ]
    # without anything set in, all lines are equations
    assert latex.blocks("a = b\nc = d") == [("equations", "a = b\nc = d")]


def test_words_behind_a_gap_stand_in_a_column_of_their_own():
    assert latex.rows("many to one    ŷ = f(x)").splitlines()[1] == (
        r"\text{many to one} && \hat{y} = f(x)"
    )
    assert latex.rows("y = A V    what it is, of all").splitlines()[1] == (
        r"y &= A\,V && \text{what it is, of all}"
    )


def test_examples_run():
    assert not doctest.testmod(latex).failed
