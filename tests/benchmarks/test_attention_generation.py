import json

import attention_generation as benchmark
import numpy as np
import pytest

from mitseq.generation.generate import generate
from mitseq.generation.loop import Loop
from mitseq.generation.step_model import StepModel

TINY = ["--width", "8", "--blocks", "1", "--batch", "2", "--tokens", "24"]


@pytest.fixture(scope="module")
def model():
    return benchmark.build_model(8, 1)


def test_table_has_every_peer_at_both_batches(capsys):
    rows = benchmark.main([*TINY, "--rounds", "1", "--json"])
    printed = json.loads(capsys.readouterr().out)
    assert [row["peer"] for row in printed["rows"]] == [
        row["peer"] for row in rows
    ]
    peers = ["cache", "growing cache", "whole prefix", "padded window"]
    assert [(row["peer"], row["batch"]) for row in rows] == [
        (peer, batch) for batch in (1, 2) for peer in peers
    ]
    assert all(row["rate"] > 0 and row["growth"] > 0 for row in rows)
    assert rows[2]["times_prefix"] == 1


def test_a_peer_that_writes_another_text_is_found_out(model, monkeypatch):
    benchmark.check_same_text(model, 6, 8)
    monkeypatch.setattr(
        benchmark,
        "padded_window",
        lambda *_: lambda ids: np.eye(1, benchmark.V),
    )
    with pytest.raises(SystemExit, match="padded window writes another text"):
        benchmark.check_same_text(model, 6, 8)


def test_pieces_of_a_loop_are_those_of_generate(model):
    expected, _ = generate(model, [[benchmark.START]] * 2, max_length=9, seed=4)
    loop = Loop(StepModel(model), first_room=16)
    pieces = benchmark.pieces_of(loop, 2, 9, seed=4, chunk=4)
    np.testing.assert_array_equal(np.concatenate([*pieces], 1), expected)


def test_padded_window_sees_the_end_of_a_longer_text(model):
    ids = np.arange(1, 9)[None].astype("int32")
    window = benchmark.padded_window(model, 5)(ids)
    expected = benchmark.whole_prefix(model)(ids[:, -5:])
    np.testing.assert_allclose(window, expected, atol=1e-5)
