"""Attention as one self-contained page: point at a word, see where it looks.

The page holds its data, one style sheet and one script. It asks for nothing
from the network, and a content policy in the page forbids it to. Whatever a
token holds is escaped, and only the page's own script, named by its hash, may
run.
"""

import base64
import json
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from mitseq.offline_page import offline_page, printable
from mitseq.plots.attention import as_maps

if TYPE_CHECKING:
    from mitseq.inside.attention import AttentionMap


def attention_page(
    maps: "AttentionMap | Sequence[AttentionMap]", title: str = ""
) -> str:
    """Writes attention maps as a page that works offline from `file://`.

    Args:
        maps: From `attention_maps`.
        title: Heading.

    Returns:
        The HTML text.

    Raises:
        MitseqError: if there is no map.

    Example:

    >>> from mitseq.inside.attention import AttentionMap
    >>> page = attention_page(AttentionMap("look", np.ones((1, 1, 1)), ["<b>"]))
    >>> "<b>" in page, "&lt;b&gt;" in page
    (False, True)
    """
    title = printable(title) or "Attention"
    sections = "\n".join(
        _section(found, i) for i, found in enumerate(as_maps(maps), 1)
    )
    return offline_page(
        title,
        f"<main>\n<h1>{escape(title)}</h1>\n"
        '<p class="how">Point at a word, or go to it with the tab key: the '
        "darker a word, the more of its features go into that one. Without "
        "pointing, the mean of all words is shown.</p>\n"
        f"<noscript><p>This page needs its script.</p></noscript>\n{sections}\n"
        "</main>",
        "mitseq.plots",
        "attention",
    )


class AttentionPage:
    """The page in a notebook.

    Args:
        maps: From `attention_maps`.
        title: Heading.
        height: Of the frame, in pixels.
    """

    def __init__(
        self,
        maps: "AttentionMap | Sequence[AttentionMap]",
        title: str = "",
        height: int = 480,
    ):
        self.html = attention_page(maps, title)
        self.height = int(height)

    def _repr_html_(self) -> str:
        # A frame of its own: neither page can disturb the other.
        return (
            f'<iframe srcdoc="{escape(self.html)}" sandbox="allow-scripts" '
            f'style="width:100%;border:0;height:{self.height}px"></iframe>'
        )


def _section(found: "AttentionMap", number: int) -> str:
    weights = np.asarray(found.weights, np.float32)
    heads, rows, columns = weights.shape
    # 16 bits a weight: an error of less than 1e-5, a quarter of the size
    packed = np.round(np.clip(weights, 0, 1) * 65535).astype("<u2").tobytes()
    square = rows == columns
    data = {
        "heads": heads,
        "rows": rows,
        "columns": columns,
        "keys": [printable(token) for token in found.tokens],
        "queries": [
            printable(found.tokens[i]) if square else str(i + 1)
            for i in range(rows)
        ],
    }
    options = "".join(
        f'<option value="{i}">head {i + 1}</option>' for i in range(heads)
    )
    asked = "" if square else _words(data["queries"], "query", "Queries")
    return (
        f'<section data-map="{escape(json.dumps(data))}" '
        f'data-weights="{base64.b64encode(packed).decode()}">\n'
        f"<header><h2>{escape(printable(found.layer))}</h2>\n"
        f'<label for="head-{number}">Head</label> '
        f'<select id="head-{number}"><option value="mean">mean of '
        f"{heads}</option>{options}</select></header>\n"
        f"{asked}{_words(data['keys'], 'key', 'Text')}"
        '<p class="said" aria-live="polite"></p>\n'
        '<div class="grid"><canvas role="img" aria-label="Attention weights, '
        'queries by keys"></canvas></div>\n</section>'
    )


def _words(words: Sequence[str], kind: str, name: str) -> str:
    inside = " ".join(
        f'<button type="button" class="{kind}">{escape(_shown(word))}</button>'
        for word in words
    )
    return (
        f'<div class="text" role="group" aria-label="{name}">{inside}</div>\n'
    )


def _shown(word: str) -> str:
    return word.replace("\n", "⏎").replace("\t", "⇥").replace(" ", "␣") or "∅"
