"""Writes a page that is made from the sources."""

from pathlib import Path


def write(path: Path, text: str) -> None:
    """Writes a page; its folder is made.

    Args:
        path: The page.
        text: All of it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
