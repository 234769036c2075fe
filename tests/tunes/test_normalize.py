import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.tunes.check import check
from mitseq.tunes.layout import layout
from mitseq.tunes.normalize import normalize, pieces
from mitseq.tunes.notation import ABCError, is_bar_line, piece_length
from tests.tunes.tunes_for_tests import (
    CHARACTERS,
    JIG,
    REEL,
    TUNES,
    WALTZ,
    damaged,
    human_tunes,
)

HEADER = "M:6/8\nL:1/8\nK:D\n"


def body(music: str, header: str = HEADER) -> str:
    text = normalize(header + music)
    return text.splitlines()[3]


def holds_together(text: str) -> None:
    """All that is promised of a normalized tune."""
    assert normalize(text) == text
    assert check(text) == []
    assert "".join(pieces(text)) == text
    assert normalize(layout(text)) == text
    assert check(layout(text)) == []
    head = pieces(text)[:3]
    assert [piece[:2] for piece in head] == ["M:", "L:", "K:"]
    assert pieces(text)[-1] == "\n"
    for piece in pieces(text)[3:-1]:
        assert is_bar_line(piece) or piece_length(piece) or piece[0] in "(-"
    assert text.count("\n") == 4 and " " not in text


def test_tunes_in_their_only_spelling():
    assert normalize(JIG) == (
        "M:6/8\nL:1/8\nK:D\nA|:dfafdA|B2AF2A|Bcde3/2f/2g|1fdBA2A:|2fdcd2"
        "|:f/2g/2|a2fdfa|b3afd|efgfed|cdef2:|\n"
    )
    assert normalize(REEL).splitlines()[3] == (
        "|:eA(3AAAg2fg|eAAABGGB|eA(3AAAg2fg|1afged2cd:|2afged4"
        "|:eaagefgf|eaagedBd|eaagefge|afged4:|"
    )
    assert normalize(WALTZ).splitlines()[3] == (
        "F|B3/2c/2d|d-dc|B2z|G/2A/2B/2c/2d|_e2=e|f3|B2|]"
    )


@given(st.sampled_from(TUNES), st.integers(0, 10**6), st.integers(0, 4))
@settings(max_examples=300, deadline=None)
def test_whatever_is_normalized_holds_together(tune, seed, changes):
    try:
        text = normalize(damaged(tune, seed, changes))
    except ABCError:
        return
    holds_together(text)


@given(st.text() | st.text(alphabet=CHARACTERS))
@settings(deadline=None)
def test_no_other_error(text):
    try:
        holds_together(normalize(HEADER + text))
    except ABCError:
        pass


def test_human_tunes_hold_together():
    tunes = human_tunes(80)
    if not tunes:
        pytest.skip("the installed music21 has no corpus")
    accepted = 0
    for tune in tunes:
        try:
            text = normalize(tune)
        except ABCError:
            continue
        accepted += 1
        holds_together(text)
    assert accepted >= 0.7 * len(tunes)


@pytest.mark.parametrize(
    "music, written",
    [
        ("d6|d3A3|", "d6|d3A3|]"),
        ("d6|d3", "d6|d3|]"),
        ("d6||d6||", "d6||d6|]"),
        ("d6|]d6:|", "d6|:d6:|"),
        ("|:d6|d6|]", "|:d6|d6:|"),
        ("|:d6|1 d6:|2 d6:|", "|:d6|1d6:|2d6|]"),
        ("|:d6|1 d6:|2 d6::d6:|", "|:d6|1d6:|2d6|:d6:|"),
        ("d6-|A6|]", "d6|A6|]"),
        ("(d3-d2-d)|", "d3-d2-d|]"),
        ("[^FA]3F3|", "A3^F3|]"),
        ("|d6|", "d6|]"),
        ("|:d6::", "|:d6:|"),
        ("d6|d6|:", "d6|d6|]"),
        ("d6|d5||A|d6|d5:|", "d6|d5|:A|d6|d5:|"),
    ],
)
def test_one_spelling(music, written):
    assert body(music) == written


def test_meters_units_and_keys_have_one_spelling():
    assert normalize("M:C\nK:G major\nG8|").startswith("M:4/4\nL:1/8\nK:G\n")
    assert normalize("M:C|\nK:Am\nG8|").startswith("M:2/2\nL:1/8\nK:Am\n")
    assert normalize("M:2/4\nK:D mix\nG8|").startswith("M:2/4\nL:1/16\nK:Dmix")


@pytest.mark.parametrize(
    "music, reason",
    [
        ("d6|d5|d6|", "5/8 in a 6/8 tune"),
        ("d6|[K:G]d6|", "the key changes"),
        ("d6|[M:3/4]d6|", "the meter changes"),
        ("d6|[L:1/4]d3|", "the unit changes"),
        ("V:1\nd6|\nV:2\nd6|", "several voices"),
        ("d6|#|", "unknown character"),
        ("z6|", "without notes"),
        ("", "without notes"),
    ],
)
def test_what_is_no_tune_for_a_model(music, reason):
    with pytest.raises(ABCError, match=reason):
        normalize(HEADER + music)


def test_error_names_line_and_bar():
    with pytest.raises(ABCError, match="line 5: bar 2: 5/8") as caught:
        normalize(HEADER + "d6|\nd5|d6|]\n")
    assert caught.value.line == 5
    with pytest.raises(ABCError, match="without a meter"):
        normalize("M:none\nK:D\nd6|")
