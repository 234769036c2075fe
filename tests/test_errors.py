import pytest

import mitseq
from mitseq.errors import MitseqError


def test_mitseq_error_is_value_error():
    with pytest.raises(ValueError, match="`count` must be at least 1"):
        raise MitseqError("`count` must be at least 1. Received: count=0.")


def test_mitseq_error_public_name_is_the_same_class():
    assert mitseq.MitseqError is MitseqError


def test_no_message_is_longer_than_a_screen():
    text = "a.csv: " + "key, " * 200_000 + "Received: none."
    told = str(MitseqError(text))
    assert len(told) < 2000
    assert told.startswith("a.csv: key") and told.endswith("Received: none.")
    assert str(MitseqError("short")) == "short"
