"""CoNLL-U: what is in a file comes in, and what is wrong has its line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.errors import MitseqError
from mitseq.tasks.tag.conllu import (
    conllu_files,
    parse_conllu,
    read_conllu,
    write_conllu,
)
from mitseq.tasks.tag.sentences import Sentence
from tests.tasks.tag.conftest import SENTENCES


def line(name, word, tag, rest="\t_" * 6):
    return f"{name}\t{word}\t_\t{tag}{rest}\n"


DONT = (
    "# sent_id = 1\n# text = I don't.\n"
    + line(1, "I", "PRON")
    + line("2-3", "don't", "_")
    + line(2, "do", "AUX")
    + line(3, "n't", "PART")
    + line("3.1", "go", "VERB")
    + line(4, ".", "PUNCT")
    + "\n"
)


def test_ranges_empty_nodes_and_comments_are_no_words():
    (found,) = parse_conllu(DONT)
    assert str(found) == "I/PRON do/AUX n't/PART ./PUNCT"


def test_line_ends_marks_and_a_missing_last_line_do_not_matter(tmp_path):
    path = tmp_path / "a.conllu"
    text = (DONT + DONT).rstrip("\n").replace("\n", "\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert read_conllu([path]) == parse_conllu(DONT) * 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (line(1, "a", "DET", "\t_" * 5), "line 1: expected 10 columns .* 9"),
        ("1 a _ DET _ _ _ _ _ _\n", "line 1: expected 10 columns .* 1"),
        ("#\n" + line(2, "a", "DET"), "line 2: expected the number 1 .* '2'"),
        (line("x", "a", "DET"), "expected the number 1"),
        (line(1, "a", "DET") * 2, "line 2: expected the number 2"),
        (line(1, "", "DET"), "line 1: expected a word"),
        (line(1, " ", "DET"), "line 1: expected a word"),
        (line(1, "a", "_"), "line 1: expected a tag"),
        (line(1, "a", ""), "line 1: expected a tag"),
        (line(1, "a", "D T"), "line 1: expected a tag"),
        (line("2-3", "a", "_"), "line 1: expected a range .* 1"),
        (line("1-0", "a", "_"), "line 1: expected a range"),
        (line("1-2", "a", "_") + line(1, "b", "X"), "line 3: .* before word 2"),
        ("", "holds no word"),
        ("# only\n\n", "holds no word"),
    ],
)
def test_a_line_that_is_not_in_the_format_is_named(text, message):
    with pytest.raises(MitseqError, match=f"a.conllu.*{message}"):
        parse_conllu(text, "a.conllu")


def test_tags_may_be_missing_where_they_are_to_be_found():
    assert parse_conllu(line(1, "a", "_"), needs_tags=False)[0].words == ("a",)


def test_files_that_cannot_be_read_are_named(tmp_path):
    with pytest.raises(MitseqError, match="none.conllu"):
        read_conllu([tmp_path / "none.conllu"])
    with pytest.raises(MitseqError, match=r"no \*.conllu in this folder"):
        conllu_files([tmp_path])
    (tmp_path / "a.conllu").write_bytes(DONT.encode() + b"\xff\n")
    with pytest.raises(MitseqError, match="a.conllu: line 10: 0xff is not"):
        read_conllu([tmp_path])


def test_what_is_written_is_read_again():
    assert parse_conllu(write_conllu(SENTENCES)) == SENTENCES
    text = write_conllu(SENTENCES[:1], ["Time  flies"], [["A=B"] + ["_"] * 4])
    assert text.startswith("# text = Time flies\n1\ttime\t")
    assert text.split("\n")[1].endswith("\tA=B")


letters = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(letters, min_size=1, max_size=5), min_size=1))
def test_any_words_come_back(sentences):
    given = [Sentence(tuple(s), ("X",) * len(s)) for s in sentences]
    assert parse_conllu(write_conllu(given)) == given


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("1\t2-.#_aé\n \r"), max_size=80))
def test_whatever_a_file_holds_there_is_one_line_or_words(text):
    try:
        found = parse_conllu(text, "a.conllu")
    except MitseqError as error:
        assert str(error).startswith("a.conllu: ")
    else:
        assert all(len(s.words) == len(s.tags) > 0 for s in found)
