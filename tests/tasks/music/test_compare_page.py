import base64

import pytest

from mitseq.tasks.music import compare as module
from mitseq.tasks.music.compare import collection_of, compare_collections
from mitseq.tasks.music.compare_page import compare_page
from tests.browser import Watched, running_browser
from tests.html_elements import Elements
from tests.tasks.music.test_compare import reel

EVIL = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def page():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "TREES", 10)
        patch.setattr(module, "ROUNDS", 1)
        one = collection_of([reel(seed) for seed in range(20)], EVIL)
        texts = [reel(seed, notes="Dfad") for seed in range(50, 70)]
        other = collection_of([*texts, "K:D\n"], "other")
        return compare_page(compare_collections(one, other, floor=(one, one)))


def test_page_has_all_numbers_and_pictures(page):
    assert page.count("<tr") == 2 + 30 + 10
    pictures = [
        a["src"].removeprefix("data:image/png;base64,")
        for tag, a in Elements(page).found
        if tag == "img"
    ]
    assert len(pictures) == 1 + 6 + 6 + 1
    for picture in pictures:
        assert base64.b64decode(picture)[:4] == b"\x89PNG"
    assert "is the floor" in page and "20 tunes measured, of 21 read" in page


def test_names_are_text(page):
    assert EVIL not in page and "&lt;img src=x" in page


def test_page_in_a_browser(page, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(page)
    with running_browser() as browser:
        watched = Watched(browser, path)
        assert watched.outside() == [] and watched.messages == []
        assert watched.violations() == {}
        head = watched.page.locator("thead button").nth(1)
        head.click()
        column = "table >> nth=0 >> tbody td:nth-child(2)"
        values = list(
            map(float, watched.page.locator(column).all_inner_texts())
        )
        assert values == sorted(values)
        head.click()
        again = list(map(float, watched.page.locator(column).all_inner_texts()))
        assert again == sorted(values, reverse=True)
