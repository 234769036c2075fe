"""The sound: right pitches at the right times, no clipping, no clicks."""

import io
import wave

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tunes.audio import _add_room, pluck, synthesize, to_wav
from mitseq.tunes.bars import MelodyError
from mitseq.tunes.melody import read_melody

HEAD = "X:1\nM:4/4\nL:1/4\nQ:1/4=120\nK:C\n"


def read(data):
    with wave.open(io.BytesIO(data)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        frames = file.readframes(file.getnframes())
        return np.frombuffer(frames, "<i2"), file.getframerate()


@pytest.mark.parametrize("rate", [22_050, 44_100])
def test_format_and_length(rate):
    samples, found = read(to_wav(HEAD + "|:CDEF:|\n", rate))
    assert found == rate
    # Two bars of four quarters at 120, and a second to fade.
    assert abs(samples.size / rate - 5.0) < 0.01


def test_two_channels_hold_the_same_sound_and_other_counts_are_refused():
    mono, _ = read(to_wav(HEAD + "CDEF|]\n", 22_050))
    with wave.open(io.BytesIO(to_wav(HEAD + "CDEF|]\n", 22_050, 2))) as file:
        assert (file.getnchannels(), file.getframerate()) == (2, 22_050)
        both = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    for channel in both.reshape(-1, 2).T:
        np.testing.assert_array_equal(channel, mono)
    with pytest.raises(MitseqError, match=r"must be 1 or 2.*channels=6"):
        to_wav(HEAD + "CDEF|]\n", channels=6)


def test_nothing_clips_and_it_is_loud_enough():
    chord = HEAD + "[CEGceg]4|[CEGceg]4|]\n"
    samples, _ = read(to_wav(chord))
    assert 28_000 < np.abs(samples.astype(int)).max() < 30_000


def test_no_clicks():
    # A click is a jump: far more between two samples than the tune has in
    # its loudest stretch. Both ends are silent.
    samples = synthesize(read_melody(HEAD + "CDEF|G2 C2|]\n"), 44_100)
    assert np.abs(np.diff(samples)).max() < 0.2
    assert abs(samples[0]) < 1e-3
    assert np.abs(samples[-200:]).max() < 2e-3


@pytest.mark.parametrize("pitch", [48, 60, 69, 81, 96])
def test_pluck_is_in_tune(pitch):
    rate = 22_050
    spectrum = np.abs(np.fft.rfft(pluck(pitch, 1.0, rate) * np.hanning(rate)))
    expected = 440 * 2 ** ((pitch - 69) / 12)
    near = slice(int(expected * 0.9), int(expected * 1.1) + 2)
    found = near.start + spectrum[near].argmax()  # bins of 1 Hz
    assert abs(found - expected) <= 1.0


def test_pluck_is_the_sum_of_its_harmonics():
    rate, pitch = 22_050, 52
    frequency = 440 * 2 ** ((pitch - 69) / 12)
    t = np.arange(int(2.5 * rate)) / rate
    expected = np.zeros_like(t)
    for k in range(1, 25):
        loss = 1.1 * (frequency / 440) ** 0.6 * (1 + 0.22 * (k - 1) ** 1.4)
        start = 0.5 * np.sin(np.pi * k * 0.17) / k**1.6
        wave = np.sin(2 * np.pi * k * frequency * t)
        expected += start * np.exp(-loss * t) * wave
    soft = int(0.003 * rate)
    found = pluck(pitch, 2.5, rate)
    np.testing.assert_allclose(found[soft:], expected[soft:], atol=1e-6)


def test_pluck_ends_where_nothing_is_heard():
    rate = 22_050
    note = pluck(84, 60.0, rate)
    assert note.size < 10 * rate
    assert 0 < np.abs(note[-500:]).max() < 1e-5
    assert np.abs(note[-rate:]).max() > 1e-5
    assert pluck(84, 2.0, rate).size == 2 * rate


def test_the_room_is_a_convolution_however_long_the_tune():
    # Several blocks, and the last one shorter than the echo.
    rate = 22_050
    click = np.zeros(19 * rate, np.float32)
    places = [0, 5000, 200_000, 270_001, click.size - 9]
    click[places] = [1, -1, 0.5, 0.25, 1]
    echo = np.zeros(rate, np.float32)
    echo[0] = 1
    _add_room(echo, rate)
    wet = click.copy()
    _add_room(wet, rate)
    expected = np.convolve(click.astype(float), echo.astype(float))
    np.testing.assert_allclose(wet, expected[: wet.size], atol=1e-5)
    assert np.abs(echo[1:]).max() > 0.001


def test_pluck_is_no_bare_sine_and_dies_away():
    rate = 22_050
    note = pluck(60, 1.0, rate)
    spectrum = np.abs(np.fft.rfft(note))
    overtones = [spectrum[int(261.6 * k) - 3 : int(261.6 * k) + 4].max()
                 for k in (1, 2, 3)]  # fmt: skip
    assert min(overtones) > 0.1 * max(overtones)
    assert np.abs(note[-2000:]).max() < 0.5 * np.abs(note[:2000]).max()


def test_notes_start_at_their_times():
    rate = 22_050
    samples = np.abs(synthesize(read_melody(HEAD + "C z G z|]\n"), rate))
    energy = [samples[int(t * rate) : int((t + 0.1) * rate)].mean()
              for t in (0.02, 0.85, 1.02)]  # fmt: skip
    assert energy[1] < 0.3 * energy[0]
    assert energy[1] < 0.3 * energy[2]


def test_same_tune_same_bytes():
    assert to_wav(HEAD + "CDEF|]\n") == to_wav(HEAD + "CDEF|]\n")


def test_bad_arguments():
    with pytest.raises(MitseqError, match="`sample_rate` must be 22050"):
        to_wav(HEAD + "CDEF|]\n", 8000)
    with pytest.raises(MelodyError, match="must pass the check"):
        to_wav(HEAD + "CDEF|CDEFG|]\n")
