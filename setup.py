"""What setup.cfg cannot say: the page of a package index, and where to build.

The page is README.md. Its links and pictures lead into the repository; on an
index they need the repository's address, `Source` of `project_urls`. Where
none is given, a link becomes its words and a picture is left out, so that the
page shows nothing that leads nowhere.

A build works in a temporary folder, so `pip install .` leaves nothing behind.
"""

import configparser
import re
import tempfile
from pathlib import Path

from setuptools import setup

ROOT = Path(__file__).parent
# [text](target) or ![text](target); the target is no address yet
LINK = re.compile(r"(!?)\[([^]]*)\]\((?![a-z]+:|#)([^)\s]+)\)")


def index_page(readme: str, source: str | None, tag: str) -> str:
    """Returns a README as it stands away from its repository.

    Args:
        readme: Markdown with links that are relative to the repository.
        source: Address of the repository, None if it has none.
        tag: Version of the files that are shown, "v0.1.0".

    Example:

    >>> readme = "![A score](docs/score.png) and [more](docs/more.md#here)"
    >>> index_page(readme, None, "v1")
    ' and more'
    >>> index_page(readme, "https://host.example/a/b", "v1")
    '![A score](https://host.example/a/b/raw/v1/docs/score.png) and \
[more](https://host.example/a/b/blob/v1/docs/more.md#here)'
    """

    def lead(link: re.Match) -> str:
        picture, text, target = link.groups()
        if not source:
            return "" if picture else text
        kind = "raw" if picture else "blob"
        return f"{picture}[{text}]({source}/{kind}/{tag}/{target})"

    page = LINK.sub(lead, readme)
    return re.sub(r"\n{3,}", "\n\n", page)  # where a picture stood


def project_urls() -> dict[str, str]:
    """Returns the addresses of setup.cfg."""
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    lines = settings["metadata"]["project_urls"].strip().splitlines()
    return dict(re.split(r"\s*=\s*", line, maxsplit=1) for line in lines)


def version() -> str:
    """Returns the version of the package, without importing it."""
    text = (ROOT / "mitseq" / "__init__.py").read_text(encoding="utf-8")
    return re.search(r'^__version__ = "(.+)"$', text, re.MULTILINE)[1]


if __name__ == "__main__":
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    source = project_urls().get("Source")
    with tempfile.TemporaryDirectory(prefix="mitseq-build-") as folder:
        setup(
            long_description=index_page(readme, source, f"v{version()}"),
            options={
                "build": {"build_base": folder},
                "egg_info": {"egg_base": folder},
            },
        )
