import keras
import pytest
from music_wishes import WISHES, like_row, wish_row

from mitseq.tasks.music.prompts import read_wish
from tests.tasks.music.test_vary import VOCABULARY, blind_model


@pytest.mark.parametrize("name", WISHES)
def test_every_wish_can_be_read(name):
    read_wish(**WISHES[name])


def test_wish_row_counts_what_is_met():
    keras.utils.set_random_seed(0)
    header = {"prompt": "M:2/4\nL:1/8\nK:D"}
    row = wish_row(blind_model(VOCABULARY), "key", header, 9)
    assert row["count"] == 9
    assert 0 <= row["met"] <= row["accepted"] <= 1
    wish = {**header, "bars": 2, "form": "A"}
    row = wish_row(blind_model(VOCABULARY), "bars", wish, 12)
    assert row["met"] > 0.5


def test_like_row_counts_those_that_are_refused():
    tune = "M:2/4\nL:1/8\nK:D\n|:d2A2|f4:|\n"
    unequal = "M:2/4\nL:1/8\nK:D\n|:d2A2|f4:||:d4|f4|A4:|\n"
    row = like_row(blind_model(VOCABULARY), [tune, unequal], 6)
    assert row["wish"] == "like one of 2 test tunes, 1 refused"
    assert row["count"] == 6 and row["met"] > 0.3
