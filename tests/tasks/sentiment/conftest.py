"""One small trained classifier for all tests of this folder."""

import pytest

from mitseq.tasks.sentiment.classifier import SentimentClassifier
from tests.without_xla import as_plain_graphs

PRAISE = ("good", "great", "lovely", "superb", "funny")
BLAME = ("bad", "poor", "dull", "boring", "weak")
NOUNS = ("film", "plot", "food", "music", "cast", "end")
SMALL = {
    "units": 6,
    "embedding_dim": 8,
    "buckets": 500,
    "learning_rate": 0.01,
    "epochs": 6,
    "num_steps": 12,
}


def sentences():
    """Texts and labels of which each word's role is known."""
    texts, labels = [], []
    for noun in NOUNS:
        for words, label in ((PRAISE, "pos"), (BLAME, "neg")):
            texts += [f"the {noun} was {word}" for word in words]
            labels += [label] * len(words)
    return texts, labels


@pytest.fixture(scope="session")
@as_plain_graphs
def trained():
    texts, labels = sentences()
    return SentimentClassifier(**SMALL).fit(texts, labels)
