import json
import sys
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mitseq.errors import MitseqError
from mitseq.tasks.sentiment import read
from mitseq.tasks.sentiment.read import read_texts, splits_of
from mitseq.tasks.sentiment.texts import find_duplicates
from mitseq.text import streams

GOOD, BAD = "The food was good, not bad.", "The food was bad, not good."


@pytest.fixture
def write(tmp_path):
    """Writes a file (or several) and returns the path of the folder or file."""

    def write(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            content = content.encode()
        path.write_bytes(content)
        return path

    return write


def pairs(data):
    return list(zip(data.texts, data.labels, strict=True))


# Tables


@pytest.mark.parametrize(
    "name, content",
    [
        ("a.csv", f'text,label\n"{GOOD}",pos\n"{BAD}",neg\n'),
        ("a.csv", f'label,text\npos,"{GOOD}"\nneg,"{BAD}"\n'),
        ("a.csv", f'"{GOOD}",pos\n"{BAD}",neg\n'),
        ("a.csv", f"pos;{GOOD}\nneg;{BAD}\n"),
        ("a.csv", f"Review;Sentiment\n{GOOD};pos\n{BAD};neg\n"),
        ("a.tsv", f"id\tsentence\tlabel\n7\t{GOOD}\tpos\n8\t{BAD}\tneg\n"),
        ("a.txt", f"{GOOD}\tpos\n{BAD}\tneg\n"),
        ("a.csv", f'\ufefftext,label\r\n"{GOOD}",pos\r\n"{BAD}",neg\r\n'),
        ("a.csv", f"text|label\n{GOOD}|pos\n{BAD}|neg\n".encode("utf-16")),
        ("a.jsonl", f'{{"text":"{GOOD}","label":"pos"}}\n'
         f'{{"text":"{BAD}","label":"neg"}}\n'),
        ("a.json", f'{{"id":3,"Review":"{GOOD}","stars":"pos"}}\n'
         f'{{"id":4,"Review":"{BAD}","stars":"neg"}}\n'),
    ],
)  # fmt: skip
def test_separator_header_and_columns_are_found(write, name, content):
    data = read_texts(write(name, content))
    assert pairs(data) == [(GOOD, "pos"), (BAD, "neg")]
    assert data.classes == ("neg", "pos")
    assert any("text" in note for note in data.notes)


def test_a_header_of_unknown_names_is_found_by_its_labels(write):
    rows = "".join(f"{i},it was day {i},{'ab'[i % 2]}\n" for i in range(9))
    data = read_texts(write("a.csv", "nr,said,kind\n" + rows))
    assert len(data) == 9 and data.classes == ("a", "b")
    assert len(read_texts(write("b.csv", rows))) == 9


def test_columns_are_chosen_by_name_or_number(write):
    path = write("a.csv", "x,y,z\nfirst,1,good\nsecond,2,bad\n")
    for text, label in (("x", "z"), ("X", "Z"), (1, 3), ("1", "3")):
        data = read_texts(path, text_column=text, label_column=label)
        assert pairs(data) == [("first", "good"), ("second", "bad")]
    path = write("b.csv", "first,1,good\nsecond,2,bad\n")
    data = read_texts(path, text_column=1, label_column=3)
    assert pairs(data) == [("first", "good"), ("second", "bad")]
    path = write("c.jsonl", '{"a": "x", "b": 1}\n{"a": "y", "b": 0}\n')
    data = read_texts(path, text_column="a", label_column="b")
    assert pairs(data) == [("x", "1"), ("y", "0")]


def test_a_large_csv_without_header_in_the_form_of_tweets(write):
    rows = "".join(
        f'"{4 * (i % 2)}","{i}","Mon Apr 06","NO_QUERY","u{i}","@a day {i}"\n'
        for i in range(20)
    )
    data = read_texts(write("tweets.csv", rows))
    assert pairs(data)[:2] == [("@a day 0", "0"), ("@a day 1", "4")]


@pytest.mark.parametrize(
    "label, expected",
    [(1, "1"), (1.0, "1"), (0.5, "0.5"), (True, "true"), ("x ", "x")],
)
def test_labels_of_json_are_strings(write, label, expected):
    lines = [{"text": "a", "label": label}, {"text": "b", "label": "other"}]
    path = write("a.jsonl", "\n".join(map(json.dumps, lines)))
    assert read_texts(path).labels == [expected, "other"]


@pytest.mark.parametrize(
    "name, content, columns, message",
    [
        ("a.csv", "", {}, "a.csv: the file is empty"),
        ("a.csv", "text,label\n", {}, "a header and no row"),
        ("a.csv", "text,label\na,b\nc,d,e\n", {}, "a.csv: line 3: 3 columns"),
        ("a.csv", "text,label\na,b\nc,\n", {}, "line 3: the label is missing"),
        ("a.csv", "text,label\na,b\0\n", {}, "a.csv: line 2: a NUL byte"),
        ("a.csv", "p,q\na,b\n", {"text_column": "r"}, "columns: p, q. Rec"),
        ("a.csv", "p,q\na,b\n", {"label_column": 3}, "label_column=3"),
        ("a.csv", "p,q\na,b\n", {"label_column": 0}, "label_column=0"),
        ("a.csv", "a,1\nb,2\n", {"label_column": "9"}, "numbers 1 to 2"),
        (
            "a.csv",
            "p,q\na,b\n",
            {"text_column": "p", "label_column": "p"},
            "must be two columns",
        ),
        (
            "a.csv",
            "id,tweet\n1,so good\n2,so bad\n3,fair\n",
            {},
            "no column looks like labels; .* Its columns: id, tweet",
        ),
        ("a.csv", "1,so good\n2,so bad\n3,fair\n", {}, "numbers 1 to 2"),
        ("a.jsonl", '{"text": "a"}\n', {}, "`label_column` must be one of"),
        (
            "a.jsonl",
            '{"text": "a", "label": 1}\n{"text": "b"}\n',
            {},
            'line 2: "label" is missing',
        ),
        ("a.jsonl", '{"text": 1, "label": 1}', {}, '"text" must be a string'),
        ("a.jsonl", '{"text": "a", "label": []}', {}, "a label must be"),
        ("a.jsonl", "text,label\n", {}, "line 1: not JSON"),
        ("a.pos", "good\n", {}, "one column"),
        ("x.csv", b"text,label\n\xff\xfe,\xc3\xa9 \xc3\xa9 \xc3\xa9\n", {},
         "line 2: 0xff is not utf-8"),
    ],
)  # fmt: skip
def test_bad_tables_are_told_with_file_and_line(
    write, name, content, columns, message
):
    with pytest.raises(MitseqError, match=message):
        read_texts(write(name, content), **columns)


texts = st.text(st.sampled_from('abc ,;"\n\t|é{}:[]0'), min_size=0, max_size=60)


@settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(texts | st.binary(max_size=40), st.sampled_from(["csv", "jsonl", "tsv"]))
def test_any_file_is_texts_or_one_clear_error(write, content, ending):
    path = write(f"a.{ending}", content)
    try:
        data = read_texts(path)
    except MitseqError as error:
        assert "\n" not in str(error) and f"a.{ending}" in str(error)
    else:
        assert len(data.texts) == len(data.labels) > 0
        assert all(isinstance(label, str) and label for label in data.labels)


# Folders and pairs of files


@pytest.fixture
def acl(write, tmp_path):
    """The layout of aclImdb, small."""
    for split in ("train", "test"):
        for label in ("pos", "neg"):
            for i in range(3):
                text = f"{split} {label} {i}<br />!"
                write(f"aclImdb/{split}/{label}/{i}_9.txt", text)
    write("aclImdb/train/unsup/0_0.txt", "no label")
    write("aclImdb/train/urls_pos.txt", "http://a\n")
    write("aclImdb/train/labeledBow.feat", "1 0:1\n")
    write("aclImdb/README", "read me\n")
    write("aclImdb/imdb.vocab", "the\n")
    return tmp_path / "aclImdb"


def test_a_folder_for_each_class(acl):
    data = read_texts(acl / "test")
    assert data.counts == {"neg": 3, "pos": 3}
    assert data.texts[0] == "test neg 0<br />!"


def test_the_root_of_acl_imdb_has_two_splits(acl):
    assert splits_of(acl) == ("train", "test")
    assert splits_of(acl / "train") == ()
    train, test = read_texts(acl), read_texts(acl, split="test")
    assert train.texts == read_texts(acl / "train").texts
    assert test.texts == read_texts(acl / "test").texts
    assert "train/ of aclImdb/" in train.notes
    assert set(train.labels) == {"neg", "pos"}


@pytest.mark.parametrize(
    "names",
    [
        ("rt-polarity.pos", "rt-polarity.neg"),
        ("mine.pos.txt", "mine.neg.txt"),
        ("positive.txt", "negative.txt"),
        ("x_POS.txt", "x_NEG.txt"),
    ],
)
def test_two_files_are_found_from_each_other_and_from_their_folder(
    write, tmp_path, names
):
    good, bad = names
    if "POS" in good:
        names = good, bad = "x_pos.txt", "x_neg.txt"
    write(f"d/{good}", "so good .\n\nfine\u2028line\n".encode())
    write(f"d/{bad}", b"caf\xe9 bad \x97 really\n")
    expected = [
        ("café bad — really", "neg"),
        ("so good .", "pos"),
        ("fine\u2028line", "pos"),
    ]
    for path in (tmp_path / "d", *(tmp_path / "d" / name for name in names)):
        data = read_texts(path)
        assert pairs(data) == expected
        assert "not UTF-8, read as cp1252" in data.notes
    assert len(read_texts(tmp_path / "d", encoding="latin-1")) == 3


def test_a_stem_stands_for_both_files(write, tmp_path):
    write("rt.pos", "good\n")
    write("rt.neg", "bad\n")
    assert pairs(read_texts(tmp_path / "rt")) == [
        ("bad", "neg"),
        ("good", "pos"),
    ]


def test_folders_that_are_nothing_of_this_say_what_is_in_them(write, tmp_path):
    with pytest.raises(MitseqError, match="no such file or folder"):
        read_texts(tmp_path / "none")
    (tmp_path / "empty").mkdir()
    with pytest.raises(MitseqError, match="Received: an empty folder"):
        read_texts(tmp_path / "empty")
    write("one/pos/1.txt", "good")
    with pytest.raises(MitseqError, match="Received: pos/"):
        read_texts(tmp_path / "one")
    for name in ("a.pos", "a.neg", "b.pos", "b.neg"):
        write(f"two/{name}", "x\n")
    with pytest.raises(MitseqError, match="more than one pair of files: a.neg"):
        read_texts(tmp_path / "two")
    assert len(read_texts(tmp_path / "two" / "b")) == 2
    write("half/a.pos", "x\n")
    write("half/a.neg", "\n")
    with pytest.raises(MitseqError, match="a.neg: the file is empty"):
        read_texts(tmp_path / "half")
    write("half/test/pos/1.txt", "x")
    with pytest.raises(MitseqError, match="`text_column` is for files"):
        read_texts(tmp_path / "half", text_column="text")
    with pytest.raises(MitseqError, match="`split` must be one of"):
        read_texts(tmp_path / "half", split="dev")


# Names, and what is told about any texts


def test_imdb_is_the_words_behind_the_numbers_of_keras(monkeypatch):
    import keras

    x = [[1, 4, 2, 5], [1, 5, 5]]
    monkeypatch.setattr(
        keras.datasets.imdb, "load_data", lambda: ((x, [1, 0]), (x[:1], [0]))
    )
    monkeypatch.setattr(
        keras.datasets.imdb, "get_word_index", lambda: {"the": 1, "and": 2}
    )
    data = read_texts("imdb")
    assert pairs(data) == [("the and", "pos"), ("and and", "neg")]
    assert pairs(read_texts("imdb", split="test")) == [("the and", "neg")]

    def offline():
        raise Exception("URL fetch failure on https://x: None -- unknown\nmore")

    monkeypatch.setattr(keras.datasets.imdb, "load_data", offline)
    with pytest.raises(MitseqError, match="cannot be downloaded: URL fetch"):
        read_texts("imdb")


@pytest.mark.parametrize("watched", [False, True])
def test_a_download_is_told_on_standard_error(
    monkeypatch, tmp_path, capsys, watched
):
    import keras
    from keras.src.utils import file_utils

    def urlretrieve(origin, path, show):
        for block in range(5):
            show(block, 10, 40)
        Path(path).touch()

    def load_data():
        keras.utils.get_file("a", "https://x/a", cache_dir=tmp_path)
        return (([[1, 4]], [1]), ([], []))

    monkeypatch.setattr(file_utils, "urlretrieve", urlretrieve)
    monkeypatch.setattr(keras.datasets.imdb, "load_data", load_data)
    monkeypatch.setattr(
        keras.datasets.imdb, "get_word_index", lambda: {"the": 1}
    )
    monkeypatch.setattr(sys.stderr, "isatty", lambda: watched)
    assert pairs(read_texts("imdb")) == [("the", "pos")]
    out, err = capsys.readouterr()
    assert out == ""
    said, _, bar = err.partition("\n")
    assert said == "Downloading data from https://x/a"
    assert ("40/40" in bar) is watched and bool(bar) is watched


def test_enough_texts_of_each_class_need_no_remark(write):
    rows = [f"{label} {i},{label}" for i in range(20) for label in "ab"]
    path = write("a.csv", "text,label\n" + "\n".join(rows))
    assert read_texts(path).notes == read_texts(path).notes[:1]  # columns


def test_duplicates_and_unequal_classes_are_told(write):
    rows = ["good,pos"] * 3 + ["Good!,neg", "fine,pos", '"",pos']
    data = read_texts(write("a.csv", "text,label\n" + "\n".join(rows)))
    assert "1 text of 6 empty" in data.notes
    assert "3 repeated texts, 1 of them with another label" in data.notes
    told = [note.partition(":")[2] for note in data.notes[-2:]]
    assert data.notes[-2].startswith("classes of unequal size (neg: 1, pos: 5)")
    assert "always 'pos' is right on 83.3%" in told[0]
    assert "--balanced" in told[0] and "macro_f1" in told[0]
    assert data.notes[-1].startswith("only 1 text of 'neg', too few")
    assert "label more" in told[1]
    assert find_duplicates(data.texts, ["GOOD", "other", ""]) == [
        (0, 0),
        (5, 2),
    ]


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_large_table_is_read_row_by_row_to_the_same(
    write, ending, monkeypatch
):
    rows = [(f"text number {i}, so good", "pn"[i % 2]) for i in range(3000)]
    if ending == "csv":
        content = "text,label\n" + "".join(f'"{a}",{b}\n' for a, b in rows)
    else:
        content = "".join(
            json.dumps({"text": a, "label": b}) + "\n" for a, b in rows
        )
    path = write(f"large.{ending}", content)
    whole = read_texts(path)
    monkeypatch.setattr(read, "STREAMED", 100)
    monkeypatch.setattr(streams, "HEAD", 2000)
    tracemalloc.start()
    streamed = read_texts(path)
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert streamed == whole and len(whole) == 3000
    assert used < 8 * len(content)  # 14 times as much as a whole


def test_a_large_table_in_another_encoding_is_read_as_a_whole(
    write, monkeypatch
):
    content = "text,label\ncafé,pos\nbar,neg\n".encode("latin-1")
    path = write("a.csv", "")
    path.write_bytes(content)
    monkeypatch.setattr(read, "STREAMED", 1)
    data = read_texts(path)
    assert data.texts == ["café", "bar"]
    assert "not UTF-8, read as cp1252" in data.notes


def test_no_name_is_not_the_current_folder():
    with pytest.raises(MitseqError, match="`path` must be the name of a file"):
        read_texts("")
