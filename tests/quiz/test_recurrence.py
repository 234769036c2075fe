"""The chapter on recurrence."""

import numpy as np

from mitseq.layers.my_rnn_cell import MyRNNCell
from mitseq.quiz.recurrence import RECURRENCE
from tests.quiz.chapter_checks import check_chapter


def test_links_lead_somewhere_and_numbers_are_measured():
    check_chapter(RECURRENCE)


def test_the_shape_and_the_memory_are_as_the_answers_say():
    cell = MyRNNCell(rnn_units=4, input_dim=3, output_dim=2)
    assert tuple(cell.W_xh.shape) == (3, 4)  # (D, H)
    words = np.eye(3, dtype="float32")[:, None]

    def last(forgets):
        h = [0] * 4
        for word in words:
            y, h = cell(word, [0] * 4 if forgets else h)
        return np.asarray(y)

    alone = np.asarray(cell(words[-1], [0] * 4)[0])
    np.testing.assert_allclose(last(forgets=True), alone, atol=1e-6)
    assert np.abs(last(forgets=False) - alone).max() > 1e-3
