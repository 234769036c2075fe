"""Counted by hand."""

import json

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.tag.evaluation import evaluate_tags
from tests.tasks.tag.conftest import sentence

TRUTH = [
    sentence("a/DET fly/NOUN"),
    sentence("I/PRON fly/VERB a/DET kite/NOUN"),
]
GIVEN = [["DET", "VERB"], ["PRON", "VERB", "DET", "ADJ"]]


def test_shares_are_as_counted_by_hand():
    found = evaluate_tags(TRUTH, GIVEN, {"a", "I", "fly"}.__contains__)
    assert (found.words, found.right) == (6, 4)
    assert found.accuracy == pytest.approx(4 / 6)
    assert (found.unknown, found.unknown_accuracy) == (1, 0.0)
    assert (found.sentences, found.whole) == (2, 0)
    assert found.tags == ("ADJ", "DET", "NOUN", "PRON", "VERB")
    rows = found.by_tag()
    assert rows["VERB"] == {"words": 1, "recall": 1.0, "precision": 0.5}
    assert rows["NOUN"]["recall"] == 0 and np.isnan(rows["NOUN"]["precision"])
    assert np.isnan(rows["ADJ"]["recall"]) and rows["ADJ"]["precision"] == 0
    assert found.confusion[2].tolist() == [1, 0, 0, 0, 1]  # NOUN as ADJ, VERB


def test_the_dict_is_plain_json_with_none_for_what_there_is_not():
    found = evaluate_tags(TRUTH, GIVEN, lambda word: True)
    plain = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    assert plain["unknown_accuracy"] is None and plain["words"] == 6
    assert plain["by_tag"]["NOUN"]["precision"] is None
    low, high = plain["accuracy_interval"]
    assert low < 4 / 6 < high


def test_without_sentences_there_is_nothing_to_say():
    with pytest.raises(MitseqError, match="must hold at least one"):
        evaluate_tags([], [], lambda word: True)
