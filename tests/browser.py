"""A browser for the tests of pages: what it shows, and what it asks for."""

import contextlib
import shutil

import pytest

_ARGUMENTS = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]


@contextlib.contextmanager
def running_browser():
    """Yields a Chromium without a window; without one the test is skipped.

    For a module at most: while it runs no other one can be started here, and
    nothing else that has a loop of events of its own.
    """
    sync_api = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed"
    )
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    paths = [shutil.which(name) for name in names]
    with sync_api.sync_playwright() as playwright:
        for path in [None, *filter(None, paths)]:
            try:
                running = playwright.chromium.launch(
                    executable_path=path, args=_ARGUMENTS
                )
                break
            except sync_api.Error:
                continue
        else:
            pytest.skip("no Chromium: `playwright install chromium`")
        yield running
        running.close()


class Watched:
    """A page in the browser that remembers what it asked for and said."""

    def __init__(self, browser, path, size=(1100, 800), **options):
        viewport = dict(zip(("width", "height"), size, strict=True))
        self.context = browser.new_context(viewport=viewport, **options)
        self.page = self.context.new_page()
        self.requests, self.messages = [], []
        self.page.on("request", lambda r: self.requests.append(r.url))
        self.page.on("console", lambda m: self.messages.append(m.text))
        self.page.on("pageerror", lambda e: self.messages.append(str(e)))
        self.url = path.as_uri()
        self.page.goto(self.url)

    def outside(self):
        """What came from neither the file nor the page itself."""
        return [
            url
            for url in self.requests
            if url != self.url and not url.startswith(("data:", "blob:"))
        ]

    def violations(self):
        """The rules of accessibility that axe-core finds broken, and where."""
        axe = pytest.importorskip("axe_playwright_python.sync_playwright")
        found = axe.Axe().run(self.page).response["violations"]
        return {
            rule["id"]: [node["html"] for node in rule["nodes"]]
            for rule in found
        }


def contrast(one, other):
    """How much brighter one color is than the other, 1 to 21 (WCAG 2).

    Both as the browser writes them: "rgb(29, 27, 24)".
    """
    dark, bright = sorted(map(_luminance, (one, other)))
    return (bright + 0.05) / (dark + 0.05)


def _luminance(color):
    parts = [int(part) / 255 for part in color[4:-1].split(",")]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
