import json

from tables import format_table, print_results

COLUMNS = {"name": "name", "share": "share|.1%"}
ROWS = [{"name": "a", "share": 0.25, "more": 1}, {"name": "longer"}]


def test_format_table_aligns_numbers_right_and_marks_what_is_missing():
    assert format_table(COLUMNS, ROWS).splitlines() == [
        "| name   | share |",
        "|--------|-------|",
        "| a      | 25.0% |",
        "| longer |     - |",
    ]


def test_print_results_as_json_keeps_every_value(capsys):
    print_results("title", COLUMNS, ROWS, ["note"], as_json=True)
    printed = json.loads(capsys.readouterr().out)
    assert printed == {"title": "title", "rows": ROWS, "notes": ["note"]}


def test_print_results_prints_the_notes_below(capsys):
    print_results("title", COLUMNS, ROWS, ["note"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "title"
    assert lines[-1] == "- note"
