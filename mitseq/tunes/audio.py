"""The sound of a tune: a plucked string, computed in NumPy.

A string plucked at one point of its length sounds as a sum of harmonics: the
k-th starts with sin(k pi p) / k^1.6 (p is where it is plucked) and dies away
the faster the higher it is. The formula of an ideal string has k^2; 1.6 is
brighter. A Karplus-Strong loop computes such a sound sample by sample; written
as a sum it is exactly in tune and needs no loop over samples. A little room is
added by convolution. The same tune gives the same bytes.

A tune may sound for twelve minutes, or with a hundred strings at once. So one
pitch is computed at a time, and the mix is changed in place.
"""

import io
import itertools
import wave

import numpy as np

from mitseq.errors import MitseqError
from mitseq.tunes.melody import Melody, accepted_melody

SAMPLE_RATES = (22_050, 44_100)
_PLUCK = 0.17  # where the string is plucked, as a share of its length
_HARMONICS = 24
_RELEASE = 0.12  # seconds a note rings on after its end
TAIL = 1.0  # seconds of silence and room at the end
_PEAK = 0.89  # of full scale, so that nothing clips
_UNHEARD = 1e-5  # a string is computed until so little is left of it
_BLOCK = 1024  # samples of a string in one row of a matrix product


def to_wav(
    tune: str | Melody, sample_rate: int = 44_100, channels: int = 1
) -> bytes:
    r"""Returns a tune as a WAV file: 16 bits a sample, repeats played.

    Args:
        tune: ABC text of one tune, or the `Melody` read from it.
        sample_rate: Samples per second, 22,050 or 44,100.
        channels: 1, or 2 for players that want stereo: left and right are
            the same.

    Raises:
        MelodyError: if the tune is not accepted by our checker.
        MitseqError: if `sample_rate` or `channels` is none of these.

    Example:

    >>> to_wav("X:1\nM:2/4\nL:1/8\nK:D\nd2 A2|]\n", 22_050)[:4]
    b'RIFF'
    """
    if sample_rate not in SAMPLE_RATES:
        raise MitseqError(
            "`sample_rate` must be 22050 or 44100. "
            f"Received: sample_rate={sample_rate!r}."
        )
    if channels not in (1, 2):
        raise MitseqError(
            f"`channels` must be 1 or 2. Received: channels={channels!r}."
        )
    samples = synthesize(accepted_melody(tune), sample_rate)
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(sample_rate)
        file.setnframes(samples.size)
        for start in range(0, samples.size, sample_rate):
            second = np.round(samples[start : start + sample_rate] * 32767)
            second = np.repeat(second.astype("<i2"), channels)
            file.writeframesraw(second.tobytes())
    return buffer.getvalue()


def synthesize(melody: Melody, sample_rate: int) -> np.ndarray:
    """Returns a melody's sounds, mixed: `(samples,)` float32, 0.89 at most."""
    size = int((melody.duration + TAIL) * sample_rate) + 1
    mix = np.zeros(size, np.float32)
    release = int(_RELEASE * sample_rate)
    fade = np.cos(np.linspace(0, np.pi / 2, release, dtype=np.float32)) ** 2
    by_pitch = sorted(melody.sounds(), key=lambda sound: sound.pitch)
    for pitch, same in itertools.groupby(by_pitch, lambda sound: sound.pitch):
        sounds = list(same)
        longest = max(sound.stop - sound.start for sound in sounds)
        string = pluck(pitch, melody.seconds(longest) + _RELEASE, sample_rate)
        for sound in sounds:
            start = int(round(melody.seconds(sound.start) * sample_rate))
            stop = int(round(melody.seconds(sound.stop) * sample_rate))
            note = string[: min(stop + release, size) - start]
            note = note * np.float32(sound.volume)
            ringing = note[stop - start :]
            ringing *= fade[: ringing.size]
            mix[start : start + note.size] += note
    _add_room(mix, sample_rate)
    loudest = max(float(mix.max()), -float(mix.min()))
    if loudest:
        mix *= np.float32(_PEAK / loudest)
    return mix


def pluck(pitch: int, seconds: float, sample_rate: int) -> np.ndarray:
    """Returns one plucked string, `(samples,)` float32; MIDI 69 is 440 Hz.

    It starts and ends softly enough not to click. It is shorter than the
    seconds asked for where it cannot be heard until then.

    Example:

    >>> pluck(69, 0.5, 22_050).shape
    (11025,)
    """
    frequency = 440.0 * 2.0 ** ((pitch - 69) / 12)
    k = np.arange(1, _HARMONICS + 1)
    k = k[k * frequency < 0.45 * sample_rate]
    strength = np.sin(np.pi * k * _PLUCK) / k**1.6
    # Low strings ring for seconds, high ones briefly; so do harmonics.
    loss = 1.1 * (frequency / 440) ** 0.6 * (1 + 0.22 * (k - 1) ** 1.4)
    seconds = min(seconds, -np.log(_UNHEARD) / loss[0])
    size = int(round(seconds * sample_rate))
    # Harmonic k is the imaginary part of z^n. With n = i + 1024 j that is
    # z^i z^(1024 j): a product of two small matrices instead of a sine and an
    # exponential for each sample and harmonic.
    log_z = (2j * np.pi * k * frequency - loss) / sample_rate
    inside = np.exp(log_z[:, None] * np.arange(_BLOCK))
    blocks = np.exp(np.arange(0, size, _BLOCK)[:, None] * log_z) * strength
    rows = blocks.real @ inside.imag + blocks.imag @ inside.real
    string = 0.5 * rows.astype(np.float32).ravel()[:size]
    attack = max(int(0.003 * sample_rate), 2)
    ramp = np.sin(np.linspace(0, np.pi / 2, attack)) ** 2
    string[:attack] *= ramp[:size].astype(np.float32)
    return string


def _add_room(mix: np.ndarray, sample_rate: int) -> None:
    """Adds a short, soft echo in place: convolution with a decaying noise."""
    seconds = np.arange(int(0.9 * sample_rate)) / sample_rate
    noise = np.random.default_rng(1).standard_normal(seconds.size)
    noise = np.convolve(noise, np.ones(6) / 6, mode="same")
    impulse = noise * np.exp(-5.5 * seconds) * np.minimum(seconds / 0.02, 1)
    impulse *= 0.16 / np.sqrt((impulse**2).sum())
    # Block by block (overlap-add): what rings on waits for the next block.
    size = 1 << (3 * impulse.size).bit_length()
    step = size - impulse.size + 1
    response = np.fft.rfft(impulse.astype(np.float32), size)
    rings_on = np.zeros(impulse.size - 1, np.float32)
    for start in range(0, mix.size, step):
        block = mix[start : start + step]
        wet = np.fft.irfft(np.fft.rfft(block, size) * response, size)
        wet[: rings_on.size] += rings_on
        rings_on = wet[step:]
        block += wet[: block.size]
