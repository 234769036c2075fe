"""A browser for a file of tests, and the pages of the bundled models once."""

import pytest

import mitseq
from mitseq.pages.deciding import deciding_page
from mitseq.pages.writing import writing_page
from tests.browser import Watched, running_browser

SIZES = {"desk": (1280, 800), "phone": (390, 844)}


@pytest.fixture(scope="module")
def browser():
    with running_browser() as found:
        yield found


@pytest.fixture(scope="module")
def opened(browser, tmp_path_factory):
    """Opens the HTML of a page without a network, when it is ready."""
    folder = tmp_path_factory.mktemp("pages")
    contexts = []

    def open_page(html, size="desk", **options):
        path = folder / f"page-{len(contexts)}.html"
        path.write_text(html, "utf-8")
        found = Watched(browser, path, SIZES[size], offline=True, **options)
        contexts.append(found.context)
        # an element without a box is never visible
        found.page.wait_for_selector("main[data-is-ready]", timeout=20_000)
        return found

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def music_html():
    return writing_page(mitseq.load_music_model())


@pytest.fixture(scope="session")
def sentiment_html():
    return deciding_page(mitseq.load_sentiment_model(), bits=16)


HOSTILE = [
    "<script>document.title='hacked'</script>",
    "<img src=x onerror=document.title='hacked'>",
    "</title><svg onload=document.title='hacked'>",
    '"><b>bold</b>',
    "'><i>",
    "</main></body></html>",
    "<!--",
    "-->",
    "]]>",
    "&lt;b&gt;",
    "&amp;amp;",
    "javascript:alert(1)",
    "${document.title='hacked'}",
    "{{ 7 * 7 }}",
    "{% endblock %}",
    "\\u003cscript\\u003e",
    "<textarea>",
    "<style>*{display:none}</style>",
    "`+alert(1)+`",
    "\u202egnp.exe",
]
