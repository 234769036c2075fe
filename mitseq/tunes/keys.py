"""Keys: tonic, mode and signature.

Read `tokens.py` first. People write a key in many ways; `str` of a `Key` is
the one that normalized tunes use: `D`, `Em`, `Ador`.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from mitseq.tunes.notation import ABCError

# Mode: its first three letters, the fifths to add to those of its tonic as a
# major key, and how a canonical key writes it.
_MODES = {
    **dict.fromkeys(("maj", "ion", ""), (0, "")),
    **dict.fromkeys(("min", "aeo", "m"), (-3, "m")),
    "mix": (-1, "mix"),
    "dor": (-2, "dor"),
    "phr": (-4, "phr"),
    "lyd": (1, "lyd"),
    "loc": (-5, "loc"),
}
MODES = ("", "m", "mix", "dor", "phr", "lyd", "loc")  # as a key writes them
_KEY = re.compile(r"([A-Ga-g])([#b]?)([A-Za-z]*)((?:\s.*)?)")
_CLEF = re.compile(
    r"(?:clef\s*=\s*)?\"?(?:treble|bass|alto|tenor|none|perc|G|C|F)[1-5]?\"?"
    r"|(?:stafflines|name|nm|snm|sname|subname|cue|stem|m|middle)=\S*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Key:
    """A key: tonic, mode as ABC writes it, sharps (negative: flats)."""

    tonic: str
    mode: str
    sharps: int

    def __str__(self) -> str:
        return self.tonic + self.mode

    @property
    def signature(self) -> dict[str, str]:
        """The accidental of each letter that has one: `{"F": "^"}` in G."""
        if self.sharps >= 0:
            return dict.fromkeys("FCGDAEB"[: self.sharps], "^")
        return dict.fromkeys("BEADGCF"[: -self.sharps], "_")


@lru_cache(maxsize=512)
def parse_key(text: str) -> Key:
    """Returns the key that people write as `D major`, `Ador` or `F# minor`.

    Raises:
        ABCError: if it is none, or is one that a signature cannot say alone
            (`Hp`, accidentals listed after the key, a transposition).

    Example:

    >>> [str(parse_key(k)) for k in ("D major", "e minor", "A Dorian", "Bb")]
    ['D', 'Em', 'Ador', 'Bb']
    >>> parse_key("Em").sharps
    1
    """
    value = text.strip()
    if value.lower() == "none":
        return Key("C", "", 0)
    match = _KEY.fullmatch(value)
    if match:
        mode, words = match[3], match[4].split()
        if not mode and words and words[0].lower()[:3] in _MODES:
            mode = words.pop(0)
        fifths, suffix = _MODES.get(mode.lower()[:3], (99, ""))
        if all(_CLEF.fullmatch(word) for word in words):
            letter = match[1].upper()
            sharps = "FCGDAEB".index(letter) - 1 + fifths
            sharps += {"#": 7, "b": -7, "": 0}[match[2]]
            if -7 <= sharps <= 7:
                return Key(letter + match[2], suffix, sharps)
    raise ABCError(
        "`key` must be a tonic A-G, with # or b, and a mode (major, minor, "
        "dorian, mixolydian, phrygian, lydian, locrian), of at most seven "
        f"sharps or flats. Received: key={text[:40]!r}."
    )
