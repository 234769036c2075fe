from mitseq.tunes.layout import BARS_A_LINE, layout
from mitseq.tunes.tune import Tune


def lines(body: str, header: str = "M:6/8\nL:1/8\nK:D\n") -> list[str]:
    return layout(header + body + "\n").splitlines()[5:]


def test_header_and_title():
    text = layout("M:6/8\nL:1/8\nK:D\nd6|]\n", 7, "A\nTune <b>")
    assert text == "X:7\nT:A Tune <b>\nM:6/8\nL:1/8\nK:D\nd6|]\n"
    assert Tune(text).title == "A Tune <b>"


def test_notes_are_grouped_as_they_are_beamed():
    assert lines("dfafdA|d2AF2A|]") == ["dfa fdA|d2A F2A|]"]
    common = "M:4/4\nL:1/8\nK:D\n"
    assert lines("ABcdefga|a4A2B2|]", common) == ["ABcd efga|a4 A2B2|]"]
    assert lines("A/2B/2cdedcBA|]", common) == ["A/2B/2c de dc BA|]"]
    assert lines("ABcdef|]", "M:3/4\nL:1/8\nK:D\n") == ["AB cd ef|]"]
    assert lines("ABcdefga|]", "M:2/4\nL:1/16\nK:D\n") == ["ABcd efga|]"]


def test_beams_of_a_pickup_count_from_the_right():
    assert lines("fga|d6|]") == ["fga|d6|]"]
    assert lines("efga|d6|]") == ["e fga|d6|]"]


def test_dotted_pairs():
    assert lines("d3/2f/2ad/2f3/2a|]") == ["d>fa d<fa|]"]
    assert lines("d2fa3/2-a/2a|]") == ["d2f a3/2-a/2a|]"]


def test_tuplets_and_ties_stay_whole():
    common = "M:4/4\nL:1/8\nK:D\n"
    assert lines("(3ABcd2d2-dA|]", common) == ["(3ABc d2 d2- dA|]"]


def test_four_bars_a_line():
    assert lines("A|" + "d6|" * 7 + "d5|]") == [
        "A|d6|d6|d6|d6|",
        "d6|d6|d6|d5|]",
    ]
    assert BARS_A_LINE == 4


def test_no_bar_alone_on_a_line():
    assert lines("d6|" * 4 + "d6|]") == ["d6|d6|d6|d6|d6|]"]


def test_a_section_begins_a_line():
    assert lines("|:d6|d6::d6|d6:|") == ["|:d6|d6:|", "|:d6|d6:|"]
    assert lines("d6||d6|:d6:|") == ["d6||", "d6||", "|:d6:|"]


def test_short_endings_share_a_line():
    assert lines("|:d6|d6|d6|1d6:|2d6|]") == ["|:d6|d6|d6|1 d6:|2 d6|]"]


def test_long_endings_have_their_own():
    ending = "d6|" * 3
    assert lines(f"|:{ending}d6|1{ending}d6:|2{ending}d6|]") == [
        "|:d6|d6|d6|d6|",
        "[1 d6|d6|d6|d6:|",
        "[2 d6|d6|d6|d6|]",
    ]
