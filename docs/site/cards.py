"""The cards of the bundled models, which stand beside them in the package."""

from pathlib import Path

from page import write

CARDS = Path(__file__).parents[2] / "mitseq" / "pretrained"


def write_pages(folder: Path) -> list[str]:
    """Copies the cards into a folder of the site, and writes their index.

    Args:
        folder: Where the pages are written.

    Returns:
        The names of the pages, without ".md".
    """
    names = sorted(path.stem for path in CARDS.glob("*.md"))
    for name in names:
        write(folder / f"{name}.md", (CARDS / f"{name}.md").read_text("utf-8"))
    listed = "\n".join(names)
    write(
        folder / "index.md",
        "# The bundled models\n\nWhat each has learned from, how good it is, "
        "and what it is not for.\n\n"
        f"```{{toctree}}\n:maxdepth: 1\n\n{listed}\n```\n",
    )
    return names
