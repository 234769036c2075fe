"""MIDI as played."""

import struct

import pytest

from mitseq.tunes import melody as melodies
from mitseq.tunes.bars import MelodyError
from mitseq.tunes.melody import read_melody
from mitseq.tunes.midi import to_midi
from mitseq.tunes.musicxml import to_musicxml
from tests.tunes.test_musicxml import TUNE


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
    monkeypatch.setattr(melodies, "read_melody", pytest.fail)
    bad = "X:1\nM:6/8\nL:1/8\nK:D\ndB22222ga|d3 d3|]\n"
    for write in (to_midi, to_musicxml):
        with pytest.raises(MelodyError, match="must pass the check"):
            write(bad)
