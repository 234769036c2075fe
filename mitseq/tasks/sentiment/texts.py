"""Labeled texts, and what is worth knowing about them.

Slide: Lecture 2, "Example Task: Sentiment Classification"
(docs/slides.md#sentiment). Where they come from is in read.py.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mitseq.errors import MitseqError

UNBALANCED = 1.5  # times as many texts of one class as of another
FEW = 20  # texts of a class, of which a tenth is held out


class TextsError(MitseqError):
    """Labeled texts that cannot be read."""


@dataclass(frozen=True)
class Texts:
    """Texts, each with its label.

    Example:

    >>> texts = Texts(["good", "bad"], ["pos", "neg"], "two words")
    >>> texts.classes, texts.counts, len(texts)
    (('neg', 'pos'), {'neg': 1, 'pos': 1}, 2)
    """

    texts: list[str]  # as they were written
    labels: list[str]  # of each, always a string
    source: str = "memory"  # where they come from
    # what a person should know: columns taken, encoding, duplicates, sizes
    notes: tuple[str, ...] = ()
    # a number for each text: who splits the texts must not part those of one
    # group, for they say the same, or are twins
    groups: list[int] | None = None

    def __post_init__(self):
        for name, row in (("labels", self.labels), ("groups", self.groups)):
            if row is not None and len(row) != len(self.texts):
                raise TextsError(
                    f"`texts` and `{name}` must be as many. Received: "
                    f"{len(self.texts)} texts, {len(row)} {name}."
                )

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def classes(self) -> tuple[str, ...]:
        """The distinct labels in the order of the alphabet."""
        return tuple(sorted(set(self.labels)))

    @property
    def counts(self) -> dict[str, int]:
        """How many texts each class has."""
        return dict(sorted(Counter(self.labels).items()))


def find_duplicates(
    train: Sequence[str], test: Sequence[str]
) -> list[tuple[int, int]]:
    """Finds texts of the test data that stand in the training data too.

    Upper and lower case, spaces and punctuation do not count.

    Returns:
        The index in `train` (of the first one) and in `test` of each pair.

    Example:

    >>> find_duplicates(["So good!", "bad"], ["fine", "so  good"])
    [(0, 1)]
    """
    first: dict[str, int] = {}
    for index, text in enumerate(train):
        first.setdefault(key_of(text), index)
    return [
        (first[key], index)
        for index, key in enumerate(map(key_of, test))
        if key in first
    ]


def key_of(text: str) -> str:
    """Returns what equal texts have in common: their words.

    Example:

    >>> key_of("So  good!")
    'so good'
    """
    words = re.findall(r"\w+", text.casefold())
    return " ".join(words) or text.strip()


def remarks(data: Texts) -> Iterator[str]:
    """Yields what is worth knowing about any texts."""
    empty = sum(not text.strip() for text in data.texts)
    if empty:
        yield f"{_number(empty, 'text')} of {len(data)} empty"
    # of each text its hash only: there may be millions
    labels: dict[int, str] = {}
    torn_ones = set()
    for text, label in zip(data.texts, data.labels, strict=True):
        key = hash(key_of(text))
        if labels.setdefault(key, label) != label:
            torn_ones.add(key)
    repeated, torn = len(data) - len(labels), len(torn_ones)
    if repeated:
        yield _number(repeated, "repeated text") + (
            f", {torn} of them with another label" if torn else ""
        )
    yield from remarks_on_counts(data.counts)


def remarks_on_counts(counts: Mapping[str, int]) -> Iterator[str]:
    """Yields what is worth knowing about how many texts each class has."""
    if max(counts.values()) > UNBALANCED * min(counts.values()):
        sizes = ", ".join(f"{name}: {n}" for name, n in counts.items())
        most = max(counts, key=counts.get)
        share = counts[most] / sum(counts.values())
        yield (
            f"classes of unequal size ({sizes}): always {most!r} is right on "
            f"{share:.1%}; judge by macro_f1, and train with --balanced "
            '(class_weight="balanced")'
        )
    least = min(counts, key=counts.get)
    if len(counts) > 1 and counts[least] < FEW:
        yield (
            f"only {_number(counts[least], 'text')} of {least!r}, too few to "
            f"learn from and to judge by: label more, {FEW} of each class at "
            "the very least"
        )


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"
