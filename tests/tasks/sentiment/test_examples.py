"""Which texts are held out, and what each weighs."""

from dataclasses import replace

import numpy as np
import pytest

from mitseq.arguments import check_texts
from mitseq.errors import MitseqError
from mitseq.tasks.sentiment.examples import (
    check_labels,
    choose_examples,
    hold_out,
    hold_out_groups,
    indices_of,
    text_weights,
)
from mitseq.text.rows import Rows


def choose(texts, labels, validation_data=None, **options):
    options = {
        "validation_split": 0.25,
        "groups": None,
        "class_weight": None,
        "seed": 0,
    } | options
    return choose_examples(texts, np.array(labels), validation_data, **options)


def test_every_text_is_learned_from_or_held_out():
    texts = list("abcdefgh")
    examples = choose(texts, ["x", "y"] * 4)
    assert sorted([*examples.train, *examples.held]) == list(range(8))
    assert len(examples.held) == 2 and examples.classes.tolist() == ["x", "y"]
    assert examples.y.tolist() == [0, 1] * 4


def test_texts_that_are_given_are_held_out():
    examples = choose(["a", "b"], ["x", "y"], (["c"], np.array(["y"])))
    assert examples.texts == ["a", "b", "c"] and examples.y.tolist() == [
        0,
        1,
        1,
    ]
    assert examples.held.tolist() == [2]


@pytest.mark.parametrize(
    ("labels", "options", "message"),
    [
        (["x", "x"], {}, "at least two classes.*'x'"),
        (["x", "y"], {"validation_split": 1.0}, "`validation_split` must be"),
        (["x", "x", "y"], {}, "at least two texts.*one text of 'y'"),
        (
            ["x", "x", "y"],
            {"groups": np.array([0, 1, 1])},
            "one text of 'y'",
        ),
        (
            ["x", *"abcdefg"],
            {},
            "'a', 'b', 'c', 'd', 'e' and 3 more",
        ),
    ],
)
def test_too_little_is_told(labels, options, message):
    with pytest.raises(MitseqError, match=message):
        choose(["t"] * len(labels), labels, **options)


def test_held_out_share_is_that_of_each_class():
    y = np.array([0] * 90 + [1] * 10 + [2] * 2)
    held = hold_out(y, 0.1, seed=0)
    assert [int(held[y == c].sum()) for c in range(3)] == [9, 1, 1]
    assert (held != hold_out(y, 0.1, seed=1)).any()
    np.testing.assert_array_equal(held, hold_out(y, 0.1, seed=0))


def test_groups_are_held_out_whole():
    groups = np.repeat(np.arange(40), 5)
    held = hold_out_groups(groups, 0.1, seed=0)
    of_group = held.reshape(40, 5)
    assert (of_group.all(1) | ~of_group.any(1)).all()
    assert of_group.all(1).sum() == 4
    assert (held != hold_out_groups(groups, 0.1, seed=1)).any()
    assert hold_out_groups(np.array([0, 0, 1]), 0.1, 0).sum() in (1, 2)


def test_balanced_weights_give_each_class_the_same_sum():
    y = np.array([0] * 8 + [1] * 2)
    weights = text_weights(y, "balanced", np.array(["a", "b"]))
    assert weights[y == 0].sum() == weights[y == 1].sum() == 5
    given = text_weights(y, {"b": 3.0}, np.array(["a", "b"]))
    assert given.tolist() == [1] * 8 + [3] * 2


def test_weights_of_classes_that_are_none_are_named():
    classes = np.array(["a", "b"])
    with pytest.raises(MitseqError, match="of the labels.*Received: 'zz'"):
        text_weights(np.array([0, 1]), {"zz": 1.0}, classes)
    with pytest.raises(MitseqError, match="`class_weight` must be 0 or more"):
        text_weights(np.array([0, 1]), {"a": float("nan")}, classes)


def test_unknown_label_is_named():
    assert indices_of(["b", "a"], np.array(["a", "b"])).tolist() == [1, 0]
    with pytest.raises(MitseqError, match="Received: 'z'"):
        indices_of(["z"], np.array(["a", "b"]))


def test_texts_and_labels_that_are_none_are_named():
    with pytest.raises(MitseqError, match="`labels` must not be missing.*1"):
        check_labels(["pos", None], 2)
    with pytest.raises(MitseqError, match="`labels` must not be missing"):
        check_labels([1.0, float("nan")], 2)
    for labels in ([1, "a"], ["a", True], [[0, 1], [1, 0]], [b"a", b"b"]):
        with pytest.raises(MitseqError, match="must be strings, numbers or b"):
            check_labels(labels, 2)
    with pytest.raises(MitseqError, match="int at index 1"):
        check_texts(["a", 3])
    with pytest.raises(MitseqError, match="texts=None"):
        check_texts(None)


def test_weights_multiply_and_order_texts_are_left_out():
    examples = choose_examples(
        ["a", "b", "c", "d", "e", "f"],
        np.array(["x", "y"] * 3),
        (["g"], np.array(["x"])),
        validation_split=0.1,
        groups=None,
        class_weight={"x": 2.0, "y": 1.0},
        seed=0,
        sample_weight=np.array([1, 1, 3, 3, 0, 0], "float32"),
        for_order=np.array([False, True, False, True, False, False]),
    )
    # of a text that is held out the class alone tells the weight
    assert examples.weights.tolist() == [2, 1, 6, 3, 0, 0, 2]
    assert examples.without_order(examples.train).tolist() == [0, 2, 4, 5]
    assert examples.without_order(examples.held).tolist() == [6]


def test_those_that_are_taken_together_are_neighbors():
    examples = choose_examples(
        list("abcdef"),
        np.array([0, 1, 0, 1, 1, 0]),
        (["g"], np.array([1])),
        validation_split=0.5,
        groups=None,
        class_weight={0: 2, 1: 3},
        seed=0,
        sample_weight=np.arange(6),
        for_order=np.array([False, True, False, True, False, False]),
    )
    examples = replace(examples, is_held=np.array([1, 0, 0, 0, 1, 0, 0], bool))
    runs = examples.in_runs()
    assert "".join(runs.texts) == "cfgbdae"
    assert runs.y.tolist() == [0, 0, 1, 1, 1, 0, 1]
    assert runs.weights.tolist() == [4, 10, 3, 3, 9, 0, 12]
    assert runs.train.tolist() == [0, 1, 2, 3, 4]
    assert runs.held.tolist() == [5, 6]
    assert runs.without_order(runs.train).tolist() == [0, 1, 2]
    rows = Rows.of([np.array([i + 1]) for i in range(7)])
    for chosen in (runs.train, runs.held, runs.without_order(runs.train)):
        assert np.shares_memory(rows.take(chosen).values, rows.values)
