"""A comparison of two collections as one self-contained page.

It works from `file://` and asks for nothing from the network. A click on the
head of a table sorts by that column. What it looks like is in
`compare_page.html`, `compare_page.css` and `compare_page.js`.
"""

import base64
import io
from typing import Any

from mitseq.offline_page import offline_page, printable
from mitseq.tasks.music.compare import Comparison, Separation
from mitseq.tasks.music.figures import (
    plot_counts,
    plot_degree_pairs,
    plot_differences,
    plot_values,
)
from mitseq.tunes.measures import BINARY, COUNTS, MEASURES

SPREADS = 6  # measures of which the spread is drawn, those that differ most
DRAWN = ("intervals", "lengths", "degrees", "cadences", "forms", "meters")


def compare_page(comparison: Comparison) -> str:
    """Returns a comparison as an HTML page that works offline.

    Args:
        comparison: From `compare_collections`.

    Raises:
        MitseqError: if matplotlib is not installed.
    """
    a, b = (
        printable(one.name) or name
        for one, name in ((comparison.a, "A"), (comparison.b, "B"))
    )
    ranked = sorted(comparison.differences, key=lambda one: one.p)
    spreads = [one.measure for one in ranked if one.measure not in BINARY]
    return offline_page(
        "tasks/music/compare_page",
        title="Two collections of tunes",
        sides=[
            _side("A", a, comparison.a),
            _side("B", b, comparison.b),
        ],
        shared=comparison.shared,
        classifier=_told(comparison.separation),
        floor=comparison.floor and _told(comparison.floor),
        measures=[
            {
                "name": one.measure.replace("_", " "),
                "says": MEASURES[one.measure],
                "a": f"{one.a:.3f}",
                "b": f"{one.b:.3f}",
                "low": f"{one.low:+.3f}",
                "high": f"{one.high:+.3f}",
                "q": _small(one.q),
                "differs": one.q < 0.05,
            }
            for one in comparison.differences
        ],
        distances=[
            {
                "name": COUNTS[one.what],
                "distance": f"{one.distance:.3f}",
                "chance": f"{one.chance:.3f}",
                "p": _small(one.p),
                "differs": one.p < 0.05,
                "more_a": _kinds(one.more_a),
                "more_b": _kinds(one.more_b),
            }
            for one in comparison.distances
        ],
        overview=_picture(plot_differences(comparison)),
        pictures=[
            *(
                (MEASURES[name], _picture(plot_values(comparison, name)), "")
                for name in spreads[:SPREADS]
            ),
            *(
                (COUNTS[what], _picture(plot_counts(comparison, what)), "wide")
                for what in DRAWN
            ),
            (
                "which degree follows which",
                _picture(plot_degree_pairs(comparison)),
                "",
            ),
        ],
    )


def _side(letter, name, collection) -> dict[str, Any]:
    return {
        "letter": letter,
        "name": name,
        "read": collection.read,
        "measured": len(collection.tunes),
        "dropped": collection.dropped.most_common(5),
    }


def _told(found: Separation) -> dict[str, Any]:
    return {
        "a": found.a,
        "b": found.b,
        "tunes": found.tunes,
        "auc": f"{found.auc:.2f}",
        "low": f"{found.low:.2f}",
        "high": f"{found.high:.2f}",
        "telling": [name.replace("_", " ") for name, _ in found.telling],
    }


def _small(p: float) -> str:
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def _kinds(found) -> str:
    return ", ".join(f"{kind} ({a:.1%}, {b:.1%})" for kind, a, b in found)


def _picture(figure) -> str:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=130)
    return base64.b64encode(buffer.getvalue()).decode()
