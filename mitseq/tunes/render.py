"""A run's tunes as files: `tune-1.abc`, `tune-1.mid`, ... in one folder."""

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from mitseq.errors import MitseqError
from mitseq.output import atomic_write, output_folder
from mitseq.tunes.page import to_html
from mitseq.tunes.tune import FORMATS, SHORT_NAMES, Tune


def parse_formats(formats: str | Iterable[str]) -> tuple[str, ...]:
    """Returns the formats that a list names.

    Args:
        formats: Names joined by commas, or an iterable of names. `mid`,
            `xml` and a dot before a name are taken as well.

    Returns:
        The names in the order of `FORMATS`, each once.

    Raises:
        MitseqError: if a name is unknown, or none is given.

    Example:

    >>> parse_formats("wav,abc,mid")
    ('abc', 'midi', 'wav')
    """
    parts = formats.split(",") if isinstance(formats, str) else list(formats)
    names = [str(part).strip().lower().removeprefix(".") for part in parts]
    names = [SHORT_NAMES.get(n, n) for n in names if n]
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        raise MitseqError(
            f"`formats` must be some of {','.join(FORMATS)}. "
            f"Received: formats={','.join(map(str, parts))!r}."
        )
    return tuple(name for name in FORMATS if name in names)


def render(
    tunes: Iterable[Tune | str],
    formats: str | Sequence[str] = FORMATS,
    out_dir: str | os.PathLike[str] = "tunes",
    stem: str = "tune",
    overwrite: bool = False,
) -> list[Path]:
    r"""Writes tunes to a folder, one file a tune and format.

    The files are numbered: `tune-1.abc`, `tune-1.mid`, `tune-2.abc`, ... A
    run never touches the files of another one: it starts at the first number
    after all that are there, unless `overwrite` says to start at 1. There is
    one HTML page a run, with all its tunes; it has the number of the first of
    them. A tune that the checker does not accept is written as `abc` and
    shown, with the reason, on the page; it has no other files.

    Args:
        tunes: Tunes, or ABC texts of one tune each.
        formats: Some of `abc`, `midi`, `musicxml`, `svg`, `png`, `wav`,
            `html`.
        out_dir: Folder to write to; it is created.
        stem: What the names start with.
        overwrite: Whether to start at number 1 and replace what is there.

    Returns:
        The paths of the files, tune by tune, the page last.

    Raises:
        MitseqError: if a format is unknown, there is no tune, no tune can be
            written in any of the formats, or `stem` is not the plain start of
            a file name.
        OutputError: if a file cannot be written.

    Example:

    >>> import tempfile
    >>> tune = "X:1\nM:2/4\nL:1/8\nK:D\nd2 A2|]\n"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for _ in range(2):
    ...         print([p.name for p in render([tune], "abc,midi", folder)])
    ['tune-1.abc', 'tune-1.mid']
    ['tune-2.abc', 'tune-2.mid']
    """
    formats = parse_formats(formats)
    tunes = [t if isinstance(t, Tune) else Tune(t) for t in tunes]
    if not tunes:
        raise MitseqError("`tunes` must hold at least one tune. Received: [].")
    if not re.fullmatch(r"[^\\/:*?\"<>|\x00-\x1f]+", stem):
        raise MitseqError(
            "`stem` must be the plain start of a file name. "
            f"Received: stem={stem!r}."
        )
    folder = Path(out_dir)
    first = 1 if overwrite else next_number(folder, stem)
    written = [_written(tune, formats) for tune in tunes]
    if not any(written) and "html" not in formats:
        tunes[0].to(formats[0])  # raises the reason
    output_folder(folder)
    paths = []
    for number, contents in enumerate(written, start=first):
        for format, content in contents.items():
            suffix = "mid" if format == "midi" else format
            path = folder / f"{stem}-{number}.{suffix}"
            paths.append(atomic_write(path, content))
    if "html" in formats:
        page = to_html(tunes, first=first)
        paths.append(atomic_write(folder / f"{stem}-{first}.html", page))
    return paths


def _written(tune: Tune, formats: Sequence[str]) -> dict[str, str | bytes]:
    """The contents of a tune's files; only `abc` if it cannot be drawn."""
    wanted = [name for name in formats if name != "html"]
    try:
        return {name: tune.to(name) for name in wanted}
    except MitseqError:
        return {"abc": tune.to("abc")} if "abc" in wanted else {}


def next_number(folder: str | os.PathLike[str], stem: str = "tune") -> int:
    """Returns the first number after all that files in a folder have.

    It is 1 where there is no folder, and 4 where there is a `tune-3.mid`.
    """
    try:
        names = os.listdir(folder)
    except OSError:
        names = []
    pattern = re.compile(rf"{re.escape(stem)}-(\d{{1,9}})\.")
    return 1 + max(
        (int(m[1]) for m in map(pattern.match, names) if m), default=0
    )
