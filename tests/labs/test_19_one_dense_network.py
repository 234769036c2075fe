"""Lab 19: what one dense network cannot do, and what it can."""

import numpy as np
import pytest

from tests.figure_checks import check_figure, check_png
from tests.labs.loading import load_lab

lab = load_lab("19_one_dense_network")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    return lab.Config(
        texts="1500",
        distance=8,
        asked="3 8 12",
        window=20,
        units=16,
        steps=200,
        learning_rate=0.01,
        questions=100,
        seeds=1,
        out=str(tmp_path_factory.mktemp("lab")),
    )


@pytest.fixture(scope="module")
def results(config):
    return lab.main(config)


def curve(results, reader):
    (values,) = results["curves"][reader]
    return np.array(values)


def test_the_dense_network_learns_each_place_by_itself(results):
    near, learned, further = curve(results, "dense network")
    assert min(near, learned) > 0.85 and further < 0.75


def test_the_recurrence_goes_on_where_no_text_was(results):
    assert curve(results, "recurrence").min() > 0.9


def test_without_an_order_nouns_cannot_be_told_apart(results):
    assert curve(results, "bag of words")[1] < 0.85


def test_weights_of_the_dense_network_alone_grow_with_the_window(results):
    for reader, counts in results["weights"].items():
        grows = counts[2] - counts[1]
        assert grows == (64 * 16 * 16 if reader == "dense network" else 0)


def test_sentences_are_encoded_at_the_right_end(config):
    cases = lab.texts_of(config, 4, seed=1, distance=3)
    index = lab.WordIndex(lab.word_vocabulary([c.prompt for c in cases]))
    ids, answers = lab.encode(index, cases, 12)
    for row, case, answer in zip(ids, cases, answers, strict=True):
        words = lab.cut_words(case.prompt)
        assert (row[: 12 - len(words)] == 0).all()
        assert row[-len(words) :].tolist() == index.encode(words)
        assert case.rivals[answer] == case.answer


def test_the_figure_is_readable_and_saved(results, config):
    check_figure(results["figure"])
    check_png(lab.Path(config.out, "dense.png").read_bytes())
