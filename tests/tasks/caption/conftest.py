"""A model that has learned four pictures by heart, in seconds."""

import numpy as np
import pytest

from mitseq.tasks.caption.folders import read_pictures
from mitseq.tasks.caption.pictures import write_picture
from mitseq.tasks.caption.train import train_caption_model
from mitseq.text.words import word_vocabulary
from tests.made_once import made_once, trained_once
from tests.without_xla import as_plain_graphs

CAPTIONS = {
    "top": "A bar at the top.",
    "bottom": "A bar at the bottom.",
    "left": "A bar on the left.",
    "right": "A bar on the right.",
}
SMALL = {
    "units": 32,
    "dropout": 0.0,
    "word_dropout": 0.0,
    "state_dropout": 0.0,
    "weight_decay": None,
    "batch_size": 4,
    "learning_rate": 0.01,
    "verbose": 0,
}


def bar(where, size=16):
    """A dark bar at one edge of a light page."""
    picture = np.full((size, size), 230, "uint8")
    half = slice(0, size // 2), slice(size // 2, size)
    side = half[where in ("bottom", "right")]
    if where in ("top", "bottom"):
        picture[side] = 20
    else:
        picture[:, side] = 20
    return picture


def write_bars(folder, copies=25):
    """Writes pictures of bars, and captions.csv."""
    lines = ["file,caption"]
    for i in range(copies):
        for where, caption in CAPTIONS.items():
            name = f"{where}-{i}.png"
            write_picture(folder / name, bar(where, 16 + 2 * i))
            lines.append(f"{name},{caption}")
    (folder / "captions.csv").write_text("\n".join(lines) + "\n")
    return folder


def small_vocabulary():
    return word_vocabulary(CAPTIONS.values())


@pytest.fixture(scope="session")
def bars(tmp_path_factory):
    """A folder of pictures with captions."""
    return made_once(tmp_path_factory, "bars", write_bars)


@pytest.fixture(scope="session")
@as_plain_graphs
def trained(tmp_path_factory, bars):
    """The folder of a training that knows the bars by heart."""

    def train(folder):
        pictures = read_pictures([bars], size=16)
        train_caption_model(folder, pictures, epochs=12, **SMALL)

    return trained_once(tmp_path_factory, "caption", train)
