"""The lines of a source file that are a slide's idea.

A layer's class is 120 to 270 lines: docstring, arguments, checks, `get_config`.
What a slide says is in a few of them. A reference names the function or method
that has them, and where even that is long, its first and its last line. What
is shown is cut from the file: there is no second copy of the code.
"""

import ast
import dataclasses
import functools
import re
import textwrap
from collections.abc import Iterator

from mitseq.errors import MitseqError
from mitseq.slides.references import ROOT, file_of

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_FORM = re.compile(
    r"(?P<name>[\w.]+:[\w.]+)(\[(?P<first>.*?)\.\.(?P<last>.*)\])?"
)


@dataclasses.dataclass(frozen=True)
class Excerpt:
    """Lines of a file.

    Args:
        file: As it stands in the repository.
        name: Of the function or method, "LSTMCell.call".
        text: The lines, dedented.
    """

    file: str
    name: str
    text: str


def excerpt(reference: str) -> Excerpt:
    """Returns the lines that a reference names, without what is no idea.

    Docstrings are left out, and statements that only check arguments: an `if`,
    or a loop, that does nothing but raise, and calls of functions called
    `check...`. Of a class it is the method `call`.

    Args:
        reference: `"module:function"`, `"module:Class.method"`, or either with
            where it begins and ends, `"module:function[first..last]"`: the
            first line of it that begins with `first`, and the statement that
            begins with `last` on that line or after it. Either may be empty.

    Raises:
        MitseqError: if the file has no such definition or line.

    Example:

    >>> print(excerpt("mitseq.layers.perceptron:feed_forward[for..]").text)
    for i, (W, b) in enumerate(layers):
        x_t = ops.matmul(x_t, W) + b
        if i < len(layers) - 1:
            x_t = activation(x_t)
    return x_t
    """
    form = _FORM.fullmatch(reference)
    if form is None:
        raise MitseqError(f"{reference!r} is no reference to lines of code")
    file, name = file_of(form["name"]), form["name"].partition(":")[2]
    lines, tree = _parsed(file)
    node = _definition(tree, name, reference)
    if isinstance(node, ast.ClassDef):
        node, name = _definition(node, "call", reference), f"{name}.call"
    left_out = set(_no_idea(node))
    first, last = node.lineno, node.end_lineno
    if form["first"] is not None:
        first = node.body[0].lineno
        if form["first"]:  # which may be a comment above the body
            at = node.lineno + 1
            first = _beginning(lines, form["first"], node, at, reference)
        if form["last"]:
            last = _beginning(lines, form["last"], node, first, reference)
            last = max(
                child.end_lineno
                for child in ast.walk(node)
                if isinstance(child, ast.stmt) and child.lineno == last
            )
    kept = [i for i in range(first, last + 1) if i not in left_out]
    text = "\n".join(lines[i - 1] for i in kept)
    text = re.sub(r"\n(\s*\n)+", "\n\n", textwrap.dedent(text)).strip("\n")
    return Excerpt(file, name, text)


def _definition(tree: ast.AST, name: str, reference: str):
    for part in name.split("."):
        found = [
            node
            for node in tree.body
            if isinstance(node, _DEFINITIONS) and node.name == part
        ]
        if not found:
            raise MitseqError(f"{reference!r}: there is no {part!r}")
        tree = found[0]
    return tree


def _beginning(
    lines: list[str], words: str, node, first: int, reference: str
) -> int:
    for number in range(first, node.end_lineno + 1):
        if lines[number - 1].strip().startswith(words):
            return number
    raise MitseqError(f"{reference!r}: no line begins with {words!r}")


def _no_idea(node) -> Iterator[int]:
    """Yields the numbers of lines that say nothing about the idea."""
    for part in ast.walk(node):
        body = getattr(part, "body", None)
        if not isinstance(body, list):
            continue
        has_doc = isinstance(part, _DEFINITIONS) and ast.get_docstring(part)
        left_out, rest = (body[:1], body[1:]) if has_doc else ([], body)
        checks = [child for child in rest if _is_check(child)]
        if len(checks) < len(rest):  # or the body would be left empty
            left_out = left_out + checks
        for child in left_out:
            yield from range(child.lineno, child.end_lineno + 1)


def _is_check(node: ast.stmt) -> bool:
    if isinstance(node, (ast.If, ast.For)):
        return not node.orelse and all(
            isinstance(child, ast.Raise) or _is_check(child)
            for child in node.body
        )
    called = getattr(getattr(node, "value", None), "func", None)
    name = getattr(called, "attr", getattr(called, "id", ""))
    return isinstance(node, ast.Expr) and name.lstrip("_").startswith("check")


@functools.cache
def _parsed(file: str) -> tuple[list[str], ast.Module]:
    text = (ROOT / file).read_text("utf-8")
    return text.splitlines(), ast.parse(text)


def docstring(reference: str) -> str:
    """Returns the docstring of `"module:name"`, read from the file.

    Example:

    >>> docstring("mitseq.layers.lstm:LSTMCell").partition(".")[0]
    'One step of an LSTM: three gates decide what the cell state keeps'
    """
    module, _, name = reference.partition(":")
    tree = _parsed(file_of(reference))[1]
    return ast.get_docstring(_definition(tree, name, reference)) or ""
