import keras
import pytest
from music_wishes import WISHES, wish_row

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
