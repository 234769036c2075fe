"""From the bars of the page to the sounds in time.

Read `bars.py` first; the order of the bars comes from `repeats.py`. A tie makes
one sound of two notes, a grace note takes its time from the note it adorns.
Times are fractions of a whole note since the tune began.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from mitseq.tunes.bars import Bar, Symbol, chord_id
from mitseq.tunes.notation import Meter, is_compound

_GRACE_VOLUME = 0.7


@dataclass(frozen=True)
class Sound:
    """One pitch that is heard: a note, or several notes joined by ties."""

    pitch: int  # MIDI number
    start: Fraction  # whole notes since the tune began
    stop: Fraction
    volume: float  # 0 to 1, louder on the beats
    # The printed notes, in order: id, start and stop.
    parts: tuple[tuple[str, Fraction, Fraction], ...]


def _volume(position: Fraction, meter: Meter) -> float:
    """Returns the loudness of the first beat, of other beats, of the rest."""
    if position == 0:
        return 1.0
    beats, unit = meter or (4, 4)
    beat = Fraction(3 if is_compound(beats, unit) else 1, unit)
    return 0.86 if position % beat == 0 else 0.74


def _parts(
    symbol: Symbol, number: int, start: Fraction, stop: Fraction
) -> Iterator[tuple[str, Fraction, Fraction]]:
    """Yields the heads of one note of a symbol, with their times."""
    heads = symbol.heads()
    end = stop - symbol.sounding
    for index, (name, length) in enumerate(heads):
        begin, end = end, end + length * symbol.ratio
        first = start if index == 0 else begin  # grace notes come before it
        last = stop if index == len(heads) - 1 else end
        if first < last:
            yield chord_id(name, number), first, last


def _graces(symbol: Symbol, start: Fraction) -> list[Sound]:
    """Returns the grace notes, which take at most half of their note."""
    if not symbol.pitches or not symbol.graces:
        return []
    each = min(Fraction(1, 32), symbol.sounding / 2 / len(symbol.graces))
    found = []
    for number, pitch in enumerate(symbol.graces):
        times = (start + number * each, start + (number + 1) * each)
        part = (f"{symbol.id}g{number}", *times)
        found.append(Sound(pitch.midi, *times, _GRACE_VOLUME, (part,)))
    return found


def sounds(bars: list[Bar], order: list[int], meter: Meter) -> list[Sound]:
    """Returns the sounds of some bars by their start, low pitches first.

    `order` has their indices as they are played, `meter` is that of the start.
    """
    now = Fraction(0)
    found: list[Sound] = []
    tied: dict[int, Sound] = {}  # what the symbol before holds on to
    for index in order:
        bar = bars[index]
        meter = bar.meter or meter
        whole = Fraction(*meter) if meter else bar.length
        # A pickup counts from the right, so that its notes are no downbeat.
        missing = max(whole - bar.length, Fraction(0)) if index == 0 else 0
        position = Fraction(missing)
        for symbol in bar.symbols:
            graces = _graces(symbol, now)
            found += graces
            start = graces[-1].stop if graces else now
            stop = now + symbol.sounding
            held, tied = tied, {}
            for number, pitch in enumerate(symbol.pitches):
                parts = tuple(_parts(symbol, number, start, stop))
                volume = _volume(position, meter)
                before = held.get(pitch.midi)
                if before and not graces:
                    found.remove(before)
                    volume = before.volume
                    parts = before.parts + parts
                sound = Sound(pitch.midi, parts[0][1], stop, volume, parts)
                found.append(sound)
                if symbol.tied:
                    tied[pitch.midi] = sound
            now = stop
            position += symbol.sounding
    return sorted(found, key=lambda sound: (sound.start, sound.pitch))
