"""Labs as notebooks, run from top to bottom: `make notebooks` runs this.

A notebook starts with one cell that installs mitseq where it is missing, from
the checkout or from a wheel beside it, so that it opens in Jupyter and in
Colab. Needs `pip install 'mitseq[labs]'`.
"""

import ast
import sys
from pathlib import Path
from typing import Any

from mitseq.errors import MitseqError
from mitseq.output import atomic_write

KERNEL = "python3"
INSTALL = """\
# Does nothing where mitseq is installed. Elsewhere, as in Colab, it installs
# the checkout that this notebook lies in, or the newest wheel beside it (`make
# wheel` writes one, into dist/). mitseq is on no package index.
import importlib.util
from pathlib import Path

if importlib.util.find_spec("mitseq") is None:
    here = Path.cwd()
    found = [p for p in (here, *here.parents) if (p / "mitseq/slides").is_dir()]
    found = found[:1] or sorted(here.glob("mitseq-*.whl"))[-1:]
    if not found:
        raise ModuleNotFoundError(
            "mitseq: put its wheel beside this notebook and run this cell again"
        )
    %pip install --quiet "{found[0]}[labs]"\
"""


def notebook_of(lab: Path) -> Any:
    """Returns a script in percent format as a notebook with an install cell.

    Raises:
        MitseqError: if jupytext is not installed.
    """
    try:
        import jupytext
        from nbformat.v4 import new_code_cell, new_markdown_cell
    except ImportError as error:
        raise MitseqError(
            "notebooks need jupytext: pip install 'mitseq[labs]'"
        ) from error
    text = lab.read_text("utf-8")
    book = jupytext.reads(text, fmt="py:percent")
    # The docstring would be shown as a result, quotes and all.
    doc = ast.get_docstring(ast.parse(text))
    if doc:
        book.cells[0] = new_markdown_cell(f"```text\n{doc}\n```", id="about")
    book.cells.insert(0, new_code_cell(INSTALL, id="install"))
    kernel = {"display_name": "Python 3", "language": "python", "name": KERNEL}
    book.metadata["kernelspec"] = kernel
    return book


def run(book: Any, folder: Path, minutes: float = 10.0) -> None:
    """Executes a notebook; its outputs are in it afterwards.

    Args:
        book: The notebook.
        folder: Where it runs, and writes its files.
        minutes: The longest that one cell may take.

    Raises:
        MitseqError: if nbclient is not installed.
    """
    try:
        import nbclient
    except ImportError as error:
        raise MitseqError(
            "notebooks need nbclient: pip install 'mitseq[labs]'"
        ) from error
    nbclient.NotebookClient(
        book,
        timeout=int(60 * minutes),
        startup_timeout=300,  # a busy machine starts a kernel slowly
        kernel_name=KERNEL,
    ).execute(cwd=str(folder))


def write(labs: list[Path], out: Path) -> None:
    """Runs labs as notebooks and writes them into a folder."""
    import nbformat

    for lab in labs:
        book = notebook_of(lab)
        run(book, lab.parent.parent)
        path = atomic_write(out / f"{lab.stem}.ipynb", nbformat.writes(book))
        print(path, flush=True)


if __name__ == "__main__":
    write(sorted(Path(sys.argv[1]).glob("*.py")), Path(sys.argv[2]))
