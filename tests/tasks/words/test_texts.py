"""Texts: paragraphs of a file, who is held out, and what is no text."""

import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.words.texts import grammar_texts, read_paragraphs, read_split


def test_paragraphs_or_else_lines(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("One\ntwo.\r\n\r\nThree.\n\n\n")
    assert read_paragraphs(path) == ["One two.", "Three."]
    path.write_text("One\ntwo.\n")
    assert read_paragraphs(path) == ["One", "two."]


def test_a_tenth_each_is_held_out_and_nothing_is_lost(tmp_path):
    lines = [f"this is line {i} of many ." for i in range(40)]
    path = tmp_path / "a.txt"
    path.write_text("\n".join(lines))
    texts = read_split([path])
    assert len(texts.validation) == len(texts.test) == 4
    assert sorted([*texts.train, *texts.validation, *texts.test]) == sorted(
        lines
    )
    assert read_split([path]) == texts != read_split([path], seed=1)


def test_a_single_paragraph_is_cut_at_its_sentences(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("So it goes on and on. " * 20)
    texts = read_split([path])
    assert set(texts.train) == {"So it goes on and on."}
    assert len(texts.train) == 16


def test_the_grammars_parts_are_drawn_apart():
    texts = grammar_texts(8, count=50)
    assert len(texts.train) == 50 and texts.min_count == 1
    assert texts.train != texts.validation[:50] != texts.test[:50]
    assert grammar_texts(8, count=50) == texts


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no word"),
        (b" \n\n \n", "holds no word"),
        (b"a b c d e f g", "expected at least 50 words .* Received: 7"),
        (b"word " * 60, "expected at least 3 paragraphs, lines or sentences"),
        (b"a\0b", "NUL"),
    ],
)
def test_what_is_no_text_is_named(tmp_path, content, message):
    path = tmp_path / "bad.txt"
    path.write_bytes(content)
    with pytest.raises(MitseqError, match=message) as error:
        read_split([path])
    assert "bad.txt" in str(error.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(MitseqError, match="none.txt: cannot be read"):
        read_paragraphs(tmp_path / "none.txt")
