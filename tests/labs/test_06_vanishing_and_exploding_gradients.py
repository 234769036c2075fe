"""Lab 6 with two networks, short distances and little training."""

import dataclasses
import math

import numpy as np
import pytest

from tests.figure_checks import check_figure
from tests.labs.loading import load_lab

lab = load_lab("06_vanishing_and_exploding_gradients")


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    return lab.Config(
        variants="+ clipping; GRU, clipped",
        seeds=1,
        shortest=2,
        longest=4,
        symbols=2,
        units=8,
        steps=100,
        batch_size=32,
        learning_rate=0.02,
        flow_distance=24,
        out=str(tmp_path_factory.mktemp("lab")),
    )


@pytest.fixture(scope="module")
def results(config):
    return lab.main(config)


def test_linear_decay_is_the_spectral_radius_to_one_percent(results):
    assert results["linear_decay"] == pytest.approx(
        results["spectral_radius"], rel=0.01
    )


def test_identity_relu_keeps_what_tanh_and_relu_lose(results):
    left = {name: flow.dhT_dh[0] for name, flow in results["flows"].items()}
    assert left["+ ReLU, identity"] == pytest.approx(1.0, rel=0.2)
    assert left["SimpleRNN"] < 0.5
    assert left["+ ReLU"] < left["SimpleRNN"]
    assert left["+ identity"] > left["SimpleRNN"]


def test_one_step_explodes_without_clipping(results):
    norm, before, after = results["exploded"]["plain"]
    assert norm > 10 * lab.Config.clip
    assert not after < before  # NaN or larger
    _, before, clipped = results["exploded"]["clipped"]
    assert math.isfinite(clipped)
    assert not after <= clipped


def test_short_distances_are_learned_and_the_dial_stops_at_a_failure(
    results, config
):
    assert results["learned"] == {"+ clipping": [4], "GRU, clipped": [4]}
    untrained = dataclasses.replace(config, steps=1, learning_rate=1e-9)
    found = lab.climb(untrained, "SimpleRNN")
    assert list(found) == [2]
    assert lab.learned_distances(untrained, found) == [0]
    found = {2: [1.0, 0.9], 4: [0.95, 0.5], 8: [0.3, 0.9]}
    assert lab.learned_distances(config, found) == [4, 2]


def test_each_seed_trains_anew_and_with_its_own_sequences():
    config = lab.Config(symbols=2, units=2, steps=2, shortest=2, longest=2)
    ((found),) = lab.climb(config, "SimpleRNN").values()
    assert len(found) == 3
    again = dataclasses.replace(config, seed=1, seeds=1)
    assert lab.climb(again, "SimpleRNN") == {2: found[1:2]}
    several = [
        lab.train_and_test(dataclasses.replace(config, seed=seed), 8)[0][0]
        for seed in (0, 1)
    ]
    assert (several[0] != several[1]).any()


def test_clipped_networks_have_a_twin_and_every_one_was_measured():
    makers = {}
    for make, is_clipped in lab.VARIANTS.values():
        makers.setdefault(make, set()).add(is_clipped)
    assert makers[lab.LSTM] == makers[lab.GRU] == {False, True}
    assert list(lab.MEASURED) == list(lab.VARIANTS)
    assert set(lab.names_of(lab.Config())) < set(lab.VARIANTS)
    assert lab.names_of(lab.Config(variants="all")) == list(lab.VARIANTS)


def test_training_is_watched(results, config):
    norms = results["norms"]
    assert norms.batches[0] == 0 and norms.batches[-1] == config.steps
    assert len(norms.batches) == 21
    assert list(lab.Path(config.out, "tensorboard").glob("events*"))


def test_every_variant_is_built_as_it_says():
    config = lab.Config(units=4)
    for name, (_, is_clipped) in lab.VARIANTS.items():
        model = lab.build_model(config, name, distance=3)
        assert (model.optimizer.global_clipnorm is not None) == is_clipped
        cell = model.layers[-2].cell
        if "identity" in name or "all" in name:
            np.testing.assert_array_equal(cell.W_hh.numpy(), np.eye(4))
            np.testing.assert_array_equal(cell.b_h.numpy(), 0)
        if "ReLU" in name or "all" in name:
            assert cell.activation.__name__ == "relu"


def test_figures(results, config):
    for name, figure in results["figures"].items():
        check_figure(figure)
        png = lab.Path(config.out, f"{name}.png").read_bytes()
        assert png.startswith(b"\x89PNG")
