import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.music.prompts import is_header_line, read_wish

HEADER = {"M": "M:6/8\n", "L": "L:1/8\n", "K": "K:D\n"}


def test_key_and_meter_become_canonical_lines():
    wish = read_wish(key="e minor", meter="C")
    assert wish.fields == {"M": "M:4/4\n", "K": "K:Em\n"}
    assert wish.missing == ["L"]
    assert wish.text({"L": "L:1/8\n"}) == "M:4/4\nL:1/8\nK:Em\n"


@pytest.mark.parametrize(
    "wishes, missing",
    [
        ({}, []),
        ({"meter": "6/8"}, []),
        ({"key": "G"}, ["M", "L"]),
        ({"prompt": "L:1/8\n"}, ["M"]),
        ({"prompt": "|:d2 e2"}, ["M", "L", "K"]),
        ({"prompt": "|:d2 e2", "key": "D"}, ["M", "L"]),
        ({"prompt": "M:6/8\nL:1/8\nK:D\n"}, []),
        ({"prompt": "M:6/8\nL:1/8\nK:D\nd2"}, []),
    ],
)
def test_the_model_writes_what_stands_before_a_wish(wishes, missing):
    assert read_wish(**wishes).missing == missing


def test_prompt_is_spelled_as_the_models_spell():
    wish = read_wish("X:3\nT: A title\nM: C|\nL:1/8\nK: Gmajor\n{b}A>B (cd) ~e")
    assert wish.text({}) == "M:2/2\nL:1/8\nK:G\nA3/2B/2cde"


def test_notes_alone_keep_their_place_under_any_header():
    wish = read_wish("|: A2 d2 |")
    assert wish.text(HEADER) == "M:6/8\nL:1/8\nK:D\n|:A2d2|"


def test_unit_of_a_prompt_with_a_meter_follows_the_rule_of_abc():
    assert read_wish("M:2/4\nK:G\nG2").fields["L"] == "L:1/16\n"
    assert read_wish("M:6/8\nK:G\nG2").fields["L"] == "L:1/8\n"
    assert "L" not in read_wish("M:6/8\nK:G\n").fields


def test_unfinished_end_of_a_prompt_is_fine():
    text = "M:6/8\nL:1/8\nK:D\nABc def|d2(3ef"
    assert read_wish(text).text({}).endswith("ABcdef|d2(3ef")


def test_bars_that_fit_choose_the_header():
    for prompt in ("ABc def|gfe dcB|", "ABc def|gfe dcB|A2", "|:A6|B6:|"):
        wish = read_wish(prompt)
        assert wish.problems(HEADER) == []
        assert wish.problems({**HEADER, "M": "M:4/4\n"}) != []


def test_same_field_twice_may_agree():
    assert read_wish("K:D\n", key="D major").fields == {"K": "K:D\n"}


@pytest.mark.parametrize(
    "wishes, match",
    [
        ({"key": "H"}, "`key` must be a tonic.*'H'"),
        ({"meter": "6/7"}, "`meter` must be two numbers.*'6/7'"),
        ({"meter": "none"}, "`meter` must be a meter.*'none'"),
        ({"prompt": ""}, "`prompt` must have notes or one of the fields"),
        ({"prompt": " \n"}, "`prompt` must have notes or one of the fields"),
        ({"prompt": "T:Title\n"}, "must have notes or one of the fields"),
        ({"prompt": "%%%"}, "must have notes or one of the fields"),
        ({"prompt": "ABc é"}, "unknown character 'é'"),
        ({"prompt": "\x00\x01"}, r"unknown character '\\x00'"),
        ({"prompt": "K:Q\n"}, "`key` must be a tonic.*'Q'"),
        ({"prompt": "L:3/8\nK:D\n"}, "`L:` must be"),
        ({"prompt": "K:D\n", "key": "G"}, "`key` and the K: of `prompt` must"),
        ({"prompt": "M:6/8\n", "meter": "4/4"}, "`meter` and the M: of"),
        ({"prompt": "K:D\nABc|[K:G]d"}, "the key changes"),
        ({"prompt": "hello world"}, "must be ABC notation: 'hello' is none"),
        ({"prompt": "d2 A2 | play it"}, "ABC notation: 'play' is none"),
        ({"prompt": "d2 A2 |\nThe end"}, "ABC notation: 'The' is none"),
        ({"prompt": "K:D\nM A2"}, "one tune: `M` before no note"),
        ({"prompt": "A2 B>"}, "one tune: `>` or `<` with no note behind"),
        ({"prompt": "M:6/8\nM:4/4\nK:D\n"}, "`prompt` must have one M:"),
        (
            {"prompt": "M:6/8\nL:1/8\nK:D\nABc def|ABc defg|ABc def|A"},
            "must have bars that add up: bar 2: 7/8 in a 6/8 tune",
        ),
    ],
)
def test_bad_wishes_are_named(wishes, match):
    with pytest.raises(MitseqError, match=match):
        read_wish(**wishes)


@pytest.mark.parametrize(
    "prompt", ["cabbage", '"a word"d2', "~d2 Te2 .f2", "z2 x2|", "{g}a2"]
)
def test_what_abc_gives_a_meaning_is_no_word(prompt):
    assert read_wish(prompt).body == prompt


@pytest.mark.parametrize(
    "wishes, tune, reason",
    [
        ({"meter": "6/8"}, "M:6/8\nL:1/8\nK:D\nd6|]\n", None),
        ({"meter": "C"}, "M:4/4\nL:1/8\nK:D\nd8|]\n", None),
        ({}, "", None),
        ({"meter": "6/8"}, "", "no meter or no key"),
        (
            {"meter": "6/8"},
            "M:6/8\nM:4/4\nL:1/8\nK:D\nd8|]\n",
            "another meter than M:6/8",
        ),
        (
            {"meter": "6/8"},
            "M:6/8\nL:1/8\nK:D\nd6|[M:4/4]d8|]\n",
            "the meter changes from M:6/8",
        ),
        (
            {"key": "D"},
            "M:6/8\nL:1/8\nK:D\nd6|\nK:G\nd6|]\n",
            "the key changes from K:D",
        ),
        ({"key": "E minor"}, "M:6/8\nK:G\nd6|]\n", "another key than K:Em"),
        ({"prompt": "d2 e"}, "M:6/8\nL:1/8\nK:D\n|:d2ed3:|\n", None),
        ({"prompt": "A>B"}, "M:6/8\nL:1/8\nK:D\nA>Bd4|]\n", None),
        (
            {"prompt": "d2 e"},
            "M:6/8\nL:1/8\nK:D\nd2e2d2|]\n",
            "the last note of the prompt became another",
        ),
        (
            {"prompt": "d2 =f"},
            "M:6/8\nL:1/8\nK:D\nd2fd3|]\n",
            "the last note of the prompt became another",
        ),
    ],
)
def test_whether_a_tune_is_what_was_wished(wishes, tune, reason):
    assert read_wish(**wishes).unmet(tune) == reason


def test_header_lines():
    assert is_header_line("M", "M:6/8\n") and is_header_line("L", "L:1/8\n")
    assert is_header_line("K", "K:F#m\n")
    for field, text in (
        ("M", "M:C|\n"),
        ("M", "M:6/8"),
        ("M", "M:6/8\n\n"),
        ("L", "M:6/8\n"),
        ("K", "K:none\n"),
        ("K", ""),
    ):
        assert not is_header_line(field, text)


@pytest.mark.parametrize("form", ["A", "AA", "AB", "AABB", "aab", "AABBCC"])
def test_forms_that_can_be_wished(form):
    wish = read_wish(form=form)
    assert wish.form == form.upper()
    assert sum(wish.plays) == len(form)


@pytest.mark.parametrize(
    "form", ["", "B", "ABA", "AAA", "ABAB", "AABA", "AC", "A1", "AABBAA", "ÀB"]
)
def test_other_forms_are_refused(form):
    with pytest.raises(MitseqError, match="`form` must be sections"):
        read_wish(form=form)


@pytest.mark.parametrize(
    "text, inside, outside",
    [
        ("G,:b", "G, ^G, C c b _b2", "F, c' ^c'2"),
        (" C : c ", "C c3/2 B", "B, d"),
        ("c':d''", "c' d'' b'", "b e''"),
    ],
)
def test_range_by_hand(text, inside, outside):
    compass = read_wish(range=text).compass
    assert all(map(compass.has, inside.split()))
    assert not any(map(compass.has, outside.split()))


@pytest.mark.parametrize("text", ["", "G", "b:G,", "G,-b", "H:b", "1:2", "::"])
def test_other_ranges_are_refused(text):
    with pytest.raises(MitseqError, match="`range` must be"):
        read_wish(range=text)


@pytest.mark.parametrize("bars", [0, 65, True, 2.5, "8"])
def test_other_bars_are_refused(bars):
    with pytest.raises(MitseqError, match="`bars` must be an int"):
        read_wish(bars=bars)


@pytest.mark.parametrize(
    "wish, body, reason",
    [
        ({"bars": 2}, "|:d6|d6:|", None),
        ({"bars": 4}, "|:d6|d6:|", "a section that has not 4 bars"),
        ({"bars": 1}, "d6|d6|d6|]", "a section that has not 1 bars"),
        ({"form": "AA"}, "|:d6|d6:|", None),
        ({"form": "AB"}, "|:d6|d6:|", "another form than AB"),
        ({"range": "D:d"}, "|:d6|D6:|", None),
        ({"range": "E:d"}, "|:d6|D6:|", "a note outside E:d"),
    ],
)
def test_what_is_unmet_is_told(wish, body, reason):
    assert read_wish(**wish).unmet(f"M:6/8\nL:1/8\nK:D\n{body}\n") == reason
