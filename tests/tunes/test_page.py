"""The page, and what a browser does with it."""

import base64
import html.parser
import json
import re
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.errors import MitseqError
from mitseq.offline_page import printable
from mitseq.tunes.melody import read_melody
from mitseq.tunes.page import lights, to_html
from mitseq.tunes.tune import Tune
from tests.html_elements import Elements

EVIL = "<img src=x onerror=\"document.title='hacked'\">"
EVIL_SCRIPT = "</pre></title><script>document.title='hacked'</script>"
ABC = (
    f"X:1\nT:{EVIL}\nC:{EVIL_SCRIPT}\nM:2/4\nL:1/8\nQ:1/4=120\nK:D\n"
    f'|:"{EVIL_SCRIPT}"d2 A2|"<b>&amp;"f4:|\n'
)
PLAIN = "X:2\nT:Plain\nM:6/8\nL:1/8\nQ:3/8=60\nK:G\nG3 B3|[Gd]6|]\n"
BAD = "X:3\nT:Bad <i>\nM:2/4\nL:1/8\nK:D\nd2 A2|f5|f9|]\n"


def test_page_has_score_player_and_text_of_every_tune():
    page = to_html([Tune(ABC), Tune(PLAIN)])
    assert page.count('<svg class="score"') + page.count('class="score"') >= 2
    assert page.count("<audio ") == 2
    assert page.count("data:audio/wav;base64,") == 2
    assert page.count('class="abc"') == 2


def test_nothing_comes_from_outside():
    for tag, attributes in Elements(to_html([Tune(ABC), Tune(PLAIN)])).found:
        assert tag not in ("link", "iframe", "object", "embed", "base", "img")
        for name, value in attributes.items():
            if name in ("src", "href", "xlink:href", "action", "srcset"):
                assert value.startswith(("data:", "#")), (tag, name)
            assert not name.startswith("on"), (tag, name)


def test_only_the_script_of_the_page_is_in_it():
    tags = [tag for tag, _ in Elements(to_html([Tune(ABC)])).found]
    assert tags.count("script") == 1
    assert tags.count("title") == 2  # of the page and of the score


def test_policy_names_the_script_and_forbids_the_rest():
    page = to_html([Tune(PLAIN)])
    (policy,) = (
        a["content"]
        for tag, a in Elements(page).found
        if a.get("http-equiv") == "Content-Security-Policy"
    )
    assert "default-src 'none'" in policy
    assert re.search(r"script-src 'sha256-[\w+/=]+'$", policy)


def test_a_tune_with_problems_is_shown_with_the_reason():
    page = to_html([Tune(BAD)])
    assert "<audio" not in page
    assert "bar 3" in page or "bar 2" in page
    assert "Bad &lt;i&gt;" in page


def test_a_page_needs_a_tune():
    with pytest.raises(MitseqError, match="at least one tune"):
        to_html([])


def test_lights_follow_the_repeats():
    melody = read_melody("X:1\nM:2/4\nL:1/8\nQ:1/4=60\nK:D\n|:d2A2:|\n")
    assert lights(melody, "t1-") == [
        ["t1-n0", 0.0, 1.0],
        ["t1-n1", 1.0, 2.0],
        ["t1-n0", 2.0, 3.0],
        ["t1-n1", 3.0, 4.0],
    ]


def test_same_tunes_same_page():
    assert to_html([Tune(ABC)]) == to_html([Tune(ABC)])


def test_sound_of_the_page_is_that_of_the_tune():
    page = to_html([Tune(PLAIN)])
    data = re.search(r"data:audio/wav;base64,([^\"]*)", page)[1]
    wav = base64.b64decode(data)
    assert wav[:4] == b"RIFF"
    assert int.from_bytes(wav[24:28], "little") == 22_050


NASTY = st.lists(
    st.one_of(
        st.sampled_from("<>&\"'/=\\`\n\r\t\x00\ud800\u2028%|:[]{}"),
        st.characters(),
        st.sampled_from(["<script>", "</pre>", "-->", "<![CDATA[", "]]>"]),
    ),
    max_size=20,
).map("".join)


class Text(html.parser.HTMLParser):
    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.tags, self.inside, self.abc = [], False, ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.inside = ("class", "abc") in attributes

    def handle_endtag(self, tag):
        self.inside = False

    def handle_data(self, data):
        self.abc += data if self.inside else ""


TAGS_OF_A_PAGE = {
    "html", "head", "meta", "title", "style", "body", "main", "article",
    "header", "h2", "p", "div", "svg", "defs", "g", "path", "use", "text",
    "tspan", "rect", "ellipse", "polygon", "polyline", "button", "input",
    "output", "label", "select", "option", "a", "audio", "details", "summary",
    "pre", "footer", "script",
}  # fmt: skip


@settings(deadline=5000, max_examples=40)
@given(title=NASTY, composer=NASTY, words=NASTY, body=NASTY)
def test_whatever_the_text_it_stays_text(title, composer, words, body):
    words = re.sub(r'["\n\r]', "", words)
    for abc in (
        f'X:1\nT:{title}\nC:{composer}\nM:2/4\nL:1/4\nK:D\n"{words}"dA|d2|]\n',
        f"X:1\nT:{title}\nM:2/4\nK:D\n{body}",
        body,
    ):
        page = to_html([Tune(abc)])
        page.encode("utf-8")
        text = Text(page)
        assert set(text.tags) <= TAGS_OF_A_PAGE
        assert text.tags.count("script") == 1
        assert text.abc.removeprefix("\n") == printable(abc)


REAL = (
    "X:1\nT:The Humours\nM:6/8\nL:1/8\nR:jig\nK:Bm\n"
    "|:A|Bd/c/B/A/ (BFA)|{c}ddd ~dFA|(3Bdc A2 F3|1DFA B2:|2DFA B3|]\n"
    "|:[Bd]2 A>dc|d<fd e2-e|ga/g/f/e/ fdB|AFA B2:|\n"
)


@settings(deadline=5000, max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(REAL) - 1),
            st.integers(0, 6),
            st.sampled_from(list('AbzZ|:[](){}<>-=^_/,3"!&%\\\n ') + [""]),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_a_damaged_tune_is_played_or_refused(changes):
    abc = REAL
    for place, length, text in changes:
        abc = abc[:place] + text + abc[place + length :]
    page = to_html([Tune(abc)])
    assert ("<audio" in page) != ('class="problem"' in page)


# --- in a browser ---------------------------------------------------------


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed"
    )
    with sync_api.sync_playwright() as playwright:
        options = {
            "args": [
                "--no-sandbox",
                "--autoplay-policy=no-user-gesture-required",
            ]
        }
        names = ("chromium", "chromium-browser", "google-chrome", "chrome")
        paths = [shutil.which(name) for name in names]
        for path in [None, *filter(None, paths)]:
            try:
                running = playwright.chromium.launch(
                    executable_path=path, **options
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

    def __init__(self, browser, path):
        size = {"width": 1100, "height": 800}
        self.context = browser.new_context(viewport=size)
        self.page = self.context.new_page()
        self.requests, self.messages = [], []
        self.page.on("request", lambda r: self.requests.append(r.url))
        self.page.on("console", lambda m: self.messages.append(m.text))
        self.page.on("pageerror", lambda e: self.messages.append(str(e)))
        self.url = path.as_uri()
        self.page.goto(self.url)

    def outside(self):
        return [
            url
            for url in self.requests
            if url != self.url and not url.startswith("data:")
        ]


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "tune-1.html"
    path.write_text(to_html([Tune(ABC), Tune(PLAIN), Tune(BAD)]), "utf-8")
    return path


@pytest.fixture
def watched(browser, path):
    found = Watched(browser, path)
    yield found
    found.context.close()


def test_html_in_a_title_does_not_run(watched):
    page = watched.page
    page.wait_for_timeout(200)
    assert page.title() == "3 tunes"
    assert page.locator("h2").first.inner_text() == EVIL
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 1
    assert watched.messages == []
    assert watched.outside() == []


def test_play_lights_the_notes_as_they_sound(watched):
    page = watched.page
    second = page.locator("#tune-2")
    assert second.locator(".lit").count() == 0
    second.locator(".play").click()
    page.wait_for_selector("#t2-n0.lit", timeout=10_000)
    assert second.locator(".play").get_attribute("aria-label") == "Pause"
    page.wait_for_selector("#t2-n1.lit", timeout=10_000)
    now = second.locator("audio").evaluate("audio => audio.currentTime")
    assert 0.9 < now < 2.5  # the second note starts at 1.0 s
    assert "lit" not in (page.locator("#t2-n0").get_attribute("class"))
    # Both notes of the chord are lit together.
    page.wait_for_selector("#t2-n2.lit", timeout=10_000)
    assert page.locator("[id='t2-n2.1'].lit").count() == 1
    second.locator(".play").click()
    # (`wait_for_function` evaluates text, which the page's policy forbids.)
    page.wait_for_selector(".lit", state="detached", timeout=10_000)
    assert watched.messages == []
    assert watched.outside() == []


def test_lights_are_at_the_times_of_the_sounds(watched):
    page = watched.page
    melody = read_melody(PLAIN)
    player = page.locator("#tune-2 .player")
    assert json.loads(player.get_attribute("data-notes")) == lights(
        melody, "t2-"
    )
    length = player.locator("audio").evaluate("audio => audio.duration")
    assert abs(length - (melody.duration + 1.0)) < 0.05


def test_a_click_on_a_note_plays_from_there(watched):
    page = watched.page
    page.locator("#t2-n1 .notehead").click()
    page.wait_for_selector("#t2-n1.lit", timeout=10_000)
    assert page.locator("#t2-n0.lit").count() == 0


def test_only_one_tune_plays_at_a_time(watched):
    page = watched.page
    page.locator("#tune-2 .play").click()
    page.wait_for_selector("#t2-n0.lit", timeout=10_000)
    page.locator("#tune-1 .play").click()
    page.wait_for_selector("#tune-1 .lit", timeout=10_000)
    assert page.locator("#tune-2 audio").evaluate("audio => audio.paused")


def test_copied_text_is_the_tune(watched):
    page = watched.page
    watched.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for number, abc in ((1, ABC), (3, BAD)):
        article = page.locator(f"#tune-{number}")
        assert article.locator(".abc").evaluate("e => e.textContent") == abc
        article.locator(".copy").click()
        article.get_by_text("Copied").wait_for(timeout=10_000)
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == abc


def test_the_policy_stops_a_script_that_is_not_the_page_s(browser, tmp_path):
    path = tmp_path / "page.html"
    script = "<script>document.title = 'hacked'</script></body>"
    path.write_text(to_html([Tune(PLAIN)]).replace("</body>", script), "utf-8")
    found = Watched(browser, path)
    found.page.wait_for_timeout(200)
    assert found.page.title() == "Plain"
    assert "Content Security Policy" in found.messages[0]
    found.context.close()


def test_a_phone_shows_the_page_without_scrolling_sideways(watched):
    page = watched.page
    page.set_viewport_size({"width": 360, "height": 700})
    overflow = page.evaluate(
        "document.documentElement.scrollWidth - window.innerWidth"
    )
    assert overflow <= 0


def test_on_paper_there_are_scores_and_no_buttons(watched):
    page = watched.page
    page.emulate_media(media="print")
    assert page.locator("svg.score").first.is_visible()
    assert not page.locator(".play").first.is_visible()
