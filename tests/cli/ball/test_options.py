"""Options of several verbs."""

import pytest

from mitseq.cli.ball.options import box_of, check_new
from mitseq.errors import MitseqError


def test_a_box_is_the_one_given_or_from_0_to_1():
    assert box_of(None).size.tolist() == [1, 1]
    assert box_of((0, 10, 4, 30)).size.tolist() == [4, 20]


def test_a_file_that_is_there_is_replaced_only_if_asked(tmp_path):
    path = tmp_path / "a"
    check_new(path, overwrite=False)
    path.touch()
    check_new(path, overwrite=True)
    with pytest.raises(MitseqError, match="a exists; --overwrite"):
        check_new(path, overwrite=False)
