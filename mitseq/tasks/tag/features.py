"""From a word to numbers: the word itself, its beginnings, endings and shape.

Slide: Lecture 2, "Encoding Language for a Neural Network"
(docs/slides.md#encoding). A vocabulary gives each word an index. A word that it
lacks is `UNKNOWN`, but its ending still tells much: what ends in "-ness" is a
noun. So each word has `AFFIXES` indices more, from a second vocabulary.

Letters: B batch, T words of a sentence, F affixes of a word.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from mitseq.text.vocabulary import PAD, Vocabulary
from mitseq.text.words import UNKNOWN

ENDINGS, BEGINNINGS = (1, 2, 3, 4), (1, 2, 3)  # letters
AFFIXES = len(ENDINGS) + len(BEGINNINGS) + 1  # F: and the shape


def normal(word: str) -> str:
    """Returns a word as the vocabulary spells it: small, each digit a zero.

    Example:

    >>> normal("Flies"), normal("1987")
    ('flies', '0000')
    """
    return re.sub(r"\d", "0", word.lower())


def shape_of(word: str) -> str:
    """Returns what a word looks like: capitals, small letters, digits.

    Example:

    >>> [shape_of(word) for word in ("Ann", "USA", "time", "B2", "3.5", "--")]
    ['Xx', 'X', 'x', 'X0', '0-0', '-']
    """
    kinds = []
    for c in word:
        kind = (
            "0"
            if c.isdigit()
            else "X"
            if c.isupper()
            else "x"
            if c.isalpha()
            else "-"
        )
        if kinds[-1:] != [kind]:
            kinds.append(kind)
    return "".join(kinds[:4])


def affixes_of(word: str) -> list[str]:
    """Returns the F affixes of a word: endings, beginnings and its shape.

    A mark tells where a word is shorter than that: the three letters of "an"
    are not those of "man".

    Example:

    >>> affixes_of("Flies")
    ['-s', '-es', '-ies', '-lies', 'f-', 'fl-', 'fli-', 'shape Xx']
    """
    small = f"<{normal(word)}>"
    return [
        *(f"-{small[max(0, len(small) - 1 - n) : -1]}" for n in ENDINGS),
        *(f"{small[1 : min(n, len(small) - 1) + 1]}-" for n in BEGINNINGS),
        f"shape {shape_of(word)}",
    ]


def tag_vocabularies(
    sentences: Iterable[Sequence[str]], min_count: int = 1
) -> tuple[Vocabulary, Vocabulary]:
    """Returns the vocabularies of words and of affixes, frequent ones first.

    Args:
        sentences: Each a sequence of words.
        min_count: A word that stands fewer times in them is unknown. An affix
            must be that of two words.

    Example:

    >>> words, affixes = tag_vocabularies([["Time", "flies"], ["Flies", "do"]])
    >>> [word in words for word in ("flies", "Flies", "arrow")]
    [True, False, False]
    """
    counts = Counter(normal(w) for words in sentences for w in words)
    kept = [word for word, n in counts.items() if n >= min_count]
    kept.sort(key=lambda word: (-counts[word], word))
    spellings = {word for words in sentences for word in words}
    of_affixes = Counter(a for word in spellings for a in affixes_of(word))
    affixes = [affix for affix, n in of_affixes.items() if n >= 2]
    affixes.sort(key=lambda affix: (-of_affixes[affix], affix))
    return tuple(
        Vocabulary([UNKNOWN, *(each for each in found if each != UNKNOWN)])
        for found in (kept, affixes)
    )


class WordFeatures:
    """Finds the numbers of words.

    Args:
        words: The vocabulary of words, from `tag_vocabularies`.
        affixes: That of affixes.

    Example:

    >>> found = WordFeatures(*tag_vocabularies([["a", "bee", "see", "the"]]))
    >>> found.unknown(["The", "tree"]), len(found.affix_ids("tree"))
    (['tree'], 8)
    """

    def __init__(self, words: Vocabulary, affixes: Vocabulary):
        self.words, self.affixes = words, affixes
        self._words = _index(words)
        self._affixes = _index(affixes)
        self.unknown_id = self._words[UNKNOWN]
        self._known: dict[str, list[int]] = {}

    def word_id(self, word: str) -> int:
        """Returns the index of a word."""
        return self._words.get(normal(word), self.unknown_id)

    def affix_ids(self, word: str) -> list[int]:
        """Returns the F indices of its affixes."""
        if word not in self._known:
            other = self._affixes[UNKNOWN]
            self._known[word] = [
                self._affixes.get(affix, other) for affix in affixes_of(word)
            ]
        return self._known[word]

    def unknown(self, words: Iterable[str]) -> list[str]:
        """Returns those of the words that the vocabulary lacks, each once."""
        lacking = [w for w in words if self.word_id(w) == self.unknown_id]
        return list(dict.fromkeys(lacking))

    def encode(
        self, sentences: Sequence[Sequence[str]], num_steps: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Returns the words `(B, T)` and affixes `(B, T, F)` of sentences.

        `PAD` stands behind the end of a sentence.

        Args:
            sentences: B of them, each of at most T words.
            num_steps: T.
        """
        words = np.full((len(sentences), num_steps), PAD, "int32")
        affixes = np.full((*words.shape, AFFIXES), PAD, "int32")
        for b, sentence in enumerate(sentences):
            for t, word in enumerate(sentence):
                words[b, t] = self.word_id(word)
                affixes[b, t] = self.affix_ids(word)
        return words, affixes


def _index(vocabulary):
    """Indices of what was found in texts: a `Vocabulary` has more."""
    tokens = vocabulary.tokens
    found = tokens[tokens.index(UNKNOWN) :]
    return dict(zip(found, vocabulary.encode(found), strict=True))
