"""Lab 10: a search, and a layer that learns what to search for."""

import numpy as np
import pytest

from tests.figure_checks import check_figure
from tests.labs.loading import load_lab

lab = load_lab("10_self_attention")


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    config = lab.Config(
        sentences=1500,
        epochs=15,
        seeds=2,
        width=16,
        learning_rate=0.02,
        out=str(tmp_path_factory.mktemp("lab")),
    )
    return lab.main(config)


def test_search_and_layer_find_the_title_that_fits(results):
    assert results["search"].value == "jig.abc"
    assert results["layer_differs"] < 1e-5


def test_every_sentence_is_of_the_grammar():
    found = {}
    for held_out in (False, True):
        rows = lab.sentences(400, np.random.default_rng(0), held_out)
        for row in rows:
            assert lab.HABITS[row[lab.PERSON]] == row[lab.HABIT]
            assert lab.PURPOSES[row[lab.BALL]] == row[lab.PURPOSE]
        found[held_out] = {" ".join(row) for row in rows}
    assert (len(found[False]), len(found[True])) == (24, 8)
    assert not found[False] & found[True]
    assert lab.Config().sentence in found[True]


def test_one_word_of_each_sentence_is_hidden_or_replaced():
    rng = np.random.default_rng(0)
    ids = np.tile(np.arange(10, 17), (200, 1)) + 10 * rng.integers(
        0, 5, (200, 1)
    )
    x, weights = lab.with_hidden_words(ids, rng, 3)
    assert (weights.sum(axis=1) == 1).all()
    assert (x == ids)[weights == 0].all()
    share = (x[weights > 0] == 3).mean()
    assert 0.35 < share < 0.65


def test_hidden_words_are_found_where_the_table_says(results):
    assert min(results["told"]) > 0.8
    assert results["map"].tokens[3] == "tennis"
    assert set(results["pairs"]) == {
        ("tennis", "serve"),
        ("serve", "tennis"),
        ("tossed", "He"),
    }
    assert min(results["pairs"].values()) > 0.3


def test_only_positions_make_the_order_matter(results):
    assert results["moved"][False] < 1e-5
    assert results["moved"][True] > 1e-3


def test_overlap_of_equal_heads_is_one_and_of_other_heads_zero():
    one, other = np.eye(3), np.roll(np.eye(3), 1, axis=1)
    assert lab.overlap_of_heads(np.stack([one, one])) == 1
    assert lab.overlap_of_heads(np.stack([one, other])) == 0


def test_the_last_training_is_the_one_that_is_looked_at(results):
    assert len(results["told"]) == len(results["overlaps"]) == 2
    shown = lab.overlap_of_heads(results["map"].weights)
    assert results["overlaps"][-1] == pytest.approx(shown)
    assert results["overlaps"][0] != pytest.approx(shown)


def test_figures_are_whole_and_the_page_is_there(results):
    for figure in results["figures"].values():
        check_figure(figure)
    assert "tennis" in results["page"].read_text("utf-8")
