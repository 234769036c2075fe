import json

import pytest
import sentiment_grammar

SMALL = (
    *("--groups", "2", "--test-groups", "1", "--epochs", "1"),
    *("--units", "4"),
)


def test_table_curves_and_figure(tmp_path, capsys):
    rows = sentiment_grammar.main(
        [
            *("--cell", sentiment_grammar.BAG, sentiment_grammar.SLIDE),
            *("--figure", str(tmp_path / "curves.png")),
            *("--csv", str(tmp_path / "curves.csv")),
            *SMALL,
            "--json",
        ]
    )
    printed = json.loads(capsys.readouterr().out)["rows"]
    assert [row["model"] for row in printed] == [row["model"] for row in rows]
    assert rows[0]["order"] == pytest.approx(0.5)  # by construction
    assert printed[1]["d8"] == 100 * rows[1]["distances"][8]
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")
    lines = (tmp_path / "curves.csv").read_text().splitlines()
    assert len(lines) == 1 + sum(len(row["cells"]) for row in rows)
    assert lines[1].startswith('"bag of words",plain,0,0,')
