"""Options of several verbs."""

from mitseq.cli.ball.options import box_of


def test_a_box_is_the_one_given_or_from_0_to_1():
    assert box_of(None).size.tolist() == [1, 1]
    assert box_of((0, 10, 4, 30)).size.tolist() == [4, 20]
