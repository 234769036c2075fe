import pytest


def test_the_likeliest_words_and_their_probabilities(run, trained):
    done = run("words", "I took my cat for a", "--model", trained, "--top", 2)
    assert done.code == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines()]
    assert len(rows) == 2 and rows[0][0] == "walk"
    assert float(rows[0][1]) > 0.8 > 0.2 > float(rows[1][1])


def test_several_texts_each_below_itself(run, trained):
    done = run(
        *("words", "predict", "We took the", "I took my bike for a ride."),
        *("--model", trained, "--top", 1),
    )
    lines = [line.split()[0] for line in done.stdout.splitlines()]
    assert lines == ["We", "bus", "I", "(end)"]


def test_lines_of_standard_input(run, trained):
    args = ("--model", trained, "--top", 1)
    lines = "We took the\nI took my bike for a ride.\n"
    done = run("words", "predict", "-", *args, stdin=lines)
    given = run("words", "predict", *lines.splitlines(), *args)
    assert done.code == 0 and done.stdout == given.stdout
    assert run("words", "-", *args, stdin="").is_mistake("input is empty")


def test_json_has_words_probabilities_and_unknown_ones(run, trained):
    done = run("words", "My ZEBRA took the", "--model", trained, "--json")
    (text,) = done.json["texts"]
    assert text["text"] == "My ZEBRA took the"
    assert text["unknown"] == ["ZEBRA"]
    assert "read as unknown: 'ZEBRA'" in done.stderr
    probs = [each["probability"] for each in text["next"]]
    assert probs == sorted(probs, reverse=True) and len(probs) == 5


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ((), ["no text"]),
        (("predict",), ["no text"]),
        (("zebra",), ["'zebra'", "none of these words"]),
        (("a", "--model", "none"), ["none", "no such model"]),
        (("a", "--top", "0"), ["--top"]),
        (("\udcff",), ["text 1 is not UTF-8"]),
        (("trian", "--epochs", "2"), ["'trian'", "'train'"]),
    ],
)
def test_mistakes_are_one_line(run, trained, args, words):
    model = (
        () if "--model" in args or "--epochs" in args else ("--model", trained)
    )
    assert run("words", *args, *model).is_mistake(*words)


def test_a_model_of_another_kind_is_named(run):
    from tests.cli.conftest import ROOT

    music = ROOT / "mitseq" / "pretrained" / "music.keras"
    done = run("words", "a", "--model", music)
    assert done.is_mistake("music.keras", "must be a model of words")
