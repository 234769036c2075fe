"""The frame of a page: what it forbids, and that its text stays text."""

import base64
import hashlib
import re
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mitseq.offline_page import offline_page, printable
from tests.html_elements import Elements


@pytest.mark.parametrize(
    ("package", "name"),
    [("mitseq.tunes", "page"), ("mitseq.plots", "attention")],
)
def test_policy_names_the_hash_of_the_script_in_the_page(package, name):
    page = offline_page("t", "<p>body</p>", package, name)
    (script,) = re.findall("<script>(.*?)</script>", page, re.DOTALL)
    assert script == resources.files(package).joinpath(f"{name}.js").read_text(
        "utf-8"
    )
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    (meta,) = (a for _, a in Elements(page).found if "http-equiv" in a)
    assert meta["content"] == (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
        f"form-action 'none'; script-src 'sha256-{digest}'"
    )


def test_policy_allows_what_the_caller_names():
    page = offline_page("t", "", "mitseq.tunes", "page", "img-src data:; ")
    assert "default-src 'none'; img-src data:; style-src" in page


def test_page_asks_for_nothing_and_holds_the_body_once():
    page = offline_page("t", "<p>body</p>", "mitseq.plots", "attention")
    tags = [tag for tag, _ in Elements(page).found]
    assert tags == "html head meta meta meta title style body p script".split()
    assert page.count("<p>body</p>") == 1
    assert "http:" not in page and "https:" not in page


@given(st.text())
def test_no_title_adds_an_element(title):
    plain = offline_page("t", "", "mitseq.plots", "attention")
    page = offline_page(printable(title), "", "mitseq.plots", "attention")
    assert [t for t, _ in Elements(page).found] == [
        t for t, _ in Elements(plain).found
    ]
    page.encode("utf-8")


def test_printable_keeps_tabs_and_line_ends():
    assert printable("a\tb\nc\x00\x1f\x85\ud800\ufffe\r") == "a\tb\nc"
