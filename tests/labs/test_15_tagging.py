"""Lab 15: counting fails where the sentence decides, and so does one way."""

import pytest

from tests.figure_checks import check_figure
from tests.labs.loading import load_lab

lab = load_lab("15_tagging")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab")
    config = lab.Config(
        cell="rnn",
        units=16,
        embedding_dim=16,
        sentences=1200,
        epochs=3,
        batch=32,
        dropout=0.0,
        learning_rate=0.02,
        seeds=1,
        out=str(folder),
    )
    return lab.main(config) | {"folder": folder}


def test_every_network_learns(results):
    for losses in results["losses"].values():
        assert losses[-1] < 0.5 * losses[0]


def test_who_looks_at_the_sentence_beats_who_counts(results):
    counted, forward, both, words_only = (
        {kind: shares[0] for kind, shares in scores.items()}
        for scores in results["scores"].values()
    )
    assert both["all"] > counted["all"] + 0.05
    later = "decided\nlater"
    assert both[later] > forward[later] + 0.02
    assert both["unknown"] > words_only["unknown"] + 0.1


def test_figures_are_there(results):
    assert len(results["tags"][0]) == 5
    for name, figure in results["figures"].items():
        check_figure(figure)
        assert (results["folder"] / f"{name}.png").stat().st_size > 5000
