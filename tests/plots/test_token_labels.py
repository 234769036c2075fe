"""Labels of tokens: short, visible, and only as many as there is room for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mitseq.plots.style import new_figure
from mitseq.plots.token_labels import label_axes, shorten, visible


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("ball", "ball"),
        ("a\nb\tc", "a⏎b⇥c"),
        ("  ", "␣␣"),
        ("", "∅"),
        ("\x00", "□"),
        ("\ud800", "□"),
        ("abcdefghijklmnopq", "abcdefg…lmnopq"),
    ],
)
def test_what_cannot_be_seen_gets_a_sign(token, expected):
    assert visible(token) == expected


@given(st.text(max_size=40), st.integers(2, 20))
def test_a_short_text_has_both_ends_of_the_long_one(text, most):
    short = shorten(text, most)
    assert len(short) == min(len(text), most)
    if len(text) > most:
        left, right = short.split("…", 1) if "…" not in text else ("", "")
        assert text.startswith(left) and text.endswith(right)


def test_labels_that_do_not_fit_are_left_out():
    _, axes = new_figure()
    tokens = [f"w{i}" for i in range(60)]
    label_axes(axes, tokens, tokens[:3], side=2.4)
    assert list(axes.get_xticks()) == list(range(0, 60, 4))  # 0.16 inches each
    shown = [label.get_text() for label in axes.get_yticklabels()]
    assert shown == ["w0", "w1", "w2"]
    assert axes.get_xticklabels()[0].get_rotation() == 90
