"""Attention as one self-contained page: point at a word, see where it looks.

Below the text stands the whole map, with the tokens on both axes.

The page holds its data, one style sheet and one script. It asks for nothing
from the network, and a content policy in the page forbids it to. Whatever a
token holds is escaped, and only the page's own script, named by its hash, may
run. What it looks like is in `attention_page.html`, `.css` and `.js`, beside
the style of the page of tunes.
"""

import base64
import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from mitseq.inside.attention import AttentionMap, as_maps
from mitseq.offline_page import fill, offline_page, printable


def attention_page(
    maps: AttentionMap | Sequence[AttentionMap], title: str = ""
) -> str:
    """Returns attention maps as an HTML page that works from `file://`.

    Args:
        maps: From `attention_maps`.
        title: Heading.

    Raises:
        MitseqError: if there is no map.

    Example:

    >>> from mitseq.inside.attention import AttentionMap
    >>> page = attention_page(AttentionMap("look", np.ones((1, 1, 1)), ["<b>"]))
    >>> "<b>" in page, "&lt;b&gt;" in page
    (False, True)
    """
    return offline_page(
        "plots/attention_page",
        title=printable(title) or "Attention",
        styles=("tunes/page",),
        maps=[_section(found) for found in as_maps(maps)],
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
        maps: AttentionMap | Sequence[AttentionMap],
        title: str = "",
        height: int = 480,
    ):
        self.html = attention_page(maps, title)
        self.height = int(height)

    def _repr_html_(self) -> str:
        # A frame of its own: neither page can disturb the other.
        return fill(
            "plots/attention_frame.html", page=self.html, height=self.height
        )


def _section(found: AttentionMap) -> dict[str, Any]:
    weights = np.asarray(found.weights, np.float32)
    heads, rows, columns = weights.shape
    # 16 bits a weight: an error of less than 1e-5, a quarter of the size
    packed = np.round(np.clip(weights, 0, 1) * 65535).astype("<u2").tobytes()
    data = {
        "heads": heads,
        "rows": rows,
        "columns": columns,
        "keys": [printable(token) for token in found.tokens],
        "queries": [printable(query) for query in found.queries],
        "received": np.round(found.received().astype(float), 4).tolist(),
    }
    return {
        "layer": found.layer,
        "data": json.dumps(data),
        "weights": base64.b64encode(packed).decode(),
        "heads": heads,
        "words": [_shown(key) for key in data["keys"]],
        "askers": [_shown(query) for query in data["queries"]],
        "is_square": rows == columns,
    }


def _shown(word: str) -> str:
    return word.replace("\n", "⏎").replace("\t", "⇥").replace(" ", "␣") or "∅"
