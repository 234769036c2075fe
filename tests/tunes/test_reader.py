"""Reading a tune: header, bar lines, fields, and what is no ABC."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.tunes.reader import read_events
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


def test_two_lines_for_one():
    assert spelled("A|\n|:B:| [2c||\n|:d:|\n|:e|:f") == (
        "A |: B :|2 c |: d :: e |: f"
    )
    assert spelled("|A[|]B[|c|]d||:e") == "A || B || c || d |: e"


def test_rests_of_whole_bars():
    assert spelled("Z|Z2|") == "z6 | z6 | z6 |"


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
    assert read_events("M:none\nK:G\nA8|").meter is None
    assert read_events("M:3/4\nM:2/4\nK:G\nA4|").meter == (2, 4)
    assert read_events("\ufeffM:2/4\nK:G\nA4|").header == {"M": "2/4", "K": "G"}


def test_where_events_stand():
    reading = read_events(JIG)
    assert reading.first_bar == 0
    lines = {event.line for event in reading.events}
    assert lines == {7, 8}


def test_a_blank_line_ends_a_tune():
    assert spelled("A|\n\nB|\n") == "A |"
    assert read_events(HEADER + "A|\n\nwords").refused is None
    two = read_events(HEADER + "A|\n\nX:2\nK:D\nB|\n")
    assert two.problems == []
    assert two.refused.reason == "a second tune begins"


def test_what_print_and_sound_need_stands_aside():
    reading = read_events(HEADER + '"D"(.A {^g}B)x|\n[K:G]c')
    assert [event.piece for event in reading.events] == [
        "A",
        "B",
        "z",
        "|",
        "c",
    ]
    kinds = {
        place: [kind for kind, _ in found]
        for place, found in reading.asides.items()
    }
    assert kinds == {
        0: ["newline", "chord_symbol", "slur", "decoration"],
        1: ["space", "grace"],
        2: ["slur", "hidden"],
        4: ["newline", "key"],
    }


def test_only_what_means_nothing_is_refused():
    assert read_events(HEADER + "A#(3B|").refused is None
    for body in ("A0", "c''''''", "A&B", "[K:H]A", "V:1\nA\nV:2\nB"):
        reading = read_events(HEADER + body)
        assert reading.refused == reading.problems[0]
