import json
import math
from fractions import Fraction

import numpy as np
import pytest

from mitseq.exercises.values import Other, numbers, pack, same, shown, unpack


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        3,
        -2.5,
        "word",
        [1, [2.0, "a"]],
        ("nap", 0.5),
        {"a": 0, "b": [1]},
        {0: "a"},
        np.arange(6).reshape(2, 3),
        np.zeros((0, 3)),
        np.array([True, False]),
        [np.ones(2), np.ones((1, 2))],
    ],
    ids=repr,
)
def test_values_come_back_through_json(value):
    back = unpack(json.loads(json.dumps(pack(value))))
    assert same(back, value)
    assert type(back) is type(value)
    if isinstance(value, np.ndarray):
        assert back.shape == value.shape


def test_what_is_no_number_is_told_by_its_kind():
    assert repr(unpack(pack(object()))) == "a object"
    assert repr(unpack(pack(lambda: 1))) == "a function"
    assert repr(unpack(pack(np.array(["a"])))) == "an array of <U1"
    assert repr(unpack(pack(np.zeros(10**6)))) == "an array of shape (1000000,)"
    assert unpack(pack(Fraction(1, 2))) == 0.5
    assert unpack(pack(np.float32(0.5))) == 0.5
    assert unpack(pack(2**70)) == float(2**70)


@pytest.mark.parametrize(
    ("came", "expected", "is_same"),
    [
        ([1, 2], np.array([1.0, 2.0]), True),
        (np.array([[1, 2]]), np.array([1, 2]), False),
        ([1, 2.0001], [1, 2], False),
        ([0, 1], np.array([False, True]), True),
        (math.nan, math.nan, False),
        (math.nan, 1.0, False),
        (None, 1.0, False),
        ("1", 1, False),
        (1, "1", False),
        (["a", 1], ("a", 1), True),
        (("a", 2), ("a", 1), False),
        (("a",), ("a", 1), False),
        ({"a": 1}, {"a": 1}, True),
        ({"a": 1, "b": 2}, {"a": 1}, False),
        ([], [3], False),
        ([], [], True),
        ([[1, 2], [3]], [[1, 2], [3]], True),
        (Other("a function"), 1, False),
        ((np.ones(2), np.zeros(3)), (np.ones(2), np.zeros(3)), True),
        ((np.ones(2), np.ones(3)), (np.ones(2), np.zeros(3)), False),
    ],
)
def test_same(came, expected, is_same):
    assert same(came, expected) is is_same


def test_a_tolerance_is_for_numbers():
    assert same([0.51], [0.5], tolerance=0.02)
    assert not same([0.51], [0.5])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1 / 3, "0.3333"),
        (-0.0, "0"),
        (math.inf, "inf"),
        ([True, 1, "a"], "[True, 1, 'a']"),
        ((1,), "(1,)"),
        ({"a": 0.12345}, "{'a': 0.1235}"),
        (None, "None"),
        (np.zeros((30, 30)), "array of shape (30, 30)"),
        ([0.5] * 40, "[" + "0.5, " * 13 + " ..."),
        ((np.zeros((30, 30)), 1), "(array of shape (30, 30), 1)"),
    ],
)
def test_shown(value, text):
    assert shown(value) == text


def test_rows_of_several_lengths_are_no_array():
    assert numbers([[1, 2], [3]]) is None
    assert numbers([[1, 2], [3, 4]]).shape == (2, 2)
