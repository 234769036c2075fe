"""Lab 16: the loss falls, all is asked, and the figures are whole."""

import numpy as np
import pytest

from tests.figure_checks import check_figure
from tests.labs.loading import load_lab

lab = load_lab("16_captioning")


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab")
    config = lab.Config(
        scenes=320,
        epochs=2,
        units=32,
        size=32,
        learning_rate=0.01,
        questions=8,
        seeds=2,
        out=str(folder),
    )
    return lab.main(config) | {"folder": folder}


def test_the_network_learns_the_language_of_captions(results):
    """That it also learns to see, after more training: tests/pretrained."""
    one, other = results["losses"]
    assert one[-1] < 0.8 * one[0] and other[-1] < 0.8 * other[0]
    assert one[0] != other[0]  # from other weights
    assert all(text.startswith("A ") for text in results["slide"])
    assert results["bundled"] == "A baseball player throws a ball."


def test_pairs_of_both_kinds_and_other_worlds_are_asked(results):
    counts = {k: [s.count for s in v] for k, v in results["exact"].items()}
    assert counts == {"seen": [8, 8], "unseen": [8, 8]}
    assert "digits, unseen" not in results["probabilities"]
    for values in results["probabilities"].values():
        assert np.shape(values) == (2, 8) and np.isfinite(values).all()


def test_a_share_comes_with_the_range_of_the_trainings():
    assert lab.told([0.25, 0.5, 1.0]) == "58% (25% to 100%)"


def test_figures_are_whole(results):
    assert set(results["figures"]) == {"grid", "looks", "probabilities"}
    for name, figure in results["figures"].items():
        check_figure(figure)
        assert (results["folder"] / f"{name}.png").stat().st_size > 5000
