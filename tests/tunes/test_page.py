"""The page, and what a browser does with it."""

import html.parser
import json
import re
import wave

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.errors import MitseqError
from mitseq.offline_page import printable
from mitseq.tunes import audio
from mitseq.tunes.melody import read_melody
from mitseq.tunes.page import heard, lights, to_html
from mitseq.tunes.reading import cut_tunes
from mitseq.tunes.tune import Tune
from tests.browser import Watched, contrast, running_browser
from tests.html_elements import Elements

EVIL = "<img src=x onerror=\"document.title='hacked'\">"
EVIL_SCRIPT = "</pre></title><script>document.title='hacked'</script>"
ABC = (
    f"X:1\nT:{EVIL}\nC:{EVIL_SCRIPT}\nM:2/4\nL:1/8\nQ:1/4=120\nK:D\n"
    f'|:"{EVIL_SCRIPT}"d2 A2|"<b>&amp;"f4:|\n'
)
PLAIN = "X:2\nT:Plain\nM:6/8\nL:1/8\nQ:3/8=60\nK:G\nG3 B3|[Gd]6|]\n"
SONG = (
    "X:4\nT:The Humours\nC:Trad.\nM:6/8\nL:1/8\nR:jig\nK:G\n"
    "|:GAB dBd|{c}ddd ~def|(3gfe d B3|ABA AGE|GAB dBd|gfe d2B|ABA A2d|G6:|\n"
    '|:"Em"g2e e>fg|f2d def|[Gd]2B g/f/e/d/ e|dBA ABd|1g6:|2G6|]\n'
)
BAD = "X:3\nT:Bad <i>\nM:2/4\nL:1/8\nK:D\nd2 A2|f5|f9|]\n"


def test_page_has_score_player_and_text_of_every_tune():
    page = to_html([Tune(ABC), Tune(PLAIN)])
    assert page.count('class="score"') == 4  # a wide and a narrow one each
    assert page.count("<audio>") == page.count('class="play"') == 2
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
    assert tags.count("title") == 3  # of the page and of both scores


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
    assert "<audio>" not in page
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


def test_sounds_follow_the_repeats_and_ties():
    abc = "X:1\nM:2/4\nL:1/8\nQ:1/4=60\nK:D\n|:d2-d2|[Af]4:|\n"
    once = [[74, 0.0, 2.0, 1.0], [69, 2.0, 4.0, 1.0], [78, 2.0, 4.0, 1.0]]
    again = [[pitch, a + 4, b + 4, volume] for pitch, a, b, volume in once]
    assert heard(read_melody(abc)) == once + again


def test_a_page_is_small():
    tune = Tune(SONG)
    assert len(tune.to("wav")) > 1_000_000
    page = to_html([tune])
    assert len(page) < 300_000
    (player,) = (
        attributes
        for _, attributes in Elements(page).found
        if attributes.get("class") == "player"
    )
    assert len(player["data-sounds"]) < 10_000


def test_a_tune_without_a_title_has_the_number_of_its_file():
    untitled = Tune(PLAIN.replace("T:Plain\n", ""))
    page = to_html([untitled, untitled], first=7)
    assert ">Tune 7</h2>" in page and ">Tune 8</h2>" in page
    assert 'download="tune-8.mid"' in page


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
    "header", "h1", "h2", "p", "div", "svg", "defs", "g", "path", "use", "text",
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
        if len(cut_tunes(abc)) > 1:
            continue
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
    assert ("<audio>" in page) != ('class="problem"' in page)


# --- in a browser ---------------------------------------------------------


@pytest.fixture(scope="module")
def browser():
    with running_browser() as found:
        yield found


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
    assert json.loads(player.get_attribute("data-sounds")) == heard(melody)
    length = float(player.get_attribute("data-length"))
    assert abs(length - (melody.duration + 1.0)) < 1e-3
    player.locator(".play").click()
    page.wait_for_selector("#t2-n0.lit", timeout=10_000)
    duration = player.locator("audio").evaluate("audio => audio.duration")
    assert abs(duration - length) < 0.01


def test_the_page_computes_the_sound_of_the_wav_file(watched, monkeypatch):
    monkeypatch.setattr(audio, "_add_room", lambda mix, _: None)
    # At this tempo every note starts at a whole sample, here and there.
    melody = read_melody(
        "M:2/4\nL:1/8\nQ:1/4=75\nK:G\n|:{c}d2 (3gfe|[Gd]2-[Gd]g:|\n"
    )
    expected = audio.synthesize(melody, 22_050)
    samples = np.array(
        watched.page.evaluate(
            "([sounds, length]) => [...mixed(sounds, length)]",
            [heard(melody), melody.duration + audio.TAIL],
        )
    )
    assert samples.shape == expected.shape
    samples *= np.abs(expected).max() / np.abs(samples).max()
    np.testing.assert_allclose(samples, expected, atol=2e-3)
    # Long strings, too, which nobody hears to their end
    melody = read_melody("M:none\nL:1/1\nQ:1/4=60\nK:C\n[C,Gc'']16|z|]\n")
    expected = audio.synthesize(melody, 22_050)
    samples = np.array(
        watched.page.evaluate(
            "([sounds, length]) => [...mixed(sounds, length)]",
            [heard(melody), melody.duration + audio.TAIL],
        )
    )
    samples *= np.abs(expected).max() / np.abs(samples).max()
    np.testing.assert_allclose(samples, expected, atol=2e-3)
    # The room adds an echo that is soft, dies away, and never overflows.
    sounds = [[69, 0.0, 0.2, 1.0]]
    loud = np.array(
        watched.page.evaluate(
            "sounds => [...inARoom(mixed(sounds, 3))]", sounds
        )
    )
    assert np.abs(loud).max() == pytest.approx(0.89, abs=1e-6)
    after, end = loud[8_000:20_000], loud[-8_000:]
    assert 1e-4 < np.abs(after).max() < 0.2
    assert np.abs(end).max() < np.abs(after).max() / 20


def test_the_sound_can_be_saved_as_a_wav_file(watched):
    with watched.page.expect_download() as found:
        watched.page.locator("#tune-2 .wav").click()
    assert found.value.suggested_filename == "tune-2.wav"
    with wave.open(str(found.value.path())) as file:
        assert (file.getnchannels(), file.getframerate()) == (1, 22_050)
        seconds = file.getnframes() / 22_050
        assert abs(seconds - read_melody(PLAIN).duration - 1.0) < 0.01
        frames = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    assert np.abs(frames).max() == round(0.89 * 32767)


def test_keys_move_and_stop_the_sound(watched):
    player = watched.page.locator("#tune-2 .player")
    now = "() => document.querySelector('#tune-2 audio').currentTime"
    player.locator(".seek").focus()
    watched.page.keyboard.press("ArrowRight")
    assert watched.page.evaluate(now) == 2.0
    assert player.locator(".seek").get_attribute("aria-valuetext") == (
        "0:02 of 0:05"
    )
    watched.page.keyboard.press("Home")
    assert watched.page.evaluate(now) == 0.0
    watched.page.keyboard.press(" ")
    watched.page.wait_for_selector("#t2-n0.lit", timeout=10_000)
    assert player.locator(".play").get_attribute("aria-label") == "Pause"
    watched.page.keyboard.press(" ")
    watched.page.wait_for_selector(".lit", state="detached", timeout=10_000)
    for _ in range(10):  # a pause before the sound has begun
        watched.page.keyboard.press(" ")
    watched.page.wait_for_function(
        "() => document.querySelector('#tune-2 audio').paused"
    )
    assert watched.messages == []


def test_a_speed_chosen_before_the_first_sound_holds(watched):
    player = watched.page.locator("#tune-2 .player")
    player.locator(".speed").select_option("0.5")
    player.locator(".play").click()
    watched.page.wait_for_selector("#t2-n0.lit", timeout=10_000)
    rate = player.locator("audio").evaluate("audio => audio.playbackRate")
    assert rate == 0.5


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


@pytest.fixture(scope="module")
def song(tmp_path_factory):
    path = tmp_path_factory.mktemp("song") / "tune-1.html"
    path.write_text(to_html([Tune(SONG)]), "utf-8")
    return path


def boxes(page, names):
    """Left, right and height of each, in pixels of the screen."""
    return page.evaluate(
        """names => [...document.querySelectorAll(names)]
            .map(one => one.getBoundingClientRect())
            .map(box => [box.left, box.right, box.height])""",
        names,
    )


def test_a_phone_shows_every_bar_whole(browser, song):
    found = Watched(browser, song, size=(390, 844))
    page = found.page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not page.locator(".wide").is_visible()
    bars = boxes(page, ".narrow .measure")
    assert len(bars) == len(read_melody(SONG).bars)
    for left, right, _ in bars:
        assert 0 <= left < right - 60 and right <= 390
    # Notes are lit, and can be clicked, in the score that is shown.
    times = lights(read_melody(SONG), "narrow-t1-")
    long = next(name for name, start, stop in times if stop - start > 1)
    page.locator(f"#{long} .notehead").scroll_into_view_if_needed()
    box = page.locator(f"#{long} .notehead").bounding_box()
    # A hollow head has a hole, with a line of the staff in it.
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.click(*middle)
    page.wait_for_selector(f"#{long}.lit", timeout=10_000)
    assert found.messages == []
    found.context.close()


def test_a_narrow_score_has_more_lines_of_nearly_the_same_size(browser, song):
    phone = Watched(browser, song, size=(390, 844))
    desk = Watched(browser, song, size=(1280, 800))
    lines = phone.page.locator(".narrow .system").count()
    assert lines > desk.page.locator(".wide .system").count()
    small = boxes(phone.page, ".narrow .notehead")[0][2]
    assert small > 0.7 * boxes(desk.page, ".wide .notehead")[0][2]
    phone.context.close()
    desk.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("count", [1, 3])
def test_axe_finds_nothing(browser, tmp_path, scheme, count):
    path = tmp_path / "page.html"
    tunes = [Tune(abc) for abc in (SONG, PLAIN, BAD)[:count]]
    path.write_text(to_html(tunes), "utf-8")
    for size in ((1280, 800), (390, 844)):
        found = Watched(browser, path, size=size, color_scheme=scheme)
        assert found.violations() == {}
        heading = found.page.get_by_role("heading", level=1).inner_text()
        assert heading == ("The Humours" if count == 1 else "3 tunes")
        found.context.close()


def test_in_the_dark_the_score_is_bright(browser, path):
    found = Watched(browser, path, color_scheme="dark")
    page, note = found.page, found.page.locator("#t2-n0 .notehead")

    def style(where, name):
        return where.evaluate(f"one => getComputedStyle(one).{name}")

    dark = style(page.locator("article").first, "backgroundColor")
    assert contrast("rgb(255, 255, 255)", dark) > 10
    assert contrast(style(note, "fill"), dark) > 10
    stem = page.locator("#t2-n0 .stem path")
    assert contrast(style(stem, "stroke"), dark) > 10
    assert style(page.locator("#tune-2 .wide .paper"), "fill") == "none"
    # On paper it is light again.
    page.emulate_media(media="print")
    white = style(page.locator("body"), "backgroundColor")
    assert white == "rgb(255, 255, 255)"
    assert contrast(style(note, "fill"), white) > 10
    found.context.close()


def test_on_paper_there_are_wide_scores_and_no_buttons(watched):
    page = watched.page
    page.set_viewport_size({"width": 600, "height": 800})
    page.emulate_media(media="print")
    assert page.locator("#tune-1 .wide svg.score").is_visible()
    assert not page.locator("#tune-1 .narrow").is_visible()
    assert not page.locator(".play").first.is_visible()
