"""A cutter remembers pieces, and cuts as who sees the whole text."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from mitseq.text import cutting
from mitseq.text.cutting import Cutter
from mitseq.text.tokens import tokenize

CUT = Cutter()
SIGNS = "aaaABbr<>/ \n\t\u00a0\u200b@#.!?'`’:)-3wσΣİ\x00\ud800日🙂\ufe0f\u200d"


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*SIGNS, "<br />", "www.", "http://"])))
@example(["good<BR\n/>film<br>www.x <br />@a@b @c"])
def test_pieces_give_the_tokens_of_the_whole_text(signs):
    text = "".join(signs)
    assert CUT.tokens(text) == tokenize(text)
    (codes,) = CUT([text])[1]
    joined = f" {' '.join(tokenize(text))} "
    assert "".join(map(chr, codes)).strip() == joined.strip()
    assert len(codes) in (len(joined), 1)  # one space for no token


def test_indices_are_those_of_the_words():
    cut = Cutter({"good": 2, "film": 3})
    texts = ["Good film!", "", "film film bad"]
    for _ in range(2):  # met for the first time, and remembered
        ids, _ = cut(texts)
        assert [row.tolist() for row in ids] == [[2, 3, 1], [], [3, 3, 1]]


def test_what_was_returned_stays_while_more_is_learned():
    cut = Cutter({"a": 2, "b": 3})
    first, _ = cut(["a"])
    cut([f"w{i}" for i in range(1000)])
    assert first[0].tolist() == [2]


def test_it_does_not_remember_without_end(monkeypatch):
    monkeypatch.setattr(cutting, "MOST", 50)
    cut = Cutter({"good": 2})
    for i in range(0, 1000, 10):
        ids, _ = cut([f"good w{k}" for k in range(i, i + 10)])
        assert [row.tolist() for row in ids] == [[2, 1]] * 10
    assert len(cut._pieces) < 100
    monkeypatch.setattr(cutting, "MOST_CODES", 500)
    for _ in range(3):
        cut(["x" * 1000])
    assert len(cut._pieces) < 5
