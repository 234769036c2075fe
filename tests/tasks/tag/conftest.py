"""A tagger of a few short sentences, learned in seconds."""

import pytest

from mitseq.tasks.tag.sentences import Sentence, Treebank
from mitseq.tasks.tag.train import train_tag_model
from tests.made_once import trained_once
from tests.without_xla import as_plain_graphs


def sentence(text):
    """A `Sentence` of "word/TAG word/TAG"."""
    pairs = [pair.rsplit("/", 1) for pair in text.split()]
    return Sentence(tuple(w for w, _ in pairs), tuple(t for _, t in pairs))


SENTENCES = [
    sentence(text)
    for text in (
        "time/NOUN flies/VERB like/ADP an/DET arrow/NOUN",
        "the/DET flies/NOUN like/VERB a/DET banana/NOUN ./PUNCT",
        "I/PRON saw/VERB a/DET saw/NOUN ./PUNCT",
        "can/AUX I/PRON open/VERB the/DET can/NOUN ?/PUNCT",
        # "fly" is what the last word says it is
        "fly/NOUN swatters/NOUN",
        "fly/VERB away/ADV",
    )
]
SMALL = {
    "units": 16,
    "embedding_dim": 12,
    "affix_dim": 4,
    "dropout": 0.0,
    "batch_size": 8,
    "learning_rate": 0.03,
    "verbose": 0,
}


def small_treebank(copies=12):
    return Treebank(SENTENCES * copies, SENTENCES, SENTENCES, "six sentences")


@pytest.fixture(scope="session")
@as_plain_graphs
def trained(tmp_path_factory):
    """The folder of a training that knows the sentences by heart."""

    def train(folder):
        train_tag_model(small_treebank(), folder, epochs=8, **SMALL)

    return trained_once(tmp_path_factory, "tag", train)
