"""Lab 13: the loss falls, the n-gram guesses, and the figures are whole."""

import pytest

from mitseq.tasks.words.grammar import LECTURE
from tests.figure_checks import check_figure
from tests.labs.loading import load_lab

lab = load_lab("13_next_word")


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab")
    config = lab.Config(
        units=32,
        embedding_dim=16,
        distance=8,
        texts=1500,
        epochs=3,
        dropout=0.0,
        learning_rate=0.02,
        questions=40,
        out=str(folder),
    )
    return lab.main(config) | {"folder": folder}


def test_the_network_learns_and_is_asked_the_lecture(results):
    assert results["losses"][-1] < 0.6 * results["losses"][0]
    assert list(results["lecture"]) == list(LECTURE)


def test_both_are_asked_at_every_distance_and_the_n_gram_guesses(results):
    """That a network agrees after more training: tests/pretrained."""
    network, ngram = results["right"].values()
    assert 0.2 <= ngram["number"][8] <= 0.8
    assert set(network["language"]) == {4, 5, 7, 8}


def test_neighbors_and_figures_are_there(results):
    assert [len(near) for near in results["neighbors"].values()] == [4, 4]
    assert 0.05 < results["same_group"] <= 1
    for name, figure in results["figures"].items():
        check_figure(figure)
        assert (results["folder"] / f"{name}.png").stat().st_size > 5000
