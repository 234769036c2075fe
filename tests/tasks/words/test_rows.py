"""Rows: the target is the next word, and long texts go on in the next row."""

import numpy as np

from mitseq.tasks.words.rows import RowBatches, encode_texts, rows_of
from mitseq.text.vocabulary import END, START
from mitseq.text.words import WordIndex, word_vocabulary


def test_texts_stand_between_their_marks():
    index = WordIndex(word_vocabulary(["a b"]))
    a, b = index.encode(["a", "b"])
    assert encode_texts(index, ["b A x"]) == [
        [START, b, a, index.unknown_id, END]
    ]


def test_every_word_is_predicted_once_from_the_word_before():
    encoded = [[1, *range(3, 3 + n), 2] for n in (1, 5, 9)]
    x, y = rows_of(encoded, 4)
    pairs = [(i, j) for i, j in zip(x.ravel(), y.ravel(), strict=True) if j]
    expected = [p for ids in encoded for p in zip(ids, ids[1:], strict=False)]
    assert sorted(pairs) == sorted(expected)
    assert x.shape == y.shape == (1 + 2 + 3, 4)


def test_an_epoch_has_every_row_and_can_be_found_again():
    x = np.arange(10)[:, None]
    batches = RowBatches(x, x + 1, 4, seed=3)
    batches.start(1)
    rows = [batches[i] for i in range(len(batches))]
    assert all(len(read) == 4 for read, _ in rows)
    assert {int(i) for read, _ in rows for i in read[:, 0]} == set(range(10))
    first = rows[1][0]
    batches.start(2)
    assert not np.array_equal(batches[1][0], first)
    batches.start(1, first_step=1)
    np.testing.assert_array_equal(batches[0][0], first)
