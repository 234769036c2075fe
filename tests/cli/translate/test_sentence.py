import pytest

TEXT = "The old dog sees a tree ."


def test_a_text_without_a_verb_is_translated(run, trained):
    done = run("translate", "--model", trained, TEXT)
    assert done.code == 0, done.stderr
    (line,) = done.stdout.splitlines()
    assert line[0].isupper() and line.endswith(".")
    by_verb = run("translate", "sentence", "--model", trained, TEXT)
    assert by_verb.stdout == done.stdout


def test_json_has_several_with_scores(run, trained):
    args = ("--model", trained, "--count", 3, "--json")
    done = run("translate", *args, TEXT, "the Ulrike sees a dog")
    first, second = done.json["texts"]
    assert first["text"] == TEXT and first["unknown"] == []
    scores = [each["score"] for each in first["translations"]]
    assert len(scores) == 3 and scores == sorted(scores, reverse=True)
    assert second["unknown"] == ["Ulrike"]
    assert "read as unknown: 'Ulrike'" in done.stderr


def test_lines_of_standard_input_are_translated(run, trained):
    lines = f"{TEXT}\n\n  \nthe old dog\n"
    done = run("translate", "--model", trained, "-", stdin=lines)
    assert done.code == 0, done.stderr
    args = ("--model", trained, TEXT, "the old dog")
    assert done.stdout == run("translate", *args).stdout
    args = ("--model", trained, "--json")
    as_json = run("translate", *args, "-", stdin=lines).json
    assert as_json == run("translate", *args, TEXT, "the old dog").json
    assert run("translate", "-", stdin=" \n").is_mistake("has no word")


def test_a_sentence_of_far_too_many_words_is_one_line(run, trained):
    done = run("translate", "--model", trained, "-", stdin="dog " * 1001)
    assert done.is_mistake("at most 1000 words. Received: 1001")
    done = run("translate", "--model", trained, "dog " + "a" * 9000)
    assert done.code == 0 and max(map(len, done.stderr.splitlines())) < 200


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ((), ["no text"]),
        (("...", "--count", "5"), ["--count must be at most --beams"]),
        ((" ",), ["text 1", "has no word"]),
        (("--beams", "0", "a"), ["--beams"]),
        (("--length-penalty", "-1", "a"), ["--length-penalty"]),
        (("a\udc80",), ["text 1 is not UTF-8"]),
        (("--model", "none", "a"), ["none: no such model"]),
    ],
)
def test_mistakes_are_one_line(run, args, words):
    done = run("translate", "sentence", *args)
    assert done.is_mistake(*words)


def test_a_text_of_unknown_words_is_one_line(run, trained):
    done = run("translate", "--model", trained, "xyzzy plugh")
    line = done.stderr.splitlines()[-1]
    assert done.code == 2 and "knows none of these words" in line
