"""How often is a tag right: on all words, on unknown ones, tag by tag?"""

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np

from mitseq.errors import MitseqError
from mitseq.tasks.tag.sentences import Sentence, tags_of
from mitseq.training.metrics import share_interval


@dataclasses.dataclass(frozen=True)
class Evaluation:
    """What a tagger made of sentences whose tags are known.

    Args:
        tags: The K tags that stand in the sentences or were given.
        confusion: `(K, K)` of counts, rows are the truth.
        words: How many were tagged, and `right` how many of them rightly.
        unknown: How many of them no training sentence has.
        unknown_right: How many of those were right.
        sentences: How many.
        whole: How many of them without a mistake.
    """

    tags: tuple[str, ...]
    confusion: np.ndarray
    words: int
    right: int
    unknown: int
    unknown_right: int
    sentences: int
    whole: int

    @property
    def accuracy(self) -> float:
        """The share of all words that are right."""
        return self.right / self.words

    @property
    def unknown_accuracy(self) -> float:
        """The share of unknown words that are right; NaN without one."""
        return self.unknown_right / self.unknown if self.unknown else np.nan

    def by_tag(self) -> dict[str, dict]:
        """Returns for each tag how many words have it, recall and precision.

        Recall is the share of its words that got it; precision the share of
        the words that got it whose tag it is. NaN where there are none.
        """
        hits = np.diag(self.confusion)
        true, given = self.confusion.sum(axis=1), self.confusion.sum(axis=0)
        return {
            tag: {
                "words": int(true[i]),
                "recall": hits[i] / true[i] if true[i] else np.nan,
                "precision": hits[i] / given[i] if given[i] else np.nan,
            }
            for i, tag in enumerate(self.tags)
        }

    def as_dict(self) -> dict:
        """Returns everything as plain values, for `--json`; None for NaN."""
        return {
            "sentences": self.sentences,
            "words": self.words,
            "accuracy": self.accuracy,
            "accuracy_interval": list(share_interval(self.right, self.words)),
            "unknown_words": self.unknown,
            "unknown_accuracy": _or_none(self.unknown_accuracy),
            "whole_sentences": self.whole / self.sentences,
            "tags": list(self.tags),
            "by_tag": {
                tag: {name: _or_none(value) for name, value in row.items()}
                for tag, row in self.by_tag().items()
            },
            "confusion": self.confusion.tolist(),
        }


def evaluate_tags(
    sentences: Sequence[Sentence],
    given: Sequence[Sequence[str]],
    is_known: Callable[[str], bool],
) -> Evaluation:
    """Compares tags with the true ones.

    Args:
        sentences: With the true tags.
        given: For each sentence the tag of each word.
        is_known: Whether a training sentence has a word.

    Raises:
        MitseqError: if there is no sentence.

    Example:

    >>> truth = [Sentence(("Time", "flies"), ("NOUN", "VERB"))]
    >>> found = evaluate_tags(truth, [["NOUN", "NOUN"]], "Time".__eq__)
    >>> found.accuracy, found.unknown_accuracy, found.confusion.tolist()
    (0.5, 0.0, [[1, 0], [1, 0]])
    """
    if not sentences:
        raise MitseqError("`sentences` must hold at least one. Received: none.")
    tags = tags_of([*sentences, *(Sentence((), tuple(row)) for row in given)])
    index = {tag: i for i, tag in enumerate(tags)}
    confusion = np.zeros((len(tags), len(tags)), int)
    unknown = unknown_right = whole = 0
    for sentence, row in zip(sentences, given, strict=True):
        whole += sentence.tags == tuple(row)
        triples = zip(sentence.words, sentence.tags, row, strict=True)
        for word, true, answer in triples:
            confusion[index[true], index[answer]] += 1
            if not is_known(word):
                unknown += 1
                unknown_right += true == answer
    return Evaluation(
        tuple(tags),
        confusion,
        int(confusion.sum()),
        int(np.trace(confusion)),
        unknown,
        unknown_right,
        len(sentences),
        whole,
    )


def _or_none(number):
    return None if np.isnan(number) else number
