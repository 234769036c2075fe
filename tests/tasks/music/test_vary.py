import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.errors import MitseqError
from mitseq.tasks.music import vary as module
from mitseq.tasks.music.vary import changed_share, vary_tune
from mitseq.text.vocabulary import Vocabulary
from mitseq.tunes.melody import read_melody
from mitseq.tunes.normalize import normalize
from mitseq.tunes.notation import PIECE, is_bar_line, pieces
from mitseq.tunes.sections import content, sections
from tests.tasks.music.test_adds_up import TOKENS, blind_model

HEAD = "M:2/4\nL:1/8\nK:D\n"
TUNE = f"X:1\nT:Old\n{HEAD}|:dfdf|A2d2|dfdf|1A4:|2f4||d2f2|fdAd|d2f2|f2d2|]\n"
VOCABULARY = Vocabulary(TOKENS, "token", PIECE.pattern)


@pytest.fixture(scope="module")
def model():
    return blind_model(VOCABULARY)


def lines(text):
    return [piece for piece in pieces(normalize(text)) if is_bar_line(piece)]


@pytest.mark.parametrize("change", [0.2, 0.5, 1.0])
def test_bars_change_and_the_frame_stays(model, change):
    (found,) = vary_tune(model, TUNE, change, seed=5)
    assert found.tune.check() == [] and found.tune.title == "Old, varied"
    assert (found.tune.key, found.tune.meter) == ("D", "2/4")
    assert lines(found.tune.abc) == lines(TUNE)
    old, new = read_melody(TUNE), read_melody(found.tune.abc)
    assert new.order == old.order
    before, after = (list(map(content, m.bars)) for m in (old, new))
    cadences = [2, 3, 4, 8]  # before an ending, both endings, the last bar
    assert [after[i] for i in cadences] == [before[i] for i in cadences]
    assert after[5] == after[7]  # what was the same is the same
    assert [p.size for p in sections(new)] == [p.size for p in sections(old)]
    share = changed_share(normalize(TUNE), normalize(found.tune.abc))
    assert found.changed == pytest.approx(share) and share > 0


def test_the_share_comes_as_near_as_whole_bars_do(model):
    # bars of notes: 4 (twice, one before an ending), 2, 2 (twice), 4
    (found,) = vary_tune(model, TUNE, 0.3, seed=2)
    assert abs(found.changed - 0.3) < 0.2
    (found,) = vary_tune(model, TUNE, 0, seed=2)
    assert found.changed == 0
    assert normalize(found.tune.abc) == normalize(TUNE)


def test_a_seed_gives_the_same_versions_and_each_is_another(model):
    one = vary_tune(model, TUNE, 0.8, 3, seed=4)
    again = vary_tune(model, TUNE, 0.8, 3, seed=4)
    assert one == again
    assert len({normalize(found.tune.abc) for found in one}) > 1


def test_what_fits_behind_is_preferred(monkeypatch):
    """After `d2` comes `A4`, says the model: so bars that end in d2 win."""
    table = np.zeros((len(VOCABULARY),) * 2, "float32")
    bar = VOCABULARY.encode("|")[0]
    a4 = VOCABULARY.encode("A2")[0]
    table[bar, a4] = 9
    monkeypatch.setattr(module, "AFTER", 3)
    drawer = module._Drawer(blind_model(VOCABULARY), VOCABULARY, 1.0)
    prompt = [1, *VOCABULARY.encode(HEAD)]
    scores = drawer._fit(prompt, [("d2", "f2"), ("d4",)], ["|", "A2"])
    logits = drawer.model(
        np.array([[*prompt, *VOCABULARY.encode("d4|A2")]], "int32")
    ).numpy()[0]
    logs = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    at = len(prompt)
    expected = logs[at, VOCABULARY.encode("|")[0]] + logs[at + 1, a4]
    assert scores[1] == pytest.approx(expected, abs=1e-4)


def test_tied_bars_stay(model):
    tied = f"{HEAD}|:d2f2-|f2A2|d2f2|d4:|\n"
    (found,) = vary_tune(model, tied, 1.0, seed=1)
    bars = normalize(found.tune.abc).split("\n")[-2].split("|")
    assert bars[1:3] == [":d2f2-", "f2A2"]


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"change": 1.5}, "`change` must be a number from 0 to 1"),
        ({"change": float("nan")}, "`change`"),
        ({"change": True}, "`change`"),
        ({"count": 0}, "`count`"),
        ({"temperature": -1}, "`temperature`"),
    ],
)
def test_arguments_are_checked(model, arguments, words):
    with pytest.raises(MitseqError, match=words):
        vary_tune(model, TUNE, **arguments)


def test_a_tune_that_does_not_add_up_is_refused(model):
    with pytest.raises(MitseqError, match="3/4 in a 2/4 tune"):
        vary_tune(model, f"{HEAD}d4|d6|d4|]\n")


def test_characters_are_refused():
    letters = Vocabulary("ABd|:]\n", level="character")
    with pytest.raises(MitseqError, match="ABC tokens"):
        vary_tune(blind_model(letters), TUNE)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(["d4", "d2f2", "A2d2", "dfdA"]), min_size=2))
def test_changed_share_is_none_with_itself_and_symmetric_in_bars(bars):
    text = f"{HEAD}{'|'.join(bars)}|]\n"
    other = f"{HEAD}{'|'.join(['z4'] * len(bars))}|]\n"
    assert changed_share(text, text) == 0
    assert changed_share(text, other) == 1
