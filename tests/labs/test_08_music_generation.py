"""Lab 8: a network beats counting, and what it writes adds up."""

import math

import matplotlib.pyplot as plt
import numpy as np
import pytest
from keras import ops

from mitseq.tunes.check import check
from tests.labs.loading import load_lab
from tests.labs.random_tunes import write_random_tunes

lab = load_lab("08_music_generation")


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab")
    return lab.Config(
        data=write_random_tunes(folder / "tunes.abc", 120),
        units=24,
        dropout=0.0,
        batch_size=4,
        num_steps=128,
        learning_rate=0.02,
        epochs=10,
        tunes=2,
        samples=16,
        seeds=2,
        out=str(folder / "out"),
    )


@pytest.fixture(scope="module")
def results(config):
    results = lab.main(config)
    yield results
    plt.close(results["figure"])


def test_the_network_beats_counting_and_counting_beats_a_guess(results):
    bits = results["bits_per_character"]
    assert max(bits["network"]) < bits["unigram"] - 0.5
    assert bits["unigram"] < bits["uniform"]


def test_the_network_knows_no_more_than_there_is_to_know(results):
    """32 notes of eight kinds: 96 bits; the rest of a tune is certain."""
    characters = len(results["corpus"].test[0])
    assert min(results["bits_per_character"]["network"]) > 96 / characters


def test_the_network_is_as_large_as_the_settings_say(results, config):
    model = results["model"]
    assert model.get_layer("lstm_1").units == config.units
    for name in ("embedding", "bar_embedding"):
        assert model.get_layer(name).output.shape[-1] == config.embedding_dim


def test_held_out_bits_fall_in_each_training(results, config):
    one, other = results["curves"]
    assert len(one) == len(other) == config.epochs
    assert one[-1] < one[0] and other[-1] < other[0]
    assert one[0] != other[0]  # from other weights


def test_the_model_ends_with_the_weights_of_the_first_seed(results):
    """Its test bits are those of the last training, which has that seed."""
    bits = lab.bits_per_character(results["model"], results["corpus"].test)
    one, other = results["bits_per_character"]["network"]
    assert math.isclose(bits, other, rel_tol=1e-5) and one != other


def test_samples_of_each_training_are_judged(results, config):
    samples, count = results["samples"], config.samples
    assert len(samples) == 2 * count
    assert samples[:count] != samples[count:]
    for i, share in enumerate(results["accepted"]):
        judged = samples[i * count : (i + 1) * count]
        right = sum(not check(sample) for sample in judged)
        assert 0 < share <= right / count
    rejected = sum(results["reasons"].values())
    assert rejected == 2 * count - round(sum(results["accepted"]) * count)


def test_one_share_is_of_the_network_the_other_of_the_rules(
    results, config, monkeypatch
):
    by_rules = results["accepted_by_rules"]
    assert len(by_rules) == config.seeds and min(by_rules) >= 0.9

    def sample_texts(model, count, *, adding_up, **settings):
        return [results["tunes"][0].abc if adding_up else "d2|\n"] * count

    monkeypatch.setattr(lab, "sample_texts", sample_texts)
    model = results["model"]
    weights = [model.get_weights()] * config.seeds
    alone, reasons, _ = lab.judge(config, model, weights)
    assert alone == [0.0] * config.seeds
    assert reasons.total() == config.seeds * config.samples
    assert lab.judge(config, model, weights, by_rules=True)[0] == [1.0, 1.0]


def test_a_number_comes_with_the_range_of_the_trainings():
    assert lab.told([0.25, 0.5, 1.0]) == "58% (25% to 100%)"
    assert lab.told([1.0, 2.0], ".2f") == "1.50 (1.00 to 2.00)"


def test_tunes_are_written_checked_and_rendered(results, config):
    assert len(results["tunes"]) == config.tunes
    for tune in results["tunes"]:
        assert tune.check() == []
        assert tune.key and tune.meter
    names = {path.name for path in results["paths"]}
    assert {"tune-1.svg", "tune-2.wav", "tune-1.html"} <= names
    assert all(path.stat().st_size > 40 for path in results["paths"])


def test_exploding_gradients_are_clipped(results):
    """A step with gradients of 1000 is one of the same direction, norm 1."""
    optimizer = results["model"].optimizer
    gradients = [ops.full((2, 3), 1000.0), ops.full((3,), -1000.0)]
    clipped = optimizer._clip_gradients(gradients)
    norm = math.sqrt(sum(float(ops.sum(g**2)) for g in clipped))
    assert math.isclose(norm, 1.0, rel_tol=1e-5)
    np.testing.assert_allclose(clipped[0], 1 / 3, rtol=1e-5)
    np.testing.assert_allclose(clipped[1], -1 / 3, rtol=1e-5)


def test_figure_shows_the_curve_and_both_peers(results, config):
    left, right = results["figure"].axes
    *drawn, uniform, unigram = left.lines
    assert [list(line.get_ydata()) for line in drawn] == results["curves"]
    bits = results["bits_per_character"]
    assert uniform.get_ydata()[0] == bits["uniform"]
    assert unigram.get_ydata()[0] == bits["unigram"]
    assert len(right.patches) > 10
    png = lab.Path(config.out, "figure.png").read_bytes()
    assert png.startswith(b"\x89PNG")


def test_bits_of_counting_by_hand():
    """ "ab" twice: a, b and the end are each seen twice, plus one each."""
    assert math.isclose(
        lab.unigram_bits(["ab", "ab"], ["ab"]), 3 * math.log2(9 / 3) / 2
    )
    assert math.isclose(lab.uniform_bits(["ab"], ["a"]), 2 * math.log2(3))


def test_most_frequent_tokens():
    tune = "M:2/4\nL:1/8\nK:D\nd2d2|d2A2|]\n"
    assert lab.most_frequent([tune, tune], 1) == [("d2", 6)]
