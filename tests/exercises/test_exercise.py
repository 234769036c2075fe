import numpy as np
import pytest

from mitseq.exercises.catalog import load


def test_the_start_is_the_solution_without_its_lines():
    exercise = load("my_rnn_cell")
    assert exercise.start.count("raise NotImplementedError  # your code") == 3
    assert "self.W_hy\n" not in exercise.start.split("# TODO: compute")[1]
    assert "output = self.h @ self.W_hy" in exercise.solved
    for text in (exercise.start, exercise.solved):
        assert "# solution" not in text and "# end" not in text
        assert text.startswith("import numpy as np\n\n\nclass MyRNNCell:")
        assert "import copy" not in text  # what the check needs, not the text


def test_what_is_given_is_in_the_text():
    assert "def sigmoid(z):" in load("lstm_forget").start
    assert "def softmax(scores, axis=-1):" in load("head").start
    assert "def sigmoid" not in load("head").start
    assert load("bar_check").start.startswith("import re\n")
    assert load("trace").start.startswith("def trace(")


def test_a_change_that_the_solution_does_not_have_is_an_error():
    with pytest.raises(ValueError, match=r"trace: .*\['h_next'\]"):
        load("trace").changed({"h_next": "h"})


def test_a_change_touches_the_solution_and_not_its_description():
    text = load("causal_mask").changed({"s <= t": "s > t"})
    assert "before it: s <= t" in text and "return s > t" in text


def test_the_arguments_of_a_case_are_the_same_each_time():
    exercise = load("bptt")
    before = [list(each) for each in exercise.cases()]
    assert [list(each) for each in exercise.arguments] == before
    again = load("head").cases()
    for one, two in zip(load("head").arguments, again, strict=True):
        assert all(map(np.array_equal, one, two))
    assert exercise.names == ["x", "targets", "w", "u", "v"]
    assert load("my_rnn_cell").names == ["words", "W_xh", "W_hh", "W_hy"]
