import json

import caption
import pytest

SMALL = ("--epochs", "1", "--steps", "1", "--count", "4", "--json")


@pytest.mark.slow
def test_the_table_has_each_peer_chance_and_ranges(tmp_path, capsys):
    asked = ("--decoder", "keras", "blind", "--seeds", "0", "1")
    kept = ("--keep", str(tmp_path))
    rows = caption.main([*SMALL, *asked, *kept])
    printed = json.loads(capsys.readouterr().out)["rows"]
    assert [row["model"] for row in printed] == ["keras", "blind", "chance"]
    keras, blind, chance = rows
    assert keras["weights"] > blind["weights"] and "weights" not in chance
    assert all(row["seeds"] == 2 for row in rows)
    for row in rows:
        mean, _, ends = row["unseen"].partition(" ")
        low, high = map(float, ends.strip("()").split("-"))
        assert low <= float(mean) <= high
        assert " of 16; 95 % interval" in row["interval"]
    # what is finished is taken as it is
    again = caption.main([*SMALL, *asked, *kept])
    capsys.readouterr()
    for one, two in zip(rows, again, strict=True):
        assert one | {"seconds": 0} == two | {"seconds": 0}
