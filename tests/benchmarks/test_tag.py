import json

import pytest
import tag

from mitseq.errors import MitseqError
from mitseq.tasks.tag.conllu import write_conllu
from tests.tasks.tag.conftest import SENTENCES, sentence


@pytest.mark.slow
def test_table_ranges_and_peers(tmp_path, capsys):
    parts = {
        "train": SENTENCES * 6,
        "dev": SENTENCES,
        "test": [*SENTENCES, sentence("The/DET zebra/NOUN flies/VERB")],
    }
    for name, sentences in parts.items():
        path = tmp_path / f"x-{name}.conllu"
        path.write_text(write_conllu(sentences))
    rows = tag.main(
        [
            *("--data", str(tmp_path), "--seeds", "0", "1", "--epochs", "1"),
            *("--model", "keras.layers.LSTM, words only", "--json"),
        ]
    )
    printed = json.loads(capsys.readouterr().out)["rows"]
    names = [tag.COUNTED, tag.BUNDLED, "keras.layers.LSTM, words only"]
    assert [row["model"] for row in printed] == names
    counted, bundled, keras = rows
    assert counted["unknown_words"] == 1 and counted["cased_words"] == 2
    assert counted["unknown"] == "100.00"  # a noun is the most frequent
    assert "seconds" not in bundled and bundled["weights"] > 100_000
    mean, _, ends = keras["all"].partition(" ")
    low, high = map(float, ends.strip("()").split("-"))
    assert low <= float(mean) <= high <= 100 and keras["seeds"] == 2
    (tmp_path / "x-test.conllu").unlink()
    with pytest.raises(MitseqError, match="expected a test file"):
        tag.main(["--data", str(tmp_path)])


def test_spread_is_mean_lowest_and_highest():
    rows = [{"all": 10.0, "weights": 7}, {"all": 30.0, "weights": 7}]
    joined = tag.spread("x", rows)
    assert joined["all"] == "20.00 (10.00-30.00)"
    assert joined["weights"] == 7 and joined["seeds"] == 2
