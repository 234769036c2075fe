"""MIDI of a tune: its sounds as they are played.

Read `melody.py` first. Repeats and endings are played out, so they are heard
whatever a player of MIDI understands. music21 writes the file.
"""

from mitseq.tunes.heads import xml_text
from mitseq.tunes.melody import Melody, accepted_melody

_PROGRAM = 46  # the MIDI instrument (harp), close to the sound of audio.py


def to_midi(tune: str | Melody) -> bytes:
    r"""Returns a tune as a standard MIDI file: one voice.

    Args:
        tune: ABC text of one tune, or the `Melody` read from it.

    Raises:
        MelodyError: if the tune is not accepted by our checker.

    Example:

    >>> to_midi("X:1\nM:2/4\nL:1/8\nK:D\nd2 A2|]\n")[:4]
    b'MThd'
    """
    melody = accepted_melody(tune)
    from music21 import instrument, key, meter, note, stream, tempo
    from music21.midi.translate import streamToMidiFile

    part = stream.Stream()
    harp = instrument.Instrument()
    harp.midiProgram = _PROGRAM
    harp.partName = xml_text(melody.title) or None
    part.insert(0, harp)
    part.insert(0, tempo.MetronomeMark(number=melody.tempo))
    part.insert(0, key.KeySignature(melody.fifths))
    if melody.meter:
        part.insert(0, meter.TimeSignature("{}/{}".format(*melody.meter)))
    for sound in melody.sounds():
        played = note.Note()
        played.pitch.midi = sound.pitch
        played.volume.velocity = round(60 + 40 * sound.volume)
        played.quarterLength = (sound.stop - sound.start) * 4
        # The sounds are in order; to look anew each time would be slow.
        part.insert(sound.start * 4, played, ignoreSort=True)
    return streamToMidiFile(part).writestr()
