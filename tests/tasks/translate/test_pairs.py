"""Files of pairs are read, mistakes have a line, and the split is by source."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.errors import MitseqError
from mitseq.tasks.translate.pairs import (
    FEWEST,
    Pair,
    by_source,
    language_pairs,
    read_pairs,
    read_split,
    source_key,
    split_pairs,
    write_pairs,
)


def test_both_layouts_of_tatoeba_are_read(tmp_path):
    path = tmp_path / "pairs.tsv"
    path.write_bytes(
        "\ufeffGo.\tVe.\r\n\r\nI'm hungry.\tTengo hambre.\tCC-BY 2.0, tatoeba"
        "\r\n".encode()
    )
    assert read_pairs(path) == [
        Pair("Go.", "Ve."),
        Pair("I'm hungry.", "Tengo hambre."),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no pair"),
        (b"\n\n", "holds no pair"),
        (b"Go.\tVe.\nI am\n", "line 2: expected a sentence, TAB.* 1 column"),
        (b"a\tb\tc\td\n", "line 1: .*Received: 4 columns"),
        (b"Go.\t \n", "line 1: expected a translation of at least one word"),
        (b"\tVe.\n", "line 1: expected a sentence of at least one word"),
        (b"a\x00b\tc\n", "NUL"),
        (b"\xff\xfea", "pairs.tsv"),
    ],
)
def test_what_is_no_pair_is_named_with_its_line(tmp_path, content, message):
    path = tmp_path / "pairs.tsv"
    path.write_bytes(content)
    with pytest.raises(MitseqError, match=message):
        read_pairs(path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(MitseqError, match="none.tsv: cannot be read as pairs"):
        read_pairs(tmp_path / "none.tsv")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60) | st.text("ab\t\n\r .é\x85\u2028", max_size=40))
def test_any_file_is_pairs_or_one_line(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("fuzz") / "pairs.tsv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    try:
        pairs = read_pairs(path)
    except MitseqError as error:
        assert str(path) in str(error) and "\n" not in str(error)
        return
    path.write_text(write_pairs(pairs), "utf-8", newline="")
    assert read_pairs(path) == pairs


def many(count=60):
    return [
        Pair(f"word {i}.", f"palabra {i} {j}")
        for i in range(count)
        for j in "ab"
    ]


def test_all_translations_of_a_sentence_go_to_one_side():
    pairs = [*many(), Pair("Word 7!", "palabra 7")]  # another spelling of one
    split = split_pairs(pairs, seed=3)
    sides = [split.train, split.validation, split.test]
    keys = [{source_key(pair.source) for pair in side} for side in sides]
    assert not (keys[0] & keys[1] or keys[0] & keys[2] or keys[1] & keys[2])
    assert sum(map(len, sides)) == len(pairs)
    assert [len(each) for each in keys] == [54, 3, 3]
    assert split == split_pairs(pairs, seed=3)
    assert split.test != split_pairs(pairs, seed=4).test


def test_both_directions_and_the_first_of_a_file(tmp_path):
    path = tmp_path / "pairs.tsv"
    path.write_text(write_pairs(many()))
    there, back = read_split([path]), read_split([path], reverse=True)
    every = {
        pair
        for side in (there.train, there.validation, there.test)
        for pair in side
    }
    assert every == set(many())
    assert Pair("palabra 0 a", "word 0.") in {
        *back.train,
        *back.validation,
        *back.test,
    }
    few = read_split([path], most=50)
    assert len(few.train) + len(few.validation) + len(few.test) == 50
    assert few.name == str(path)


def test_too_few_sentences_are_an_error():
    with pytest.raises(MitseqError, match=f"at least {FEWEST} different"):
        split_pairs(many(FEWEST - 1), name="x")


def test_the_language_is_split_and_may_be_reversed():
    pairs = language_pairs(2, count=300, seed=1)
    back = language_pairs(2, count=300, seed=1, reverse=True)
    assert [pair.reversed() for pair in pairs.test] == list(back.test)
    sources = [
        {pair.source for pair in side}
        for side in (pairs.train, pairs.validation, pairs.test)
    ]
    assert list(map(len, sources)) == [300, 1000, 1000]
    assert not sources[0] & sources[2] and not sources[0] & sources[1]


def test_translations_of_a_sentence_are_gathered():
    pairs = [Pair("a", "b"), Pair("c", "d"), Pair("a", "e")]
    assert by_source(pairs) == {"a": ["b", "e"], "c": ["d"]}
