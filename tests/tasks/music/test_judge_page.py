import json

import pytest

from mitseq.tasks.music.judge import blind_test, read_results, verdict
from mitseq.tasks.music.judge_page import judge_page
from tests.browser import Watched, running_browser
from tests.html_elements import Elements

HEAD = "M:2/4\nL:1/8\nK:D\n"
PEOPLE = [(f"{HEAD}d2A2|d4|]\n", "secret.abc"), (f"{HEAD}f4|]\n", "secret.abc")]
WRITTEN = [f"{HEAD}A4|d4|]\n", f"{HEAD}a2f2|e4|]\n"]


@pytest.fixture(scope="module")
def test():
    return blind_test(PEOPLE, WRITTEN)


def test_page_does_not_say_who_wrote_what(test):
    page = judge_page(test)
    assert page.count("<article") == 4 and page.count("<audio>") == 4
    assert "secret" not in page
    for tag, attributes in Elements(page).found:
        assert tag not in ("link", "iframe", "object", "base", "pre")
        for name in ("src", "href", "action"):
            value = attributes.get(name) or "#"
            assert value.startswith(("data:", "#")), (tag, name)


def test_every_tune_looks_alike(test):
    page = judge_page(test)
    articles = [a.split("</article>")[0] for a in page.split("<article")[1:]]
    kinds = [[t for t, _ in Elements("<article" + a).found] for a in articles]
    controls = [
        [t for t in kind if t in ("input", "button", "select", "fieldset")]
        for kind in kinds
    ]
    assert all(found == controls[0] for found in controls)
    for number, article in enumerate(articles, start=1):
        assert f'id="name-{number}">Tune {number}</h2>' in article


def test_answers_are_saved_from_the_page(test, tmp_path):
    path = tmp_path / "judge.html"
    path.write_text(judge_page(test))
    with running_browser() as browser:
        watched = Watched(browser, path)
        page = watched.page
        assert "0 of 4" in page.inner_text("#state")
        for number, entry in enumerate(test.entries, start=1):
            article = page.locator(f"#tune-{number}")
            article.locator(f"input[value={entry.who}]").check()
            article.locator(f"input[name=structure-{number}]").nth(3).check()
            if number > 1:
                article.locator(f"input[name=melody-{number}]").nth(1).check()
        page.locator("#tune-4 .known input").check()
        assert "3 of 4" in page.inner_text("#state")
        page.fill("#judge", "A. B")
        with page.expect_download() as saved:
            page.click("#save")
        assert saved.value.suggested_filename == f"answers-{test.name}-A-B.json"
        assert "Not all was answered: tune 1." in page.inner_text("#said")
        page.locator(".play").first.click()
        page.wait_for_selector(".note.lit", state="attached")
        assert watched.outside() == [] and watched.messages == []
        assert watched.violations() == {}
        results = saved.value.path()
        found = read_results(results, test)
        assert json.loads(results.read_text())["judge"] == "A. B"
    assert [a["structure"] for a in found] == [4, 4, 4, 4]
    assert [a["melody"] for a in found] == [None, 2, 2, 2]
    told = verdict(test, [found])
    assert (told.known, told.answers, told.right) == (1, 3, 3)
