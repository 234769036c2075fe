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
        seeds=2,
        out=str(folder),
    )
    return lab.main(config) | {"folder": folder}


def test_the_networks_learn_and_are_asked_the_lecture(results):
    one, other = results["losses"]
    assert one[-1] < 0.6 * one[0] and other[-1] < 0.6 * other[0]
    assert one[0] != other[0]  # from other weights
    assert list(results["lecture"]) == list(LECTURE)
    assert all(len(words) == 2 for words in results["lecture"].values())


def test_both_are_asked_at_every_distance_and_the_n_gram_guesses(results):
    """That a network agrees after more training: tests/pretrained."""
    networks, counted = results["right"].values()
    assert len(networks) == len(counted) == 2
    for ngram in counted:
        assert 0.2 <= ngram["number"][8] <= 0.8
    assert counted[0] != counted[1]  # other questions
    assert set(networks[0]["language"]) == {4, 5, 7, 8}


def test_a_share_comes_with_the_range_of_the_trainings():
    assert lab.told([0.25, 0.5, 1.0]) == "58% (25% to 100%)"


def test_neighbors_and_figures_are_there(results):
    assert [len(near) for near in results["neighbors"].values()] == [4, 4]
    assert len(results["same_group"]) == 2
    assert all(0.05 < share <= 1 for share in results["same_group"])
    for name, figure in results["figures"].items():
        check_figure(figure)
        assert (results["folder"] / f"{name}.png").stat().st_size > 5000
