"""What another tune is to have of a given one, and what is refused."""

import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.music.like import wish_like
from mitseq.tasks.music.prompts import Wish, read_wish

REEL = "X:1\nM:C|\nL:1/8\nK:G\n|:G3A B2d2|g4 d4:||:B2d2 g4|G8:|\n"


def test_everything_that_is_taken_of_a_tune():
    wish = wish_like(REEL)
    assert wish.fields == {"M": "M:2/2\n", "L": "L:1/8\n", "K": "K:G\n"}
    assert (wish.form, wish.bars) == ("AABB", 2)
    assert (wish.compass.lowest, wish.compass.highest) == (4, 11)
    assert wish.rhythm == ("d3", "d", "d2", "d2", "|", "d4", "d4", "|")
    assert wish.body == ""


def test_a_pickup_comes_on_top_of_the_two_bars():
    tune = "M:2/4\nL:1/8\nK:D\nA|d2(3def|g2z2|a4|d3|]\n"
    assert wish_like(tune).rhythm == (
        *("d", "|", "d2", "(3", "d", "d", "d", "|", "d2", "z2", "|"),
    )


def test_the_tune_is_as_was_wished():
    assert (
        wish_like(REEL).unmet(
            "M:2/2\nL:1/8\nK:G\n|:B3c d2g2|d4B4:||:d2B2G4|B8:|\n"
        )
        is None
    )


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("|:B3cd2g2|d4B4:||:d2B2G4|B7A:|\n", None),
        ("|:B2c2d2g2|d4B4:||:d2B2G4|B8:|\n", "another rhythm at the beginning"),
        ("|:B3cd2g2|d4B4:|d2B2G4|B8|]\n", "another form than AABB"),
        ("|:B3cd2g2|d4a4:||:d2B2G4|B8:|\n", "a note outside G:g"),
    ],
)
def test_what_is_not_like_it(body, reason):
    assert wish_like(REEL).unmet("M:2/2\nL:1/8\nK:G\n" + body) == reason


def test_what_is_wished_besides_goes_before():
    own = read_wish(key="E dorian", form="AB", bars=8, range="D:a")
    wish = wish_like(REEL, own)
    assert wish.fields == {"M": "M:2/2\n", "L": "L:1/8\n", "K": "K:Edor\n"}
    assert (wish.form, wish.bars, str(wish.compass)) == ("AB", 8, "D:a")
    assert wish.rhythm == wish_like(REEL).rhythm


def test_in_another_meter_its_rhythm_means_nothing():
    wish = wish_like(REEL, read_wish(meter="6/8"))
    assert wish.fields == {"M": "M:6/8\n", "K": "K:G\n"}
    assert wish.missing == ["L"]
    assert wish.rhythm == ()


def test_notes_of_a_prompt_go_before_the_rhythm():
    wish = wish_like(REEL, read_wish(prompt="d2 d2"))
    assert wish.body == "d2 d2" and wish.rhythm == ()
    assert wish_like(REEL, Wish({})).rhythm


@pytest.mark.parametrize(
    ("tune", "match"),
    [
        ("M:2/4\nL:1/8\nK:D\nd4|d3|d4|]\n", "3/8 in a 2/4 tune"),
        ("M:2/4\nL:1/8\nK:D\n", "without notes"),
        ("M:none\nL:1/8\nK:D\nd4|\n", "without a meter"),
        (
            "M:2/4\nL:1/8\nK:D\n|:d4|d4:||:d4|f4|a4:|\n",
            "`like` must.*equally long.*Received: sections of 2, 3 bars",
        ),
        (
            "M:2/4\nL:1/8\nK:D\n|:d4|e4:||:f4|g4:||:d4|e4:|\n",
            "`like` must.*once or twice.*of the form AABBAA",
        ),
    ],
)
def test_what_cannot_be_wished_is_refused_in_one_line(tune, match):
    with pytest.raises(MitseqError, match=match) as caught:
        wish_like(tune)
    assert "\n" not in str(caught.value)


def test_a_form_of_ones_own_mends_it():
    tune = "M:2/4\nL:1/8\nK:D\n|:d4|d4:||:d4|f4|a4:|\n"
    assert wish_like(tune, read_wish(bars=4)).bars == 4
