"""The benchmark of loops of one's own: every way, and equal work."""

import tensorflow as tf
import without_fit
from recurrence import build_keras, draw_data


def test_every_way_is_measured_for_both_peers(capsys):
    rows = without_fit.main(
        ["--batch", "2", "--length", "4", "--units", "5", "--step-units", "6"]
        + ["--characters", "2", "--steps", "1", "--rounds", "2"]
    )
    assert [row["work"] for row in rows] == [
        "one step, eager",
        "eager loop",
        "tf.function",
        "tf.function, untold",
    ]
    for row in rows:
        assert row["lowest"] <= row["ratio"] <= row["highest"]
        assert min(row["keras"], row["mitseq"]) > 0
    assert "LSTM of 5, batch 2" in capsys.readouterr().out


def test_both_peers_learn_the_same():
    ids = tf.constant(draw_data(2, 6, 1))
    models = [build_keras("lstm", 8, ours=ours) for ours in (True, False)]
    for model in models:
        without_fit.own_loop(model, [ids] * 3, compiled=False)()
    ours, theirs = (model(ids[:, :-1]) for model in models)
    tf.debugging.assert_near(ours, theirs, atol=1e-3)
    start = build_keras("lstm", 8, ours=True)(ids[:, :-1])
    assert float(tf.reduce_max(abs(ours - start))) > 1e-3
