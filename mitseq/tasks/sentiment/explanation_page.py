"""The reasons of many texts as one page that needs no network.

Slide: Lecture 2, "Example Task: Sentiment Classification"
(docs/slides.md#sentiment). Read explanation.py first: a text looks as it does
there. The page holds both methods, and shows the texts of one label or of all.
"""

from collections import Counter
from collections.abc import Sequence

from mitseq.errors import MitseqError
from mitseq.offline_page import offline_page, printable
from mitseq.tasks.sentiment.explanation import Explanation

NAMES = {
    "leave_one_out": "leaving the word out",
    "integrated_gradients": "integrated gradients",
}


def explanation_page(
    found: Sequence[tuple[str, Explanation]], title: str = "Reasons"
) -> str:
    """Returns explanations as an HTML page that works from `file://`.

    Args:
        found: The name of each text, such as its file's, and its explanation.
        title: Heading.

    Raises:
        MitseqError: if there is no explanation.

    Example:

    >>> import numpy as np
    >>> values = {"leave_one_out": np.array([1.0, 2.0])}
    >>> reasons = Explanation("so <b>", ["so", "<b>"], "pos", 1, 3, values)
    >>> page = explanation_page([("a.txt", reasons)])
    >>> "<b>so" in page, "a.txt" in page
    (False, True)
    """
    if not found:
        raise MitseqError(
            "`found` must hold at least one explanation. Received: none."
        )
    counts = Counter(printable(str(each.said)) for _, each in found)
    methods = list(found[0][1].contributions)
    return offline_page(
        "tasks/sentiment/explanation_page",
        title=printable(title) or "Reasons",
        methods=[(method, NAMES.get(method, method)) for method in methods],
        labels=sorted(counts.items()),
        texts=[
            {
                "name": printable(name),
                "label": printable(str(each.said)),
                "methods": [(method, each.html(method)) for method in methods],
            }
            for name, each in found
        ],
    )
