"""Builds the documentation as a site that needs no network to be read.

    python docs/site/build.py build/site

The pages in docs/ are written for those who read the sources. Here they are put
beside the pages that are made from the sources (lecture.py, reference.py,
cards.py, explore.py) and those that only a site has (pages/), in a folder that
is thrown away; Sphinx then makes the site of it. A warning is an error.
"""

import shutil
import sys
import tempfile
from pathlib import Path

SITE = Path(__file__).parent
ROOT = SITE.parents[1]
LINKED = ("mitseq", "labs", "tests", "benchmarks")
INCLUDED = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")


def stage(folder: Path) -> Path:
    """Puts together what the site is made of.

    Args:
        folder: An empty one. What the pages link to stands beside them there,
            as in the sources.

    Returns:
        The folder of the pages.
    """
    for part in LINKED:
        (folder / part).symlink_to(ROOT / part)
    for part in INCLUDED:
        shutil.copy(ROOT / part, folder)
    docs = folder / "docs"
    shutil.copytree(
        ROOT / "docs", docs, ignore=shutil.ignore_patterns("site", "_build")
    )
    for page in (SITE / "pages").iterdir():
        shutil.copy(page, docs)
    (docs / "site").symlink_to(SITE)  # pages link to it
    return docs


def build(out: Path) -> int:
    """Builds the site.

    Args:
        out: Folder of the site, `index.html` and all that belongs to it.

    Returns:
        0, or Sphinx's exit code if there was an error or a warning.
    """
    import explore
    from sphinx.cmd.build import build_main

    with tempfile.TemporaryDirectory() as folder:
        docs = stage(Path(folder))
        failed = build_main(
            ["-q", "-W", "--keep-going", "-j", "auto", "-c", str(SITE)]
            + ["-d", str(Path(folder) / "read"), str(docs), str(out)]
        )
    explore.write_pages(out)
    return failed


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python docs/site/build.py FOLDER")
    sys.exit(build(Path(sys.argv[1])))
