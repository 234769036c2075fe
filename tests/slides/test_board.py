"""What stands on the board: short, from the sources, with their symbols."""

import ast
import inspect
import re

import pytest

from mitseq.slides.board import (
    BOARD,
    board_of,
    equation_in,
    equation_in_rows,
    lines_of,
)
from mitseq.slides.find import numbered
from mitseq.slides.references import ROOT, load

SLIDES = [slide for _, _, slide in numbered()]
TOLD_HERE = [slide for slide in SLIDES if not slide.like]
# Slides that only show: there is nothing to write as an equation.
WITHOUT = {"Sequences in the Wild", "RNN Applications & Limitations"}
# The slide's symbols and those of the code, see docs/notation.md.
IN_CODE = {"ŷ_t": "y_t", "h_{t-1}": "h_prev", "c_{t-1}": "c_prev"}


def test_every_slide_has_its_board_and_no_board_is_left_over():
    assert set(BOARD) == {slide.title for slide in TOLD_HERE}
    assert all(board_of(slide) for slide in SLIDES)


@pytest.mark.parametrize("slide", TOLD_HERE, ids=lambda slide: slide.title)
def test_lines_are_few_are_python_and_stand_in_the_file(slide):
    excerpts = lines_of(slide)
    count = 0
    for excerpt in excerpts:
        ast.parse(excerpt.text)
        source = (ROOT / excerpt.file).read_text("utf-8").splitlines()
        source = iter([line.strip() for line in source])
        for line in excerpt.text.splitlines():
            assert line.strip() in source, line  # all of them, in their order
            count += 1
        assert "raise " not in excerpt.text and '"""' not in excerpt.text
    assert 2 <= count <= 25


@pytest.mark.parametrize("slide", TOLD_HERE, ids=lambda slide: slide.title)
def test_equations_have_the_symbols_of_their_docstring(slide):
    board = board_of(slide)
    assert bool(board.equation) == (slide.title not in WITHOUT)
    if not board.computed:
        return
    in_rows = equation_in_rows(slide)
    shown = [line.strip() for line in in_rows.splitlines()]
    assert shown and shown[0] in inspect.getdoc(load(board.computed))
    # A symbol of the slide that is in the docstring by its name, or renamed.
    symbols = re.findall(
        r"W_[a-z]+|[bcfiorz]_[a-z]\b|[ch]_\{t-1\}|[xhŷ]_t\b|h_tilde|c_tilde",
        board.equation.partition("L = ")[0],
    )
    for symbol in symbols:
        if "logits" in in_rows or "query_t" in in_rows:
            continue  # a name of its own for the scores, and for the states
        assert IN_CODE.get(symbol, symbol) in in_rows, symbol


def test_an_equation_is_found_in_both_forms():
    assert equation_in("A.\n\nEquation: `y = x`, so.\n\nArgs:") == "y = x"
    several = "A.\n\nEquations (rows):\n    a = b\n    c = d\n\nArgs:"
    assert equation_in(several) == "a = b\nc = d"
    assert equation_in("Nothing.") == ""
