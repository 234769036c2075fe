"""Playing the bars: ties, graces, loudness."""

import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest

from mitseq.tunes.melody import read_melody
from tests.tunes.test_melody import HEAD, played


def test_ties_join_sounds_and_keep_the_printed_parts():
    first, second = read_melody(HEAD + "C2 D2-|D4|]\n").sounds()
    assert (first.start, first.stop) == (0, Fraction(1, 2))
    assert (second.start, second.stop) == (Fraction(1, 2), Fraction(2))
    assert [name for name, _, _ in second.parts] == ["n1", "n2"]


def test_tie_to_another_pitch_is_no_tie():
    assert played("C2 D2-|E4|]") == "CDE"


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


def abc2midi():
    symusic = pytest.importorskip("symusic", reason="symusic has abc2midi")
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
