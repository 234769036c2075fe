"""Tables of captions are read, or the file and line is named."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mitseq.errors import MitseqError
from mitseq.tasks.caption.folders import (
    find_table,
    read_captioned,
    read_pictures,
    read_rows,
    write_rows,
    write_table,
)
from mitseq.tasks.caption.pictures import write_picture
from tests.tasks.caption.conftest import bar, write_bars


@pytest.fixture
def folder(tmp_path):
    for name in ("a.png", "b.png"):
        write_picture(tmp_path / name, bar("top"))
    return tmp_path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("captions.csv", "file,caption\na.png,A cat.\nb.png,A dog.\n"),
        ("captions.csv", "a.png,A cat.\nb.png,A dog.\n"),
        ("captions.tsv", "Caption\tImage\nA cat.\ta.png\nA dog.\tb.png\n"),
        ("captions.txt", "id;image;caption\n1;a.png;A cat.\n2;b.png;A dog.\n"),
        ("captions.csv", '\ufefffile,caption\na.png,"A cat."\nb.png,A dog.\n'),
    ],
)
def test_columns_are_found(folder, name, text):
    (folder / name).write_text(text, "utf-8")
    rows = [(folder / "a.png", "A cat."), (folder / "b.png", "A dog.")]
    assert read_rows(folder) == rows
    assert read_rows(folder / name) == rows


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "captions.csv: the file is empty"),
        ("file,caption\n", "a header and no row"),
        ("file,caption\na.png,\nb.png,x\n", "line 2: the caption is empty"),
        ("file,caption\n,A cat.\nb.png,x\n", "line 2: the file is empty"),
        (
            "file,caption\na.png,A cat.\nc.png,x\n",
            "line 3: no such file: .*c.p",
        ),
        ("file,caption\na.png,A cat, here.\nb.png,x\n", "line 2: 3 columns"),
        ("name,caption\na.png,A cat.\n", "expected one column file and one"),
        ("1,a.png,A cat.\n2,b.png,A dog.\n", "3 columns and no header"),
    ],
)
def test_what_is_wrong_is_named(folder, text, words):
    (folder / "captions.csv").write_text(text, "utf-8")
    with pytest.raises(MitseqError, match=words):
        read_rows(folder)


def test_a_folder_has_one_table(folder):
    with pytest.raises(MitseqError, match="expected one table.*: none"):
        find_table(folder)
    for name in ("captions.csv", "captions.tsv"):
        (folder / name).touch()
    with pytest.raises(MitseqError, match="captions.csv, captions.tsv"):
        find_table(folder)


def test_a_picture_may_have_several_captions(folder):
    write_rows(
        folder / "captions.csv",
        [("a.png", "A cat."), ("b.png", "A dog."), ("a.png", "An animal.")],
    )
    found = read_captioned(folder, 8)
    assert len(found.files) == 2 and found.pictures.shape == (2, 8, 8, 1)
    assert found.right_captions() == [("A cat.", "An animal."), ("A dog.",)]
    again = write_table(folder / "kept.csv", found)
    assert read_captioned(again, 8).right_captions() == found.right_captions()


def test_no_picture_is_in_two_parts(bars):
    found = read_pictures([bars], size=16, seed=3)
    parts = [set(p.files) for p in (found.train, found.validation, found.test)]
    assert [len(part) for part in parts] == [80, 10, 10]
    assert len(set.union(*parts)) == 100
    for part in (found.train, found.test):
        for (caption,), file in zip(
            part.right_captions(), part.files, strict=True
        ):
            assert file.name.split("-")[0] in caption
    other = read_pictures([bars], size=16, seed=4)
    assert set(other.test.files) != set(found.test.files)


def test_too_few_pictures_and_one_caption_for_all_are_named(tmp_path):
    write_bars(tmp_path, copies=2)
    with pytest.raises(MitseqError, match="at least 10 pictures.*: 8"):
        read_pictures([tmp_path])
    write_bars(tmp_path, copies=3)
    table = tmp_path / "captions.csv"
    rows = [(file.name, "A bar.") for file, _ in read_rows(table)]
    write_rows(table, rows)
    with pytest.raises(MitseqError, match="all captions are the same"):
        read_pictures([tmp_path])


def test_a_picture_that_is_none_is_named(folder):
    (folder / "a.png").write_text("none")
    write_rows(folder / "captions.csv", [("a.png", "A cat.")])
    with pytest.raises(MitseqError, match="a.png: not a picture"):
        read_captioned(folder)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=80) | st.text(max_size=60).map(str.encode))
def test_any_bytes_are_rows_or_one_line(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("fuzz") / "captions.csv"
    path.write_bytes(content)
    try:
        rows = read_rows(path)
    except MitseqError as error:
        assert str(path) in str(error)
    else:
        assert all(file.is_file() for file, _ in rows)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.text("ab ,;\t\"'.", min_size=1).map(lambda t: f"x {t} y"),
        min_size=1,
        max_size=5,
    )
)
def test_what_is_written_is_read(tmp_path_factory, captions):
    folder = tmp_path_factory.mktemp("rows")
    (folder / "a.png").touch()
    rows = [("a.png", " ".join(caption.split())) for caption in captions]
    write_rows(folder / "captions.csv", rows)
    assert read_rows(folder) == [(folder / "a.png", c) for _, c in rows]
