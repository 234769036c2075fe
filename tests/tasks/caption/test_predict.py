"""What the compiled loop writes is what the whole model would have chosen."""

import keras
import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.generation.step_model import StepModel
from mitseq.tasks.caption.model import build_caption_model, load_caption_model
from mitseq.tasks.caption.pictures import write_picture
from mitseq.tasks.caption.predict import (
    Caption,
    caption_files,
    caption_pictures,
)
from mitseq.text.vocabulary import END, PAD, START
from mitseq.text.words import WordIndex
from tests.fresh_process import run_fresh
from tests.tasks.caption.conftest import CAPTIONS, bar, small_vocabulary

SIZE = {"units": 8, "size": 16, "embedding_dim": 4, "dropout": 0.0}


def pictures():
    return np.stack([bar(where) for where in CAPTIONS])[..., None]


def model_ids(index, words):
    return index.vocabulary.encode(words)


def by_hand(model, picture, most):
    """Greedy: the whole model is asked again for each word."""
    index = WordIndex(small_vocabulary())
    ids, probs = [START], []
    while len(ids) <= most:
        logits = np.asarray(model((picture[None], np.array([ids]))))[0, -1]
        p = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
        allowed = logits.copy()
        allowed[[PAD, START, index.unknown_id]] = -np.inf
        ids.append(int(allowed.argmax()))
        probs.append(p[ids[-1]])
        if ids[-1] == END:
            break
    return index.words(ids), probs, ids[-1] == END


@pytest.mark.parametrize("decoder", ["attention", "state", "blind"])
@pytest.mark.parametrize("cell", ["lstm", "keras"])
def test_the_loop_writes_what_the_whole_model_chooses(decoder, cell):
    keras.utils.set_random_seed(3)
    model = build_caption_model(
        small_vocabulary(), decoder=decoder, cell=cell, **SIZE
    )
    for layer in model.layers:  # far from one answer for all
        layer.set_weights([2 * w for w in layer.get_weights()])
    found = caption_pictures(model, pictures(), most_words=6)
    for caption, picture in zip(found, pictures(), strict=True):
        words, probs, ended = by_hand(model, picture, 6)
        assert caption.words == (*words, *[""] * ended)
        np.testing.assert_allclose(caption.probabilities, probs, rtol=1e-3)
        assert caption.probability == pytest.approx(
            np.prod(probs, dtype=float), rel=1e-2
        )


def test_looks_are_the_attention_of_the_whole_model():
    model = build_caption_model(small_vocabulary(), **SIZE)
    caption, *_ = caption_pictures(model, pictures(), most_words=5)
    assert caption.looks.shape == (len(caption.words), 2, 2)
    np.testing.assert_allclose(caption.looks.sum((1, 2)), 1, atol=1e-5)
    index = WordIndex(small_vocabulary())
    # as the loop wrote them: one may be no word of the captions
    ids = np.array([[START, *model_ids(index, caption.words[:-1])]])
    taps = keras.Model(
        model.inputs,
        [model.get_layer("lstm").output, model.get_layer("grid").output],
    )
    h, grid = taps((pictures()[:1], ids))
    _, weights = model.get_layer("attention")(
        h, grid, return_attention_scores=True
    )
    np.testing.assert_allclose(
        caption.looks.reshape(len(caption.words), -1), weights[0], atol=1e-5
    )


def test_one_picture_alone_gets_the_caption_it_gets_among_many(trained):
    model = load_caption_model(trained)
    many = caption_pictures(model, np.tile(pictures(), (40, 1, 1, 1)))
    assert [c.text for c in many] == [*CAPTIONS.values()] * 40
    (alone,) = caption_pictures(model, pictures()[2:3])
    assert alone.text == many[2].text
    np.testing.assert_allclose(
        alone.probabilities, many[2].probabilities, atol=1e-5
    )


def test_files_that_cannot_be_read_lose_nothing(trained, tmp_path):
    model = load_caption_model(trained)
    write_picture(tmp_path / "top.png", bar("top", 40))
    (tmp_path / "no.png").write_text("no picture")
    files = [tmp_path / n for n in ("no.png", "top.png", "none.png")]
    found, errors = caption_files(model, files)
    assert [each.file for each in found] == [files[1]]
    assert found[0].caption.text == CAPTIONS["top"]
    assert [str(e).split(":")[0] for e in errors] == [
        str(files[0]),
        str(files[2]),
    ]
    assert caption_files(model, files[:1])[0] == []


def test_pictures_of_another_size_are_named(trained):
    model = load_caption_model(trained)
    with pytest.raises(MitseqError, match=r"of shape \(B, 16, 16, 1\)"):
        caption_pictures(model, np.zeros((2, 8, 8, 1), "uint8"))


KEPT = """
import gc
import weakref

from mitseq.tasks.caption.model import build_caption_model
from mitseq.tasks.caption.predict import caption_pictures
from tests.tasks.caption import test_predict as t

model = build_caption_model(t.small_vocabulary(), **t.SIZE)
caption_pictures(model, t.pictures()[:1], most_words=2)
reference = weakref.ref(model)
del model
gc.collect()
assert reference() is None
"""


def test_a_model_is_not_kept_alive():
    """In a process of its own: here other tests' graphs may live."""
    done = run_fresh(KEPT)
    assert done.returncode == 0, done.stderr


def test_a_model_that_learns_on_says_what_it_has_learned():
    model = build_caption_model(small_vocabulary(), **SIZE)
    before = caption_pictures(model, pictures()[:1], most_words=3)[0]
    index = WordIndex(small_vocabulary())
    (word,) = index.encode(["bottom"])
    bias = np.zeros(len(index.vocabulary))
    bias[word] = 50
    kernel = model.get_layer("logits").get_weights()[0]
    model.get_layer("logits").set_weights([kernel, bias])
    after = caption_pictures(model, pictures()[:1], most_words=3)[0]
    assert after.words == ("bottom",) * 3 != before.words


def test_the_probability_is_the_product_over_words():
    caption = Caption("X", ("x", "y", ""), (0.5, 0.25, 1.0))
    assert caption.probability == 0.125


def test_the_picture_is_the_context_of_the_decoder(trained):
    """Where h and c of the LSTM begin, then the grid."""
    from mitseq.tasks.caption.predict import _take_apart

    encoder, decoder, *_ = _take_apart(load_caption_model(trained))
    seen = encoder(pictures(), training=False)
    assert len(seen) == 3
    StepModel(decoder).check_context(seen, len(pictures()))
