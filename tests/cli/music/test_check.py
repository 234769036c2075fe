import pytest

from tests.cli.conftest import BAD, GOOD


def test_check_accepts(run, good):
    outcome = run("music", "check", good)
    assert outcome.code == 0
    assert outcome.stdout == ""
    assert outcome.stderr == "1 of 1 tunes accepted\n"


def test_check_names_file_line_bar_and_reason(run, bad):
    outcome = run("music", "check", "bad.abc")
    assert outcome.code == 1
    line = (GOOD + "\n" + BAD).splitlines().index("DFA AFD|DFA AFDd|d6|]") + 1
    assert outcome.stdout == (
        f"bad.abc: line {line}, bar 2: 7/8 in a 6/8 tune\n"
    )
    assert outcome.stderr == "1 of 2 tunes accepted\n"


def test_check_json(run, good, bad):
    outcome = run("music", "check", "good.abc", "bad.abc", "--json")
    assert outcome.code == 1 and outcome.stderr == ""
    result = outcome.json
    assert (result["tunes"], result["accepted"], result["rejected"]) == (
        3,
        2,
        1,
    )
    last = result["checked"][2]
    assert (last["file"], last["line"], last["number"]) == ("bad.abc", 8, 2)
    assert last["problems"] == [
        {"line": 13, "bar": 2, "reason": "7/8 in a 6/8 tune"}
    ]


@pytest.mark.parametrize(
    "content, word",
    [
        (b"", "empty"),
        (bytes(range(256)) * 8, "binary"),
        (b"Dear diary,\n\nno tune today.\n", "tune"),
    ],
)
def test_check_files_without_a_tune(run, tmp_path, content, word):
    (tmp_path / "x.abc").write_bytes(content)
    assert run("music", "check", "x.abc").is_mistake("x.abc", word)


def test_check_missing_file_and_empty_folder(run, tmp_path):
    assert run("music", "check", "no.abc").is_mistake("no.abc: no such file")
    (tmp_path / "folder").mkdir()
    assert run("music", "check", "folder").is_mistake("folder")


def test_check_line_number_survives_a_file_header(run, tmp_path):
    text = (
        "M:6/8\nL:1/8\n\nsome prose\n\nX:1\nT:Bad\nK:D\nDFA AFD|DFA AFDd|d6|]\n"
    )
    (tmp_path / "x.abc").write_text(text)
    outcome = run("music", "check", "x.abc")
    assert outcome.stdout == "x.abc: line 9, bar 2: 7/8 in a 6/8 tune\n"


def test_check_says_what_is_accepted_and_cannot_be_drawn(run, tmp_path):
    text = "X:1\nM:none\nL:1/8\nK:D\n" + "d" * 200 + "|]\n"
    (tmp_path / "wide.abc").write_text(f"{GOOD}\n{text}")
    outcome = run("music", "check", "wide.abc")
    assert outcome.code == 0 and outcome.stdout == ""
    line = len(GOOD.splitlines()) + 2
    told, counted = outcome.stderr.splitlines()
    assert told.startswith(f"wide.abc: line {line}: accepted, but not drawn: ")
    assert "100 signs" in told and counted == "2 of 2 tunes accepted"
    first, second = run("music", "check", "wide.abc", "--json").json["checked"]
    assert first["not_drawn"] is None and "200" in second["not_drawn"]
