"""Rows in one array: they read as the list of arrays that they are."""

import numpy as np
import pytest

from mitseq.text.rows import Rows, runs

LISTS = [[3, 1], [], [4], [1, 5, 9], []]


def rows():
    return Rows.behind_each_other([np.array(row, int) for row in LISTS])


def lists(found):
    return [row.tolist() for row in found]


def test_they_read_like_a_list():
    assert lists(rows()) == LISTS
    assert len(rows()) == 5 and rows()[-2].tolist() == [1, 5, 9]
    assert lists(rows()[1:4]) == LISTS[1:4]
    assert lists(rows()[::-2]) == LISTS[::-2]
    assert lists(rows()[3:1]) == []
    assert rows().lengths.tolist() == [2, 0, 1, 3, 0]
    assert rows().numbers.tolist() == [0, 0, 2, 3, 3, 3]
    with pytest.raises(IndexError, match="row 5 of 5"):
        rows()[5]


def test_any_rows_are_taken_and_joined():
    chosen = [3, 0, 0, 4, 2]
    assert lists(rows().take(chosen)) == [LISTS[i] for i in chosen]
    run = rows().take([2, 3])
    assert lists(run) == LISTS[2:4]
    assert lists(rows().take([])) == []
    joined = Rows.join([run, Rows.of([]), rows().take(chosen)])
    assert lists(joined) == LISTS[2:4] + [LISTS[i] for i in chosen]
    assert lists(Rows.join([])) == []


def test_joined_values_are_not_cut_short():
    wide, narrow = (Rows.of([np.array([n])], "int64") for n in (2**40, 1))
    assert lists(Rows.join([wide, narrow])) == [[2**40], [1]]
    assert lists(Rows.join([Rows.of([]), wide])) == [[2**40]]
    with pytest.raises(TypeError, match="int64.*int32"):
        Rows.join([Rows.of([np.array([1])]), wide])


def test_zeros_are_no_values():
    found = Rows.of(np.array([[0, 2, 0, 3], [0, 0, 0, 0]]))
    assert lists(found) == [[2, 3], []]
    assert Rows.of(found) is found


@pytest.mark.parametrize("block", [1, 2, 100])
def test_many_rows_are_taken_block_by_block(monkeypatch, block):
    monkeypatch.setattr("mitseq.text.rows.BLOCK", block)
    rng = np.random.default_rng(block)
    drawn = [rng.integers(1, 50, rng.integers(0, 4)) for _ in range(40)]
    some = Rows.of(drawn)
    chosen = rng.permutation(40)[:25]
    expected = [drawn[i].tolist() for i in chosen]
    assert lists(some.take(chosen)) == expected


def test_runs_have_whole_rows_and_all_of_them():
    starts = np.array([0, 3, 3, 10, 11])
    assert runs(starts, 1).tolist() == [0, 1, 3, 4]
    assert runs(starts, 4).tolist() == [0, 3, 4]
    assert runs(starts, 100).tolist() == [0, 4]
    assert runs(np.array([0]), 4).tolist() == [0]
