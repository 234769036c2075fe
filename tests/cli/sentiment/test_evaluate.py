import json

import pytest


def test_figures_and_files(run, tiny_model, reviews, tmp_path):
    args = ("--model", tiny_model, "--data", reviews, "--out", "figures")
    done = run("sentiment", "evaluate", *args, "--json")
    assert done.code == 0, done.stderr
    result = done.json
    assert (result["n"], result["classes"]) == (20, ["negative", "positive"])
    # "not good" is wrong; "fine" is a draw, which goes to the first class
    assert result["confusion_matrix"] == [[4, 4], [4, 8]]
    assert result["accuracy"] == pytest.approx(12 / 20)
    assert result["macro_f1"] == pytest.approx((8 / 16 + 16 / 24) / 2)
    assert 0 < result["calibration_error"] < 0.5
    assert result["majority"] == 12 / 20
    low, high = result["accuracy_interval"]
    assert 0.3 < low < 12 / 20 < high < 0.8
    note = result["notes"][-1]
    assert "may be that of always 'positive', as far as 20 texts tell" in note
    assert note in done.stderr.splitlines()
    assert "labels read: pos as positive, neg as negative" in done.stderr
    kept = json.loads((tmp_path / "figures/evaluation.json").read_text())
    assert kept["accuracy"] == result["accuracy"]
    for name in ("confusion", "calibration"):
        picture = (tmp_path / f"figures/{name}.png").read_bytes()
        assert picture.startswith(b"\x89PNG")
    again = run("sentiment", "evaluate", *args)
    assert again.is_mistake("figures/confusion.png exists", "--overwrite")
    done = run("sentiment", "evaluate", *args, "--overwrite")
    lines = done.stdout.splitlines()
    assert lines[1].split() == ["accuracy", "0.6000"]
    assert lines[2].split() == [
        "95",
        "%",
        "interval",
        *f"{low:.4f} to {high:.4f}".split(),
    ]
    assert lines[3].split() == ["always", "'positive'", "0.6000"]
    assert lines[-4].split() == ["positive", "4", "8"]
    head, negative, positive = (line.split() for line in lines[7:10])
    assert head[:4] == ["n", "precision", "recall", "f1"]
    assert negative[:5] == ["negative", "8", "0.5000", "0.5000", "0.5000"]
    assert positive[:4] == ["positive", "12", "0.6667", "0.6667"]
    scores = result["by_class"]["positive"]
    assert f"{scores['calibration_error']:.4f}" == positive[-1]


def test_a_neutral_label_is_judged_by_who_may_answer_it(
    run, tiny_model, tmp_path
):
    from mitseq.tasks.sentiment.classifier import SentimentClassifier

    classifier = SentimentClassifier.load(tiny_model)
    classifier.neutral = 0.3
    classifier.save(tmp_path / "three")
    lines = ["text,label", "good,pos", "bad,neg", "so,Neutral", "it,pos"]
    (tmp_path / "three.csv").write_text("\n".join(lines))
    args = ("sentiment", "evaluate", "--data", tmp_path / "three.csv", "--json")
    found = run(*args, "--model", tmp_path / "three").json
    assert found["classes"] == ["negative", "neutral", "positive"]
    assert found["confusion_matrix"] == [[1, 0, 0], [0, 1, 0], [0, 1, 1]]
    done = run(*args, "--model", tiny_model)
    assert done.code == 2
    assert "'Neutral' is none of the model's classes" in done.stderr


def test_mistakes_are_one_line(run, tiny_model, music_model, tmp_path, reviews):
    def evaluate(*args, model=tiny_model):
        return run("sentiment", "evaluate", "--model", model, *args)

    (tmp_path / "odd.csv").write_text("text,label\na,sports\nb,art\n")
    (tmp_path / "ragged.csv").write_text("text,label\na,pos\nb,pos,x\n")
    (tmp_path / "nul.csv").write_bytes(b"text,label\na\0,pos\n")
    (tmp_path / "file").write_text("x")
    assert evaluate().is_mistake("--data")
    assert evaluate("--data", "none").is_mistake("none: no such file")
    done = evaluate("--data", "odd.csv")
    assert "'sports' is none of the model's classes" in done.stderr
    assert done.code == 2 and done.stdout == ""
    assert evaluate("--data", "ragged.csv").is_mistake("ragged.csv: line 3")
    assert evaluate("--data", "nul.csv").is_mistake("nul.csv: line 2")
    done = evaluate("--data", reviews, "--text-column", "body")
    assert done.is_mistake("columns: text, label", "body")
    done = evaluate("--data", reviews, "--out", "file")
    assert done.is_mistake("expected a folder")
    done = evaluate("--data", reviews, "--encoding", "utf-99")
    assert done.is_mistake("encoding")
    done = evaluate("--data", reviews, model=music_model)
    assert "must be a sentiment model" in done.stderr and done.code == 2
