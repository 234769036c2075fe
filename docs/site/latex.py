r"""Equations in plain text, as docstrings and the board have them, in LaTeX.

The plain text has one way to write each thing, which is all that is read here:
`h_{t-1}` and `W_xh^T`, a space for a product, `*` for one element by element,
names of several letters for functions, and after two spaces words that say what
a line is.

>>> print(latex("h_t = tanh(x_t W_xh + h_prev W_hh)"))
h_{t} = \tanh(x_{t}\,W_{xh} + h_{\text{prev}}\,W_{hh})
"""

import re

FUNCTIONS = {
    "tanh": r"\tanh",
    "log": r"\log",
    "min": r"\min",
    "sum": r"\sum",
    "sqrt": r"\sqrt",
}
OPERATORS = ("sigmoid", "softmax", "argmax", "diag", "score")
LETTERS = {"ŷ": r"\hat{y}", "η": r"\eta", "R": r"\mathbb{R}"}
SIGNS = {
    "...": r"\dots",
    "->": r"\to",
    "<-": r"\leftarrow",
    "~": r"\sim",
    "|": "|",
    "*": r"\cdot",
}
NO_PRODUCT = (*FUNCTIONS, *OPERATORS)
GATES = ("z", "r", "f", "i", "o")
TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<name>[^\W\d_]+)(?P<sub>_(?:\{[^}]*\}|\w+))?(?P<sup>\^\w+)?"
    r"|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<sign>\.\.\.|->|<-|.)"
)


def blocks(text: str) -> list[tuple[str, str]]:
    r"""Splits the equations of a docstring: what is indented, and what is said.

    Args:
        text: Of `equation_in`: all in one column are equations; where some
            lines are indented, the others are sentences between them.

    Returns:
        `("equations", lines)` and `("words", lines)`, in order.

    Example:

    >>> blocks("    a = b\nand then\n    c = d")
    [('equations', 'a = b'), ('words', 'and then'), ('equations', 'c = d')]
    """
    lines = [line for line in text.splitlines() if line.strip()]
    indented = any(line.startswith(" ") for line in lines)
    found: list[tuple[str, list[str]]] = []
    for line in lines:
        kind = "equations"
        if indented and not line.startswith(" "):
            kind = "words"
        if not found or found[-1][0] != kind:
            found.append((kind, []))
        found[-1][1].append(line.strip())
    return [(kind, "\n".join(held)) for kind, held in found]


def rows(text: str) -> str:
    r"""Returns lines of equations as one `align*`, at their equality signs.

    Example:

    >>> print(rows("y = A V   the output"))
    \begin{align*}
    y &= A\,V && \text{the output}
    \end{align*}
    """
    lines = []
    for line in filter(str.strip, text.splitlines()):
        head, tail, is_said = _split(line.strip())
        if not is_said and tail:  # a name, and the equation that it has
            lines.append(rf"\text{{{head}}} && {latex(tail)}")
            continue
        found = latex(head)
        if "=" in found:
            found = re.sub(r" ?= ", " &= ", found, count=1)
        else:
            found = "& " + found
        lines.append(found + (rf" && \text{{{tail}}}" if tail else ""))
    return "\n".join(
        [r"\begin{align*}", " \\\\\n".join(lines), r"\end{align*}"]
    )


def latex(text: str) -> str:
    """Returns one equation in LaTeX."""
    tokens = [match for match in TOKEN.finditer(text.strip())]
    written: list[str] = []
    product = False  # whether a space before the next name is a product
    for place, token in enumerate(tokens):
        if token["space"]:
            continue
        name = token["name"]
        spaced = place > 0 and tokens[place - 1]["space"]
        begins = (
            name
            and not _is_word(name)
            or token["number"]
            or token["sign"] in ("(", "[")
        )
        if product and spaced and begins:
            written.append(r"\,")
        if token["space"] is None and name:
            written.append(("" if _glued(written) else " ") + _name(token))
        elif token["number"]:
            written.append(token["number"])
        else:
            written.append(_sign(token["sign"], tokens, place))
        product = bool(
            (name and not _is_word(name) and name not in NO_PRODUCT)
            or token["number"]
            or token["sign"] in (")", "]")
        )
    return _tidy("".join(written))


def _split(line):
    """Cuts a line at its last gap of two spaces, if words stand behind it."""
    gaps = list(re.finditer(r" {2,}", line))
    if not gaps:
        return line, "", True
    head, tail = line[: gaps[-1].start()].strip(), line[gaps[-1].end() :]
    is_said = not re.search(r"[=^_ŷ]", tail)
    if is_said or "=" not in head:
        return head, tail, is_said
    return line, "", True


def _glued(written):
    return not written or written[-1].endswith(("(", "[", r"\,", "|"))


def _is_word(name):
    is_d = re.fullmatch(r"d[A-Za-z]", name)
    return len(name) > 1 and name not in FUNCTIONS and not is_d


def _name(token):
    name, sub, sup = token["name"], token["sub"] or "", token["sup"] or ""
    sub = sub[1:].strip("{}")
    tilde = sub == "tilde"
    if name in FUNCTIONS:
        found = FUNCTIONS[name]
    elif name in OPERATORS:
        found = rf"\operatorname{{{name}}}"
    elif name in LETTERS:
        found = LETTERS[name]
    elif re.fullmatch(r"d[A-Za-z]", name):
        found = rf"d{name[1]}"
    elif len(name) > 1 and len(sub) > 3 and not tilde:
        found, sub = rf"\text{{{name} {sub}}}", ""
    elif len(name) > 1:
        found = rf"\text{{{name}}}"
    else:
        found = name
    if tilde:
        found = rf"\tilde{{{found}}}"
    elif sub:
        found += rf"_{{{_subscript(sub)}}}"
    if sup:
        found += r"^{\top}" if sup == "^T" else rf"^{{{sup[1:]}}}"
    return found


def _subscript(sub):
    if re.fullmatch(r"[A-Za-z]{4,}", sub):
        return rf"\text{{{sub}}}"
    return sub.replace("_", r"\_")


def _sign(sign, tokens, place):
    if sign == "*" and _is_gate(tokens, place):
        return r" \odot "
    found = SIGNS.get(sign, sign)
    if sign in "()[],.|/" or sign == ":":
        return found + (" " if sign == "," else "")
    return f" {found} "


def _is_gate(tokens, place):
    """Whether `*` has a gate at one of its sides: then element by element."""
    before = [t for t in tokens[:place] if not t["space"]][-1]
    after = [t for t in tokens[place + 1 :] if not t["space"]][0]
    if before["sign"] == ")":
        before = [t for t in tokens[:place] if t["name"]][-1]
    return any(t["name"] in GATES and t["sub"] for t in (before, after))


def _tidy(text):
    text = re.sub(r" +", " ", text).strip()
    text = re.sub(r"\\sqrt\(([^()]*)\)", r"\\sqrt{\1}", text)
    over = r"(d[A-Za-z](?:_\{[^}]*\})?)"
    text = re.sub(rf"{over}/ ?{over}", r"\\frac{\1}{\2}", text)
    text = re.sub(r" (\))", r"\1", text)
    while (
        joined := re.sub(r"\\text\{([^}]*)\} \\text\{", r"\\text{\1 ", text)
    ) != text:
        text = joined
    # a sentence needs its spaces: around words that stand between symbols
    text = re.sub(
        r"( ?)\\text\{([^}]*)\}( ?)",
        lambda found: r"\text{" + "".join(found.groups()) + "}",
        text,
    )
    text = re.sub(r"\)_ ?(\w)", r")_{\1}", text.replace(") _ ", ")_"))
    return text.replace(r"\text{in}", r"\in").replace("( ", "(")
