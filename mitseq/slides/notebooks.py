"""Labs as notebooks, run from top to bottom: `make notebooks` runs this.

A notebook starts with a button that opens it in Colab, and with one cell that
installs mitseq where it is missing. Those of docs/notebooks are kept with their
outputs, without what differs from run to run. Needs `pip install
'mitseq[labs]'`.
"""

import ast
import base64
import configparser
import io
import math
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from mitseq.errors import MitseqError
from mitseq.output import atomic_write

KERNEL = "python3"
COLAB = "https://colab.research.google.com"
BADGE = f"![Open in Colab]({COLAB}/assets/colab-badge.svg)"
UPLOAD = f"""\
[{BADGE}]({COLAB}/#upload=true)

Upload this notebook there, and in its pane *Files* the wheel that `make wheel`
writes into `dist/`.\
"""
INSTALL = """\
# Does nothing where mitseq is installed. Elsewhere, as in Colab, it installs
# the checkout that this notebook lies in, or the newest wheel beside it{rest}
import importlib.util
from pathlib import Path

if importlib.util.find_spec("mitseq") is None:
    here = Path.cwd()
    found = [p for p in (here, *here.parents) if (p / "mitseq/slides").is_dir()]
    found = found[:1] or sorted(here.glob("mitseq-*.whl"))[-1:]
{what}
    %pip install --quiet "{{what}}"\
"""
NO_REPOSITORY = (
    """\
: `make
# wheel` writes one, into dist/. mitseq is on no package index.\
""",
    """\
    if not found:
        raise ModuleNotFoundError(
            "mitseq: put its wheel beside this notebook and run this cell again"
        )
    what = f"{found[0]}[labs]"\
""",
)
REPOSITORY = (
    ", or else\n# what mitseq's repository holds.",
    """\
    what = f"{{found[0]}}[labs]" if found else "mitseq[labs] @ git+{address}"\
""",
)

# What the files may be as large as: together, and each. In bytes.
MOST_TOGETHER, MOST_EACH = 15_000_000, 2_000_000

# Of a sound that is kept.
SECONDS, RATE = 20, 11_025

_WAV = re.compile(r"data:audio/(?:x-)?wav;base64,([\w+/=]+)")
_MACHINE_PATH = re.compile(r"/(?:tmp|home|root|work|Users|var/folders)/")
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
_REPOSITORY = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?")


def repository_of(setup: Path) -> str | None:
    """Returns "OWNER/NAME" on GitHub, None as long as there is no such place.

    Args:
        setup: The file `setup.cfg`. Its `url` and `project_urls` are read.
    """
    parser = configparser.ConfigParser()
    parser.read(setup, "utf-8")
    url = parser.get("metadata", "url", fallback="")
    more = parser.get("metadata", "project_urls", fallback="")
    for line in [url, *more.splitlines()]:
        if found := _REPOSITORY.fullmatch(line.rpartition("=")[2].strip()):
            return found[1]
    return None


def first_cells(name: str, repository: str | None) -> tuple[str, str]:
    """Returns the button as Markdown, and the cell that installs mitseq.

    Args:
        name: Of the notebook, without its folder and ending.
        repository: "OWNER/NAME"; None if there is none to install from.
    """
    if repository is None:
        rest, what = NO_REPOSITORY
        return UPLOAD, INSTALL.format(rest=rest, what=what)
    rest, what = REPOSITORY
    what = what.format(address=f"https://github.com/{repository}")
    path = f"github/{repository}/blob/main/docs/notebooks/{name}.ipynb"
    button = f"[{BADGE}]({COLAB}/{path})"
    return button, INSTALL.format(rest=rest, what=what)


def notebook_of(lab: Path, repository: str | None = None) -> Any:
    """Returns a script in percent format as a notebook.

    What belongs to the script alone is left out, and what to expect stands
    below what the student has predicted.

    Args:
        lab: The script.
        repository: "OWNER/NAME", where Colab finds notebook and package.

    Raises:
        MitseqError: if jupytext is not installed.
    """
    try:
        import jupytext
        from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
    except ImportError as error:
        raise MitseqError(
            "notebooks need jupytext: pip install 'mitseq[labs]'"
        ) from error
    text = lab.read_text("utf-8")
    cells = jupytext.reads(text, fmt="py:percent").cells
    button, install = first_cells(lab.stem, repository)
    found = [new_markdown_cell(button), new_code_cell(install)]
    # The docstring would be shown as a result, quotes and all.
    doc, _, expected = (ast.get_docstring(ast.parse(text)) or "").partition(
        "\nExpect: "
    )
    if doc:
        cells[0] = new_markdown_cell(f"```text\n{doc}\n```")
    for cell in cells:
        if cell.cell_type == "raw":
            continue
        if cell.source.startswith("## 5 ") and expected:
            found.append(new_markdown_cell(f"**To compare with**: {expected}"))
        found.append(cell)
    for number, cell in enumerate(found):
        cell.id, cell.metadata = f"cell-{number:02}", {}
    kernel = {"display_name": "Python 3", "language": "python", "name": KERNEL}
    return new_notebook(
        cells=found,
        metadata={"kernelspec": kernel, "language_info": {"name": "python"}},
    )


def run(book: Any, folder: Path, minutes: float = 60.0) -> None:
    """Executes a notebook; its outputs are in it afterwards.

    Args:
        book: The notebook.
        folder: Where it runs, and writes its files.
        minutes: The longest that one cell may take: a busy machine needs ten
            times as long as an idle one.

    Raises:
        MitseqError: if nbclient is not installed.
    """
    try:
        import nbclient
    except ImportError as error:
        raise MitseqError(
            "notebooks need nbclient: pip install 'mitseq[labs]'"
        ) from error
    # as for a student, who has set none of these
    ours = ("MPLBACKEND", "TF_CPP_MIN_LOG_LEVEL")
    nbclient.NotebookClient(
        book,
        timeout=int(60 * minutes),
        startup_timeout=300,  # a busy machine starts a kernel slowly
        kernel_name=KERNEL,
        record_timing=False,
        coalesce_streams=True,
    ).execute(
        cwd=str(folder),
        env={k: v for k, v in os.environ.items() if k not in ours},
    )


def tidy(book: Any) -> None:
    """Takes away what differs from run to run and what nobody reads later.

    These are bars of progress, the version of Python and addresses in memory. A
    sound is kept as its first seconds, at a low rate.
    """
    book.metadata["language_info"] = {"name": "python"}
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.metadata = {}
            cell.outputs = [
                output
                for output in cell.outputs
                if output.get("metadata", {}).get("mitseq") != "progress"
            ]
            for output in cell.outputs:
                data = output.get("data", {})
                if text := data.get("text/plain"):
                    data["text/plain"] = _ADDRESS.sub("", text)
                if page := data.get("text/html"):
                    data["text/html"] = _WAV.sub(_shorter, page)


def _shorter(found: re.Match) -> str:
    """Returns the address of a sound, of less data."""
    from scipy.io import wavfile
    from scipy.signal import resample_poly

    rate, sound = wavfile.read(io.BytesIO(base64.b64decode(found[1])))
    first = sound[: SECONDS * rate]
    mono = first.reshape(len(first), -1).mean(axis=1)
    step = math.gcd(rate, RATE)
    low = resample_poly(mono, RATE // step, rate // step)
    low *= min(1.0, 32767 / max(abs(low).max(), 1.0))  # filters overshoot
    shorter = io.BytesIO()
    wavfile.write(shorter, RATE, low.astype("int16"))
    code = base64.b64encode(shorter.getvalue()).decode()
    return f"data:audio/wav;base64,{code}"


def faults(text: str, lab: Path, repository: str | None = None) -> list[str]:
    """Returns what is wrong with an executed notebook, a line each.

    Args:
        text: Of the notebook's file.
        lab: The script that it was made of.
        repository: As in `notebook_of`.
    """
    import nbformat

    book = nbformat.reads(text, as_version=4)
    wanted = notebook_of(lab, repository)
    found = []
    if list(map(_as_written, book.cells)) != list(
        map(_as_written, wanted.cells)
    ):
        found.append(f"its cells are not those of {lab.name}")
    if book.metadata != wanted.metadata:
        found.append(f"its metadata are {book.metadata}")
    codes = [cell for cell in book.cells if cell.cell_type == "code"]
    counts = [cell.execution_count for cell in codes]
    if counts != [*range(1, len(codes) + 1)]:
        found.append(f"its cells were not run in order, once each: {counts}")
    for count, cell in enumerate(codes, 1):
        shown_types = [t for o in cell.outputs for t in o.get("data", {})]
        if shown_types.count("image/png") > 1:
            found.append(f"cell {count} shows a figure twice")
        for output in cell.outputs:
            shown = str(output.get("text") or output.get("data", ""))
            if output.output_type == "error":
                found.append(f"cell {count} ends with {output.ename}")
            # TensorFlow's own go to standard output in a notebook
            if output.get("name") == "stderr" or "WARNING:tensorflow" in shown:
                found.append(f"cell {count} warns: {shown!r}")
            if path := _MACHINE_PATH.search(shown):
                found.append(f"cell {count} names a path in {path[0]!r}")
    if len(text.encode()) > MOST_EACH:
        found.append(f"{len(text.encode()):,} bytes of at most {MOST_EACH:,}")
    return found


def _as_written(cell) -> tuple:
    return cell.id, cell.cell_type, cell.source, dict(cell.metadata)


def index_of(labs: list[Path]) -> str:
    """Returns the table of the notebooks, as Markdown."""
    rows = []
    for lab in labs:
        doc = ast.get_docstring(ast.parse(lab.read_text("utf-8"))) or ""
        number, _, what = doc.partition("\n")[0].partition(": ")
        minutes = re.search(r"^Minutes: (.*?)(?: on two cores)?\.?$", doc, re.M)
        rows.append(
            f"| [{number}]({lab.stem}.ipynb) | {what[:1].upper()}{what[1:]} | "
            f"{minutes[1] if minutes else ''} | [script](../../labs/{lab.name})"
            " |"
        )
    return "\n".join([INDEX, *rows, ""])


INDEX = """\
# The labs as notebooks

Each is a script of [labs/](../../labs), executed, with what it prints, draws
and plays: to be read before anything is installed. Where it says **Predict**,
say what you expect before you read on. A button opens it in Colab. To run them
here: `make notebooks`, or one of them with `make notebooks LAB=18`.

| | | minutes, two cores | |
|---|---|---|---|\
"""


def write(labs: list[Path], out: Path, repository: str | None = None) -> None:
    """Runs labs as notebooks and writes them into a folder.

    Raises:
        MitseqError: if a notebook is not as it must be, with the cell.
    """
    import nbformat

    for lab in labs:
        book = notebook_of(lab, repository)
        with tempfile.TemporaryDirectory() as folder:
            run(book, Path(folder))
        tidy(book)
        text = nbformat.writes(book) + "\n"
        if wrong := faults(text, lab, repository):
            raise MitseqError(f"{lab.name} as a notebook: {'; '.join(wrong)}")
        print(atomic_write(out / f"{lab.stem}.ipynb", text), flush=True)


def main(folder: str, out: str, number: str = "") -> None:
    """Writes the notebooks of a folder, or one, and their table.

    Args:
        folder: Of the scripts.
        out: Where the notebooks go.
        number: Of the one to write, "07"; all if empty.
    """
    labs = sorted(Path(folder).glob("*.py"))
    chosen = [lab for lab in labs if lab.name.startswith(number)]
    if not chosen:
        raise MitseqError(f"no lab {number!r} in {folder}")
    write(chosen, Path(out), repository_of(Path("setup.cfg")))
    written = [lab for lab in labs if Path(out, f"{lab.stem}.ipynb").exists()]
    atomic_write(Path(out, "README.md"), index_of(written))


if __name__ == "__main__":
    main(*sys.argv[1:])
