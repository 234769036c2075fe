import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.music.continue_tune import beginning_of, continue_tune
from mitseq.text.vocabulary import Vocabulary
from mitseq.tunes.normalize import normalize
from mitseq.tunes.notation import PIECE, is_bar_line, pieces
from tests.tasks.music.test_adds_up import TOKENS, blind_model

HEAD = "M:2/4\nL:1/8\nK:D\n"
VOCABULARY = Vocabulary(TOKENS, "token", PIECE.pattern)


@pytest.fixture(scope="module")
def model():
    return blind_model(VOCABULARY)


def music(text):
    return [p for p in pieces(text) if not is_bar_line(p) and p != "\n"]


@pytest.mark.parametrize(
    "body, expected",
    [
        ("|:d2A2|d4:|", "|:d2A2|d4::"),
        ("d2 A2 | d4 |]", "d2A2|d4||"),
        ("d2A2|d4||", "d2A2|d4||"),
        ("|:d2A2|1d4:|2f4|]", "|:d2A2|1d4:|2f4||"),
        ("d2A2|d4|", "d2A2|d4|"),
        ("d2A2|d", "d2A2|d"),
    ],
)
def test_beginning_of_by_hand(body, expected):
    assert beginning_of(f"{HEAD}{body}\n").split("\n")[-1] == expected


@pytest.mark.parametrize(
    "body",
    ["|:d2A2|d4:|", "d2A2|d4|]", "d2A2|d4|", "d2A2|d", "|:A|d2A2|d3:|"],
)
def test_a_tune_goes_on_behind_its_notes(model, body):
    given = f"X:1\nT:Old\n{HEAD}{body}\n"
    found = continue_tune(model, given, 3, seed=1)
    for tune in found:
        assert tune.check() == []
        assert (tune.key, tune.meter) == ("D", "2/4")
        text = normalize(tune.abc)
        old = music(f"{HEAD}{body}")
        assert music(text)[: len(old)] == old
        assert len(music(text)) > len(old)
    assert len({tune.abc for tune in found}) == 3


def test_sections_stay_repeated(model):
    (tune,) = continue_tune(model, f"{HEAD}|:d2A2|d4:|\n", seed=1)
    assert normalize(tune.abc).split("\n")[3].startswith("|:d2A2|d4::")


@pytest.mark.parametrize(
    "abc, words",
    [
        ("M:2/4\nL:1/8\nd2A2|d4|\n", "its key"),
        (f"{HEAD}d2A2|d5|d4|\n", "5/8 in a 2/4 tune"),
        (f"{HEAD}d2A2|[d4|\n", "prompt"),
        (HEAD.replace("2/4", "5/4") + "d4d6|\n", "`meter`"),
    ],
)
def test_what_cannot_go_on_is_one_line(model, abc, words):
    with pytest.raises(MitseqError, match=words):
        continue_tune(model, abc)
