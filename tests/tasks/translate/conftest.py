"""A small model of the made-up language, learned in seconds."""

import pytest

from mitseq.tasks.translate.language import write_sentences
from mitseq.tasks.translate.model import load_translation_model
from mitseq.tasks.translate.pairs import Pairs, as_pair
from mitseq.tasks.translate.train import train_translation_model
from tests.made_once import trained_once
from tests.without_xla import as_plain_graphs

SMALL = {
    "units": 32,
    "embedding_dim": 32,
    "dropout": 0.0,
    "batch_size": 16,
    "learning_rate": 0.01,
    "verbose": 0,
}


def small_pairs(count=1000):
    pairs = [as_pair(each) for each in write_sentences(count + 100, 1, 5)]
    return Pairs(pairs[100:], pairs[:50], pairs[50:100])


@pytest.fixture(scope="session")
@as_plain_graphs
def trained(tmp_path_factory):
    """The folder of a training on sentences of one clause."""

    def train(folder):
        train_translation_model(small_pairs(), folder, epochs=9, **SMALL)

    return trained_once(tmp_path_factory, "translate", train)


@pytest.fixture(scope="session")
def model(trained):
    return load_translation_model(trained)
