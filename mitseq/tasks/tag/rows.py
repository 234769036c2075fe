"""From sentences to (x, y): at each step a word, and its tag.

Many to many: there is a `y_t` at every step. Sentences of about the same length
stand in a batch, so that little of it is padding (training/lengths.py).

Letters: B batch, T words of a sentence, F affixes of a word.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from mitseq.tasks.tag.features import WordFeatures, normal
from mitseq.tasks.tag.sentences import Sentence
from mitseq.training.batches import EpochBatches
from mitseq.training.lengths import bucket_lengths

NO_TAG = -1  # behind the end of a sentence, and a tag that a model lacks
SHORTEST = 8  # words of the shortest rows


def encode_tags(
    sentences: Sequence[Sentence], tags: Sequence[str], num_steps: int
) -> np.ndarray:
    """Returns the indices of tags, `(B, T)` of int32.

    Example:

    >>> sentences = [Sentence(("Time", "flies"), ("NOUN", "VERB"))]
    >>> encode_tags(sentences, ["NOUN", "PUNCT", "VERB"], 3).tolist()
    [[0, 2, -1]]
    """
    index = {tag: i for i, tag in enumerate(tags)}
    y = np.full((len(sentences), num_steps), NO_TAG, "int32")
    for row, sentence in zip(y, sentences, strict=True):
        row[: len(sentence.tags)] = [
            index.get(tag, NO_TAG) for tag in sentence.tags
        ]
    return y


class SentenceBatches(EpochBatches):
    """Batches of sentences of one bucket each, shuffled every epoch.

    Args:
        sentences: With their tags.
        features: Of the words.
        tags: All tags, in the order of their indices.
        batch_size: B. A bucket's last batch is filled up with sentences of the
            bucket, so that all have one size.
        word_dropout: A word that stands n times in the sentences is read as
            unknown with the probability w / (w + n): so a model learns what to
            make of unknown words.
        seed: Of the order and the dropout.
    """

    def __init__(
        self,
        sentences: Sequence[Sentence],
        features: WordFeatures,
        tags: Sequence[str],
        batch_size: int,
        *,
        word_dropout: float = 0.0,
        seed: int = 0,
    ):
        self.features, self.batch_size, self.seed = features, batch_size, seed
        lengths = bucket_lengths(
            max((len(s.words) for s in sentences), default=1), SHORTEST
        )
        counts = Counter(normal(w) for s in sentences for w in s.words)
        buckets: list[list[Sentence]] = [[] for _ in lengths]
        for sentence in sentences:
            fits = [n >= len(sentence.words) for n in lengths]
            buckets[fits.index(True)].append(sentence)
        self.buckets = []
        for members, num_steps in zip(buckets, lengths, strict=True):
            if not members:
                continue
            words, affixes = features.encode(
                [s.words for s in members], num_steps
            )
            rate = np.zeros(words.shape, "float32")
            for row, sentence in zip(rate, members, strict=True):
                row[: len(sentence.words)] = [
                    word_dropout / (word_dropout + counts[normal(word)])
                    for word in sentence.words
                ]
            y = encode_tags(members, tags, num_steps)
            self.buckets.append((words, affixes, y, rate))
        super().__init__()

    def draw(self, epoch: int) -> int:
        rng = np.random.default_rng([self.seed, epoch])
        size = self.batch_size
        first, rest = [], []
        for number, (words, *_) in enumerate(self.buckets):
            order = rng.permutation(len(words))
            order = np.resize(order, len(order) + -len(order) % size)
            chunks = [(number, rows) for rows in order.reshape(-1, size)]
            first.append(chunks[0])
            rest += chunks[1:]
        rng.shuffle(rest)
        # Keras takes from the first two batches what shape all have: those are
        # of two buckets
        self.order = [*first, *rest]
        self.epoch_seed = int(rng.integers(2**31))
        return len(self.order)

    def batch(self, index: int):
        bucket, rows = self.order[index]
        words, affixes, y, rate = self.buckets[bucket]
        rng = np.random.default_rng([self.epoch_seed, index])
        words = words[rows]
        dropped = rng.random(words.shape) < rate[rows]
        words = np.where(dropped, self.features.unknown_id, words)
        return (words.astype("int32"), affixes[rows]), y[rows]
