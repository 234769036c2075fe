import pytest

from mitseq.cli.music.tunes import number_of, read_one
from mitseq.errors import MitseqError

TUNE = "X:1\nM:2/4\nL:1/8\nK:D\nd4|d4|]\n"


def test_read_one_returns_the_only_tune(tmp_path):
    path = tmp_path / "a.abc"
    path.write_text(TUNE)
    assert read_one(path) == TUNE


def test_read_one_refuses_two(tmp_path):
    path = tmp_path / "a.abc"
    path.write_text(f"{TUNE}\n{TUNE}")
    with pytest.raises(MitseqError, match="2 tunes, expected one; .* line 7"):
        read_one(path)


def test_number_of():
    assert number_of(1, "tune") == "1 tune" and number_of(3, "x") == "3 xs"
