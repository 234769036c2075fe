"""The lecture as pages: each slide with equation, lines of code and figure.

All of it is what `mitseq slides show` prints, from mitseq/slides/.
"""

from pathlib import Path

import explore
from latex import blocks, rows
from page import write
from reference import public_names

from mitseq.exercises.catalog import all_exercises
from mitseq.slides.board import board_of, equation_in_rows, lines_of
from mitseq.slides.deck import DECK, Slide
from mitseq.slides.page import slug
from mitseq.slides.references import name_of
from mitseq.slides.remarks import remarks_on
from mitseq.slides.seen import seen_in

DOCS = Path(__file__).parents[1]


def write_pages(folder: Path) -> list[str]:
    """Writes a page for each chapter of the lecture, and an index.

    Args:
        folder: Where the pages are written.

    Returns:
        The names of the pages, without ".md".
    """
    public = {name for names in public_names().values() for name in names}
    written = []
    for number, chapter in enumerate(DECK, start=1):
        parts = [f"# {chapter.title}"]
        parts += [slide_section(slide, public) for slide in chapter.slides]
        name = f"{number}-{slug(chapter.title)}"
        write(folder / f"{name}.md", "\n\n".join(parts) + "\n")
        written.append(name)
    listed = "\n".join(written)
    write(
        folder / "index.md",
        "# The lecture, slide by slide\n\nEach titled slide of Lecture 2, "
        "*Deep Sequence Modeling* (MIT 6.S191), in order: what it says, its "
        "equation, the lines of `mitseq` that are it, what they draw, and "
        "where to do it yourself. `mitseq slides show` prints the same, and "
        "runs it.\n\n"
        f"```{{toctree}}\n:maxdepth: 2\n\n{listed}\n```\n",
    )
    return written


def slide_section(slide: Slide, public: set[str]) -> str:
    """Returns one slide as Markdown.

    Args:
        slide: Of the deck.
        public: Names that the reference has.
    """
    board = board_of(slide)
    parts = [f"## {slide.title}", slide.idea]
    parts += _math(board.equation)
    in_rows = equation_in_rows(slide)
    if in_rows and in_rows != board.equation:
        parts.append("In the code a row is an example of the batch:")
        parts += _math(in_rows)
    parts += [
        f":::{{note}}\n{remark}\n:::" for remark in remarks_on(slide.title)
    ]
    for excerpt in lines_of(slide):
        parts.append(
            f"```{{code-block}} python\n:caption: {excerpt.file}, "
            f"{excerpt.name}\n\n{excerpt.text}\n```"
        )
    if (picture := figure_file(slide)) is not None:
        see = seen_in(slide.example)
        parts.append(
            f"```{{figure}} ../{picture.relative_to(DOCS)}\n:alt: {see}\n\n"
            f"{see}\n```"
        )
    parts.append(_further(slide, public))
    return "\n\n".join(parts)


def figure_file(slide: Slide) -> Path | None:
    """Returns the picture of a slide in docs/images/slides, if it has one."""
    module, _, name = slide.example.partition(":")
    file = f"{module.rpartition('.')[2]}-{name.replace('_', '-')}.png"
    path = DOCS / "images" / "slides" / file
    return path if slide.example and path.exists() else None


def _math(text):
    parts = []
    for kind, block in blocks(text):
        if kind == "words":
            parts.append(block.replace("\n", " "))
        else:
            parts.append(f"```{{math}}\n{rows(block)}\n```")
    return parts


def _further(slide, public):
    """Returns where to read on: classes, labs, exercises."""
    lines = []
    if slide.title in explore.SLIDES:
        name = explore.SLIDES[slide.title]
        lines.append(f"To explore: {explore.link(name, '../')}")
    names = dict.fromkeys(name_of(reference) for reference in slide.code)
    if found := [name for name in names if name in public]:
        lines.append(
            "Reference: " + ", ".join(f"{{py:obj}}`mitseq.{n}`" for n in found)
        )
    labs = dict.fromkeys(lab.partition(":")[0] for lab in slide.labs)
    if labs:
        lines.append(
            "Labs: "
            + ", ".join(f"[{int(n[:2])}](../notebooks/{n}.ipynb)" for n in labs)
        )
    if names := [e.name for e in all_exercises() if e.slide == slide.title]:
        lines.append(f"To do: `mitseq exercises start DIR {' '.join(names)}`")
    lines.append(f'To run: `mitseq slides show "{slide.title}"`')
    return "\n".join(f"- {line}" for line in lines)
