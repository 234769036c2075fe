"""Reasons: they add up, they agree, and they name the words that decide."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from mitseq.errors import MitseqError
from mitseq.tasks.sentiment.explain import (
    SHORT,
    _Faded,
    explain,
    integrated_gradients,
    leave_one_out,
    score_of,
)
from mitseq.tasks.sentiment.model import build_sentiment_model
from mitseq.tasks.sentiment.parts import parts_of
from mitseq.tasks.sentiment.predict import predict_logits
from mitseq.text.ngrams import count_keys
from mitseq.text.tokens import tokenize
from tests.tasks.sentiment.conftest import BLAME, PRAISE

TEXT = "The plot was GREAT, great and funny; isn't the end dull?"


def score_of_nothing(model, count, c):
    """The score when no word is there: biases, and embedded zeros."""
    (a,) = model.layers[-1].get_weights()
    total = 0.0
    for worth, part in zip(a, parts_of(model), strict=True):
        if part.is_linear:
            z = part.verdict.get_weights()[1][None]
        else:
            embedding = model.get_layer("embedding").output
            steps = model.get_layer("steps").output
            rest = keras.Model([embedding, steps], part.verdict.output)
            zeros = np.zeros((1, count, embedding.shape[-1]), "float32")
            z = rest([zeros, np.ones((1, count), "int64")]).numpy()
        total += worth * score_of(z, c)[0]
    return total


@pytest.mark.parametrize("c", [0, 1])
def test_integrated_gradients_add_up_to_the_score(trained, c):
    model, words = trained.model, tokenize(TEXT)
    shares = integrated_gradients(model, words, c)
    full = score_of(predict_logits(model, [TEXT]), c)[0]
    nothing = score_of_nothing(model, min(len(words), 12), c)
    assert np.abs(shares).max() > 0.1
    np.testing.assert_allclose(shares.sum(), full - nothing, atol=5e-3)


def test_leave_one_out_is_the_text_without_the_word(trained):
    words = tokenize("the plot was great")
    values = leave_one_out(trained.model, words, 1, np.array([3]))
    with_, without = predict_logits(
        trained.model, ["the plot was great", "the plot was"]
    )
    difference = (with_ - without) @ [-1, 1]
    np.testing.assert_allclose(values, [0, 0, 0, difference], atol=1e-5)


def test_known_words_decide_by_both_methods(trained):
    for words, label in ((PRAISE, "pos"), (BLAME, "neg")):
        for word in words:
            found = explain(trained.model, f"the food was {word}")
            assert found.label == label
            for values in found.contributions.values():
                assert values.argmax() == 3
            assert found.agreement > 0.8


def test_a_bag_of_single_words_has_one_explanation():
    """No pairs, no order: both methods give just the words' own weights."""
    model = build_sentiment_model(["a", "b", "c"], cell=None, keys=np.zeros(0))
    W = np.random.default_rng(0).normal(size=(5, 2)).astype("float32")
    layer = model.get_layer("ngrams_logits")
    layer.set_weights([W, np.zeros(2)])
    own = W[:, 1] - W[:, 0]
    found = integrated_gradients(model, ["a", "c", "b"], 1)
    np.testing.assert_allclose(found, own[[2, 4, 3]] / 3**0.5, atol=1e-5)
    layer.scaled = False  # the length of the text counts for nothing
    found = explain(model, "a c b", label="positive")
    for values in found.contributions.values():
        np.testing.assert_allclose(values, own[[2, 4, 3]], atol=1e-5)
    # a word that stands twice shares its weight; without one it still stands
    twice = explain(model, "a a", label="positive").contributions
    expected = [own[2] / 2] * 2
    np.testing.assert_allclose(twice["integrated_gradients"], expected, 1e-5)
    assert not twice["leave_one_out"].any()


def test_a_pair_is_shared_by_its_words():
    keys = count_keys([np.array([2, 3])], 4)
    model = build_sentiment_model(["not", "good"], cell=None, keys=keys)
    W = np.zeros((5, 2), "float32")
    W[4] = [2, -2]  # "not good"
    model.get_layer("ngrams_logits").set_weights([W, np.zeros(2)])
    model.get_layer("ngrams_logits").scaled = False
    found = explain(model, "not good at all")
    assert found.label == "negative"
    np.testing.assert_allclose(
        found.contributions["integrated_gradients"], [2, 2, 0, 0]
    )
    np.testing.assert_allclose(
        found.contributions["leave_one_out"], [4, 4, 0, 0]
    )


def test_three_classes_and_a_single_logit():
    keras.utils.set_random_seed(1)
    options = {"units": 3, "embedding_dim": 4}
    model = build_sentiment_model(["a", "b"], ["x", "y", "z"], **options)
    found = explain(model, "a b a", label="y")
    nothing = score_of_nothing(model, 3, 1)
    np.testing.assert_allclose(
        found.contributions["integrated_gradients"].sum(),
        found.score - nothing,
        atol=1e-4,
    )
    one = build_sentiment_model(["a", "b"], single_logit=True, **options)
    assert explain(one, "a b").label in ("negative", "positive")


@pytest.mark.parametrize("single_logit", [False, True])
def test_the_whole_way_from_nothing_to_the_text_counts(single_logit):
    """Far from linear: the slope at the end alone is something else."""
    options = {"cell": "gru", "units": 3, "embedding_dim": 4}
    model = build_sentiment_model(
        ["a", "b"], single_logit=single_logit, **options
    )
    draw = np.random.default_rng(0)
    for weight in model.trainable_weights:
        weight.assign(draw.normal(size=weight.shape))
    words = ["a", "b", "b", "a"]
    shares = integrated_gradients(model, words, 1)
    full = score_of(predict_logits(model, ["a b b a"]), 1)[0]
    zeros = np.zeros((1, 4, 4), "float32")
    embedding = model.get_layer("embedding").output
    steps = model.get_layer("steps").output
    rest = keras.Model([embedding, steps], model.get_layer("gru_logits").output)
    z = rest([zeros, np.ones((1, 4), "int64")]).numpy()[0]
    (a,) = model.layers[-1].get_weights()
    nothing = a[0] * (z[0] if single_logit else z[1] - z[0])
    assert abs(full - nothing) > 0.3
    np.testing.assert_allclose(shares.sum(), full - nothing, atol=0.01)


def test_attention_comes_beside_the_contributions():
    model = build_sentiment_model(
        ["a", "b"], cell="transformer", embedding_dim=4, num_steps=4
    )
    found = explain(model, "a b a b a b")
    assert found.attention.shape == (6,)
    np.testing.assert_allclose(found.attention.sum(), 1, rtol=1e-5)
    assert found.attention[2:4].tolist() == [0, 0]  # cut out of the middle


def test_long_texts_try_the_likeliest_words_only(trained):
    text = "the food was " * 20 + "superb"
    found = explain(trained.model, text, max_words=3)
    assert (found.contributions["leave_one_out"] != 0).sum() <= 3
    assert len(found.words) == 61


@pytest.mark.parametrize("text", ["", "  ", "\x00", "zzz 日本"])
def test_texts_that_say_nothing_have_an_answer(trained, text):
    found = explain(trained.model, text)
    assert len(found.contributions["leave_one_out"]) == len(found.words)
    assert 0.0 <= found.probability <= 1.0


def test_other_arguments_are_refused(trained):
    with pytest.raises(MitseqError, match="`text` must be one str.*list"):
        explain(trained.model, ["a"])
    with pytest.raises(MitseqError, match="`label` must be one of"):
        explain(trained.model, "a", label="fine")


def plainly(model, words, c, steps):
    """The definition: the mean slope along the way, a step at a time."""
    tokens = tf.constant([[word.encode() for word in words]])
    (worth,) = model.layers[-1].get_weights()
    part = next(part for part in parts_of(model) if not part.is_linear)
    cut = model.get_layer("steps")
    ids = model.get_layer("ids")(tokens)
    embedding = model.get_layer("embedding")
    rest = keras.Model([embedding.output, cut.output], part.verdict.output)
    vectors = embedding(cut(ids))

    @tf.function(autograph=False)  # one step, made once
    def slope(faded):
        with tf.GradientTape() as tape:
            tape.watch(faded)
            z = rest([faded, cut(ids)], training=False)[0]
            s = z[c] - (tf.reduce_sum(z) - z[c]) / (z.shape[0] - 1)
        return tape.gradient(s, faded)[0]

    slopes = [slope((k + 0.5) / steps * vectors) for k in range(steps)]
    shares = np.zeros(len(words))
    places = cut.places(ids).numpy()[0]
    shares[places] = np.sum(np.mean(slopes, 0) * vectors[0], axis=-1)
    return worth[0] * shares


@pytest.mark.parametrize("classes", [2, 3])
def test_one_graph_gives_the_numbers_of_the_definition(classes, monkeypatch):
    monkeypatch.setattr("mitseq.tasks.sentiment.explain.STEPS", 6)
    model = build_sentiment_model(
        ["a", "b", "c"],
        list("xyz")[:classes],
        units=4,
        embedding_dim=5,
        bidirectional=True,
        pooling="max_mean",
        num_steps=8,
    )
    draw = np.random.default_rng(0)
    for weight in model.trainable_weights:
        weight.assign(draw.normal(size=weight.shape))
    model.layers[-1].a.assign([0.7])
    for words in (list("abcab"), list("abcabcabcabb")):  # cut, too
        for c in range(classes):
            found = integrated_gradients(model, words, c)
            expected = plainly(model, words, c, 6)
            np.testing.assert_allclose(found, expected, atol=1e-5)
            assert np.abs(found).max() > 0.01
    model.layers[-1].a.assign([0.0])
    assert not integrated_gradients(model, words, 0).any()


def test_the_graph_sees_new_weights():
    model = build_sentiment_model(["a", "b"], units=3, embedding_dim=4)
    before = integrated_gradients(model, ["a", "b"], 1)
    for weight in model.trainable_weights:
        weight.assign(weight + 0.5)
    after = integrated_gradients(model, ["a", "b"], 1)
    np.testing.assert_allclose(
        after, plainly(model, ["a", "b"], 1, 32), atol=1e-5
    )
    assert np.abs(after - before).max() > 1e-3


def test_a_short_first_text_needs_no_graph():
    model = build_sentiment_model(["a", "b", "c"], keys=None, buckets=0)
    part = next(part for part in parts_of(model) if not part.is_linear)
    ids, c = tf.constant([2, 3, 4, 1, 2]), tf.constant(1)
    faded = _Faded(part)
    first = faded(ids, c)
    assert "graph" not in vars(faded)  # it is kept as soon as it is made
    np.testing.assert_allclose(faded(ids, c), first, rtol=1e-5, atol=1e-7)
    assert "graph" in vars(faded)
    long = _Faded(part)
    long(tf.repeat(ids, SHORT), c)
    assert "graph" in vars(long)
