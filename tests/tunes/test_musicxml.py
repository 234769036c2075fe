"""MusicXML as printed."""

import xml.etree.ElementTree as ElementTree
from fractions import Fraction

from mitseq.tunes.melody import read_melody
from mitseq.tunes.musicxml import system_starts, to_musicxml

TUNE = (
    "X:1\nT:Both & <more>\nC:Trad.\nM:6/8\nL:1/8\nQ:3/8=100\nK:G\n"
    '|:D|"G"G2B d2B|{c}~B>cd (3efg a|^f2g5/2-g/2d|1[GBd]3 G2:|2(G3 F3)|]\n'
    "|:.g3 fed|e/f/ge dBG|A3 =c2A|G6:|\n"
)


def root_of(text):
    return ElementTree.fromstring(to_musicxml(text))


def test_header_and_bars():
    root = root_of(TUNE)
    assert root.findtext("work/work-title") == "Both & <more>"
    assert root.findtext("identification/creator") == "Trad."
    assert root.findtext(".//key/fifths") == "1"
    assert root.findtext(".//time/beats") == "6"
    measures = root.findall(".//measure")
    assert len(measures) == 10
    # The pickup is as short as it was written: one eighth, no rests.
    assert len(measures[0].findall("note")) == 1
    assert measures[0].find("note/rest") is None


def test_repeats_and_endings_are_printed():
    root = root_of(TUNE)
    directions = [r.get("direction") for r in root.iter("repeat")]
    assert directions == ["forward", "backward", "forward", "backward"]
    endings = [(e.get("number"), e.get("type")) for e in root.iter("ending")]
    assert [e for e in endings if e[1] == "start"] == [
        ("1", "start"),
        ("2", "start"),
    ]
    assert len(endings) == 4


def test_notes_have_the_ids_of_the_sounds():
    ids = [note.get("id") for note in root_of(TUNE).iter("note")]
    assert len(ids) == len(set(ids))
    names = {
        name
        for sound in read_melody(TUNE).sounds()
        for name, _, _ in sound.parts
    }
    assert names <= set(ids)


def test_accidentals_are_shown_where_they_are_written():
    tune = "X:1\nM:4/4\nL:1/4\nK:G\nF ^F F f|=f F G ^g|]\n"
    notes = root_of(tune).iter("note")
    shown = [note.findtext("accidental") for note in notes]
    assert shown == [
        None, "sharp", None, "sharp", "natural", "natural", None, "sharp",
    ]  # fmt: skip


def test_tuplet_figure_and_ties():
    root = root_of(TUNE)
    tuplet = root.find(".//time-modification")
    assert tuplet.findtext("actual-notes") == "3"
    assert tuplet.findtext("normal-notes") == "2"
    ties = [tie.get("type") for tie in root.iter("tie")]
    assert ties == ["start", "stop", "start", "stop"]  # g5/2-g/2 is 3 heads


def test_beams_follow_the_beat():
    tune = "X:1\nM:6/8\nL:1/8\nK:D\nABcdef|A6|]\n"
    beams = [beam.text for beam in root_of(tune).iter("beam")]
    assert beams == ["begin", "continue", "end"] * 2


def test_same_tune_same_text():
    assert to_musicxml(TUNE) == to_musicxml(TUNE)


def test_lines_of_the_score():
    one_line = "X:1\nM:2/4\nL:1/4\nK:C\n|:CD|EF|GA|Bc|dc|BA:||:GF|ED|CC:|\n"
    assert system_starts(read_melody(one_line)) == {4, 6}
    lines = one_line.replace(":||:", ":|\n|:")
    assert system_starts(read_melody(lines)) == {6}


def test_durations_of_a_bar_add_up_to_the_meter():
    for measure in root_of(TUNE).findall(".//measure")[1:4]:
        total = sum(
            Fraction(int(note.findtext("duration")), 10080)
            for note in measure.findall("note")
            if note.find("chord") is None and note.find("grace") is None
        )
        assert total == 3


def test_a_pickup_and_the_end_of_the_section_before_it_are_one_bar():
    tune = "X:1\nM:3/4\nL:1/4\nK:C\n|:A|Bcd|ef:|:g|agf|ed:|\n"
    numbers = [m.get("number") for m in root_of(tune).iter("measure")]
    assert numbers == ["0", "1", "2", "2", "3", "4"]
