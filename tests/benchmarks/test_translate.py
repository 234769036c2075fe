import json

import pytest
import translate

SMALL = (
    *("--units", "16", "--embedding-dim", "8", "--batch-size", "32"),
    *("--epochs", "1", "--clauses", "1", "--sentences", "100"),
    *("--questions", "9"),
)


@pytest.mark.slow
def test_table_and_figure_and_a_training_is_not_done_again(
    tmp_path, capsys, monkeypatch
):
    from mitseq.tasks.translate import pairs

    monkeypatch.setattr(pairs, "HELD_OUT", 20)
    figure = tmp_path / "length.png"
    args = [*SMALL, "--models", "keras", "attention", "--seeds", "0"]
    args += ["--out", str(tmp_path / "runs"), "--json"]
    rows = translate.main([*args, "--figure", str(figure)])
    printed = json.loads(capsys.readouterr().out)["rows"]
    assert [row["model"] for row in printed] == ["keras", "attention"]
    assert "aligned" in printed[1] and "aligned" not in printed[0]
    assert figure.read_bytes().startswith(b"\x89PNG")
    clock = tmp_path / "runs" / "keras-0" / "seconds.json"
    clock.write_text("600")
    again = translate.main(args)
    assert again[0]["minutes"] == "10.0 (10.0-10.0)"
    assert again[1]["chrf"] == rows[1]["chrf"]


def test_spread_is_mean_lowest_and_highest():
    row = translate.spread(
        "x", [{"chrf": 10.0, "weights": 7}, {"chrf": 30.0, "weights": 7}]
    )
    assert row["chrf"] == "20.0 (10.0-30.0)"
    assert row["weights"] == 7 and row["seeds"] == 2


def test_the_example_is_kerass_own_layers():
    import keras

    from mitseq.tasks.translate.model import parts_of
    from mitseq.text.words import word_vocabulary

    words = word_vocabulary(["a b c."])
    model = translate.keras_example(words, words, 8, 4)
    for part in parts_of(model):
        assert [
            type(layer) for layer in part.layers if "lstm" in layer.name
        ] == [keras.layers.LSTM]
