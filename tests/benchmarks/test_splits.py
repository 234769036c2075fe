import pytest
from splits import read_split, read_tunes

from mitseq.errors import MitseqError
from mitseq.tunes.corpus import Corpus

TUNES = ["M:6/8\nL:1/8\nK:D\n|:dcde2f:|\n", "M:4/4\nL:1/8\nK:G\nGABcdefg|\n"]


def test_read_split_returns_what_the_corpus_saved(tmp_path):
    Corpus(TUNES, TUNES[:1], TUNES[1:], {}).save(tmp_path)
    assert read_split(tmp_path, "train") == TUNES
    assert read_split(tmp_path, "validation") == TUNES[:1]
    assert read_split(tmp_path, "test") == TUNES[1:]


def test_read_tunes_repairs_and_drops_nothing(tmp_path):
    path = tmp_path / "samples.abc"
    path.write_text("X:1\nK:D\nabc\n\nX:2\n\n\nX:3\n|]z-\nQQ\n\n")
    assert read_tunes(path) == ["K:D\nabc\n", "\n", "|]z-\nQQ\n"]


def test_a_missing_split_says_how_to_make_it(tmp_path):
    with pytest.raises(MitseqError, match="mitseq music prepare"):
        read_split(tmp_path, "train")


def test_a_file_without_tunes_is_an_error(tmp_path):
    (tmp_path / "test.abc").write_text("no tune\n")
    with pytest.raises(MitseqError, match="expected tunes"):
        read_split(tmp_path, "test")
