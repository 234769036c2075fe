r"""The product of factors: a gradient that shrinks or explodes under a hand.

Slides: Lecture 2, "Standard RNN Gradient Flow" and its tricks: activations,
initialization, gated cells, gradient clipping (docs/slides.md#gradient-flow). A
network of one unit, so that a factor is one number:

    h_t = act(W h_{t-1} + x)
    dh_T/dh_0 = product over t of W act'(z_t)

Everything is computed in the page, see `factors.js`.
"""

from mitseq.offline_page import offline_page, printable

TITLE = "The product of factors"


def factors_page(title: str = "") -> str:
    """Returns the page.

    Args:
        title: Heading.

    Example:

    >>> "<h1>The product of factors</h1>" in factors_page()
    True
    """
    return offline_page(
        "pages/factors",
        title=printable(title) or TITLE,
        styles=("tunes/page", "pages/page"),
    )
