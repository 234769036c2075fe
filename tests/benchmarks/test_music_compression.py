import bz2
import json
import random

import music_compression
import pytest
from music_compression import bz2_bits, bz2_row
from ngram import WittenBell

from mitseq.errors import MitseqError
from mitseq.tunes.corpus import Corpus

HEADER = "M:6/8\nL:1/8\nK:D\n"


def tunes(count, seed):
    draw = random.Random(seed)
    return [
        HEADER
        + "|".join("".join(draw.choices("ABcde", k=6)) for _ in range(8))
        + "|\n"
        for _ in range(count)
    ]


@pytest.fixture
def data(tmp_path):
    Corpus(tunes(40, 1), tunes(5, 2), tunes(6, 3), {}).save(tmp_path)
    return tmp_path


def test_bz2_bits_is_the_difference_of_two_compressed_lengths():
    train, held_out = "".join(tunes(40, 1)), "".join(tunes(5, 2))
    both = len(bz2.compress((train + held_out).encode()))
    alone = len(bz2.compress(train.encode()))
    assert bz2_bits(train, held_out) == 8 * (both - alone) > 0


def test_bz2_bits_drops_the_start_of_a_training_text_that_is_too_long():
    train, held_out = "".join(tunes(40, 1)), "".join(tunes(5, 2))
    kept = train[-(1000 - len(held_out)) :]
    assert bz2_bits(train, held_out, block=1000) == bz2_bits(kept, held_out)
    assert bz2_bits(train, held_out, block=1000) != bz2_bits(train, held_out)


def test_bz2_bits_refuses_a_held_out_text_beyond_a_block():
    with pytest.raises(ValueError, match="`held_out`.*Received: 20 bytes"):
        bz2_bits("a", "b" * 20, block=20)


def test_bz2_row_needs_fewer_bits_for_tunes_it_knows():
    train = tunes(40, 1)
    known = bz2_row(train, train[:10], shuffles=3)
    new = bz2_row(train, tunes(10, 2), shuffles=3)
    assert known["bits_per_character"] < 0.8 * new["bits_per_character"]


def test_main_prints_the_rows_and_compares_with_the_ngram(data, capsys):
    rows = music_compression.main(["--data", str(data), "--json"])
    printed = json.loads(capsys.readouterr().out)
    assert printed["rows"] == rows
    expected = WittenBell(tunes(40, 1), 5).bits_per_character(tunes(6, 3))
    assert rows[0]["bits_per_character"] == pytest.approx(expected)
    assert rows[0]["below_ngram"] == 0
    assert rows[1]["below_ngram"] == pytest.approx(
        1 - rows[1]["bits_per_character"] / expected
    )


def test_main_refuses_a_recipe_of_another_split(data, tmp_path):
    row = {
        "step": 7,
        "seconds": 1.0,
        "test_bits_per_character": 2.0,
        "test_characters": 1,
    }
    (tmp_path / "results.json").write_text(json.dumps({"test": {"best": row}}))
    arguments = ["--data", str(data), "--recipe", str(tmp_path)]
    with pytest.raises(MitseqError, match="another split"):
        music_compression.main(arguments)
