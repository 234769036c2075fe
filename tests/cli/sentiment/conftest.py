import numpy as np
import pytest


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory):
    """A folder with a model whose verdict is set by hand: "good", "bad"."""
    from mitseq.tasks.sentiment.model import build_sentiment_model

    folder = tmp_path_factory.mktemp("tiny")
    model = build_sentiment_model(
        ["good", "bad", "not"], cell=None, keys=np.zeros(0, "int64")
    )
    W, b = model.get_layer("ngrams_logits").get_weights()
    W[2], W[3] = [-2, 2], [2, -2]
    model.get_layer("ngrams_logits").set_weights([W, b])
    model.save(folder / "model.keras")
    return folder


@pytest.fixture
def reviews(tmp_path):
    """A file of labeled texts that the tiny model is right about, mostly."""
    rows = ["so good,pos", "good,pos", "bad,neg", "not good,neg", "fine,pos"]
    path = tmp_path / "reviews.csv"
    path.write_text("text,label\n" + "\n".join(rows * 4) + "\n")
    return path


@pytest.fixture(scope="session")
def music_model(tmp_path_factory):
    """A folder with a model of another kind."""
    import keras

    folder = tmp_path_factory.mktemp("music")
    ids = keras.Input((None,), dtype="int32")
    x = keras.layers.Embedding(4, 2)(ids)
    keras.Model(ids, keras.layers.Dense(4, name="logits")(x)).save(
        folder / "model.keras"
    )
    return folder
