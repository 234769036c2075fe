"""The style, and that the check of figures catches bad ones."""

import builtins

import numpy as np
import pytest
from matplotlib.figure import Figure

from mitseq.errors import MitseqError
from mitseq.plots.style import (
    GRAY,
    MARKERS,
    PALETTE,
    SEQUENTIAL,
    check_format,
    new_figure,
    save_figure,
)
from tests.figure_checks import check_figure, check_png


def good():
    figure, axes = new_figure(title="A title")
    axes.plot([1, 2, 3], [3, 1, 2], label="a line")
    axes.set(xlabel="epoch", ylabel="loss [nats]")
    axes.legend()
    return figure


def test_a_good_figure_passes_and_is_a_matplotlib_figure():
    figure = good()
    assert isinstance(figure, Figure)
    picture = check_figure(figure)
    assert picture.shape[2] == 4


def test_lines_of_a_figure_differ_in_color():
    figure, axes = new_figure()
    for i in range(len(PALETTE)):
        axes.plot([0, 1], [i, i])
    assert [line.get_color() for line in axes.lines] == list(PALETTE)
    assert len(set(MARKERS)) == len(PALETTE)


def luminance(color):
    rgb = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return (rgb**2.2) @ [0.2126, 0.7152, 0.0722]


# What the two most frequent kinds of color blindness see (Viénot, Brettel and
# Mollon, 1999), linear RGB in and out.
DEUTERAN = np.array(
    [[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]]
)
PROTAN = np.array(
    [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]]
)


@pytest.mark.parametrize("kind", [np.eye(3), DEUTERAN, PROTAN])
def test_colors_are_told_apart_with_any_color_vision(kind):
    colors = [[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in PALETTE]
    seen = (np.array(colors) ** 2.2) @ kind.T
    seen = np.clip(seen, 0, 1) ** (1 / 2.2)
    distance = np.linalg.norm(seen[:, None] - seen[None], axis=-1)
    assert distance[~np.eye(len(PALETTE), dtype=bool)].min() > 0.1


def test_all_colors_stand_out_from_paper():
    for color in [*PALETTE, GRAY]:
        assert (1 + 0.05) / (luminance(color) + 0.05) > 1.9, color


def blank():
    return new_figure(title="Nothing")[0]


def no_axes():
    return Figure()


def no_title():
    figure = good()
    figure.suptitle("")
    return figure


def no_label():
    figure = good()
    figure.axes[0].set_ylabel("")
    return figure


def clipped():
    figure = good()
    figure.set_layout_engine("none")
    figure.axes[0].text(2.5, 2, "a long remark that leaves the picture " * 2)
    return figure


def tiny():
    figure = good()
    figure.axes[0].set_title("too small to read", fontsize=5)
    return figure


def crowded():
    figure = good()
    words = [f"a rather long word {i}" for i in range(12)]
    figure.axes[0].set_xticks(np.linspace(1, 3, 12), words)
    return figure


def red_and_green():
    figure = good()
    figure.axes[0].plot([1, 3], [1, 3], color="lime", label="?")
    return figure


def rainbow():
    figure, axes = new_figure(title="Heat")
    axes.imshow(np.eye(3), cmap="jet")
    axes.set(xlabel="x", ylabel="y")
    return figure


def nameless_bar():
    figure, axes = new_figure(title="Heat")
    image = axes.imshow(np.eye(3), cmap=SEQUENTIAL)
    axes.set(xlabel="x", ylabel="y")
    figure.colorbar(image)
    return figure


@pytest.mark.parametrize(
    "bad, complaint",
    [
        (blank, "without anything"),
        (no_axes, "without axes"),
        (no_title, "without a title"),
        (no_label, "y axis"),
        (clipped, "cut off"),
        (tiny, "too small"),
        (crowded, "overlap"),
        (red_and_green, "palette"),
        (rainbow, "jet"),
        (nameless_bar, "color bar"),
    ],
)
def test_a_bad_figure_is_caught(bad, complaint):
    with pytest.raises(AssertionError, match=complaint):
        check_figure(bad())


def test_a_figure_is_saved_the_same_twice_and_shown_in_a_notebook(tmp_path):
    for name in ("a.png", "a.svg", "a.PDF"):
        path = save_figure(good(), tmp_path / name)
        assert path.stat().st_size > 1000
    one = save_figure(good(), tmp_path / "b.png").read_bytes()
    assert one == (tmp_path / "a.png").read_bytes()
    check_png(one)
    check_png(good()._repr_png_())


def test_another_format_is_an_error_that_lists_the_formats(tmp_path):
    with pytest.raises(MitseqError, match="png.*Received.*a.docx"):
        save_figure(good(), tmp_path / "a.docx")
    assert list(tmp_path.iterdir()) == []


def test_without_matplotlib_the_error_says_what_to_install(monkeypatch):
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MitseqError, match=r"pip install 'mitseq\[plots\]'"):
        new_figure()


def test_a_format_that_is_not_written_is_known_before_the_work():
    assert check_format("a/b.SVG") == "svg"
    for name in ("a.xyz", "a"):
        with pytest.raises(MitseqError, match=f"must end in.*path='{name}'"):
            check_format(name)
