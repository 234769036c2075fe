"""Pictures with their captions, where a model looks, and how sure it is.

Slide: Lecture 2, "RNNs for Sequence Modeling" (docs/slides.md#captioning).
"""

import textwrap
from collections.abc import Mapping, Sequence

import numpy as np

from mitseq.plots.style import (
    BLACK,
    BLUE,
    ORANGE,
    RED,
    Figure,
    new_figure,
)
from mitseq.tasks.caption.evaluation import is_right
from mitseq.tasks.caption.predict import Caption

MOST = 24  # pictures of a grid
WIDTH = 24  # letters of a line below a picture


def plot_grid(
    pictures: Sequence[np.ndarray],
    captions: Sequence[Caption],
    *,
    right: Sequence[Sequence[str]] | None = None,
    columns: int = 4,
    title: str = "What is to be seen?",
) -> Figure:
    r"""Draws pictures, each with its caption below it.

    Args:
        pictures: `(S, S, C)` each, as the model saw them; 24 at most are drawn.
        captions: One a picture.
        right: The right captions of each picture, if they are known. What is
            wrong is red, in a frame, with what is right below it.
        columns: Pictures of a row.
        title: Above the figure.

    Example:

    >>> caption = Caption("A ball.", ("a", "ball", "."), (1.0, 1.0, 1.0))
    >>> figure = plot_grid([np.zeros((8, 8, 1))], [caption])
    >>> figure.axes[0].get_xlabel()
    'A ball.\n100 %'
    """
    count = min(len(pictures), MOST)
    columns = max(1, min(columns, count))
    rows = -(-count // columns)
    figure, axes = new_figure(
        rows, columns, size=(2.5 * columns, 2.9 * rows), title=_plain(title)
    )
    for i, each in enumerate(np.ravel(axes)):
        if i >= count:
            each.remove()
            continue
        _show(each, pictures[i])
        told = f"{_wrapped(captions[i].text)}\n{_percent(captions[i])}"
        is_wrong = right is not None and not is_right(
            captions[i].text, right[i]
        )
        if is_wrong:
            told += f"\nright: {_wrapped(right[i][0])}"
        each.set(xticks=[], yticks=[])
        each.set_xlabel(told, fontsize=9, color=RED if is_wrong else BLACK)
        for spine in each.spines.values():
            spine.set(visible=is_wrong, color=RED, linewidth=2)
    return figure


def plot_looks(
    picture: np.ndarray, caption: Caption, *, title: str = ""
) -> Figure:
    r"""Draws where a model looks, word by word.

    Args:
        picture: `(S, S, C)`, as the model saw it.
        caption: Of a model with an attention.
        title: Above the figure.

    Example:

    >>> looks = np.full((2, 2, 2), 0.25)
    >>> caption = Caption("Ball.", ("ball", "."), (0.9, 1.0), looks)
    >>> figure = plot_looks(np.zeros((8, 8, 1)), caption)
    >>> [axes.get_title() for axes in figure.axes]
    ['ball\n90 %', '.\n100 %']
    """
    columns = min(5, len(caption.words))
    rows = -(-len(caption.words) // columns)
    figure, axes = new_figure(
        rows, columns, size=(2.0 * columns, 2.45 * rows), title=_plain(title)
    )
    for i, each in enumerate(np.ravel(axes)):
        if i >= len(caption.words):
            each.remove()
            continue
        each.set_axis_off()
        _show(each, picture)
        if caption.looks is not None:
            size = picture.shape[0]
            each.imshow(
                _glow(caption.looks[i]),
                extent=(-0.5, size - 0.5, size - 0.5, -0.5),
                interpolation="bilinear",
            )
        word = caption.words[i] or "(end)"
        share = f"{caption.probabilities[i]:.0%}".replace("%", " %")
        each.set_title(f"{_plain(word)}\n{share}", fontsize=10)
    return figure


def plot_probabilities(
    found: Mapping[str, np.ndarray],
    *,
    doubt: float | None = None,
    title: str = "How probable is the caption, to the model itself?",
) -> Figure:
    """Draws how probable captions are, for each kind of picture.

    Args:
        found: Kind of picture -> the probabilities of its captions.
        doubt: Below it a caption is doubted.
        title: Above the figure.
    """
    figure, axes = new_figure(size=(8.0, 4.2))
    steps = np.linspace(0, 1, 101)
    look = ("-", "--", ":", "-.")
    for i, (name, values) in enumerate(found.items()):
        below = [100 * float(np.mean(values < step)) for step in steps]
        axes.plot(
            steps,
            below,
            linestyle=look[i % len(look)],
            color=BLUE if "unseen" in name else ORANGE,
            alpha=0.55 + 0.45 * (i % 2),
            label=f"{name} ({len(values)})",
        )
    if doubt is not None:
        axes.axvline(doubt, color=BLACK, linewidth=0.8)
    axes.set(
        xlabel="probability of the caption",
        ylabel="pictures below it [%]",
        xlim=(0, 1.01),
        ylim=(-2, 103),
        title=title,
    )
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    return figure


def _show(axes, picture):
    picture = np.asarray(picture)
    if picture.shape[-1] == 1:
        axes.imshow(picture[..., 0], cmap="gray", vmin=0, vmax=255)
    else:
        axes.imshow(picture.astype("uint8"))


def _glow(look: np.ndarray) -> np.ndarray:
    """An attention as a red light, `(rows, columns, 4)`, brightest at 1."""
    red = tuple(int(RED[i : i + 2], 16) / 255 for i in (1, 3, 5))
    light = np.empty((*look.shape, 4))
    light[..., :3] = red
    light[..., 3] = 0.8 * look / max(float(look.max()), 1e-9)
    return light


def _wrapped(text: str) -> str:
    return _plain("\n".join(textwrap.wrap(text, WIDTH)[:4]))


def _plain(text: str) -> str:
    return text.replace("$", r"\$")  # no formula of matplotlib's


def _percent(caption: Caption) -> str:
    return f"{caption.probability:.0%}".replace("%", " %")
