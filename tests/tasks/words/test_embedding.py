"""Vectors: neighbors and directions by hand, files as the projector reads."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from mitseq.errors import MitseqError
from mitseq.tasks.words.embedding import (
    find_word,
    neighbors,
    project,
    same_group,
    vectors_of,
    write_projector,
)
from mitseq.tasks.words.model import load_words_model


@pytest.fixture(scope="module")
def model(trained):
    return load_words_model(trained)


def test_neighbors_are_those_of_the_largest_cosine():
    words = ["a", "b", "c", "d"]
    vectors = np.array([[1, 0], [3, 4], [-1, 0], [0, 2]], float)
    found = neighbors(words, vectors, "a", 3)
    assert [word for word, _ in found] == ["b", "d", "c"]
    np.testing.assert_allclose([c for _, c in found], [0.6, 0, -1])


def test_directions_are_those_of_scikit_learn():
    vectors = np.random.default_rng(0).normal(size=(30, 5)) * [5, 3, 1, 1, 1]
    points, shares = project(vectors)
    pca = PCA(2).fit(vectors)
    np.testing.assert_allclose(shares, pca.explained_variance_ratio_)
    np.testing.assert_allclose(
        np.abs(points), np.abs(pca.transform(vectors)), atol=1e-9
    )
    np.testing.assert_array_equal(points, project(vectors)[0])


def test_same_group_is_one_for_clusters_and_a_guess_for_noise():
    rng = np.random.default_rng(0)
    groups = ["x"] * 50 + ["y"] * 50
    noise = rng.normal(size=(100, 20))
    assert same_group(groups, noise, groups) == pytest.approx(0.5, abs=0.2)
    noise[:50, 0] += 30
    noise[50:, 1] += 30
    assert same_group(groups, noise, groups) == 1.0


def test_vectors_are_the_rows_of_the_layer(model):
    words, vectors = vectors_of(model)
    layer = model.get_layer("embedding")
    (at,) = layer.vocabulary.encode(["cat"])
    np.testing.assert_array_equal(
        vectors[words.index("cat")], layer.get_weights()[0][at]
    )
    assert "<unknown>" not in words and len(words) == len(vectors) == 13


def test_a_word_is_found_in_any_spelling_or_close_ones_are_named(model):
    assert find_word(model, "CAT") == "cat"
    with pytest.raises(MitseqError, match="'walks'. Did you mean walk"):
        find_word(model, "walks")


def test_tensorboards_projector_reads_the_files(model, tmp_path):
    from google.protobuf import text_format
    from tensorboard.plugins.projector import projector_config_pb2

    paths = write_projector(model, tmp_path / "out")
    assert all(path.is_file() for path in paths)
    config = projector_config_pb2.ProjectorConfig()
    text_format.Parse(
        (tmp_path / "out/projector_config.pbtxt").read_text(), config
    )
    (embedding,) = config.embeddings
    words, vectors = vectors_of(model)
    folder = tmp_path / "out"
    np.testing.assert_allclose(
        np.loadtxt(folder / embedding.tensor_path, delimiter="\t"),
        vectors,
        rtol=1e-5,
    )
    lines = (folder / embedding.metadata_path).read_text().splitlines()
    assert lines[0] == "word\tgroup"
    assert [line.split("\t")[0] for line in lines[1:]] == words
    assert "cat\tanimal" in lines
    with pytest.raises(MitseqError, match="exists; --overwrite"):
        write_projector(model, folder)
    write_projector(model, folder, overwrite=True)
