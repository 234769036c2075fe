"""Every figure of the lecture in one go: `make figures` runs this.

Each example is run once, its figure goes to docs/images/slides/, and
docs/figures.md shows them in the order of the lecture.
"""

import contextlib
import io
import sys
from pathlib import Path

from mitseq.plots.style import save_figure
from mitseq.slides.find import numbered
from mitseq.slides.page import slug
from mitseq.slides.references import load, name_of

TOP = (
    "# The figures of the lecture\n\n"
    "One figure for each example, in the order of the slides. "
    "`make figures` draws\nthem, and `mitseq slides show` draws one, with its "
    "code. What leads where is in\n[slides.md](slides.md).\n"
)


def entries() -> dict[str, list[tuple[str, str, str]]]:
    """Returns chapter -> title, idea, example of each figure, none twice.

    Example:

    >>> title, idea, example = entries()["Neurons with recurrence"][0]
    >>> example
    'mitseq.slides.recurrence:ball'
    """
    drawn = {""}
    found: dict[str, list[tuple[str, str, str]]] = {}
    for _, chapter, slide in numbered():
        if slide.example not in drawn:
            drawn.add(slide.example)
            found.setdefault(chapter.title, []).append(
                (slide.title, slide.idea, slide.example)
            )
    return found


def image_of(example: str) -> str:
    """Returns the file of an example's figure, below docs/.

    Example:

    >>> image_of("mitseq.slides.recurrence:total_loss")
    'images/slides/recurrence-total-loss.png'
    """
    module = example.partition(":")[0].rpartition(".")[2]
    return f"images/slides/{slug(f'{module} {name_of(example)}')}.png"


def gallery() -> str:
    """Returns the page that shows all figures."""
    parts = [TOP]
    for chapter, figures in entries().items():
        parts.append(f"## {chapter}\n")
        for title, idea, example in figures:
            parts.append(
                f"**{title}** {idea}\n\n![{title}]({image_of(example)})\n"
            )
    return "\n".join(parts)


def draw_all(docs: Path) -> list[Path]:
    """Runs every example, writes its figure and the page; returns the files."""
    files = []
    for figures in entries().values():
        for _, _, example in figures:
            with contextlib.redirect_stdout(io.StringIO()):
                figure = load(example)()
            files.append(save_figure(figure, docs / image_of(example)))
    (docs / "figures.md").write_text(gallery(), "utf-8")
    return files


if __name__ == "__main__":
    for file in draw_all(Path(sys.argv[1])):
        print(file)
