import json

import generation
import keras
import pytest

from mitseq.generation.generate import generate
from mitseq.tasks.music.generate import sample_texts

TINY = ["--units", "8", "--embedding", "4", "--batch", "3", "--steps", "20"]
TINY += ["--longest", "200"]


def test_table_has_every_peer(capsys):
    rows = generation.main([*TINY, "--rounds", "2", "--json"])
    printed = json.loads(capsys.readouterr().out)
    assert [row["peer"] for row in printed["rows"]] == [
        row["peer"] for row in rows
    ]
    names = {row["peer"] for row in rows}
    assert {"eager loop (the lab)", "predict loop", "mitseq"} <= names
    assert "3 samples generated and checked" in names
    assert "3 samples generated and checked, tokens" in names
    lengths = {f"mitseq, {n} characters" for n in (2, 20, 200)}
    assert {"mitseq, streamed"} | lengths <= names
    assert all(0 < row["share"] for row in rows[:3])
    assert all(row["rate"] > 0 for row in rows)
    assert rows[0]["times_eager"] == 1


def test_loops_on_the_lab_s_model_write_the_same_text():
    model = generation.build_lab_model(8, 4)
    generation.check_same_text(model, 12)
    # and a loop that writes another text is found out
    ids, _ = generate(model, [[3]], max_length=5, temperature=0)
    with pytest.raises(SystemExit, match="eager_loop writes another text"):
        original = generation.eager_loop
        try:
            generation.eager_loop = named(
                "eager_loop", lambda *args, **kwargs: [-1]
            )
            generation.check_same_text(model, 4)
        finally:
            generation.eager_loop = original


def named(name, function):
    function.__name__ = name
    return function


def test_sampled_loops_write_that_many_ids():
    model = generation.build_lab_model(8, 4)
    for loop in (generation.eager_loop, generation.predict_loop):
        ids = loop(model, 5)
        assert len(ids) == 5 and all(0 <= i < generation.V for i in ids)


def test_pytorch_loop():
    pytest.importorskip("torch")
    loop = generation.build_torch_loop(8, 4)
    assert tuple(loop(3, 5).shape) == (3, 5)


def test_weights_of_a_step_are_those_of_the_model_but_the_embedding():
    model = generation.build_mitseq_model(8, 4)
    products = [w for w in model.weights if w.name.startswith(("W_h", "ker"))]
    assert generation.weights_of_a_step(8) == sum(
        int(keras.ops.size(w)) for w in products
    )


def test_rates_of_the_machine_are_plausible():
    assert 1e8 < generation.copy_rate(10**6) < 1e13
    assert 1e8 < generation.product_rate(256) < 1e15


def test_samples_of_the_token_model_have_the_length_of_tunes():
    model = generation.build_token_model(8, 4)
    texts = sample_texts(model, 64, seed=1)
    assert 150 < sum(map(len, texts)) / 64 < 400
