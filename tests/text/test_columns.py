"""Columns of labeled texts are found by name, by number or by looking."""

import pytest

from mitseq.errors import MitseqError
from mitseq.text.columns import read_labeled_json_lines, read_labeled_table


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("text,label\na,x\nb,y\n", (["a", "b"], ["x", "y"])),
        (
            "Label,id,Review\nx,1,long text\ny,2,another\n",
            (["long text", "another"], ["x", "y"]),
        ),
        (
            "0,so good it is\n4,so bad it was\n0,never mind\n4,oh\n",
            (
                ["so good it is", "so bad it was", "never mind", "oh"],
                ["0", "4", "0", "4"],
            ),
        ),
    ],
)
def test_columns_are_found(content, expected):
    texts, labels, _ = read_labeled_table(content, "a.csv")
    assert (texts, labels) == expected


def test_columns_are_named_or_numbered():
    content = "a,b,c\nx,p,q\ny,r,s\n"
    texts, labels, taken = read_labeled_table(content, "a.csv", "b", 3)
    assert (texts, labels) == (["p", "r"], ["q", "s"])
    assert taken == 'texts from column "b", labels from column "c"'
    with pytest.raises(MitseqError, match="a.csv: `text_column` must be one"):
        read_labeled_table(content, "a.csv", "d", 3)
    with pytest.raises(MitseqError, match="must be two columns.*for both"):
        read_labeled_table(content, "a.csv", "b", "b")


@pytest.mark.parametrize(
    ("label", "text"), [("true", "true"), ("2.0", "2"), ('" x "', "x")]
)
def test_labels_of_json_become_words(label, text):
    line = f'{{"text": "a", "label": {label}}}'
    assert read_labeled_json_lines(line, "a.jsonl")[1] == [text]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"text": 1, "label": 1}', 'line 1: "text" must be a string'),
        ('{"text": "a", "label": [1]}', "line 1: a label must be"),
        ('{"text": "a"}', "`label_column` must be one of its keys: text"),
    ],
)
def test_bad_json_is_told_with_its_line(line, message):
    with pytest.raises(MitseqError, match=message):
        read_labeled_json_lines(line, "a.jsonl")


def test_two_columns_of_one_name_are_told_apart_by_a_number():
    content = "text,label,text\na,p,c\nb,n,d\n"
    with pytest.raises(MitseqError, match='line 1: two columns .* "text"'):
        read_labeled_table(content, "x.csv")
    with pytest.raises(MitseqError, match='two columns are called "text"'):
        read_labeled_table(content, "x.csv", text_column="text")
    texts, labels, _ = read_labeled_table(content, "x.csv", text_column=3)
    assert (texts, labels) == (["c", "d"], ["p", "n"])
    # a name that nobody asks for may stand twice
    content = "text,label,a,a\nx,p,1,2\ny,n,3,4\n"
    assert read_labeled_table(content, "x.csv")[0] == ["x", "y"]


def test_how_quotes_are_read_is_told():
    content = 'text,label\na,p\n"b,n\nc,p\n'
    texts, _, taken = read_labeled_table(content, "x.csv")
    assert texts == ["a", '"b', "c"]
    assert 'each " is part of its text (line 3: a quote is opened' in taken


def test_a_column_is_a_name_or_a_number():
    content = "text,label\na,p\nb,n\n"
    with pytest.raises(MitseqError, match="`text_column` must be one of its"):
        read_labeled_table(content, "x.csv", text_column=10**5000)
