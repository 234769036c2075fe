"""Songs to hear, without a program of the system.

The course's notebook reads the sound's `.data` as 16-bit integers and writes
them at 88,200 a second. So the sound is stereo, 44,100 frames a second: left,
right, left, right is 88,200 integers a second. Left and right are the same, so
that they are one sound when they are read one behind the other. The 44 bytes
of the file's own header are read as sound, too: 22 integers, a click of a
quarter of a millisecond, as in the course's notebook.
"""

import os
from pathlib import Path
from typing import Any

from mitseq.errors import MitseqError
from mitseq.mitdeeplearning.in_notebook import ipython_display
from mitseq.mitdeeplearning.songs import extract_song_snippet
from mitseq.output import atomic_write
from mitseq.tunes.audio import to_wav
from mitseq.tunes.check import check
from mitseq.tunes.melody import read_melody

RATE = 44_100  # frames a second, of two integers each


def play_song(song: str) -> Any:
    r"""Returns a player for the notebook, or None for what cannot be played.

    No file is written. A song whose bars do not add up is played as it
    stands; a line that is printed says what is wrong with it.

    Args:
        song: ABC text of one song.

    Returns:
        An `IPython.display.Audio`: stereo, 44,100 frames a second, 16 bits.
        None, and a printed reason, if there is no tune in the text.

    Raises:
        ImportError: if IPython is not installed.

    Example:

    >>> play_song("X:1\nM:2/4\nL:1/8\nK:D\nd2 A2|]").data[:4]
    b'RIFF'
    >>> play_song("no notes here")
    This song cannot be played: line 1, bar 0: no key: the header must end with
    a field K:
    """
    audio = ipython_display().Audio
    sound = _sound(song)
    return None if sound is None else audio(data=sound)


def play_generated_song(generated_text: str) -> Any:
    """Returns a player for the first song of a text that can be played.

    Args:
        generated_text: What a model wrote: songs between blank lines.

    Returns:
        As `play_song`; None, with a printed reason, if there is no such song.
    """
    songs = extract_song_snippet(generated_text)
    for song in songs:
        player = play_song(song)
        if player is not None:
            return player
    if songs:
        print("None can be played: a model trained for longer errs less.")
    else:
        print(
            "A song is whole when a blank line ends it: generate more "
            "characters, or train for longer."
        )
    return None


def abc2wav(abc_file: str | os.PathLike[str]) -> int:
    """Writes the sound of a file `song.abc` to `song.wav`, beside it.

    Returns:
        0, as a program that succeeded; 1, with a printed reason, if not.
    """
    path = Path(abc_file)
    try:
        song = path.read_text(encoding="utf-8-sig", errors="replace")
        sound = _sound(song)
        if sound is None:
            return 1
        atomic_write(path.with_suffix(".wav"), sound)
    except OSError as error:
        print(f"{path}: {error.strerror}")
        return 1
    except MitseqError as error:
        print(error)
        return 1
    return 0


def play_wav(wav_file: str | os.PathLike[str]) -> Any:
    """Returns a player for a sound file, an `IPython.display.Audio`."""
    return ipython_display().Audio(filename=os.fspath(wav_file))


def _sound(song: str) -> bytes | None:
    """A WAV file; None if there is no tune. Remarks are printed."""
    problems = check(song)
    try:
        melody = read_melody(song)
    except MitseqError as error:
        keyless = [p for p in problems if p.reason.startswith("no key")]
        reason = keyless[0] if keyless else error
        print(f"This song cannot be played: {reason}")
        return None
    if problems:
        more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
        print(f"This song is played as it stands, with {problems[0]}{more}.")
    return to_wav(melody, RATE, channels=2)
