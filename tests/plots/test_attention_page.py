"""The page of attention: escaped, self-contained, and what a browser does."""

import json
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.errors import MitseqError
from mitseq.inside.attention import AttentionMap
from mitseq.plots.attention_page import AttentionPage, attention_page
from tests.browser import Watched, contrast, running_browser
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


@pytest.fixture(scope="module")
def browser():
    with running_browser() as found:
        yield found


def opened(browser, tmp_path, maps, **options):
    path = tmp_path / "page.html"
    path.write_text(attention_page(maps, title="Where"), encoding="utf-8")
    return Watched(browser, path, **options)


def causal_map(steps=40):
    even = np.tril(np.ones((steps, steps))) / np.arange(1, steps + 1)[:, None]
    return AttentionMap("past", even[None], [f"w{i}" for i in range(steps)])


def test_a_browser_shows_where_a_word_looks(browser, tmp_path):
    cross = AttentionMap("cross", WEIGHTS[:, :2], ["x", "y", "z"])
    watched = opened(browser, tmp_path, [evil_map(), cross])
    page = watched.page
    first, second = page.locator("section").all()
    words = first.locator(".key")
    assert words.all_inner_texts()[2] == "a⏎b"
    words.nth(2).hover()
    # the mean of both heads: 0.1, 0.4, 0.5
    said = first.locator(".said")
    assert said.inner_text().startswith("“a⏎b” → “a⏎b” 0.50")
    assert words.nth(0).get_attribute("title") == "0.100"
    first.locator("select").select_option("1")
    words.nth(1).hover()
    titles = [words.nth(i).get_attribute("title") for i in range(3)]
    assert titles == ["0.100", "0.100", "0.800"]
    first.locator("canvas").hover(position={"x": 65, "y": 13})
    assert said.inner_text().endswith("” → “a⏎b” 0.700")
    assert first.locator(".rows .on").all_inner_texts() == [
        EVIL.replace(" ", "␣")
    ]
    assert first.locator(".columns .on").all_inner_texts() == ["a⏎b"]
    second.locator(".query").nth(1).focus()
    assert second.locator(".key").nth(2).get_attribute("title") == "0.450"
    assert page.title() == "Where"
    assert watched.messages == [] and watched.outside() == []
    watched.context.close()


def test_tokens_stand_on_both_axes_beside_their_cells(browser, tmp_path):
    for size in ((1280, 800), (390, 844)):
        watched = opened(browser, tmp_path, causal_map(), size=size)
        page = watched.page
        tokens = causal_map().tokens
        assert page.locator(".rows span").all_text_contents() == tokens
        assert page.locator(".columns span").all_text_contents() == tokens
        canvas = page.locator("canvas").bounding_box()
        row = page.locator(".rows span").nth(9).bounding_box()
        column = page.locator(".columns span").nth(9).bounding_box()
        cell = canvas["height"] / 40
        assert cell >= 14  # there is room for a label
        assert row["y"] == pytest.approx(canvas["y"] + 9 * cell, abs=1)
        assert row["height"] == pytest.approx(cell, abs=1)
        assert column["x"] == pytest.approx(canvas["x"] + 9 * cell, abs=1)
        assert column["width"] == pytest.approx(cell, abs=1)
        # Scrolled by keyboard, the labels stay.
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        page.locator(".grid").focus()
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(300)
        assert page.locator(".columns span").first.is_visible()
        watched.context.close()


def test_before_anyone_points_early_words_are_not_favoured(browser, tmp_path):
    watched = opened(browser, tmp_path, causal_map())
    words = watched.page.locator(".key")
    titles = {word.get_attribute("title") for word in words.all()}
    assert titles == {"1.00 × an even share"}
    shades = {word.get_attribute("style") for word in words.all()}
    assert len(shades) == 1
    watched.context.close()


def test_a_legend_tells_what_the_colors_mean(browser, tmp_path):
    watched = opened(browser, tmp_path, [evil_map(), causal_map()])
    first, second = watched.page.locator("section").all()
    assert first.locator(".of-map").inner_text().split() == (
        "0 0.500: weight in the map".split()
    )
    # The first rows of a causal map would make all others dark.
    assert " and more: weight" in second.locator(".of-map").inner_text()
    words = first.locator(".of-words")
    assert "× an even share" in words.inner_text()
    first.locator(".key").nth(2).hover()
    assert words.inner_text().split()[1] == "0.500:"
    scale = first.locator(".of-map .scale")
    image = scale.evaluate("e => getComputedStyle(e).backgroundImage")
    assert image.startswith("linear-gradient(to right, rgb(68, 1, 84)")
    watched.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser, tmp_path, scheme):
    for size in ((1280, 800), (390, 844)):
        maps = [evil_map(), causal_map()]
        watched = opened(
            browser, tmp_path, maps, size=size, color_scheme=scheme
        )
        assert watched.violations() == {}
        ground = watched.page.locator("body").evaluate(
            "e => getComputedStyle(e).backgroundColor"
        )
        is_dark = contrast(ground, "rgb(255, 255, 255)") > 10
        assert is_dark == (scheme == "dark")
        # the style of the page of tunes, and of the explorable pages
        styles = attention_page(maps).split("</style>")[0]
        shared = files("mitseq").joinpath("tunes/page.css").read_text("utf-8")
        assert shared in styles
        watched.context.close()
