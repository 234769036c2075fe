"""The benchmark deals evenly, forgets nothing and prints its table."""

import json

import numpy as np
import pytest
from sentiment import MODELS, deal, main, run, table

from mitseq.errors import MitseqError
from tests.tasks.sentiment.conftest import sentences


def test_folds_are_even_in_each_class_and_the_same_every_time():
    labels = np.array(["a"] * 50 + ["b"] * 20)
    fold = deal(labels, 10, seed=1)
    for c, size in (("a", 5), ("b", 2)):
        assert np.bincount(fold[labels == c]).tolist() == [size] * 10
    np.testing.assert_array_equal(fold, deal(labels, 10, seed=1))
    assert (fold != deal(labels, 10, seed=2)).any()


@pytest.fixture
def data(tmp_path):
    texts, labels = sentences()
    lines = [f"{x}\t{y}" for x, y in zip(texts, labels, strict=True)]
    path = tmp_path / "reviews.tsv"
    path.write_text("text\tlabel\n" + "\n".join(lines))
    return path


def test_models_are_judged_once_and_the_table_is_printed(
    data, tmp_path, capsys
):
    options = ["--data", str(data), "--out", str(tmp_path / "out")]
    names = ["majority", "tfidf", "words"]
    options += ["--folds", "5", "--only", "2", "--models", *names]
    rows = main(options)
    printed = capsys.readouterr().out
    assert [row["model"] for row in rows] == names
    assert rows[0]["accuracy"] == 50.0 and rows[2]["accuracy"] > 90
    assert all(row["folds"] == 2 for row in rows)
    assert printed.count("fold 1") == 3 and "| majority" in printed
    file = tmp_path / "out" / "results.jsonl"
    before = file.read_text()
    assert len(before.splitlines()) == 6
    main([*options, "--json"])
    assert file.read_text() == before
    assert json.loads(capsys.readouterr().out)["rows"][0]["folds"] == 2


def test_a_model_is_not_judged_on_what_it_has_read(tmp_path, monkeypatch):
    seen = {}

    class Spy:
        def fit(self, texts, labels):
            seen["train"], self.classes_ = set(texts), np.unique(labels)
            return self

        def predict_proba(self, texts):
            assert not seen["train"] & set(texts)
            return np.full((len(texts), 2), 0.5)

    monkeypatch.setitem(MODELS, "majority", Spy)
    texts, labels = map(np.array, sentences())
    fold = deal(labels, 3, 0)
    splits = [
        (
            (texts[fold != k], labels[fold != k]),
            (texts[fold == k], labels[fold == k]),
        )
        for k in range(3)
    ]
    results = run(["majority"], splits, tmp_path, lambda line: None)
    (row,) = table(results, ["majority", "tfidf"])
    assert row["folds"] == 3 and row["calibration"] == pytest.approx(0)


def test_one_fold_is_refused(data, tmp_path):
    with pytest.raises(MitseqError, match="--folds must be at least 2"):
        main(["--data", str(data), "--folds", "1", "--out", str(tmp_path)])
