"""One slide at work: its code, its example as it runs, and its figure."""

import contextlib
import dataclasses
import io
import os
import re
from pathlib import Path

from mitseq.output import check_new
from mitseq.plots.style import save_figure
from mitseq.slides.deck import Slide
from mitseq.slides.page import slug
from mitseq.slides.references import load, source_of


@dataclasses.dataclass(frozen=True)
class Shown:
    """What a slide's example did.

    Args:
        printed: What it printed.
        figure: Where its figure was written.
    """

    printed: str
    figure: Path


def figure_path(
    slide: Slide, out: str | os.PathLike | None, overwrite: bool
) -> Path:
    """Returns where the figure of a slide goes, before it is drawn.

    Args:
        slide: The slide.
        out: A file, or a folder; None for the current folder.
        overwrite: Whether any file that is there may be replaced. A figure
            that `run_example` has drawn of the same slide always may.

    Raises:
        MitseqError: if the file is there and must not be replaced.
    """
    path = Path(out or ".")
    if not path.suffix or path.is_dir():
        path = path / f"{slug(slide.title)}.png"
    check_new(path, overwrite or _is_ours(path, slide))
    return path


def code_of(slide: Slide) -> str:
    """Returns the source of the slide's first object, and its example."""
    return "\n\n\n".join(
        source_of(reference)
        for reference in (*slide.code[:1], slide.example)
        if reference
    )


def run_example(slide: Slide, path: Path) -> Shown:
    """Runs the example of a slide and writes its figure to a file."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        figure = load(slide.example)()
    path = save_figure(figure, path, title=_mark(slide))
    return Shown(printed.getvalue(), path)


def _mark(slide: Slide) -> str:
    """What a figure's file says inside, so that it may be drawn again."""
    return f"mitseq slides show {slug(slide.title)}"


def _is_ours(path: Path, slide: Slide) -> bool:
    mark = re.escape(_mark(slide)).encode()
    # the end of the title in a .png, an .svg, a .pdf
    with contextlib.suppress(OSError):
        return bool(re.search(mark + rb"(?![\w-])", path.read_bytes()))
    return False
