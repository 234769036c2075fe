"""The page of attention: escaped, self-contained, and what a browser does."""

import json
import shutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.errors import MitseqError
from mitseq.inside.attention import AttentionMap
from mitseq.plots.attention_page import AttentionPage, attention_page
from tests.html_elements import Elements

EVIL = "<img src=x onerror=\"document.title='hacked'\">"
EVIL_SCRIPT = "</section></script><script>document.title='hacked'</script>"
WEIGHTS = np.array(
    [
        [[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.2, 0.7, 0.1]],
        [[0.1, 0.2, 0.7], [0.1, 0.1, 0.8], [0.0, 0.1, 0.9]],
    ]
)


def tags(page):
    return [tag for tag, _ in Elements(page).found]


def evil_map():
    return AttentionMap(EVIL, WEIGHTS, [EVIL, EVIL_SCRIPT, "a\nb"])


def test_text_is_escaped_and_nothing_is_asked_from_the_network():
    page = attention_page([evil_map()], title=EVIL_SCRIPT)
    assert "img" not in tags(page)
    assert tags(page).count("script") == 1
    assert "http:" not in page and "https:" not in page
    (meta,) = (a for t, a in Elements(page).found if "http-equiv" in a)
    assert "default-src 'none'" in meta["content"]
    (section,) = (a for t, a in Elements(page).found if t == "section")
    assert json.loads(section["data-map"])["keys"][0] == EVIL


@settings(max_examples=50, deadline=None)
@given(st.text(), st.text())
def test_no_token_adds_an_element(token, layer):
    weights = np.ones((1, 1, 1))
    page = attention_page(AttentionMap(layer, weights, [token]), token)
    plain = attention_page(AttentionMap("x", weights, ["x"]), "x")
    assert tags(page) == tags(plain)
    page.encode("utf-8")


def test_a_notebook_gets_the_page_in_a_frame_of_its_own():
    page = AttentionPage(evil_map(), title="Where", height=300)
    ((tag, attributes),) = Elements(page._repr_html_()).found
    assert tag == "iframe"
    assert attributes["srcdoc"] == page.html
    assert attributes["sandbox"] == "allow-scripts"
    assert "300px" in attributes["style"]


def test_no_map_is_an_error():
    with pytest.raises(MitseqError, match="at least one map"):
        attention_page([])


def test_a_browser_shows_where_a_word_looks(tmp_path):
    sync_api = pytest.importorskip("playwright.sync_api")
    path = tmp_path / "page.html"
    cross = AttentionMap("cross", WEIGHTS[:, :2], ["x", "y", "z"])
    maps = [evil_map(), cross]
    path.write_text(attention_page(maps, title="Where"), encoding="utf-8")
    with sync_api.sync_playwright() as playwright:
        names = ("chromium", "chromium-browser", "google-chrome", "chrome")
        for executable in [None, *filter(None, map(shutil.which, names))]:
            try:
                browser = playwright.chromium.launch(
                    executable_path=executable, args=["--no-sandbox"]
                )
                break
            except sync_api.Error:
                continue
        else:
            pytest.skip("no Chromium: `playwright install chromium`")
        page = browser.new_page()
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda said: (
                errors.append(said.text) if said.type == "error" else None
            ),
        )
        page.goto(path.as_uri())
        first, second = page.locator("section").all()
        words = first.locator(".key")
        assert words.all_inner_texts()[2] == "a⏎b"
        words.nth(2).hover()
        # the mean of both heads: 0.1, 0.4, 0.5
        assert (
            first.locator(".said").inner_text().startswith("“a⏎b” → “a⏎b” 0.50")
        )
        assert words.nth(0).get_attribute("title") == "0.100"
        first.locator("select").select_option("1")
        words.nth(1).hover()
        assert [words.nth(i).get_attribute("title") for i in range(3)] == [
            "0.100",
            "0.100",
            "0.800",
        ]
        first.locator("canvas").hover(position={"x": 65, "y": 13})
        assert "0.700" in first.locator(".said").inner_text()
        second.locator(".query").nth(1).focus()
        assert second.locator(".key").nth(2).get_attribute("title") == "0.450"
        assert page.title() == "Where"
        assert errors == []
        browser.close()
