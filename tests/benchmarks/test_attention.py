"""The attention benchmark: equal work for all peers, memory of their own."""

import attention
import numpy as np
import pytest


@pytest.mark.parametrize("row", ["2-8", "2-8?"])
def test_peers_learn_the_same_from_the_same_weights(row, capsys):
    rows = attention.main(
        ["--rows", row, "--steps", "2", "--rounds", "1", "--no-memory"]
    )
    losses = {row["peer"]: row["loss"] for row in rows}
    assert {"keras", "mitseq"} <= set(losses)
    np.testing.assert_allclose(
        list(losses.values()), losses["mitseq"], atol=1e-4
    )
    table = capsys.readouterr().out
    assert row in table and "better" in table
    # the times are ratios to the peers
    ms = {row["peer"]: row["ms"] for row in rows}
    ours = next(row for row in rows if row["peer"] == "mitseq")
    assert ours["times_keras"] == pytest.approx(ms["keras"] / ms["mitseq"])
    best = min(value for name, value in ms.items() if name != "mitseq")
    assert ours["times_best"] == pytest.approx(best / ms["mitseq"])


def test_a_row_that_is_none_is_named():
    with pytest.raises(SystemExit, match="'long' is no row"):
        attention.main(["--rows", "long"])
