"""The frame of a page: what it forbids, and that its text stays text."""

import base64
import hashlib
import re
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mitseq.offline_page import fill, offline_page, printable
from tests.html_elements import Elements

SOURCES = {"tunes/page": "media-src blob:; img-src data:; "}


def empty(name, title="t"):
    """A page of nothing."""
    return offline_page(name, title, tunes=[], maps=[])


@pytest.mark.parametrize("name", ["tunes/page", "plots/attention_page"])
def test_policy_names_the_hash_of_the_script_in_the_page(name):
    page = empty(name)
    (script,) = re.findall("<script>(.*?)</script>", page, re.DOTALL)
    files = resources.files("mitseq")
    assert script == files.joinpath(f"{name}.js").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    (meta,) = (a for _, a in Elements(page).found if "http-equiv" in a)
    assert meta["content"] == (
        f"default-src 'none'; {SOURCES.get(name, '')}style-src "
        "'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        f"script-src 'sha256-{digest}'"
    )


def test_page_asks_for_nothing_and_holds_the_body_once():
    page = empty("plots/attention_page")
    tags = [tag for tag, _ in Elements(page).found]
    head = "html head meta meta meta title style body".split()
    assert tags == [*head, *"main h1 p noscript p script".split()]
    assert page.startswith("<!DOCTYPE html>\n") and page.endswith("</html>\n")
    assert "http:" not in page and "https:" not in page


@given(st.text())
def test_no_title_adds_an_element(title):
    page = empty("plots/attention_page", title)
    plain = empty("plots/attention_page")
    assert [t for t, _ in Elements(page).found] == [
        t for t, _ in Elements(plain).found
    ]
    page.encode("utf-8")


def test_text_that_fills_a_template_is_escaped_and_can_be_held():
    frame = fill("plots/attention_frame.html", page='"<b>\x00&\ud800', height=9)
    ((tag, attributes),) = Elements(frame).found
    assert tag == "iframe" and attributes["srcdoc"] == '"<b>&'
    frame.encode("utf-8")


def test_a_name_that_is_not_filled_is_an_error():
    jinja2 = pytest.importorskip("jinja2")
    with pytest.raises(jinja2.UndefinedError, match="'height' is undefined"):
        fill("plots/attention_frame.html", page="")


def test_printable_keeps_tabs_and_has_one_kind_of_line_end():
    text = "a\tb\nc\x00\x1f\x85\ud800\ufffe\r\nd\re"
    assert printable(text) == "a\tb\nc\nd\ne"
