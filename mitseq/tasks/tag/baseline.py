"""What there is to beat: each word always gets its most frequent tag.

It never looks at a neighbor, so "flies" is the same in every sentence; and what
to make of a word that it has not counted, it does not know: it takes the tag
that is the most frequent of all.
"""

from collections import Counter
from collections.abc import Sequence

from mitseq.tasks.tag.sentences import Sentence


class MostFrequentTag:
    """The most frequent tag of each word, in any spelling.

    Args:
        tags: Word in small letters -> tag.
        other: The tag of any other word.

    Example:

    >>> sentences = [Sentence(("The", "flies"), ("DET", "NOUN"))]
    >>> MostFrequentTag.count(sentences).tags_for(["the", "flies", "fly"])
    ['DET', 'NOUN', 'DET']
    """

    def __init__(self, tags: dict[str, str], other: str):
        self.tags, self.other = tags, other

    @classmethod
    def count(cls, sentences: Sequence[Sentence]) -> "MostFrequentTag":
        """Returns what is counted in sentences; ties go by the alphabet."""
        counts: dict[str, Counter] = {}
        total: Counter = Counter()
        for sentence in sentences:
            for word, tag in zip(sentence.words, sentence.tags, strict=True):
                counts.setdefault(word.lower(), Counter())[tag] += 1
                total[tag] += 1
        return cls(
            {word: _first(tags) for word, tags in counts.items()}, _first(total)
        )

    def knows(self, word: str) -> bool:
        """Tells whether the word was counted, in any spelling."""
        return word.lower() in self.tags

    def tags_for(self, words: Sequence[str]) -> list[str]:
        """Returns a tag for each word."""
        return [self.tags.get(word.lower(), self.other) for word in words]

    def to_config(self) -> dict:
        """Returns a dict of plain JSON values that holds everything."""
        return {"other": self.other, "tags": self.tags}

    @classmethod
    def from_config(cls, config: dict) -> "MostFrequentTag":
        """Returns what a `to_config` dict holds."""
        return cls(config["tags"], config["other"])


def ambiguous_words(sentences: Sequence[Sentence]) -> set[str]:
    """Returns the words, in small letters, that have more than one tag.

    Example:

    >>> time_flies = Sentence(("Time", "flies"), ("NOUN", "VERB"))
    >>> flies = Sentence(("Flies", "bite"), ("NOUN", "VERB"))
    >>> ambiguous_words([time_flies, flies])
    {'flies'}
    """
    tags: dict[str, set] = {}
    for sentence in sentences:
        for word, tag in zip(sentence.words, sentence.tags, strict=True):
            tags.setdefault(word.lower(), set()).add(tag)
    return {word for word, found in tags.items() if len(found) > 1}


def _first(counts):
    return min(counts, key=lambda tag: (-counts[tag], tag))
