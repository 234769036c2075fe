"""What is heard, also when the notebook writes it at 88,200 a second."""

import io
import re
import wave

import numpy as np
import pytest
from scipy.io import wavfile

from mitseq.mitdeeplearning.players import (
    abc2wav,
    play_generated_song,
    play_song,
    play_wav,
)

HEAD = "X:1\nT:A\nM:4/4\nL:1/4\nQ:1/4=120\nK:C Major\n"
SOUND = HEAD + "A4|]"  # one note of 440 Hz, two seconds, and one to fade
LONG_BAR = HEAD + "CDEFG|CDEF|]"


def loudest_frequency(samples, rate):
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(samples.size)))
    return spectrum.argmax() * rate / samples.size


def test_the_sound_is_stereo_at_44100_with_16_bits():
    with wave.open(io.BytesIO(play_song(SOUND).data)) as file:
        format = file.getnchannels(), file.getframerate(), file.getsampwidth()
        assert format == (2, 44_100, 2)
        assert abs(file.getnframes() / 44_100 - 3.0) < 0.01


def test_as_integers_at_88200_it_sounds_as_in_the_player(tmp_path, capsys):
    samples = np.frombuffer(play_song(SOUND).data, dtype=np.int16)
    wavfile.write(tmp_path / "a.wav", 88_200, samples)
    rate, written = wavfile.read(tmp_path / "a.wav")
    # The length and the pitch are right; each would be off by two in mono.
    assert abs(written.size / rate - 3.0) < 0.01
    heard = written[:88_200].astype(float)
    assert abs(loudest_frequency(heard, rate) - 440) <= 1
    # Left and right are one sound: nothing is added below 20 kHz that is
    # not in the player's sound.
    left = written[22::2].astype(float)
    np.testing.assert_array_equal(left, written[23::2])
    size = 2 * 44_100  # two seconds of it
    both = np.abs(np.fft.rfft(written[22:][: 2 * size].astype(float)))[:40_000]
    one = np.abs(np.fft.rfft(left[:size]))[:40_000]
    # Held for two samples: the amplitude is doubled, high ones a little less.
    held = 2 * np.cos(np.pi * np.arange(40_000) / (2 * size))
    np.testing.assert_allclose(both, one * held, rtol=1e-6, atol=1)
    assert capsys.readouterr().out == ""


def test_a_song_whose_bars_do_not_add_up_is_played_with_a_remark(capsys):
    player = play_song(LONG_BAR)
    assert capsys.readouterr().out == (
        "This song is played as it stands, with line 7, bar 1: 5/4 in a 4/4 "
        "tune.\n"
    )
    with wave.open(io.BytesIO(player.data)) as file:
        # Nine quarters at 120, all that is written, and a second to fade.
        assert abs(file.getnframes() / 44_100 - 5.5) < 0.01


@pytest.mark.parametrize(
    ("song", "reason"),
    [
        ("X:1\nABc|", "no key: the header must end with a field K:"),
        (HEAD + "z4|]", "at least one note"),
        (HEAD + "ABcd & ABcd|]", r"several voices \(`&`\)"),
        (HEAD + "#A#B & ABcd|]", r"several voices \(`&`\)"),
    ],
)
def test_what_cannot_be_played_gives_none_and_the_reason(song, reason, capsys):
    assert play_song(song) is None
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("This song cannot be played: ")
    assert re.search(reason, line)


def test_the_first_song_that_can_be_played_is(capsys):
    text = f"X:1\nno song\n\n{LONG_BAR}\n\n{SOUND}\n\nX:3"
    assert play_generated_song(text).data == play_song(LONG_BAR).data
    found, failed, remark, *_ = capsys.readouterr().out.splitlines()
    assert found == "3 songs were found."
    assert "cannot" in failed and "as it stands" in remark


def test_no_song_and_no_playable_song_are_told_apart(capsys):
    assert play_generated_song(SOUND) is None  # no blank line ends it
    assert "when a blank line ends it" in capsys.readouterr().out
    assert play_generated_song("X:1\nno song\n\n") is None
    assert "None can be played" in capsys.readouterr().out


def test_a_file_of_abc_becomes_a_file_of_sound(tmp_path, capsys):
    (tmp_path / "a.abc").write_text(SOUND)
    assert abc2wav(str(tmp_path / "a.abc")) == 0
    assert (tmp_path / "a.wav").read_bytes() == play_song(SOUND).data
    assert play_wav(tmp_path / "a.wav").data == play_song(SOUND).data
    assert capsys.readouterr().out == ""

    (tmp_path / "b.abc").write_text("no song")
    assert abc2wav(tmp_path / "b.abc") == 1
    assert not (tmp_path / "b.wav").exists()
    assert abc2wav(tmp_path / "c.abc") == 1
    printed = capsys.readouterr().out
    assert "no key" in printed and "c.abc: No such file" in printed
