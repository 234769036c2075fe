"""Figures: whole, named, and what they show is what was given."""

import numpy as np

from mitseq.tasks.words.figures import (
    LOOKS,
    plot_agreement,
    plot_embedding,
    plot_next,
)
from mitseq.tasks.words.lexicon import GROUPS
from tests.figure_checks import check_figure


def test_every_group_has_a_look_of_its_own():
    assert len(set(LOOKS)) == len(LOOKS) >= len(GROUPS)


def test_groups_are_points_and_other_words_are_not():
    rng = np.random.default_rng(0)
    words = [f"w{i}" for i in range(30)]
    groups = ["animal"] * 10 + ["city"] * 10 + ["other"] * 10
    vectors = rng.normal(size=(30, 6))
    vectors[:10] += 8
    figure = plot_embedding(words, vectors, groups)
    check_figure(figure)
    (axes,) = figure.axes
    assert [len(c.get_offsets()) for c in axes.collections] == [10, 10]
    animals, cities = (
        np.asarray(c.get_offsets())[:, 0] for c in axes.collections
    )
    assert animals.min() > cities.max() or animals.max() < cities.min()


def test_agreement_is_drawn_in_percent():
    figure = plot_agreement(
        {"lstm": {4: 1.0, 20: 0.97}, "n-gram": {4: 0.1, 20: 0.08}},
        chance=1 / 12,
        trained=20,
    )
    check_figure(figure)
    lines = figure.axes[0].get_lines()
    assert list(lines[1].get_ydata()) == [100, 97]


def test_next_words_a_panel_a_text():
    figure = plot_next(
        ["The clouds are in the", "I"],
        [["sky", "sea"], ["", "am"]],
        [[0.9, 0.1]] * 2,
    )
    check_figure(figure)
    assert [t.get_text() for t in figure.axes[1].get_yticklabels()] == [
        "(end)",
        "am",
    ]
