"""How fast a tune goes: from its `Q:`, else from its rhythm and meter."""

import re
from fractions import Fraction

from mitseq.tunes.notation import Meter

_USUAL_TEMPO = {  # rhythm -> (beat, beats per minute)
    "slip jig": (Fraction(3, 8), 112),
    "jig": (Fraction(3, 8), 112),
    "slide": (Fraction(3, 8), 126),
    "reel": (Fraction(1, 2), 96),
    "hornpipe": (Fraction(1, 2), 76),
    "strathspey": (Fraction(1, 4), 120),
    "polka": (Fraction(1, 4), 126),
    "march": (Fraction(1, 4), 108),
    "waltz": (Fraction(1, 4), 138),
    "air": (Fraction(1, 4), 84),
}
_METER_TEMPO = {
    (2, 2): (Fraction(1, 2), 96),
    (4, 4): (Fraction(1, 2), 92),
    (2, 4): (Fraction(1, 4), 104),
    (3, 4): (Fraction(1, 4), 126),
    (3, 2): (Fraction(1, 2), 108),
    (3, 8): (Fraction(3, 8), 60),
    (6, 4): (Fraction(3, 4), 60),
}


def usual_tempo(rhythm: str, meter: Meter) -> float:
    """Returns the usual quarter notes per minute, by the `R:` and the meter.

    Example:

    >>> usual_tempo("", (6, 8)), usual_tempo("reel", (4, 4))
    (168.0, 192.0)
    """
    beat, speed = Fraction(1, 4), 112
    if meter in _METER_TEMPO:
        beat, speed = _METER_TEMPO[meter]
    elif meter and meter[1] == 8 and meter[0] % 3 == 0:
        beat, speed = Fraction(3, 8), 112
    named = (name for name in _USUAL_TEMPO if name in rhythm.lower())
    beat, speed = _USUAL_TEMPO.get(next(named, ""), (beat, speed))
    return float(beat * 4 * speed)


def read_tempo(text: str, unit: Fraction) -> float | None:
    """Returns the quarter notes per minute that a `Q:` names, None for none.

    Args:
        text: Such as `1/4=120`, `"Lively" 3/8=100` or `120`.
        unit: The length of `L:`, which a bare number counts.

    Example:

    >>> read_tempo("3/8=100", Fraction(1, 8))
    150.0
    """
    text = re.sub(r'"[^"]*"', "", text)
    match = re.search(r"([^=]*)=\s*(\d{1,4}(?:\.\d{1,3})?)", text)
    if match:
        beats = re.findall(r"(\d{1,3})/(\d{1,3})", match[1])
        beat = sum((Fraction(int(a), int(b) or 1) for a, b in beats), 0)
        if not beat:
            count = re.search(r"C(\d{0,2})", match[1])
            beat = unit * int(count[1] or 1) if count else unit
        speed = float(match[2])
    elif match := re.match(r"\s*(\d{1,4})\s*$", text):
        beat, speed = unit, float(match[1])
    else:
        return None
    quarters = float(beat) * 4 * speed
    return quarters if 20 <= quarters <= 600 else None
