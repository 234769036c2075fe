"""Texts without labels: read from folders and files, and their words."""

import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.sentiment.texts import TextsError
from mitseq.tasks.sentiment.unlabelled import more_words, read_unlabelled


def test_each_text_file_of_a_folder_is_a_text(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "2.TXT").write_text("two\nlines\n", "utf-8")
    (tmp_path / "a.txt").write_bytes("caf\u00e9 ".encode("latin-1"))
    (tmp_path / "empty.txt").write_text(" \n", "utf-8")
    (tmp_path / "notes.md").write_text("no text", "utf-8")
    assert read_unlabelled(tmp_path) == ["caf\u00e9", "two\nlines"]


def test_each_line_of_a_file_is_a_text(tmp_path):
    file = tmp_path / "texts"
    file.write_bytes(b"so good\r\n\r\n so bad \n")
    assert read_unlabelled(file) == ["so good", "so bad"]


def test_where_there_is_no_text_is_named(tmp_path):
    with pytest.raises(TextsError, match=r"no file in it ends in \.txt"):
        read_unlabelled(tmp_path)
    file = tmp_path / "a.txt"
    file.write_text("\n \n", "utf-8")
    for path in (tmp_path, file):
        with pytest.raises(TextsError, match="no text in it"):
            read_unlabelled(path)
    with pytest.raises(MitseqError, match="none.txt"):
        read_unlabelled(tmp_path / "none.txt")


def test_words_of_labeled_texts_come_first_and_others_by_their_number():
    texts = ["Rare good film film, soup", "film soup soup", "good film [UNK]"]
    assert more_words(["good", "bad"], texts, min_count=2) == [
        "good",
        "bad",
        "film",
        "soup",
    ]
    assert more_words(["good"], texts, min_count=1, most=2) == ["good", "film"]
    assert more_words(["good", "bad"], texts, most=1) == ["good", "bad"]
