"""Sentences whose words have tags, and how they are split."""

import dataclasses
from collections.abc import Sequence

# Of Universal Dependencies: tag -> what it stands for
UPOS = {
    "ADJ": "adjective",
    "ADP": "preposition",
    "ADV": "adverb",
    "AUX": "auxiliary",
    "CCONJ": "coordinating conjunction",
    "DET": "determiner",
    "INTJ": "interjection",
    "NOUN": "noun",
    "NUM": "number",
    "PART": "particle",
    "PRON": "pronoun",
    "PROPN": "proper noun",
    "PUNCT": "punctuation",
    "SCONJ": "subordinating conjunction",
    "SYM": "symbol",
    "VERB": "verb",
    "X": "other",
}


@dataclasses.dataclass(frozen=True)
class Sentence:
    """The words of a sentence and the tag of each.

    Example:

    >>> str(Sentence(("Time", "flies"), ("NOUN", "VERB")))
    'Time/NOUN flies/VERB'
    """

    words: tuple[str, ...]
    tags: tuple[str, ...]

    def __str__(self) -> str:
        pairs = zip(self.words, self.tags, strict=True)
        return " ".join(f"{word}/{tag}" for word, tag in pairs)


@dataclasses.dataclass(frozen=True)
class Treebank:
    """Sentences that are split.

    Args:
        train: To learn from.
        validation: To stop by.
        test: To judge by; may be empty.
        name: Where they are from.
    """

    train: Sequence[Sentence]
    validation: Sequence[Sentence]
    test: Sequence[Sentence] = ()
    name: str = "the grammar"


def tags_of(sentences: Sequence[Sentence]) -> list[str]:
    """Returns the tags that stand in sentences, in alphabetical order."""
    return sorted({tag for sentence in sentences for tag in sentence.tags})
