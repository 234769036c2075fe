"""The tables of docs/slides.md and the gallery, docs/figures.md.

`make slides` writes both from deck.py and notes.py; a test checks that they
are what this file makes.
"""

import sys
from pathlib import Path

from mitseq.slides.deck import DECK, LABS, Chapter, Slide
from mitseq.slides.find import chapters
from mitseq.slides.references import file_of, name_of

BEGIN = (
    "<!-- From here on written by `make slides`: edit mitseq/slides/deck.py "
    "and notes.py. -->"
)
END = "<!-- Written by hand again. -->"
NOT_BUILT = "not built yet"


def tables() -> str:
    """Returns the labs and every chapter as Markdown tables."""
    parts = [_labs()]
    for chapter in chapters():
        parts.append(
            _chapter(chapter, "slide" if chapter in DECK else "section")
        )
    return "\n\n".join(parts)


def write_tables(text: str) -> str:
    """Returns a page with the tables between its two marks made new.

    Args:
        text: The page, with the lines `BEGIN` and `END`.
    """
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{tables()}\n\n{END}{after}"


def slug(title: str) -> str:
    """Returns a title as the name of a file.

    Example:

    >>> slug("RNNs: Backpropagation Through Time")
    'rnns-backpropagation-through-time'
    """
    kept = "".join(c if c.isalnum() else " " for c in title.lower())
    return "-".join(kept.split())


def lab_link(name: str, cell: str = "") -> str:
    """Returns a link to a lab, and the name of its cell."""
    number = int(name.partition("_")[0])
    return f"[Lab {number}](../labs/{name}.py)" + (f" `{cell}`" if cell else "")


def _labs() -> str:
    rows = [f"| {lab_link(name)} | {topic} |" for name, topic in LABS.items()]
    head = "| labs | [executed, as notebooks](notebooks/README.md) |"
    return "\n".join([head, "|---|---|", *rows])


def _chapter(chapter: Chapter, first: str) -> str:
    head = [
        f"## {chapter.title}",
        "",
        f"| {first} | idea | code | lab | figure | test |",
        "|---|---|---|---|---|---|",
    ]
    return "\n".join([*head, *map(_row, chapter.slides)])


def _row(slide: Slide) -> str:
    anchor = f'<a id="{slide.anchor}"></a>' if slide.anchor else ""
    missing = ", ".join(slide.missing)
    cells = [
        anchor + slide.title,
        slide.idea + (f" Not built yet: {missing}." if missing else ""),
        ", ".join(map(_code_link, slide.code)) or NOT_BUILT,
        ", ".join(lab_link(*lab.split(":")) for lab in slide.labs),
        _code_link(slide.figure) if slide.figure else "",
        ", ".join(map(_test_link, slide.tests)),
    ]
    return "| " + " | ".join(cells).replace("  ", " ") + " |"


def _code_link(reference: str) -> str:
    return f"[`{name_of(reference)}`](../{file_of(reference)})"


def _test_link(test: str) -> str:
    file, _, name = test.partition(":")
    return f"[`{name}`](../tests/{file})"


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(write_tables(page.read_text("utf-8")), "utf-8")
