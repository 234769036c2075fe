r"""From a text to its words and back, each word in one spelling.

Slide: Lecture 2, "Encoding Language for a Neural Network"
(docs/slides.md#encoding). "The" at the beginning of a sentence is the word
"the", while "France" is written so everywhere. So a vocabulary of words has
one spelling of each, the one that is usual within a sentence, and it finds a
word in any spelling. A word that it lacks is `UNKNOWN`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from mitseq.text.vocabulary import Vocabulary

UNKNOWN = "<unknown>"
PATTERN = r"<unknown>|\w+(?:['’]\w+)*|[^\w\s]"
ENDS = (".", "!", "?", ":")  # the next word is the first of a sentence
OPENING = ("¿", "¡", "(", "[", "{", "„", "“", "«")  # glued to the next word


def cut_words(text: str) -> list[str]:
    """Cuts a text into words and signs of punctuation, spelled as they are.

    Example:

    >>> cut_words("France isn't far, is it?")
    ['France', "isn't", 'far', ',', 'is', 'it', '?']
    """
    return re.findall(PATTERN, text)


def join_words(words: Iterable[str]) -> str:
    """Returns words as a text: sentences begin with a capital letter.

    Example:

    >>> join_words(["the", "end", ",", "I", "think", ".", "or", "not"])
    'The end, I think. Or not'
    >>> join_words(["¿", "dónde", "estás", "?"])
    '¿Dónde estás?'
    """
    text, first, before = "", True, ""
    for word in words:
        if first:
            word = word[:1].upper() + word[1:]
        glued = (
            not text
            or before in OPENING
            or re.fullmatch(r"[,.;:!?)\]}”»]", word)
        )
        text += word if glued else f" {word}"
        first = word in ENDS or (first and word in OPENING)
        before = word
    return text


def word_vocabulary(texts: Iterable[str], min_count: int = 1) -> Vocabulary:
    """Returns the vocabulary of the words of texts, frequent ones first.

    Args:
        texts: Strings.
        min_count: A word that stands fewer times in them is unknown.

    Example:

    >>> vocabulary = word_vocabulary(["The cat sees the sea.", "So I see."])
    >>> words_of(vocabulary)
    ['.', 'the', 'I', 'cat', 'sea', 'see', 'sees', 'so']
    """
    spellings: dict[str, Counter] = {}
    for text in texts:
        before = "."
        for word in cut_words(text):
            # at a beginning, a capital letter says nothing
            usual = word.lower() if before in ENDS else word
            counts = spellings.setdefault(word.lower(), Counter())
            counts[usual] += 1
            counts["is inside"] += before not in ENDS
            before = before if word in OPENING else word
    kept: list[tuple[int, str]] = []
    for lower, counts in spellings.items():
        inside = counts.pop("is inside")
        total = sum(counts.values())
        if inside and lower in counts:
            counts[lower] -= total - inside
        # ties: lower case, so that the same texts give the same spelling
        usual = max(sorted(counts), key=lambda word: (counts[word], word))
        if total >= min_count and lower != UNKNOWN:
            kept.append((-total, usual))
    words = [word for _, word in sorted(kept)]
    return Vocabulary([UNKNOWN, *words], "token", PATTERN)


def words_of(vocabulary: Vocabulary) -> list[str]:
    """Returns the words of a `word_vocabulary`, without its signs of service.

    A `Vocabulary` of tokens has each printable character too; here only those
    that are words of the texts.
    """
    tokens = vocabulary.tokens
    return list(tokens[tokens.index(UNKNOWN) + 1 :])


class WordIndex:
    """Finds the ids of words in any spelling.

    Args:
        vocabulary: A `word_vocabulary`.

    Example:

    >>> index = WordIndex(word_vocabulary(["I like France.", "The end."]))
    >>> ids = index.encode(["the", "FRANCE", "Spain"])
    >>> index.words(ids), index.unknown(["the", "Spain"])
    (['the', 'France', '<unknown>'], ['Spain'])
    """

    def __init__(self, vocabulary: Vocabulary):
        self.vocabulary = vocabulary
        self._usual = {word.lower(): word for word in words_of(vocabulary)}
        (self.unknown_id,) = vocabulary.encode([UNKNOWN])

    def usual(self, word: str) -> str:
        """Returns the spelling of a word in the vocabulary, or `UNKNOWN`."""
        return self._usual.get(word.lower(), UNKNOWN)

    def encode(self, words: Iterable[str]) -> list[int]:
        """Returns the id of each word."""
        return self.vocabulary.encode([self.usual(word) for word in words])

    def words(self, ids: Iterable[int]) -> list[str]:
        """Returns the words of ids, as `Vocabulary.tokens_of`."""
        return self.vocabulary.tokens_of(ids)

    def unknown(self, words: Sequence[str]) -> list[str]:
        """Returns those of the words that the vocabulary lacks, each once."""
        lacking = [word for word in words if self.usual(word) == UNKNOWN]
        return list(dict.fromkeys(lacking))
