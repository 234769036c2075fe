"""The peer that counts: an n-gram of words, with Witten-Bell interpolation.

It knows the last `order` words and nothing before them. With h the context, h'
the context without its oldest word, N(h) how often h was seen and T(h) how many
different words followed it:

    P(w | h) = (N(h, w) + T(h) P(w | h')) / (N(h) + T(h))

down to the empty context, whose h' is uniform over the vocabulary. A context
that was never seen has N = T = 0: P(w | h) = P(w | h').
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from mitseq.text.vocabulary import END, START, Vocabulary
from mitseq.text.words import WordIndex, cut_words, word_vocabulary


class WordNGram:
    """An n-gram of words, counted on texts.

    Args:
        texts: The training texts.
        order: Int from 0 on, the number of words of context.
        vocabulary: The words it knows; None for those of the texts.

    Example: after "a" came "b" twice and "c" once.

    >>> ngram = WordNGram(["a b", "a b", "a c"], order=1)
    >>> probs = ngram.next_probs(["a"])[0]
    >>> best = int(probs.argmax())
    >>> ngram.index.words([best])
    ['b']
    """

    def __init__(
        self,
        texts: Iterable[str],
        order: int = 5,
        vocabulary: Vocabulary | None = None,
    ):
        texts = list(texts)
        self.order = order
        self.index = WordIndex(vocabulary or word_vocabulary(texts))
        self._counts: dict[tuple, Counter] = defaultdict(Counter)
        for text in texts:
            ids = [START, *self.index.encode(cut_words(text)), END]
            for at in range(1, len(ids)):
                for back in range(min(order, at) + 1):
                    self._counts[tuple(ids[at - back : at])][ids[at]] += 1

    def next_probs(self, texts: Sequence[str]) -> np.ndarray:
        """Returns the probability of every next word, `(len(texts), V)`."""
        return np.stack([self._probs(text) for text in texts])

    def _probs(self, text):
        size = len(self.index.vocabulary)
        ids = (START, *self.index.encode(cut_words(text)))
        probs = np.full(size, 1 / size)
        for back in range(min(self.order, len(ids)) + 1):
            followers = self._counts.get(ids[len(ids) - back :])
            if followers is None:
                break
            probs *= len(followers)  # T(h) P(w | h')
            for word, count in followers.items():
                probs[word] += count
            probs /= followers.total() + len(followers)
        return probs
