import json

import pytest

from mitseq.errors import MitseqError
from mitseq.text.vocabulary import END, PAD, SPECIAL, START, Vocabulary

# a header line, a note with its length, a bar line, or one character
PATTERN = r"[MLK]:[^\n]*\n|[a-g]\d*|\|:|:\||.|\n"
JIG = "M:6/8\nL:1/8\nK:D\n|:d2ef2a|b3a3:|\n"
REEL = "M:4/4\nL:1/8\nK:D\n|:d2efa4|b4a4:|\n"


def test_ids_start_after_the_special_ones():
    vocabulary = Vocabulary("xyz", level="character")
    assert (PAD, START, END) == (0, 1, 2)
    assert vocabulary.encode("xyz") == [3, 4, 5]
    assert len(vocabulary) == 6


def test_from_texts_characters_decodes_to_the_same_text():
    vocabulary = Vocabulary.from_texts([JIG, REEL], level="character")
    assert set(vocabulary.tokens) == set(JIG + REEL)
    for tune in (JIG, REEL):
        assert vocabulary.decode(vocabulary.encode(tune)) == tune
        assert len(vocabulary.encode(tune)) == len(tune)


def test_from_texts_tokens_decodes_to_the_same_text():
    vocabulary = Vocabulary.from_texts(
        [JIG, REEL], pattern=PATTERN, min_count=1
    )
    assert {"M:6/8\n", "K:D\n", "d2", "b3", "|:", ":|"} <= set(
        vocabulary.tokens
    )
    ids = vocabulary.encode(JIG)
    assert vocabulary.decode(ids) == JIG
    assert vocabulary.tokens_of(ids)[:4] == [
        "M:6/8\n",
        "L:1/8\n",
        "K:D\n",
        "|:",
    ]


def test_rare_piece_is_spelled_out():
    vocabulary = Vocabulary.from_texts(
        [JIG, REEL], pattern=PATTERN, min_count=2
    )
    assert "M:6/8\n" not in vocabulary and "K:D\n" in vocabulary
    ids = vocabulary.encode(JIG)
    assert vocabulary.tokens_of(ids)[:7] == list("M:6/8\n") + ["L:1/8\n"]
    assert vocabulary.decode(ids) == JIG


def test_token_level_encodes_any_printable_text():
    vocabulary = Vocabulary(["d2"])
    text = "".join(map(chr, range(32, 127))) + "\n"
    assert vocabulary.decode(vocabulary.encode(list(text))) == text


def test_tokens_do_not_depend_on_the_order_of_the_texts():
    a = Vocabulary.from_texts([JIG, REEL], level="character")
    b = Vocabulary.from_texts([REEL, JIG], level="character")
    assert a == b and hash(a) == hash(b)


def test_unknown_character_is_named_with_its_position():
    vocabulary = Vocabulary("ABC", level="character")
    with pytest.raises(MitseqError, match="character 'd' at position 3"):
        vocabulary.encode("ABd")
    with pytest.raises(MitseqError, match="character 'é' at position 4"):
        Vocabulary(["d2"]).encode(["d2", "aé"])


def test_decode_stops_at_end_and_skips_start_and_pad():
    vocabulary = Vocabulary("ABC", level="character")
    assert vocabulary.decode([START, 3, PAD, 4, END, 5]) == "AB"


@pytest.mark.parametrize("bad", [6, -1])
def test_decode_of_a_strange_id_raises(bad):
    with pytest.raises(MitseqError, match=f"between 0 and 5. Received: {bad}"):
        Vocabulary("ABC", level="character").decode([bad])


@pytest.mark.parametrize("level", ["character", "token"])
def test_config_round_trip_through_json(level):
    vocabulary = Vocabulary(["é", "d2"], level=level)
    config = json.loads(json.dumps(vocabulary.to_config()))
    again = Vocabulary.from_config(config)
    assert again == vocabulary
    assert again.tokens == vocabulary.tokens and again.level == level


def test_equal_tokens_of_another_level_are_another_vocabulary():
    tokens = Vocabulary(["d2"]).tokens
    assert Vocabulary(tokens) != Vocabulary(tokens, level="character")


def test_special_ids_are_not_tokens():
    vocabulary = Vocabulary("A", level="character")
    assert vocabulary.tokens[0] == "A" and SPECIAL == 3


def test_bad_arguments_raise():
    with pytest.raises(MitseqError, match="`level` must be one of"):
        Vocabulary("A", level="word")
    with pytest.raises(MitseqError, match="non-empty strings"):
        Vocabulary(["A", ""])
    with pytest.raises(MitseqError, match="distinct. Received: 'A' twice"):
        Vocabulary(["A", "A"])
    with pytest.raises(MitseqError, match="at least one text"):
        Vocabulary.from_texts([], level="character")
    with pytest.raises(MitseqError, match="`min_count` must be a positive"):
        Vocabulary.from_texts([JIG], min_count=0)


def test_a_text_without_a_pattern_to_cut_it_is_an_error():
    vocabulary = Vocabulary(["d2"])
    with pytest.raises(MitseqError, match="needs a `pattern`.*'d2e'"):
        vocabulary.encode("d2e")
    assert vocabulary.decode(vocabulary.encode(["d2", "e"])) == "d2e"


def test_groups_of_a_pattern_do_not_cut_a_text():
    vocabulary = Vocabulary(["d2"], pattern=r"([a-g])(\d)?|.")
    assert vocabulary.tokens_of(vocabulary.encode("d2d2")) == ["d2", "d2"]
    assert vocabulary.encode(iter(["d2", "d2"])) == vocabulary.encode("d2d2")
