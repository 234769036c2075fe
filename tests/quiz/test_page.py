"""The page of questions and cards: whole, offline, by keys, for everyone."""

import pytest

from mitseq.quiz.chapters import CHAPTERS, find_chapters
from mitseq.quiz.page import quiz_page
from mitseq.quiz.questions import Card, Question, QuizChapter
from tests.browser import Watched, contrast, running_browser
from tests.html_elements import Elements

EVIL = "</script><script>document.title='hacked'</script>"


def tags(page):
    return [tag for tag, _ in Elements(page).found]


def test_every_question_and_card_is_there_and_nothing_comes_from_outside():
    page = quiz_page()
    found = Elements(page).found
    questions = sum(len(chapter.questions) for chapter in CHAPTERS)
    cards = sum(len(chapter.cards) for chapter in CHAPTERS)
    assert tags(page).count("article") == questions
    classes = [attributes.get("class") for _, attributes in found]
    assert classes.count("card") == cards
    assert "http:" not in page and "https:" not in page
    (policy,) = (a for _, a in found if "http-equiv" in a)
    assert "default-src 'none'" in policy["content"]
    # one right answer for each that has answers to choose from
    rights = [a for _, a in found if "data-right" in a]
    assert len(rights) == questions - 1
    assert quiz_page() == page


def test_text_is_escaped():
    slide = "RNN Intuition"
    chapter = QuizChapter(
        "x",
        EVIL,
        (Question(EVIL, EVIL, EVIL, slide, {"a" + EVIL: EVIL}),),
        (Card(EVIL, EVIL, slide, EVIL, EVIL),),
    )
    page = quiz_page([chapter])
    assert tags(page).count("script") == 1
    assert EVIL not in page


@pytest.fixture(scope="module")
def browser():
    with running_browser() as found:
        yield found


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("quiz") / "quiz.html"
    path.write_text(quiz_page(find_chapters("lesson")), encoding="utf-8")
    return path


def test_keys_answer_questions_and_turn_cards(browser, path):
    watched = Watched(browser, path)
    page = watched.page

    def focused():
        return page.evaluate("document.activeElement.textContent")

    score = page.locator("#score")
    page.keyboard.press("n")
    first = page.locator("article").nth(0)
    assert focused() == first.locator(".choice").nth(0).inner_text()
    # with Tab and Enter: a wrong one, then the right one
    choices = first.locator(".choice")
    is_right = [
        "data-right" in choices.nth(i).evaluate("e => e.outerHTML")
        for i in range(4)
    ]
    for _ in range(is_right.index(False)):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    verdict = first.locator(".verdict")
    assert verdict.inner_text().startswith("No. ")
    assert score.inner_text().startswith("0 of 1 answered right")
    choices.nth(is_right.index(True)).focus()
    page.keyboard.press("Enter")
    assert verdict.inner_text().startswith("Right. ")
    assert first.locator(".answer").is_visible()
    # the first try counts
    assert score.inner_text().startswith("0 of 1 answered right")
    page.keyboard.press("n")
    second = page.locator("article").nth(1)
    assert focused() == second.locator(".choice").nth(0).inner_text()
    # an n in one's own words is a letter
    words = page.locator("textarea")
    words.press_sequentially("nine")
    assert words.input_value() == "nine"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # turns the good answer
    assert page.get_by_text("0.33").first.is_visible()
    page.keyboard.press("n")
    card = page.locator(".card").nth(0)
    page.keyboard.press("Enter")
    assert card.get_attribute("open") is not None
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # I knew it
    assert card.get_attribute("open") is None
    assert "1 of 2 cards known" in score.inner_text()
    page.keyboard.press("n")
    assert focused().startswith(
        page.locator(".card summary").nth(1).inner_text()
    )
    assert watched.messages == [] and watched.outside() == []
    watched.context.close()


def test_without_its_script_all_answers_can_be_read(browser, path):
    watched = Watched(browser, path, java_script_enabled=False)
    answer = watched.page.locator("article .answer summary").first
    assert answer.is_visible()
    assert "needs" not in watched.page.locator("main").inner_text()
    watched.context.close()


@pytest.mark.parametrize(
    "scheme, size", [("light", (1280, 800)), ("dark", (390, 844))]
)
def test_axe_finds_nothing(browser, path, scheme, size):
    watched = Watched(browser, path, size=size, color_scheme=scheme)
    page = watched.page
    for which in ("button.choice:not([data-right])", "[data-right]"):
        page.locator(which).first.click()
    page.locator(".card summary").first.click()
    assert watched.violations() == {}
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= size[0]
    ground = page.locator("body").evaluate(
        "e => getComputedStyle(e).backgroundColor"
    )
    is_dark = contrast(ground, "rgb(255, 255, 255)") > 10
    assert is_dark == (scheme == "dark")
    watched.context.close()
