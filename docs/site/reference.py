"""Pages of all public names, from their docstrings.

`__init__.pyi` says which names are public and where each stands; they are
grouped by the folders of the package, in the order of docs/architecture.md.
"""

import ast
import inspect
import re
import textwrap
from pathlib import Path

from latex import blocks, latex, rows
from page import write

ROOT = Path(__file__).parents[2]
# folder or module -> the page of what stands there, its title, what it is
PAGES = {
    "layers": ("Layers", "What plugs into a Keras model."),
    "generation": ("Generation", "From a model of the next token to a text."),
    "training": ("Training", "One machine or many."),
    "inside": ("Looking inside", "Gradients through time, attention."),
    "text": ("Text", "From text to numbers and back."),
    "tunes": ("Tunes", "ABC notation read, checked and drawn."),
    "tasks.music": ("Music", "Tunes in ABC notation."),
    "tasks.sentiment": ("Sentiment", "What the writer thinks of it."),
    "tasks.words": ("Next word", "What comes next in a sentence."),
    "tasks.translate": ("Translation", "A sentence in another language."),
    "tasks.tag": ("Tagging", "A part of speech for each word."),
    "tasks.caption": ("Captions", "What is to be seen in a picture."),
    "tasks.forecast": ("Forecasts", "How a series goes on."),
    "tasks.ball": ("The ball", "Where it goes next."),
    "": ("Devices, errors, exercises", "What all the others share."),
}


def public_names() -> dict[str, list[str]]:
    """Returns the public names of each page, in alphabetical order."""
    stub = ROOT / "mitseq" / "__init__.pyi"
    found: dict[str, list[str]] = {page: [] for page in PAGES}
    for node in ast.parse(stub.read_text(encoding="utf-8")).body:
        names, module = [], ""
        if isinstance(node, ast.ImportFrom):
            if not (node.module or "").startswith("mitseq"):
                continue
            module = node.module.removeprefix("mitseq").lstrip(".")
            names = [name.asname for name in node.names if name.asname]
        elif isinstance(node, ast.FunctionDef):
            names = [node.name]
            module = "generation" if node.name == "generate" else _home(node)
        for name in names:
            page = next(p for p in PAGES if not p or module.startswith(p))
            if name not in found[page]:
                found[page].append(name)
    return {page: sorted(names) for page, names in found.items() if names}


def write_pages(folder: Path) -> list[str]:
    """Writes one page for each group of names, and an index.

    Args:
        folder: Where the pages are written, as `index.md` and one a group.

    Returns:
        The names of the pages, without ".md".
    """
    written = []
    for page, names in public_names().items():
        title, idea = PAGES[page]
        name = (page or "shared").replace("tasks.", "")
        lines = [f"# {title}", "", idea, "", "```{eval-rst}"]
        for each in names:
            lines += _directive(each)
        write(folder / f"{name}.md", "\n".join([*lines, "```", ""]))
        written.append(name)
    listed = "\n".join(written)
    write(
        folder / "index.md",
        "# Reference\n\nEvery public class and function; all of them are "
        "names of `mitseq` itself. Their examples run in the tests.\n\n"
        f"```{{toctree}}\n:maxdepth: 2\n\n{listed}\n```\n",
    )
    return written


def tidy_docstring(app, what, name, obj, options, lines) -> None:
    """Makes of a docstring what Sphinx reads: Markdown ticks, equations.

    Handler of Sphinx's `autodoc-process-docstring`.
    """
    text = "\n".join(lines) + "\n"
    text = re.sub(r"(?<!`)`([^`\n]+(?:\n[^`\n]+)?)`(?!`)", r"``\1``", text)
    text = re.sub(
        r"(?m)^(Equations[^\n]*(?:\n(?! )[^\n]+)*):\n((?:[^\n]+\n)+)",
        lambda found: _equations(found[1], found[2]),
        text,
    )
    text = re.sub(
        r"(?m)^Equation: ``([^`]*)``",
        lambda found: f"Equation: :math:`{latex(found[1])}`",
        text,
    )
    # a sentence with lines below it that are set in: as they stand
    text = re.sub(
        r"(?m)^(?!Call arguments)([A-Z]\w*,? [^\n]*):\n((?:    [^\n]*\n)+)",
        lambda found: f"{found[1]}::\n\n{found[2]}",
        text,
    )
    lines[:] = text.split("\n")


def own_signature(app, what, name, obj, options, signature, returned):
    """Returns a class's own arguments: Keras hides them behind `*args`.

    Handler of Sphinx's `autodoc-process-signature`.
    """
    if what != "class" or "__init__" not in vars(obj):
        return None
    found = inspect.signature(vars(obj)["__init__"])
    arguments = [
        argument.replace(annotation=inspect.Parameter.empty)
        for name, argument in found.parameters.items()
        if name != "self"
    ]
    found = found.replace(
        parameters=arguments, return_annotation=inspect.Signature.empty
    )
    return str(found), None


def _home(node):
    """Returns the module of an overloaded function, by its name."""
    for path in sorted((ROOT / "mitseq").rglob("*.py")):
        if re.search(rf"(?m)^def {node.name}\(", path.read_text("utf-8")):
            relative = path.relative_to(ROOT / "mitseq").with_suffix("")
            return ".".join(relative.parts)
    raise LookupError(node.name)


def _directive(name):
    import mitseq

    found = getattr(mitseq, name)
    if inspect.ismodule(found):
        return [f".. automodule:: mitseq.{name}", "   :members:", ""]
    if inspect.isclass(found):
        own = [
            each
            for each, value in vars(found).items()
            if not each.startswith("_")
            and getattr(value, "__doc__", None)
            and (callable(value) or isinstance(value, property))
            and each not in ("build", "get_config", "compute_mask")
        ]
        members = f"   :members: {', '.join(own)}" if own else ""
        return [f".. autoclass:: mitseq.{name}", members, ""]
    return [f".. autofunction:: mitseq.{name}", ""]


def _equations(title, body):
    if not body.startswith(" "):
        return f"{title}:\n{body}"
    parts = [f"{title}:", ""]
    for kind, text in blocks(body):
        if kind == "words":
            parts += [text.replace("\n", " "), ""]
        else:
            parts += [".. math::", "", textwrap.indent(rows(text), "   "), ""]
    return "\n".join(parts) + "\n"
