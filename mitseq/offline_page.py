"""HTML from templates: fragments, and pages that need no network.

A template is an `.html` file beside the code that fills it. Whatever text goes
in is escaped, and without characters that no page can hold.

A page has one style sheet and one script: the files of the same name, and
before them those that pages share. It works from `file://`: a content policy in
it forbids every request and every script but its own, which is named by its
hash.
"""

import base64
import functools
import hashlib
import re
from collections.abc import Sequence
from importlib import resources
from typing import Any


def offline_page(
    name: str,
    title: str,
    base: str | None = None,
    *,
    styles: Sequence[str] = (),
    scripts: Sequence[str] = (),
    **values: Any,
) -> str:
    """Returns a page: its template, its style sheet and its script.

    Args:
        name: Of the three files, as in "tunes/page". The template extends
            `offline_page.html`: block `body` holds the page, block `sources`
            what else it may show or play, in the words of a content policy.
        title: Of the page.
        base: Another page, whose style sheet and script come before its own.
        styles: Style sheets that come before its own, as in "tunes/page".
        scripts: Scripts that come before its own, likewise.
        **values: Of the names in the template.

    Example:

    >>> page = offline_page("plots/attention_page", title="a < b", maps=[])
    >>> "<title>a &lt; b</title>" in page
    True
    """
    files = resources.files("mitseq")
    style, script = (
        "".join(
            files.joinpath(f"{part}.{suffix}").read_text("utf-8")
            for part in filter(None, (base, *shared, name))
        )
        for suffix, shared in (("css", styles), ("js", scripts))
    )
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest())
    page = fill(
        f"{name}.html",
        title=title,
        style=style,
        script=script,
        digest=digest.decode(),
        **values,
    )
    return page + "\n"


def fill(template: str, **values: Any) -> str:
    """Returns the HTML of a template filled with text, which stays text.

    Args:
        template: Path of the file, from the folder of `mitseq`.
        **values: Of the names in it.
    """
    return _templates().get_template(template).render(values)


@functools.cache
def _templates():
    import jinja2  # takes a moment, and most commands write no page

    return jinja2.Environment(
        loader=jinja2.PackageLoader("mitseq", ""),
        autoescape=True,
        finalize=lambda value: printable(value) if _is_text(value) else value,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and not hasattr(value, "__html__")


def printable(text: str) -> str:
    r"""Returns text with one kind of line end, and all that a page can hold.

    Example:

    >>> printable("a\x00b\tc\r\n")
    'ab\tc\n'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", "", text
    )
