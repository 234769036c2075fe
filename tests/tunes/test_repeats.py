"""In which order bars are played."""

import pytest

from mitseq.tunes.events import Event
from mitseq.tunes.reader import read_events
from mitseq.tunes.repeats import Player, ending_passes, explicit_repeats
from tests.tunes.test_melody import played

HEADER = "M:6/8\nL:1/8\nK:D\n"


def repeats(body: str) -> str:
    events, _ = explicit_repeats(read_events(HEADER + body).events)
    return "".join(event.piece for event in events)


def test_missing_repeats_are_put_where_the_section_begins():
    assert repeats("A|d6|d5:|") == "|:A|d6|d5:|"
    assert repeats("d6:|d6:|") == "|:d6::d6:|"
    assert repeats("d6||d6:|") == "d6|:d6:|"
    assert repeats("d6|1d6:|2d6||d6:|") == "|:d6|1d6:|2d6|:d6:|"
    assert repeats("|:d6:|d6|1d6:|2d6|]") == "|:d6::d6|1d6:|2d6||"
    assert repeats("d6|d6|]") == "d6|d6||"


@pytest.mark.parametrize(
    ("body", "heard"),
    [
        ("|:CDEF|GABC:|", "CDEFGABC" * 2),
        ("CDEF:|", "CDEF" * 2),
        ("CDEF|:GABC:|", "CDEF" + "GABC" * 2),
        ("|:C4:|:D4:|E4|]", "CCDDE"),
        ("|:C4::D4:|", "CCDD"),
        ("C4||D4:|", "CDD"),
        ("|:C4||D4:|", "CDCD"),
        ("|:C4|1D4:|2E4||F4|]", "CDCEF"),
        ("|:C4|[1D4:|[2E4:|F4|]", "CDCEF"),
        ("|:C4|1,3D4:|2E4:|F4|]", "CDCECDF"),
        ("|:C4|1D4|E4:|2F4|G4||A4:|", "CDECFGAA"),
        ("|:C4|1D4:|2E4|:F4:|", "CDCEFF"),
        ("|::C4::|D4|]", "CCCD"),
        ("|:C4|1D4|2E4|]", "CDCE"),
        ("|:C4:|]", "CC"),
    ],
)
def test_repeats_are_played_as_a_musician_would(body, heard):
    assert played(body) == heard


def lines(body: str) -> list[Event]:
    events, _ = explicit_repeats(read_events(HEADER + body).events)
    return [event for event in events if event.kind == "bar"]


@pytest.mark.parametrize(
    ("body", "musician", "literal"),
    [
        ("A:|", [0, 1, 1], [0, 1, 1]),
        ("A|1B:|2C|]", [0, 1, 2, 1, 3], [0, 1, 2, 1, 3]),
        # A `:|` behind the second ending: once more, says abc2midi.
        ("A|1B:|2C:|", [0, 1, 2, 1, 3], [0, 1, 2, 1, 3, 1]),
        ("A|1,3B:|2C:|", [0, 1, 2, 1, 3, 1, 2], [0, 1, 2, 1, 3, 1, 2, 1]),
    ],
)
def test_two_players(body, musician, literal):
    for is_literal, places in ((False, musician), (True, literal)):
        player = Player(lines(body), is_literal)
        assert [place for place, _ in player] == places
        assert player.faults == []


def test_which_time_it_is():
    assert [lap for _, lap in Player(lines("A:|B|]"), literal=True)] == [
        1, 1, 2, 2,
    ]  # fmt: skip


def test_faults_of_repeats():
    def faults(pieces):
        events = [Event("bar", piece, 1, 0) for piece in pieces.split()]
        player = Player(events, literal=True)
        list(player)
        return [why for _, why in player.faults]

    assert faults("|: |: :|") == ["a new |: before the :| of the last"]
    assert faults(":|") == ["`:|` with no |: before it"]
    assert faults("::") == ["`::` with no |: before it"]
    assert faults("|: |1 |2 :|")[0] == "an ending inside an ending"
    assert faults("|1 :|")[0] == "ending 1 with no |: before it"
    assert "an ending that nothing closes" in faults("|: |2")


def test_very_many_endings_are_played():
    many = Player(lines("A|1B" + ":|3C" * 1100), literal=True)
    assert [place for place, _ in many] == [0, 1, 2, 1]


def test_passes_of_an_ending():
    assert ending_passes("2") == (2,)
    assert ending_passes("1-3,5") == (1, 2, 3, 5)
    assert ending_passes("7-99") == (7, 8, 9)
    assert ending_passes("9" * 5000) == (9,)
    assert ending_passes("3-1") == ending_passes("") == ()
