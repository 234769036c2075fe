"""What is left out of a corpus, and why.

Read `reading.py` and `normalize.py` first. No tune disappears uncounted: a
damaged one, one of a kind that models do not learn, one that is there already.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from mitseq.tunes.normalize import normalize
from mitseq.tunes.notation import ABCError
from mitseq.tunes.reading import RawTune

EXAMPLES = 3  # of each reason

# What an `ABCError` says -> the class under which the report counts it. A tune
# of the upper four may be sound; it is not of the kind that models learn.
DROP_CLASSES = (
    ("several voices", "several voices"),
    ("the key changes", "key change"),
    ("the meter changes|the unit changes", "meter change"),
    ("without a meter", "no meter"),
    (r"\d in a \d", "damaged: a bar does not add up"),
    (r"\|:|:\||`\[\d|repeat|ending", "damaged: repeats do not match"),
    (r"`key`|K:|`meter`|`unit`", "damaged: header"),
    ("unknown character", "damaged: unknown character"),
    ("without notes", "damaged: no music"),
)


class Drops:
    r"""Counts the tunes that were read, and those left out by reason.

    The first few of each reason are kept as examples, with file and line.

    Example:

    >>> from pathlib import Path
    >>> drops = Drops()
    >>> tune = RawTune("X:1\nK:D\n", Path("a.abc"), line=7, number=1)
    >>> drops.add("duplicate", tune, "same as b.abc, line 1")
    >>> drops.reasons, drops.examples["duplicate"][0]["line"]
    (Counter({'duplicate': 1}), 7)
    """

    def __init__(self):
        self.read = 0
        self.reasons: Counter[str] = Counter()
        self.examples: dict[str, list[dict]] = {}

    def add(
        self, reason: str, raw: RawTune, detail: str, line: int = 1
    ) -> None:
        """Counts a tune that is left out; `line` of its text is to blame."""
        self.reasons[reason] += 1
        examples = self.examples.setdefault(reason, [])
        if len(examples) < EXAMPLES:
            place = {"file": str(raw.source), "line": raw.file_line(line)}
            examples.append({**place, "number": raw.number, "detail": detail})


def normalized_tunes(
    raw_tunes: Iterable[RawTune], drops: Drops
) -> Iterator[tuple[str, RawTune]]:
    """Yields the normalized text of each tune that can be used, and the tune.

    `drops` counts what was read and left out.
    """
    for raw in raw_tunes:
        drops.read += 1
        if raw.damage:
            drops.add(f"damaged: {raw.damage}", raw, raw.damage)
            continue
        try:
            yield normalize(raw.text), raw
        except ABCError as error:
            line = error.line or 1
            drops.add(drop_class(error.reason), raw, error.reason, line)


def drop_class(reason: str) -> str:
    """Returns the class under which an `ABCError` with this reason is counted.

    Example:

    >>> drop_class("bar 3: 7/8 in a 6/8 tune")
    'damaged: a bar does not add up'
    """
    for pattern, name in DROP_CLASSES:
        if re.search(pattern, reason):
            return name
    return "damaged: other"
