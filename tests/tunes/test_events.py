from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.tunes.events import Problem, read_events
from tests.tunes.tunes_for_tests import CHARACTERS, JIG, TUNES, damaged

HEADER = "M:6/8\nL:1/8\nK:D\n"


def spelled(body: str, header: str = HEADER) -> str:
    reading = read_events(header + body)
    assert reading.problems == []
    return " ".join(event.piece for event in reading.events)


def reasons(body: str, header: str = HEADER) -> list[str]:
    reading = read_events(header + body)
    return [p.reason for p in reading.problems + reading.mendable]


@given(st.text() | st.text(alphabet=CHARACTERS))
@settings(deadline=None)
def test_any_text_is_read(text):
    read_events(text)
    read_events(HEADER + text)


@given(st.sampled_from(TUNES), st.integers(0, 10**6), st.integers(1, 20))
@settings(deadline=None)
def test_any_damaged_tune_is_read(tune, seed, changes):
    read_events(damaged(tune, seed, changes))


def test_what_is_not_music_goes():
    assert spelled('"D"(.A !trill!~B) {cd}z "text"x2 y | %A\nu`c\\\n') == (
        "A B z z2 | c"
    )


def test_broken_rhythm_becomes_lengths():
    assert spelled("A>B c<d") == "A3/2 B/2 c/2 d3/2"
    assert spelled("A>>B c<<<d") == "A7/4 B/4 c/8 d15/8"
    assert spelled("A2>B2") == "A3 B"
    assert spelled("A/>B/ z>A") == "A3/4 B/4 z3/2 A/2"
    assert spelled("A>|B") == "A3/2 | B/2"
    assert spelled("A{c}>B") == "A3/2 B/2"


def test_octaves_have_one_spelling():
    assert spelled("C' c, C,' c'' =B,,") == "c C C c'' =B,,"


def test_a_chord_gives_its_highest_note():
    assert spelled("[DFA]2 [d2D]/ [D-A-]A") == "A2 d A - A"


def test_an_accidental_of_a_dropped_note_stays_in_force():
    assert spelled("[^FA]F F|F") == "A ^F F | F"
    assert spelled("{^G}A G G2|G") == "A ^G G2 | G"
    assert spelled("[^FA]=F F") == "A =F F"


def test_rests_of_whole_bars():
    assert spelled("Z|Z2|") == "z6 | z6 | z6 |"


def test_two_lines_for_one():
    assert spelled("A|\n|:B:| [2c||\n|:d:|\n|:e|:f") == (
        "A |: B :|2 c |: d :: e |: f"
    )
    assert spelled("|A[|]B[|c|]d||:e") == "A || B || c || d |: e"


def test_tuplets():
    assert spelled("(3ABc (3:2:3ABc (3:2:2AB (5ABcde") == (
        "(3 A B c (3 A B c (3:2:2 A B (5 A B c d e"
    )
    events = read_events(HEADER + "(3ABc d").events
    assert [e.played for e in events[1:]] == [Fraction(2, 3)] * 3 + [1]
    events = read_events(HEADER + "(5ABcde").events
    assert events[1].played == Fraction(3, 5)


def test_what_cannot_be_read():
    assert "unknown character '#'" in reasons("A#")
    assert "several voices (`&`); a tune has one" in reasons("A&B")
    assert "several voices; a tune has one" in reasons("V:1\nA|\nV:2\nB|")
    assert "a second tune begins" in reasons("A|\nX:2\n")
    assert "a tuplet inside a tuplet" in reasons("(3A(3Bcd")
    assert "a tuplet has too few notes" in reasons("(3AB")
    assert "a section played more than twice (`::|`)" in reasons("|:A::|")
    assert "`[1` without a bar line before it" in reasons("A[1B")
    assert "a note of the length 22222" in reasons("dB22222ga")
    assert "a note of the length 1/3" in reasons("A/3")
    assert "a note of the length 1/128" in reasons("A/128")
    assert "`0` is no length of a note" in reasons("A0")
    assert "the note `c''''''` is out of reach" in reasons("c''''''")
    assert any("between no two notes" in r for r in reasons(">A"))
    assert any("no note behind it" in r for r in reasons("A>"))
    assert any("a rest of 999 bars" in r for r in reasons("Z999"))
    assert any("more than" in r for r in reasons("A" * 5000))
    assert any("characters" in r for r in reasons("A" * 50_000))


def test_headers_that_cannot_be_read():
    assert reasons("A|", "M:6/8\n") == [
        "no key: the header must end with a field K:"
    ]
    for header, word in (
        ("M:6/7\nK:D\n", "meter"),
        ("L:1/7\nK:D\n", "L"),
        ("K:H\n", "key"),
        ("m:x=y\nK:D\n", "macro"),
    ):
        assert any(word in reason for reason in reasons("A|", header))


def test_faults_that_leave_no_doubt():
    for body, reason in (
        ("T(AB)", "`T` before no note"),
        ("A>B2", "broken rhythm between notes of different lengths"),
        ("-A", "a tie with no note before it"),
        ("A{b}", "grace notes before no note"),
        ("A'B", "`A'`: `'` goes with small letters, `,` with big"),
        ("A!B", "`!` before no note"),
    ):
        reading = read_events(HEADER + body)
        assert reading.problems == []
        assert [p.reason for p in reading.mendable] == [reason]


def test_changes_are_no_faults():
    reading = read_events(HEADER + "A6|[K:G]A6|\nM:3/4\nL:1/4\nA3|")
    assert (reading.problems, reading.mendable) == ([], [])
    assert [p.reason for p in reading.changes] == [
        "the key changes to G",
        "the meter changes to 3/4",
        "the unit changes to 1/4",
    ]
    assert reading.events[-2].played == 6
    assert read_events(HEADER + "A6|[M:6/8][K:D][L:1/8]A6|").changes == []


def test_defaults_of_the_header():
    reading = read_events("K:G\nA8|")
    assert (reading.meter, reading.unit) == ((4, 4), Fraction(1, 8))
    assert read_events("M:2/4\nK:G\nA8|").unit == Fraction(1, 16)
    assert read_events("M:none\nK:G\nA8|").bar_length is None


def test_where_events_stand():
    reading = read_events(JIG)
    assert reading.first_bar == 0
    lines = {event.line for event in reading.events}
    assert lines == {7, 8}
    assert str(Problem(7, 3, "why")) == "line 7, bar 3: why"


def test_a_blank_line_ends_a_tune():
    assert spelled("A|\n\nB|\n") == "A |"
