"""Every reason has its class, every drop is counted."""

from pathlib import Path

import pytest

from mitseq.tunes.drops import EXAMPLES, Drops, drop_class, normalized_tunes
from mitseq.tunes.normalize import normalize
from mitseq.tunes.reading import RawTune

HEADER = "X:1\nM:4/4\nL:1/8\nK:C\n"


def raw(text: str, damage: str = "") -> RawTune:
    return RawTune(text, Path("a.abc"), 10, 1, damage=damage)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("CDEF GABc|CDEF|c8|]", "damaged: a bar does not add up"),
        ("CDEF GABc|[K:G]c8|]", "key change"),
        ("CDEF GABc|[M:3/4]c6|]", "meter change"),
        ("V:1\nCDEF GABc|\nV:2\nc8|]", "several voices"),
        ("CDEF [1 GABc|c8|]", "damaged: repeats do not match"),
        ("CDEF GA?Bc|c8|]", "damaged: unknown character"),
        ("", "damaged: no music"),
    ],
)
def test_what_normalize_rejects_has_its_class(body, expected):
    drops = Drops()
    assert list(normalized_tunes([raw(HEADER + body)], drops)) == []
    assert dict(drops.reasons) == {expected: 1}
    assert drops.read == 1


def test_an_unknown_reason_is_other():
    assert drop_class("the wrong kind of jig") == "damaged: other"


def test_damage_that_the_reader_saw_is_counted():
    drops = Drops()
    assert list(normalized_tunes([raw(HEADER, "no music")], drops)) == []
    assert dict(drops.reasons) == {"damaged: no music": 1}


def test_good_tunes_come_out_normalized_with_their_source():
    drops = Drops()
    tune = raw(HEADER + "CDEF GABc|c8|]")
    assert list(normalized_tunes([tune], drops)) == [
        (normalize(tune.text), tune)
    ]
    assert drops.read == 1 and not drops.reasons


def test_few_examples_of_each_reason_are_kept():
    drops = Drops()
    for _ in range(EXAMPLES + 5):
        drops.add("duplicate", raw(HEADER), "why", line=3)
    assert drops.reasons["duplicate"] == EXAMPLES + 5
    assert (
        drops.examples["duplicate"]
        == [{"file": "a.abc", "line": 12, "number": 1, "detail": "why"}]
        * EXAMPLES
    )
