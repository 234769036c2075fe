"""The explorable pages on the site: each beside the slides that it is about."""

from pathlib import Path

from page import write

from mitseq.pages.gallery import PAGES

FOLDER = "explore"  # of the site
# Title of a slide -> the page, of `mitseq page show`.
SLIDES = {
    "RNN State Update and Output": "cell",
    "A Sequence Modeling Problem: Predict the Next Word": "words",
    "Standard RNN Gradient Flow": "gradient",
    "Standard RNN Gradient Flow: Exploding Gradients": "gradient",
    "Standard RNN Gradient Flow: Vanishing Gradients": "gradient",
    "Gating Mechanisms in Neurons": "cell",
    "Long Short Term Memory (LSTM) Networks": "cell",
    "Example Task: Music Generation": "music",
    "Example Task: Sentiment Classification": "sentiment",
    "Limitations of Recurrent Models": "translation",
    "Attention Is All You Need": "translation",
    "Understanding Attention with Search": "attention",
    "Learning Self-Attention with Neural Networks": "attention",
    "Applying Multiple Self-Attention Heads": "attention",
}


def link(name: str, up: str = "") -> str:
    """Returns a link to an explorable page, which Sphinx does not look into.

    Args:
        name: Of `mitseq.pages.gallery.PAGES`.
        up: What leads from the page with the link to the top, such as "../".
    """
    return f'<a href="{up}{FOLDER}/{name}.html">{PAGES[name].title}</a>'


def index() -> str:
    """Returns the page that lists them, as Markdown."""
    lines = [f"- {link(name)}: {page.about}." for name, page in PAGES.items()]
    listed = "\n".join(lines)
    return (
        "# Pages to explore\n\nIn each of them something runs, in your browser "
        "and without a network. `mitseq page show NAME` writes one of them as "
        "a single file, and `mitseq page save` one of your own model.\n\n"
        f"{listed}\n"
    )


def write_pages(out: Path) -> None:
    """Writes all of them into the built site."""
    for name, page in PAGES.items():
        write(out / FOLDER / f"{name}.html", page.write())
