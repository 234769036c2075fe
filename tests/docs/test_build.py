"""The whole site, built once: no warning, no dead link, nothing from elsewhere.

The build is a process of its own, as `make docs` is; it takes half a minute.
"""

import html.parser
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.browser import Watched, running_browser

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    for name in ("sphinx", "myst_nb", "pydata_sphinx_theme", "latex2mathml"):
        pytest.importorskip(name, reason="`pip install mitseq[docs]`")
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "site" / "build.py"), str(folder)],
        capture_output=True,
        text=True,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr.strip() == ""
    return folder


class _Links(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.links, self.names, self.loaded = [], set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.names |= {attrs[key] for key in ("id", "name") if attrs.get(key)}
        if tag == "a" and attrs.get("href"):
            self.links.append(attrs["href"])
        for key in ("src", "href"):
            if tag in ("img", "script", "link", "source") and attrs.get(key):
                self.loaded.append(attrs[key])


@pytest.fixture(scope="module")
def pages(site):
    return {
        path: _Links(path.read_text("utf-8"))
        for path in sorted(site.rglob("*.html"))
        if "_static" not in path.parts  # the theme's own templates
    }


def test_no_link_of_the_site_is_dead(site, pages):
    dead = []
    for path, page in pages.items():
        for link in page.links + page.loaded:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = path
            if parts.path:
                target = (path.parent / unquote(parts.path)).resolve()
            name = unquote(parts.fragment)
            if not target.exists():
                dead.append(f"{path.relative_to(site)}: {link}")
            elif name and target in pages and name not in pages[target].names:
                dead.append(f"{path.relative_to(site)}: {link}, no such name")
    assert dead == []


def test_no_page_loads_anything_from_elsewhere(pages):
    asked = {
        link
        for page in pages.values()
        for link in page.loaded
        if urlsplit(link).scheme in ("http", "https") or link.startswith("//")
    }
    assert asked == set()


def test_lecture_reference_labs_and_cards_are_there(site):
    for page in ("index", "lecture/index", "reference/layers", "cards/music"):
        assert (site / f"{page}.html").exists()
    labs = list((ROOT / "docs" / "notebooks").glob("*.ipynb"))
    for lab in labs:
        text = (site / "notebooks" / f"{lab.stem}.html").read_text("utf-8")
        assert "colab-badge" not in text
    text = (site / "reference" / "layers.html").read_text("utf-8")
    assert "<math" in text and "mitseq.LSTM" in text
    assert "build/site" in (ROOT / "Makefile").read_text("utf-8")


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
def test_pages_show_without_a_network_and_fit_the_screen(site, size):
    with running_browser() as browser:
        for name in ("index", "lecture/3-backpropagation-through-time"):
            shown = Watched(
                browser, site / f"{name}.html", size=size, offline=True
            )
            page = shown.page
            page.wait_for_load_state()
            wide = page.evaluate(
                "document.documentElement.scrollWidth - window.innerWidth"
            )
            assert wide <= 0
            assert all(url.startswith("file:") for url in shown.outside())
            told = [m for m in shown.messages if "[PST]" not in m]
            assert told == []
            shown.context.close()


def test_search_finds_a_layer(site):
    with running_browser() as browser:
        shown = Watched(browser, site / "search.html", offline=True)
        shown.page.goto(f"{shown.url}?q=SelfAttentionHead")
        found = shown.page.locator("#search-results a").first
        found.wait_for(timeout=20_000)
        assert "SelfAttentionHead" in shown.page.content()
        shown.context.close()
