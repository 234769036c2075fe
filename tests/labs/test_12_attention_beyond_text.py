"""Lab 12: images and DNA are sequences; attention points at the motif."""

import numpy as np
import pytest

from tests.figure_checks import check_figure
from tests.labs.loading import load_lab

lab = load_lab("12_attention_beyond_text")


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    config = lab.Config(
        images=400,
        image_epochs=15,
        sequences=1200,
        letters=16,
        motif="TATAAC",
        mutation=0.0,
        dna_epochs=10,
        width=16,
        heads=2,
        learning_rate=5e-3,
        seeds=1,
        out=str(tmp_path_factory.mktemp("lab")),
    )
    return lab.main(config)


def test_patches_are_squares_of_the_image():
    image = np.arange(64).reshape(1, 8, 8)
    tokens = lab.patches(image, 4)
    assert tokens.shape == (1, 4, 16)
    np.testing.assert_array_equal(tokens[0, 1], image[0, :4, 4:].ravel())


def test_dna_hides_the_motif_or_its_letters_in_another_order():
    config = lab.Config(letters=20, mutation=0.0)
    letters, labels, start = lab.dna(config, 50, np.random.default_rng(0))
    motif = ["ACGT".index(letter) for letter in config.motif]
    for row, label, at in zip(letters, labels, start, strict=True):
        hidden = list(row[at : at + len(motif)])
        assert sorted(hidden) == sorted(motif)
        assert (hidden == motif) == bool(label)


def test_words_overlap_and_the_reader_stands_in_front():
    ids = lab.words(np.array([[3, 0, 1, 2]]), 3)
    # from 1; T A C is 3 + 4 * 0 + 16 * 1, A C G is 0 + 4 * 1 + 16 * 2
    np.testing.assert_array_equal(ids, [[0, 1 + 19, 1 + 36]])


def test_it_runs_without_any_block(tmp_path):
    """The second exercise: the images are then looked at by nobody."""
    config = lab.Config(
        blocks=0,
        images=100,
        image_epochs=1,
        sequences=64,
        letters=16,
        dna_epochs=1,
        seeds=1,
        out=str(tmp_path),
    )
    assert [each.layer for each in lab.main(config)["maps"]] == ["reader"]


def test_both_are_learned_far_above_chance(results):
    assert results["accuracy"]["digits"][0] > 0.35
    assert results["accuracy"]["DNA"][0] > 0.7


def test_attention_finds_the_motif_more_than_by_chance(results):
    (found,) = results["on_motif"]
    assert found["mass"] > 1.3 * found["chance"]


def test_heads_of_a_trained_block_look_apart(results):
    overlaps = results["overlaps"]
    assert overlaps["trained"] < overlaps["untrained"] <= 1 + 1e-6


def test_what_is_kept_is_what_the_first_seed_learned():
    assert lab.seeds_of(lab.Config(seed=4, seeds=3)) == [6, 5, 4]


def test_figures_are_whole_and_the_page_is_there(results):
    check_figure(results["figure"])
    check_figure(results["text"])
    assert results["page"].read_text("utf-8").startswith("<!DOCTYPE html>")


def test_without_positions_the_order_of_patches_is_unknown():
    config = lab.Config(width=8, heads=2, blocks=1)
    model = lab.image_model(config, positions=False)
    x = np.random.default_rng(0).random((1, 16, 4)).astype("float32")
    turned = x[:, np.random.default_rng(1).permutation(16)]
    np.testing.assert_allclose(
        model.predict(x, verbose=0), model.predict(turned, verbose=0), atol=1e-5
    )
