"""A figure of attention: the text, darker where there is more of it.

Slide: Lecture 2, "Self-Attention Applied" (docs/slides.md#beyond-text). Who
looks is one step, or all of them.
"""

import numpy as np

from mitseq.errors import MitseqError
from mitseq.inside.attention import AttentionMap
from mitseq.plots.style import DARKEST, PALE, Figure, new_figure
from mitseq.plots.token_labels import visible

LINE = 64  # characters of a line


def attention_text(
    found: AttentionMap,
    *,
    query: int | str | None = None,
    head: int | None = None,
    title: str = "",
) -> Figure:
    """Returns the text, each token as dark as the attention that it gets.

    Args:
        found: One of `attention_maps`.
        query: Who looks: the number of a step (from 0, or from the end: -1),
            or a token, its first place; None for all that may look: 1 is then
            an even share (`AttentionMap.received`).
        head: The head, from 0; None for the mean of all heads.
        title: Above the text.

    Raises:
        MitseqError: if there is no such head or query.
    """
    weights, name = found.of_head(head)
    if query is None:
        shares = found._replace(weights=found.received()[:, np.newaxis])
        received, who = shares.of_head(head)[0][0], "all steps"
    else:
        received, who = _of_query(found, weights, query)
    most = float(received.max(initial=0)) or 1.0
    lines = _wrapped([visible(token, 4 * LINE) for token in found.tokens])
    high = max(len(lines), 1)
    width = LINE * 0.0925 + 0.5  # inches
    figure, axes = new_figure(size=(width + 1.4, 0.36 * high + 1.0))
    axes.set_axis_off()
    axes.set_xlim(-1, LINE + 1)
    axes.set_ylim(high - 0.4, -0.6)
    axes.set_title(title or f"Attention of {who}: {found.layer}, {name}")
    _write(axes, lines, received / most)
    label = "weight" if query is not None else "× an even share"
    _color_bar(figure, axes, most, label)
    return figure


def _of_query(found, weights, query):
    """Returns the row of who looks, and how to call it."""
    if isinstance(query, str):
        if query not in found.tokens:
            raise MitseqError(
                f"`query` must be one of the tokens {found.tokens} or a "
                f"number. Received: query={query!r}."
            )
        query = found.tokens.index(query)
    if not -len(weights) <= query < len(weights):
        raise MitseqError(
            f"`query` must be below {len(weights)}, the number of steps. "
            f"Received: query={query!r}."
        )
    name = f"step {query % len(weights) + 1}"
    if len(weights) == len(found.tokens):
        name = f"“{visible(found.tokens[query])}”"
    return weights[query], name


def _wrapped(tokens):
    """Returns the tokens line by line."""
    lines, room = [], 0
    for token in tokens:
        if not lines or len(token) > room:
            lines.append([])
            room = LINE
        lines[-1].append(token)
        room -= len(token) + 1
    return lines


def _write(axes, lines, shares):
    """Writes lines of tokens, each on a ground as dark as its share."""
    from matplotlib import colormaps
    from matplotlib.patches import Rectangle

    shares = iter(shares)
    for y, line in enumerate(lines):
        x = 0
        for token in line:
            axes.add_patch(
                Rectangle(
                    (x - 0.4, y - 0.42),
                    len(token) + 0.8,
                    0.84,
                    color=colormaps[PALE](DARKEST * next(shares)),
                    linewidth=0,
                )
            )
            axes.text(
                x + len(token) / 2,
                y,
                token,
                family="monospace",
                fontsize=10,
                ha="center",
                va="center",
                parse_math=False,
            )
            x += len(token) + 1


def _color_bar(figure, axes, most, label):
    from matplotlib import colormaps
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import ListedColormap, Normalize

    shades = colormaps[PALE](np.linspace(0, DARKEST, 64))
    bar = ScalarMappable(Normalize(0, most), ListedColormap(shades, name=PALE))
    figure.colorbar(bar, ax=axes, label=label, ticks=[0, most], format="%.2f")
