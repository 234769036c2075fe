import re

import tensorflow as tf

from mitseq.tasks.sentiment.model import build_sentiment_model


def test_savedmodel_is_written_and_nothing_is_overwritten(
    run, tiny_model, tmp_path
):
    args = ("sentiment", "export", "--model", tiny_model, "--out")
    done = run(*args, "served", "--json")
    assert done.code == 0, done.stderr
    assert "served/saved_model.pb" in done.json["files"]
    assert (tmp_path / "served" / "saved_model.pb").stat().st_size > 1000
    assert run(*args, "served").is_mistake("served exists")

    # what the help says works
    shown = run("sentiment", "export", "--help").stdout
    load, serve = re.findall(r"^ *(served.*)$", shown, re.MULTILINE)
    names = {"tf": tf, "DIR": "served"}
    exec(load, names)
    assert set(eval(serve, names)) == {"label", "probabilities"}
    assert [p.name for p in tmp_path.iterdir()] == ["served"]


def test_exports_print_no_warnings_of_libraries(run_process, tmp_path):
    """Keras and the LiteRT converter log some, at a level of their own."""
    model = build_sentiment_model(["good"], units=2, embedding_dim=2)
    model.save(tmp_path / "plain.keras")
    done = run_process(
        *("sentiment", "export", "--model", "plain.keras"),
        *("--format", "litert", "--out", "lite"),
    )
    assert (done.code, done.stderr) == (0, "")


def test_what_has_no_such_form_is_one_line(run, tiny_model, music_model):
    args = ("sentiment", "export", "--out", "new", "--model")
    done = run(*args, tiny_model, "--format", "litert")
    assert done.is_mistake("ngrams", "Flex", "--plain")
    assert run(*args, tiny_model, "--format", "h5").is_mistake("--format")
    assert run(*args, music_model).is_mistake("must be a sentiment model")
    assert run("sentiment", "export").is_mistake("--out")
