"""MusicXML as printed and MIDI as played, from music21 streams."""

import struct
import xml.etree.ElementTree as ElementTree
from fractions import Fraction

import pytest

from mitseq.tunes import midi
from mitseq.tunes.bars import MelodyError
from mitseq.tunes.melody import read_melody
from mitseq.tunes.midi import (
    accepted_melody,
    printable,
    system_starts,
    to_midi,
    to_musicxml,
)
from mitseq.tunes.timing import TimeLimitError

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


def note_ons(data):
    """`(seconds, pitch)` of the notes of a MIDI file, read by hand."""
    division = struct.unpack(">H", data[12:14])[0]
    found, tempo, place = [], 500_000, 14

    def number():
        nonlocal place
        value = 0
        while True:
            byte = data[place]
            place += 1
            value = value << 7 | byte & 127
            if byte < 128:
                return value

    while place < len(data):
        assert data[place : place + 4] == b"MTrk"
        end = place + 8 + struct.unpack(">I", data[place + 4 : place + 8])[0]
        place, now, status = place + 8, 0.0, 0
        while place < end:
            now += number() / division * tempo / 1e6
            if data[place] >= 128:
                status = data[place]
                place += 1
            if status == 0xFF:
                kind = data[place]
                place += 1
                size = number()
                if kind == 0x51:
                    tempo = int.from_bytes(data[place : place + size], "big")
                place += size
            elif status >> 4 in (0xC, 0xD):
                place += 1
            else:
                if status >> 4 == 9 and data[place + 1]:
                    found.append((now, data[place]))
                place += 2
    return found


def test_midi_plays_the_sounds_at_their_times():
    melody = read_melody(TUNE)
    heard = note_ons(to_midi(TUNE))
    sounds = melody.sounds()
    assert len(heard) == len(sounds)
    assert sorted(p for _, p in heard) == sorted(s.pitch for s in sounds)
    for (seconds, _), sound in zip(heard, sounds, strict=True):
        assert abs(seconds - melody.seconds(sound.start)) < 0.01


def test_music21_is_not_asked_about_a_tune_that_does_not_add_up(monkeypatch):
    monkeypatch.setattr(midi, "run_with_limit", pytest.fail)
    bad = "X:1\nM:6/8\nL:1/8\nK:D\ndB22222ga|d3 d3|]\n"
    for write in (to_midi, to_musicxml):
        with pytest.raises(MelodyError, match="must pass the check"):
            write(bad)


def test_time_limit(monkeypatch):
    def forever(melody):
        while True:
            pass

    monkeypatch.setattr(midi, "TIME_LIMIT", 0.05)
    monkeypatch.setattr(midi, "_midi", forever)
    with pytest.raises(TimeLimitError, match="Writing MIDI"):
        to_midi(TUNE)


def test_accepted_melody_takes_a_melody():
    melody = read_melody(TUNE)
    assert accepted_melody(melody) is melody


def test_printable_drops_what_xml_forbids():
    title = "a\x00b\ud800c\ufffe é 民謠"
    assert printable(title) == "abc é 民謠"
    tune = f"X:1\nT:{title}\nM:2/4\nL:1/4\nK:C\nCD|]\n"
    assert root_of(tune).findtext("work/work-title") == "abc é 民謠"


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
