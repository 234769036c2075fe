import math
import os
import pty
import subprocess
import sys

import pytest
from click.testing import CliRunner

from mitseq.cli import cli
from tests.cli.conftest import ROOT, Outcome

SURE = math.exp(4) / (1 + math.exp(4))  # logits 2 and -2


@pytest.fixture
def pipe():
    """Runs a command line with bytes on its standard input."""

    def pipe(data, *args):
        found = CliRunner().invoke(cli, [str(a) for a in args], input=data)
        if found.exception and not isinstance(found.exception, SystemExit):
            raise found.exception
        return Outcome(found.exit_code, found.stdout, found.stderr)

    return pipe


def test_labels_probabilities_and_texts_in_order(run, tiny_model):
    done = run(
        "sentiment", "predict", "--model", tiny_model, "Good!", "bad", ""
    )
    assert done.code == 0, done.stderr
    rows = [line.split("\t") for line in done.stdout.split("\n")[:-1]]
    assert [row[0] for row in rows] == ["positive", "negative", rows[2][0]]
    assert [row[2] for row in rows] == ["Good!", "bad", ""]
    assert float(rows[0][1]) == pytest.approx(SURE, abs=1e-4)
    assert float(rows[2][1]) == pytest.approx(0.5, abs=1e-4)


def test_json_holds_all_probabilities_and_reasons(run, tiny_model):
    args = ("--model", tiny_model, "--json", "not good")
    result = run("sentiment", "predict", *args).json
    assert result["classes"] == ["negative", "positive"]
    (text,) = result["texts"]
    assert text["label"] == "positive"
    assert sum(text["probabilities"].values()) == pytest.approx(1)
    assert text["probabilities"]["positive"] == text["probability"]
    assert "explanation" not in text
    (text,) = run("sentiment", *args).json["texts"]  # without a verb: reasons
    assert text["explanation"]["words"] == ["not", "good"]
    assert text["explanation"]["contributions"]["leave_one_out"][1] > 1


def test_neutral_is_asked_for_and_a_score_is_told(run, tiny_model):
    args = ("sentiment", "predict", "--model", tiny_model)
    texts = ("good", "so", "bad")
    found = run(*args, "--json", *texts).json["texts"]
    assert [t["label"] for t in found if t["text"] != "so"] == [
        "positive",
        "negative",
    ]
    scores = [t["score"] for t in found]
    high = 2 * SURE - 1
    assert scores == pytest.approx([high, 0, -high], abs=1e-5)
    done = run(*args, "--neutral", "0.2", *texts)
    labels = [line.split("\t")[0] for line in done.stdout.splitlines()]
    assert labels == ["positive", "neutral", "negative"]
    # an answer of neither side tells which side its words speak for
    done = run(*args, "--neutral", "0.99", "--explain", "good")
    assert done.stdout.startswith("neutral\t0.98")
    assert "  for positive: good +" in done.stdout
    assert run(*args, "--neutral", "1", "good").is_mistake("--neutral")


def test_a_first_argument_that_is_no_verb_is_a_text(run, tiny_model):
    verbless = run("sentiment", "so good", "bad", "--model", tiny_model)
    assert verbless.code == 0, verbless.stderr
    lines = verbless.stdout.splitlines()
    assert [line.split("\t")[0] for line in lines if "\t" in line] == [
        "positive",
        "negative",
    ]
    assert any(line.startswith("  for: good +") for line in lines)
    for options in ((), ("--no-explain",)):
        done = run("sentiment", *options, "--model", tiny_model, "--", "train")
        assert done.code == 0 and "\ttrain" in done.stdout
    assert "COMMAND" in run("sentiment", "--help").stdout
    assert "--label-column" in run("sentiment", "train", "--help").stdout


def test_a_text_that_is_nearly_a_verb_is_classified_with_a_remark(
    run, tiny_model
):
    done = run("sentiment", "trian", "--model", tiny_model)
    assert done.code == 0 and "\ttrian\n" in done.stdout
    assert "'trian' is taken for a text; the verb is 'train'" in done.stderr
    for text in ("good", "a train", "train too late"):
        done = run("sentiment", text, "--model", tiny_model)
        assert done.code == 0 and "the verb is" not in done.stderr


def test_lines_of_standard_input_one_text_each(pipe, tiny_model):
    args = ("sentiment", "predict", "--model", tiny_model, "-", "bad")
    done = pipe("good one\r\n\nbad café\n".encode(), *args)
    rows = [line.split("\t") for line in done.stdout.split("\n")[:-1]]
    assert [row[2] for row in rows] == ["good one", "", "bad café", "bad"]
    assert pipe(b"", *args[:-1]).stdout == ""
    done = pipe(b"caf\xe9 \x93good\x94", *args[:-1], "--json")
    assert done.json["texts"][0]["text"] == "café “good”"
    assert done.json["texts"][0]["label"] == "positive"
    done = pipe(b"good\nba\0d\n", *args)
    assert done.is_mistake("standard input: line 2", "NUL")
    assert "name the encoding" not in done.stderr  # no option does that
    done = pipe("café, très\n".encode() + b"\xff\n", *args)
    assert done.is_mistake("standard input: line 2: 0xff is not utf-8")
    assert "can be named" not in done.stderr


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "qwxyz", "!!!", "🙂" * 10, "\x1b[31mred", "\u202e"]
)
def test_odd_texts_have_a_defined_result(run, tiny_model, text):
    result = run("sentiment", "--model", tiny_model, "--json", "--", text).json
    assert result["texts"][0]["probability"] == pytest.approx(0.5)
    done = run("sentiment", "--model", tiny_model, "--", text)
    assert done.code == 0 and "\x1b" not in done.stdout


def test_a_text_of_a_million_characters(pipe, tiny_model):
    data = b"good " * 200_000
    done = pipe(data, "sentiment", "--model", tiny_model, "-")
    assert done.code == 0, done.stderr
    assert done.stdout.startswith("positive\t") and len(done.stdout) < 500
    assert "not explained word by word" in done.stderr


def test_mistakes_are_one_line(run, tiny_model, music_model, tmp_path):
    predict = ("sentiment", "predict")
    assert run(*predict).is_mistake("no text")
    assert run("sentiment").is_mistake("no text")
    assert run(*predict, "a", "--model", "none").is_mistake("no such model")
    done = run(*predict, "a", "--model", music_model)
    assert done.is_mistake("must be a sentiment model")
    (tmp_path / "model.keras").write_bytes(b"PK\x03\x04 no zip")
    assert run(*predict, "a", "--model", tmp_path).is_mistake("model.keras")
    assert run(*predict, "\udcff", "--model", tiny_model).is_mistake("UTF-8")
    assert run("sentiment", "a", "--colour").is_mistake("--colour")


def test_a_music_model_is_none_of_texts_in_a_process_of_its_own(run_process):
    """None of its layers is imported when the file is opened."""
    music = ROOT / "mitseq" / "pretrained" / "music.keras"
    done = run_process("sentiment", "predict", "a", "--model", music)
    assert done.is_mistake(
        *("music.keras", "`model` must be a sentiment model", "lstm_1")
    )


def test_words_are_colored_on_a_terminal_only(tiny_model):
    """A process whose standard output is a terminal."""
    command = [sys.executable, "-m", "mitseq", "sentiment", "a good one"]
    command += ["--model", str(tiny_model)]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"}
    env.pop("NO_COLOR", None)
    ours, theirs = pty.openpty()
    subprocess.run(
        command, stdout=theirs, stderr=subprocess.DEVNULL, env=env, check=True
    )
    os.close(theirs)
    shown = os.read(ours, 10_000).decode()
    os.close(ours)
    assert "positive" in shown
    assert "\x1b[" in shown.partition("good")[0]
