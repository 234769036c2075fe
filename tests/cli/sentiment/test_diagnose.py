import pytest

from mitseq.cli.sentiment.diagnose import read_distances


def test_table_and_json_by_family_and_distance(run, tiny_model):
    args = ("--model", tiny_model, "--groups", 2, "--distances", "0-1,8")
    done = run("sentiment", "diagnose", *args)
    assert done.code == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].split()[-3:] == ["d=0", "d=1", "d=8"]
    row = lines[-1].split()
    assert row == ["guessing", *["50.0"] * 4]
    assert "50 is guessing" in done.stderr
    assert "diagnostic" not in lines[0] and "grammar" in done.stderr
    result = run("sentiment", "diagnose", *args, "--json").json
    assert list(result["distances"]) == ["0", "1", "8"]
    assert result["order"] == 0.5  # a bag of words
    assert result["guessing"] == 0.5
    assert len(result["cells"]) == 3 * len(result["families"])


def test_distances_are_numbers_and_ranges():
    assert read_distances("0-3,8") == [0, 1, 2, 3, 8]
    assert read_distances(" 2 ,1") == [1, 2]


@pytest.mark.parametrize(
    "args, words",
    [
        (["--distances", "3-1"], ["3-1", "range"]),
        (["--distances", "x"], ["'x'"]),
        (["--distances", "0-99"], ["`distances` must be ints from 0 to"]),
        (["--groups", "0"], ["--groups"]),
        (["--model", "none"], ["no such model"]),
    ],
)
def test_mistakes_are_one_line(run, tiny_model, args, words):
    model = () if "--model" in args else ("--model", tiny_model)
    assert run("sentiment", "diagnose", *model, *args).is_mistake(*words)
