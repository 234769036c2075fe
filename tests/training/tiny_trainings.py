"""A training of every task that builds its model by the workers of a run.

Each takes a second or two, and has no dropout: several devices draw other masks
than one. Batches are not all of one size, so that shares differ.
"""

from pathlib import Path

import numpy as np

from mitseq.tasks.ball.train import train_ball_model
from mitseq.tasks.caption.folders import Captioned, Pictures
from mitseq.tasks.caption.train import train_caption_model
from mitseq.tasks.forecast.train import train_forecast_model
from mitseq.tasks.tag.train import train_tag_model
from mitseq.tasks.translate.train import train_translation_model
from mitseq.tasks.words.texts import Texts
from mitseq.tasks.words.train import train_words_model
from tests.tasks.caption.conftest import CAPTIONS, bar
from tests.tasks.tag.conftest import small_treebank
from tests.tasks.translate.conftest import small_pairs

SENTENCES = ["The dog sees the cat.", "It runs.", "A cat and a dog see me."]
SMALL = {"units": 8, "embedding_dim": 4, "dropout": 0.0}


def ball(run, **more):
    settings = {"cell": "window", "units": 8, "steps": 3} | more
    return train_ball_model(run, **settings)


def words(run, **more):
    texts = Texts(SENTENCES * 5, SENTENCES, [])
    settings = SMALL | {"batch_size": 4, "verbose": 0} | more
    return train_words_model(texts, run, **settings)


def tag(run, **more):
    settings = SMALL | {"cell": "rnn", "batch_size": 7, "verbose": 0} | more
    settings |= {"affix_dim": 2}
    return train_tag_model(small_treebank(3), run, **settings)


def forecast(run, **more):
    """Of sensors: two outputs, with two losses."""
    settings = {"horizon": 1, "cell": "rnn", "units": 4, "steps": 2, "batch": 5}
    settings |= more
    return train_forecast_model(run, faults=True, **settings)


def translate(run, **more):
    settings = SMALL | {"cell": "gru", "batch_size": 16, "verbose": 0} | more
    return train_translation_model(small_pairs(33), run, **settings)


def caption(run, **more):
    drawn = np.array([bar(where)[..., None] for where in CAPTIONS])
    files, texts = [*map(Path, CAPTIONS)], [*CAPTIONS.values()]
    parts = [
        Captioned(files, drawn, texts * copies, np.tile(range(4), copies))
        for copies in (3, 1, 1)
    ]
    settings = {
        "units": 8,
        "dropout": 0.0,
        "word_dropout": 0.0,
        "state_dropout": 0.0,
        "verbose": 0,
    }
    settings |= {"batch_size": 5} | more
    return train_caption_model(run, Pictures(*parts, 16, 1), **settings)


TRAININGS = {
    "ball": ball,
    "words": words,
    "tag": tag,
    "forecast": forecast,
    "translate": translate,
    "caption": caption,
}
