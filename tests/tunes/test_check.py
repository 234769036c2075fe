import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.tunes.check import check, loose_ties
from mitseq.tunes.reader import read_events
from tests.tunes.tunes_for_tests import CHARACTERS, TUNES, damaged

HEADER = "M:6/8\nL:1/8\nK:D\n"


GOOD = "DFA AFD"


def why(body: str, header: str = HEADER) -> list[str]:
    return [str(problem) for problem in check(header + body)]


@given(st.text() | st.text(alphabet=CHARACTERS))
@settings(deadline=None)
def test_never_raises(text):
    check(text)
    check(HEADER + text)


@given(st.sampled_from(TUNES), st.integers(0, 10**6), st.integers(1, 30))
@settings(max_examples=200, deadline=None)
def test_never_raises_on_damaged_tunes(tune, seed, changes):
    check(damaged(tune, seed, changes))


@pytest.mark.parametrize(
    "unit", ["A|", "|:A:|", "|1A", "::A", "A>", "A-", "Z64", "[1A|", "[", "{"]
)
def test_garbage_takes_no_time(unit):
    text = HEADER + unit * 20_000
    for part in (text, text[:19_000]):
        start = time.process_time()
        check(part)
        # About 25 ms on a quiet core. What looks at each pair of 20,000 takes
        # a minute; a core that others share, or a collection of garbage, does
        # not take 10 s.
        assert time.process_time() - start < 10


def test_good_tunes():
    for tune in TUNES:
        assert check(tune) == []


@pytest.mark.parametrize(
    "body",
    [
        "DFA AFD|d3 A3|]",
        "A|DFA AFD|d3 A2|]",  # a pickup and what completes it
        "A|DFA AFD|d3 A2||B|DFA AFD|d3 A2|]",
        "|:A|DFA AFD|d3 A2:|",
        "A|DFA AFD|d3 A2:|",
        "|:A|DFA AFD|1 d3 A2:|2 d3 A3|]",
        "|:DFA AFD|1 d6:|2 d6|]",
        "DFA AFD:|d6:|",
        "|:DFA AFD::d6:|",
        "DFA AFD|d3",  # a last bar may be short
        "DFA AF|DFA AFD|]",  # so may the first
        "d6-|d6|]",
        "(3DFAd2A2|d6|]",
        "d6|DFA||AFD|d6|]",  # a double bar inside a bar
        "z6|d6|]",
    ],
)
def test_accepted(body):
    assert why(body) == []


@pytest.mark.parametrize(
    "body, reasons",
    [
        ("d6|DFA AFDd|d6|]", ["line 4, bar 2: 7/8 in a 6/8 tune"]),
        ("d6|DFA AF|d6|]", ["line 4, bar 2: 5/8 in a 6/8 tune"]),
        ("d6|D/FA AFD|d6|]", ["line 4, bar 2: 11/16 in a 6/8 tune"]),
        ("A|d6|\nd5|d6|]", ["line 5, bar 2: 5/8 in a 6/8 tune"]),
        (
            "|:A|d6|d6:|",
            ["line 4, bar 0: 1/8 in a 6/8 tune when repeated"],
        ),
        ("d6|d7", ["line 4, bar 2: 7/8 in a 6/8 tune"]),
        ("|:d6|d6|]", ["line 4, bar 2: a section begun with |: has no :|"]),
        ("d6-|A6|]", ["line 4, bar 1: a tie with no note to tie to"]),
        ("d6-|z6|]", ["line 4, bar 1: a tie with no note to tie to"]),
        ("d6|d6-|]", ["line 4, bar 2: a tie with no note to tie to"]),
        ("d6--|d6|]", ["line 4, bar 1: two ties, one note"]),
        ("|:d6|:d6:|", ["line 4, bar 1: a new |: before the :| of the last"]),
        (
            "dB22222ga|",
            [
                "line 4, bar 1: 22225/8 in a 6/8 tune",
                "line 4, bar 1: a note of the length 22222",
            ],
        ),
        ("z6|z6|]", ["line 1, bar 0: a tune without notes"]),
        ("", ["line 1, bar 0: a tune without notes"]),
        ("d6||d5|d6|]", ["line 4, bar 2: 5/8 in a 6/8 tune"]),
    ],
)
def test_rejected(body, reasons):
    assert why(body) == reasons


def test_repeats_are_played_as_they_are_written():
    # The second ending completes the pickup of the next section.
    good = "|:A|d6|1 d5:|2 d5||B|d6|d5|]"
    assert why(good) == []
    assert why(good.replace("2 d5", "2 d6")) == [
        "line 4, bar 4: 1/8 in a 6/8 tune"
    ]


def test_a_second_ending_needs_a_first():
    assert why("|:d6:|2d6|d6|]") == ["line 4, bar 1: ending 2 with no ending 1"]
    assert why("|:d6|1d6:|2d6||d6|]") == []


def test_where_a_repeat_begins_must_not_matter():
    # From the double bar the bars add up, from the start they do not.
    assert why("d6|d5||A|d6|d5:|") == [
        "line 4, bar 5: `:|` goes back to where? "
        "Expected `|:` where the section begins"
    ]
    assert why("d6|d5||:A|d6|d5:|") == []
    assert why("A|d6|d5||A|d6|d5:|") == []


def test_a_new_meter_or_unit_counts_from_where_it_stands():
    assert why("d6|\nM:2/4\nd4|[M:6/8]d6|[L:1/4]d3|]") == []
    assert why("d6|[M:2/4]d6|d4|]") == ["line 4, bar 2: 3/4 in a 2/4 tune"]


def test_no_meter_no_bars():
    assert why("d6|d7|d|]", "M:none\nL:1/8\nK:D\n") == []


def test_missing_key_and_other_headers():
    assert [p.reason for p in check("M:6/8\nd6|]\n")] == [
        "no key: the header must end with a field K:"
    ]
    assert check("") != []


def test_only_some_missing_repeats_are_faults():
    assert why("d6:|d6:|") == []
    assert why("d6|1d6:|2d6|]") == []
    assert why("|:d6:|d6|1d6:|2d6|]") == [
        "line 4, bar 2: ending 1 with no |: before it"
    ]


def test_a_first_bar_may_be_short_and_never_long():
    header = "X:1\nM:6/8\nL:1/8\nK:D\n"
    assert check(header + "DFA|d6|]\n") == []
    (problem,) = check(header + "DFA AFDd|d6|]\n")
    assert str(problem) == "line 5, bar 1: 7/8 in a 6/8 tune"


def test_loose_ties():
    events = read_events(HEADER + "A-A-B--|B-").events
    assert [index for index, _ in loose_ties(events)] == [3, 6, 9]


def test_lengths_that_are_no_ticks_are_added_up_exactly():
    header = "M:2/4\nL:1/8\nK:D\n"
    problems = check(header + "A3" + "A/11" * 11 + "|A4|A/11B4|A4|\n")
    bars = [p.reason for p in problems if "in a 2/4 tune" in p.reason]
    assert bars == ["45/88 in a 2/4 tune"]
