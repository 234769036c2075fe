"""One self-contained HTML page: one style sheet, one script, no network.

The page works from `file://`. A content policy in it forbids every request and
every script but its own, which is named by its hash. What goes into `body` is
the caller's, who escapes the text in it.
"""

import base64
import hashlib
import re
from html import escape
from importlib import resources


def offline_page(
    title: str, body: str, package: str, name: str, sources: str = ""
) -> str:
    """Puts the head, the style sheet and the script around a body.

    Args:
        title: Of the page, not yet escaped.
        body: HTML, escaped.
        package: The package that has the style sheet and the script.
        name: Of both files, before `.css` and `.js`.
        sources: What else the page may show or play, in the words of a content
            policy, as in `"img-src data:; "`.

    Returns:
        The HTML text.

    Example:

    >>> page = offline_page("a < b", "<p>x</p>", "mitseq.plots", "attention")
    >>> "<title>a &lt; b</title>" in page
    True
    """
    folder = resources.files(package)
    style = folder.joinpath(f"{name}.css").read_text("utf-8")
    script = folder.joinpath(f"{name}.js").read_text("utf-8")
    digest = hashlib.sha256(script.encode()).digest()
    policy = (
        f"default-src 'none'; {sources}style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'; "
        f"script-src 'sha256-{base64.b64encode(digest).decode()}'"
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"\n<title>{escape(title)}</title>\n"
        f"<style>\n{style}</style>\n</head>\n<body>\n{body}\n"
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


def printable(text: str) -> str:
    r"""Text without characters that no file or page can hold.

    Example:

    >>> printable("a\x00b\tc\n")
    'ab\tc\n'
    """
    return re.sub(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", "", text
    )
