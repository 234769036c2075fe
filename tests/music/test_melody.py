"""Reading bars and playing them: repeats, endings, ties, pitches, tempo."""

import shutil
import subprocess
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.errors import MitseqError
from mitseq.music.melody import (
    MelodyError,
    Pitch,
    printed_lengths,
    read_melody,
    usual_tempo,
)

HEAD = "X:1\nT:Test\nM:4/4\nL:1/4\nK:C\n"


def played(body, head=HEAD):
    """The letters of what is heard, sharps as capitals with #."""
    names = "C C# D D# E F F# G G# A A# B".split()
    sounds = read_melody(head + body + "\n").sounds()
    return "".join(names[sound.pitch % 12] for sound in sounds)


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


def test_accidentals_hold_until_the_bar_line_in_all_octaves():
    melody = read_melody(HEAD + "^F f F, =F|F f2 z|]\n")
    assert [s.pitch for s in melody.sounds()] == [66, 78, 54, 65, 65, 77]
    shown = [s.pitches[0].shown for s in melody.bars[0].symbols]
    assert shown == [True, True, True, True]


def test_key_signature_alters_notes():
    assert played("F B f ^e", HEAD.replace("K:C", "K:D")) == "F#BF#F"


def test_ties_join_sounds_and_keep_the_printed_parts():
    first, second = read_melody(HEAD + "C2 D2-|D4|]\n").sounds()
    assert (first.start, first.stop) == (0, Fraction(1, 2))
    assert (second.start, second.stop) == (Fraction(1, 2), Fraction(2))
    assert [name for name, _, _ in second.parts] == ["n1", "n2"]


def test_tie_to_another_pitch_is_no_tie():
    assert played("C2 D2-|E4|]") == "CDE"


def test_lengths_broken_rhythm_and_tuplets_add_up():
    melody = read_melody(HEAD + "A>B c<d|(3ABc A//B/4A/2A|]\n")
    lengths = [s.sounding for s in melody.bars[0].symbols]
    assert lengths == [Fraction(n, 8) for n in (3, 1, 1, 3)]
    triplet = melody.bars[1].symbols[:3]
    assert [s.sounding for s in triplet] == [Fraction(1, 6)] * 3
    assert [s.tuplet for s in triplet] == ["start", "inside", "stop"]


def test_a_length_that_one_head_cannot_show_becomes_tied_heads():
    (sound, *_) = read_melody("X:1\nM:5/8\nL:1/8\nK:C\nA5|]\n").sounds()
    assert [name for name, _, _ in sound.parts] == ["n0", "n0b"]
    assert sound.parts[0][2] == sound.parts[1][1] == Fraction(1, 2)
    assert printed_lengths(Fraction(7, 16)) == [
        Fraction(3, 8),
        Fraction(1, 16),
    ]
    with pytest.raises(MelodyError, match="printed with heads"):
        printed_lengths(Fraction(1, 24))


def test_graces_take_their_time_from_the_note():
    grace, note, after = read_melody(HEAD + "{B}C2 D2|]\n").sounds()
    assert grace.stop == note.start == Fraction(1, 32)
    assert note.stop == after.start == Fraction(1, 2)


def test_chords_sound_together():
    sounds = read_melody(HEAD + "[CEG]4|]\n").sounds()
    assert [s.pitch for s in sounds] == [60, 64, 67]
    assert {s.start for s in sounds} == {0}
    assert [s.parts[0][0] for s in sounds] == ["n0", "n0.1", "n0.2"]


def test_a_pickup_is_no_downbeat():
    sounds = read_melody(HEAD + "C|DEFG|]\n").sounds()
    assert [s.volume == 1.0 for s in sounds] == [False, True] + [False] * 3


@pytest.mark.parametrize(
    ("field", "tempo"),
    [
        ("Q:1/4=90", 90),
        ("Q:3/8=100", 150),
        ('Q:"Lively" 1/2=60', 120),
        ("Q:1/8 1/8=60", 60),
        ("Q:80", 80),
        ("Q:1/4=99999", 184),  # no tempo; the usual one of 4/4
        ("Q:fast", 184),
        ("R:jig", 168),
    ],
)
def test_tempo(field, tempo):
    text = HEAD.replace("K:C", f"{field}\nK:C") + "CDEF|]\n"
    assert read_melody(text).tempo == tempo


def test_usual_tempo_knows_rhythms_before_meters():
    assert usual_tempo("Slip Jig", (9, 8)) == 168
    assert usual_tempo("", (9, 8)) == 168
    assert usual_tempo("hornpipe", (4, 4)) == 152


def test_duration_counts_repeats():
    head = HEAD.replace("K:C", "Q:1/4=60\nK:C")
    assert read_melody(head + "|:CDEF:|\n").duration == 8.0


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "at least one note"),
        (HEAD + "z4|]\n", "at least one note"),
        (HEAD + "C4|]\nX:2\nK:C\nC4|]\n", "must hold one tune"),
        (HEAD + "V:2\nC4|]\n", "must have one voice"),
        (HEAD + "C4&E4|]\n", "must have one voice"),
        (HEAD + "C999|]\n", "at most 16 whole notes"),
        (HEAD + "C,,,,,,,4|]\n", "range of hearing"),
        (HEAD + "|:C64|C64:|" * 40, "at most 20 minutes"),
        (HEAD + "C4|" * 601, "at most 600 bars"),
        (HEAD + "C/3z/3D/3|]", "printed with heads"),
        ("X:1\nM:x\nK:C\nC|]\n", "`meter` must be"),
        ("X:1\nK:Q\nC|]\n", "`key` must be"),
    ],
)
def test_what_cannot_be_played_is_told_in_one_line(text, match):
    with pytest.raises(MitseqError, match=match) as caught:
        read_melody(text)
    assert "\n" not in str(caught.value)


def test_pitch_midi():
    assert Pitch("C", 0, 4).midi == 60
    assert Pitch("B", -1, 3).midi == 58


@settings(deadline=2000, max_examples=300)
@given(st.text(alphabet="ABcdz|:[]12()3{}<>-^_=/,' \n\"!~KMLVQ&8", max_size=80))
def test_any_body_is_read_or_refused(body):
    try:
        melody = read_melody(HEAD + body)
    except MitseqError:
        return
    sounds = melody.sounds()
    assert sounds
    assert all(sound.start < sound.stop for sound in sounds)
    assert len(melody.order()) < 20 * len(melody.bars)


def abc2midi():
    symusic = pytest.importorskip("symusic", reason="symusic has abc2midi")
    from pathlib import Path

    found = Path(symusic.__file__).parent / "bin" / "abc2midi"
    path = str(found) if found.exists() else shutil.which("abc2midi")
    if not path:
        pytest.skip("this symusic carries no abc2midi")
    return path, symusic


def test_abc2midi_hears_the_same_notes(tmp_path):
    path, symusic = abc2midi()
    text = (
        "X:1\nT:Both\nM:6/8\nL:1/8\nK:Ador\n"
        "|:e|A2B c>de|(3efg a ^g2=g|[Ace]2A BAG|1 A3-A2:|2 A3-A3|]\n"
        "|:a2f {g}e3|d2c B2A:|\n"
    )
    file = tmp_path / "tune.abc"
    file.write_text(text)
    output = tmp_path / "tune.mid"
    subprocess.run(
        [path, str(file), "-o", str(output)], check=False, capture_output=True
    )
    score = symusic.Score(str(output))
    theirs = [n for track in score.tracks for n in track.notes]
    theirs = [n.pitch for n in sorted(theirs, key=lambda n: (n.time, n.pitch))]
    sounds = read_melody(text).sounds()
    assert len(sounds) == len(theirs)
    assert sorted(s.pitch for s in sounds) == sorted(theirs)
