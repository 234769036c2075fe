"""A model of a few short sentences, learned in seconds."""

import pytest

from mitseq.tasks.words.texts import Texts
from mitseq.tasks.words.train import train_words_model
from tests.made_once import trained_once
from tests.without_xla import as_plain_graphs

SENTENCES = (
    "I took my cat for a walk.",
    "I took my bike for a ride.",
    "We took the bus.",
)
SMALL = {
    "units": 24,
    "embedding_dim": 8,
    "dropout": 0.0,
    "batch_size": 8,
    "learning_rate": 0.03,
    "verbose": 0,
}


def small_texts(copies=40):
    texts = [*SENTENCES] * copies
    return Texts(texts, [*SENTENCES], [*SENTENCES], name="three sentences")


@pytest.fixture(scope="session")
@as_plain_graphs
def trained(tmp_path_factory):
    """The folder of a training that knows the sentences by heart."""

    def train(folder):
        train_words_model(small_texts(), folder, epochs=24, **SMALL)

    return trained_once(tmp_path_factory, "words", train)
