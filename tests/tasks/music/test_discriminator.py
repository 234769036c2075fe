"""The discriminator: what it learns, and how tunes are drawn by it."""

from collections import Counter

import keras
import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.music import discriminator as module
from mitseq.tasks.music.choice import FILE
from mitseq.tasks.music.discriminator import (
    SHARPNESS,
    TuneFeatures,
    build_discriminator,
    choose,
    discriminator_beside,
    kinds_known,
    load_discriminator,
    score_tunes,
    train_discriminator,
)
from mitseq.tasks.music.features import features
from mitseq.training.saved import ModelError
from mitseq.tunes.measures import MEASURES, measure
from tests.tasks.music.test_compare import reel

KINDS = {"intervals": ["2", "-2"]}


def people(count, start=0):
    return [reel(seed) for seed in range(start, start + count)]


def written(count, start=1000):
    """Of other notes, and away from the tonic at the end."""
    seeds = range(start, start + count)
    return [reel(seed, notes="Dfad", last="A8") for seed in seeds]


@pytest.fixture(scope="module")
def trained():
    sides = (list(map(measure, side)) for side in (people(120), written(150)))
    return train_discriminator(*sides, epochs=12)


def test_it_tells_tunes_apart_that_it_has_not_seen(trained):
    model, auc = trained
    scores = score_tunes(model, [*people(20, 500), *written(20, 2000)])
    assert auc > 0.9
    assert (scores[:20] > 0).mean() > 0.8 and (scores[20:] < 0).mean() > 0.8


def test_the_auc_of_two_halves_of_one_kind_is_about_a_half():
    tunes = list(map(measure, people(400)))
    _, auc = train_discriminator(tunes[:200], tunes[200:], epochs=3)
    assert 0.2 < auc < 0.8  # 20 tunes a side: three standard errors


def test_the_score_is_the_mean_of_the_networks(trained):
    model, _ = trained
    tunes = [*people(2, 700), *written(1, 3000)]
    x, _ = features(list(map(measure, tunes)), kinds_known(model))
    scale = model.get_layer("features")
    scaled = (x - np.asarray(scale.mean)) / np.asarray(scale.deviation)
    scaled = np.clip(scaled, -4, 4)
    logits = []
    for j in (1, 2, 3):
        h = scaled
        for k in (1, 2):
            w, b = model.get_layer(f"dense_{j}_{k}").get_weights()
            h = np.maximum(h @ w + b, 0)
        w, b = model.get_layer(f"logit_{j}").get_weights()
        logits.append((h @ w + b)[:, 0])
    np.testing.assert_allclose(
        score_tunes(model, tunes), np.mean(logits, axis=0), rtol=1e-4
    )


def test_features_are_brought_to_one_scale():
    layer = TuneFeatures(KINDS)
    x = np.random.default_rng(0).normal(3, 5, (50, len(MEASURES) + 3))
    x[:, 0] = 7.0  # the same for all: its deviation is no divisor
    layer.build((None, x.shape[1]))
    layer.adapt(x)
    y = np.asarray(layer(x.astype("float32")))
    np.testing.assert_allclose(y[:, 1:].mean(0), 0, atol=1e-5)
    np.testing.assert_allclose(y[:, 1:].std(0), 1, atol=1e-4)
    assert not y[:, 0].any()
    far = np.asarray(layer(np.full_like(x, 1e9, dtype="float32")))
    assert (far == 4).all()


def test_it_is_saved_with_what_it_counts(trained, tmp_path):
    model, _ = trained
    model.save(tmp_path / FILE)
    loaded = load_discriminator(tmp_path)
    tunes = [*people(3), *written(3)]
    np.testing.assert_allclose(
        score_tunes(loaded, tunes), score_tunes(model, tunes), rtol=1e-6
    )
    assert kinds_known(loaded) == kinds_known(model)
    assert discriminator_beside(tmp_path / "model.keras") is not None
    assert discriminator_beside(tmp_path.parent) is None
    assert discriminator_beside(None) is not None


def test_tunes_are_drawn_by_their_scores(monkeypatch):
    scores = {"a": 0.0, "b": 0.5, "c": -1.0}
    monkeypatch.setattr(
        module,
        "score_tunes",
        lambda _, tunes: np.array([*map(scores.get, tunes)]),
    )
    count = 4000
    drawn = Counter(choose(None, ["a", "b", "c"] * count, count, seed=1))
    odds = np.exp([SHARPNESS * s for s in scores.values()])
    for tune, share in zip(scores, odds / odds.sum(), strict=True):
        error = np.sqrt(share * (1 - share) / count)
        assert drawn[tune] / count == pytest.approx(share, abs=4 * error)


def test_one_tune_of_each_part_in_order(trained):
    model, _ = trained
    tunes = people(10)
    found = choose(model, tunes, 4)  # parts of 3, 3, 2 and 2
    places = [tunes.index(tune) for tune in found]
    assert [
        place in part
        for place, part in zip(
            places,
            (range(3), range(3, 6), range(6, 8), range(8, 10)),
            strict=True,
        )
    ] == [True] * 4
    assert choose(model, tunes, 4) == found
    assert choose(model, tunes, 10) == tunes


@pytest.mark.parametrize(
    ("sides", "message"),
    [
        ((99, 150), "`people` must have at least 100 tunes. Received: 99"),
        ((150, 99), "`written` must have at least 100 tunes. Received: 99"),
    ],
)
def test_too_few_tunes_are_refused(sides, message):
    tune = measure(reel(0))
    with pytest.raises(MitseqError, match=message):
        train_discriminator(*([tune] * size for size in sides))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"units": 0}, "`units` must be a positive int"),
        ({"networks": 0}, "`networks` must be a positive int"),
        ({"dropout": 1}, r"`dropout` must be in \[0, 1\)"),
    ],
)
def test_arguments_out_of_range_are_named(arguments, message):
    with pytest.raises(MitseqError, match=message):
        build_discriminator(KINDS, **arguments)


def test_another_model_is_refused(tmp_path):
    x = keras.Input((2,))
    keras.Model(x, keras.layers.Dense(1)(x)).save(tmp_path / FILE)
    with pytest.raises(ModelError, match="mitseq music discriminate"):
        load_discriminator(tmp_path)
    with pytest.raises(ModelError, match="no such model"):
        load_discriminator(tmp_path / "none")
