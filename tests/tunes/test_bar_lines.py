"""Bar lines, single and joined."""

import pytest

from mitseq.tunes.bar_lines import read_bar_line


@pytest.mark.parametrize(
    "text, piece, style",
    [
        ("|", "|", "regular"),
        (".|", "|", "regular"),
        ("||", "||", "double"),
        ("|]", "||", "final"),
        ("[|", "||", "final"),
        ("|1,3", "|1,3", "regular"),
        ("[2", "|2", "regular"),
        (":|", ":|", "regular"),
        (":|]", ":|", "final"),
        (":]|", ":|", "final"),
        ("||:", "|:", "double"),
        ("::", "::", "regular"),
        (":|:", "::", "regular"),
    ],
)
def test_bar_lines(text, piece, style):
    found = read_bar_line(text)
    assert (found.piece, found.style) == (piece, style)


def test_two_bar_lines_make_one():
    def joined(first, second):
        return read_bar_line(first).join(read_bar_line(second)).piece

    assert joined("|", "|:") == "|:"
    assert joined(":|", "|:") == "::"
    assert joined(":|", "[2") == ":|2"
    assert joined("|]", "|") == "||"
    assert read_bar_line("::|").closes == 2
