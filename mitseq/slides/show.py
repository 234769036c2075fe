"""One slide at work: its code, its example as it runs, and its figure."""

import contextlib
import dataclasses
import io
import os
from pathlib import Path

from mitseq.errors import MitseqError
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
        overwrite: Whether a file that is there may be replaced.

    Raises:
        MitseqError: if the file is there and must not be replaced.
    """
    path = Path(out or ".")
    if not path.suffix or path.is_dir():
        path = path / f"{slug(slide.title)}.png"
    if path.exists() and not overwrite:
        raise MitseqError(f"{path} exists; --overwrite replaces it")
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
    return Shown(printed.getvalue(), save_figure(figure, path))
