"""Lab 9: counting is guessing, both losses are one, reasons are given."""

import numpy as np
import pytest

from tests.figure_checks import check_figure
from tests.labs.loading import load_lab

lab = load_lab("09_sentiment")


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab")
    return lab.main(
        lab.Config(units=4, groups=8, epochs=1, seeds=1, out=str(folder))
    ) | {"folder": folder}


def test_counting_words_is_guessing_on_twins(results):
    assert results["accuracy"]["counting words"] == [0.5]
    for name in ("reading", "all outputs"):
        (accuracy,) = results["accuracy"][name]
        assert 0.3 < accuracy <= 1.0


def test_the_reader_is_the_slides_model():
    """What a word at the end adds, only the last output can say."""
    config = lab.Config()
    found = lab.classifiers(config, 3)
    assert found["reading"].pooling == "last"
    assert found["all outputs"].pooling == "max_mean"
    assert {each.seed for each in found.values()} == {3}


def test_both_forms_of_the_loss_are_equal(results):
    two, one = results["losses"]
    np.testing.assert_allclose(two, one, rtol=1e-5)
    np.testing.assert_allclose(two[0], np.log1p(np.exp(-3)), rtol=1e-4)


def test_reasons_are_drawn_and_saved(results):
    found = results["explanations"]["reading"]
    assert found.words[:4] == ["the", "food", "was", "good"]
    check_figure(results["figure"])
    assert (results["folder"] / "explanation.png").stat().st_size > 5000
