"""Word vectors from files: found, made up, or refused in one line."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.errors import MitseqError
from mitseq.text.vectors import read_vectors


def test_known_words_get_the_files_numbers(tmp_path):
    path = tmp_path / "vectors.txt"
    path.write_text("3 2\nfilm 1 2\nété 3.5 -4e-1\nother 9 9\n", "utf-8")
    vectors = read_vectors(path, ["été", "unknown", "film"])
    np.testing.assert_allclose(vectors[0], [3.5, -0.4])
    np.testing.assert_allclose(vectors[2], [1, 2])
    assert vectors[1].any()
    np.testing.assert_array_equal(
        vectors, read_vectors(path, ["été", "unknown", "film"])
    )


def test_words_with_spaces_as_in_glove_are_left_out(tmp_path):
    path = tmp_path / "glove.txt"
    path.write_text("film 1 2\nat a@b.c 5 6\n. . . 7 8\nbad 3 4\n")
    vectors = read_vectors(path, ["film", "bad"])
    assert vectors.tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("film 1 2\nbad 1\n", r"line 2: expected a word and 2 numbers"),
        ("film 1 x\n", r"line 1: .*'film 1 x'"),
        ("film 1 nan\n", r"line 1: .*'film 1 nan'"),
        ("bad 1e99 2\n", r"line 1: .*'bad 1e99 2'"),
        ("a 1 2\nfilm 1 2 3\n", r"line 2: .* 3 numbers"),
        ("other 1 2\n", "none of the 2 words"),
        ("", "none of the 2 words"),
    ],
)
def test_what_does_not_fit_is_one_line(tmp_path, content, message):
    path = tmp_path / "vectors.txt"
    path.write_text(content)
    with pytest.raises(MitseqError, match=message):
        read_vectors(path, ["film", "bad"])


def test_missing_file_is_named(tmp_path):
    with pytest.raises(MitseqError, match="nowhere.txt: cannot be read"):
        read_vectors(tmp_path / "nowhere.txt", ["film"])


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("vectors") / "v.txt"
    path.write_bytes(data)
    try:
        assert len(read_vectors(path, ["a", "b"])) == 2
    except MitseqError as error:
        assert "\n" not in str(error)
