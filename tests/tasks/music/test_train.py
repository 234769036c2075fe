"""Training learns, is repeatable, and goes on after it was killed."""

import signal

import keras
import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.music.generate import generate_tunes
from mitseq.tasks.music.model import (
    build_music_model,
    load_music_model,
    tune_vocabulary,
)
from mitseq.tasks.music.rows import PackedTunes, encode_tunes
from mitseq.tasks.music.train import compile_music_model, train_music_model
from mitseq.training.averages import set_variables, variables_of
from mitseq.training.run import read_history
from mitseq.training.snapshot import Snapshot
from mitseq.tunes.corpus import Corpus
from tests.fresh_process import run_fresh

SMALL = {
    "level": "character",
    "units": 16,
    "layers": 1,
    "dropout": 0.1,
    "batch_size": 2,
    "sequence_length": 64,
    "sample": False,
    "verbose": 0,
}


def small_corpus(count=12):
    """Tunes of a simple grammar: scales up and down."""
    rng = np.random.default_rng(0)
    bars = ["defg", "gfed", "d2e2", "f2g2", "efga", "agfe"]

    def tune():
        body = "|".join(rng.choice(bars, 4))
        return f"M:2/4\nL:1/8\nK:D\n{body}|]\n"

    return Corpus(
        [tune() for _ in range(count)],
        [tune() for _ in range(3)],
        [tune() for _ in range(3)],
        {},
    )


def test_training_learns_and_leaves_model_and_history(tmp_path):
    rows = train_music_model(
        small_corpus(), tmp_path, epochs=20, learning_rate=0.05, **SMALL
    )
    values = [row["val_bits_per_character"] for row in rows]
    assert len(rows) == 20
    assert values[-1] < 0.6 * values[0]
    assert [row["epoch"] for row in rows] == list(range(1, 21))
    assert read_history(tmp_path / "history.csv") == rows
    load_music_model(tmp_path)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru", "transformer"])
def test_the_random_state_of_each_dropout_is_in_a_snapshot(cell):
    vocabulary = tune_vocabulary(small_corpus().train, "character")
    model = build_music_model(
        vocabulary, cell=cell, units=8, layers=2, heads=2, dropout=0.2
    )
    compile_music_model(model)
    model.optimizer.build(model.trainable_variables)
    saved = variables_of(model)
    states = [
        layer.seed_generator.state
        for layer in model._flatten_layers()
        if isinstance(layer, keras.layers.Dropout) and layer.rate
    ]
    assert len(states) >= 2
    before = [keras.ops.convert_to_numpy(state) for state in states]
    for state in states:
        state.assign(state + 1)  # as drawing from it does
    set_variables(model, saved)
    for state, value in zip(states, before, strict=True):
        np.testing.assert_array_equal(state, value)


def state_of(folder):
    """All numbers that a training ends with."""
    snapshot = Snapshot.read(folder / "snapshot.npz")
    return [*snapshot.variables, *snapshot.best]


# A training that kills itself: before the n-th file that it writes takes its
# name, or after it. One snapshot is due after every step.
KILLED = """
import os, signal, sys
sys.path.insert(0, sys.argv[2])
from mitseq import output
from mitseq.training.saving import Snapshots
from tests.tasks.music.test_train import SMALL, small_corpus
from tests.without_xla import without_xla
from mitseq.tasks.music.train import train_music_model
moment, written = float(sys.argv[3]), 0
replace = os.replace
def count(source, target):
    global written
    written += 1
    if written > moment:
        os.kill(os.getpid(), signal.SIGKILL)
    replace(source, target)
    if written == moment:
        os.kill(os.getpid(), signal.SIGKILL)
output.os.replace = count
Snapshots.SECONDS = 0.0
with without_xla():  # as the tests of this folder
    train_music_model(
        small_corpus(), sys.argv[1], epochs=2, resume=len(sys.argv) > 4, **SMALL
    )
"""


def kill_training(folder, root, moment, *resume):
    done = run_fresh(KILLED, folder, root, moment, *resume)
    assert done.returncode == -signal.SIGKILL, done.stderr


def test_killed_in_every_phase_it_ends_as_if_it_was_not(tmp_path, request):
    corpus, root = small_corpus(), str(request.config.rootpath)
    vocabulary = tune_vocabulary(corpus.train, "character")
    encoded = encode_tunes(vocabulary, corpus.train)
    steps = PackedTunes(encoded, 2, SMALL["sequence_length"], seed=0).steps
    assert steps > 2
    # run.json and one snapshot are written; then the best model of the first
    # epoch is about to be; then it and the history are, the snapshot is not
    kill_training(tmp_path / "run", root, 2)
    kill_training(tmp_path / "run", root, steps - 0.5, "resume")
    kill_training(tmp_path / "run", root, 3.5, "resume")
    settings = {**SMALL, "epochs": 2}
    rows = train_music_model(corpus, tmp_path / "run", resume=True, **settings)
    expected = train_music_model(corpus, tmp_path / "whole", **settings)
    folders = [tmp_path / "run", tmp_path / "whole"]
    for a, b in zip(*(state_of(folder) for folder in folders), strict=True):
        np.testing.assert_array_equal(a, b)
    assert [r | {"seconds": 0} for r in rows] == [
        r | {"seconds": 0} for r in expected
    ]
    x = np.array([[1, 5, 6, 7]])
    logits = [load_music_model(folder)(x) for folder in folders]
    np.testing.assert_array_equal(*logits)


def test_a_longer_training_goes_on_after_the_end_of_a_shorter(tmp_path):
    settings = {**SMALL, "learning_rate": 0.01}
    train_music_model(small_corpus(), tmp_path, epochs=1, **settings)
    same = train_music_model(
        small_corpus(), tmp_path, epochs=1, resume=True, **settings
    )
    assert len(same) == 1
    rows = train_music_model(
        small_corpus(), tmp_path, epochs=2, resume=True, **settings
    )
    assert [row["epoch"] for row in rows] == [1, 2]
    shorter = train_music_model(
        small_corpus(), tmp_path, minutes=1e-4, resume=True, **settings
    )
    assert shorter == rows  # the time is used up: nothing is lost


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"batch_size": 0}, "`batch_size` must be positive"),
        ({"epochs": -1}, "`epochs` must be positive"),
        ({"minutes": 0}, "`minutes` must be positive"),
        ({"level": "word"}, "`level` must be one of"),
        ({"cell": "cnn"}, "`cell` must be one of"),
        ({"resume": True}, "no training to resume"),
    ],
)
def test_arguments_that_do_not_fit_are_named(tmp_path, arguments, message):
    with pytest.raises(MitseqError, match=message):
        train_music_model(small_corpus(), tmp_path, **{**SMALL, **arguments})


def test_an_existing_training_is_not_overwritten(tmp_path):
    (tmp_path / "model.keras").write_bytes(b"mine")
    with pytest.raises(MitseqError, match="exists. Pass `resume`"):
        train_music_model(small_corpus(), tmp_path, epochs=1, **SMALL)
    assert (tmp_path / "model.keras").read_bytes() == b"mine"


def test_resuming_with_other_settings_is_an_error(tmp_path):
    train_music_model(small_corpus(), tmp_path, epochs=1, **SMALL)
    with pytest.raises(MitseqError, match="`units` must be as in the training"):
        train_music_model(
            small_corpus(), tmp_path, resume=True, **{**SMALL, "units": 8}
        )
    with pytest.raises(MitseqError, match="to resume had other data"):
        train_music_model(small_corpus(11), tmp_path, resume=True, **SMALL)


def test_a_corpus_without_validation_is_an_error(tmp_path):
    corpus = small_corpus()
    empty = Corpus(corpus.train, [], [], {})
    with pytest.raises(MitseqError, match="at least one validation tune"):
        train_music_model(empty, tmp_path, **SMALL)


SHORT = {**SMALL, "learning_rate": 0.02, "epochs": 2, "dropout": 0.0}


@pytest.fixture(scope="module")
def in_32_bits(tmp_path_factory):
    return train_music_model(
        small_corpus(), tmp_path_factory.mktemp("32"), **SHORT
    )


@pytest.mark.parametrize(
    "precision, compute", [("mixed_bfloat16", "bf"), ("mixed_float16", "f")]
)
def test_a_training_in_16_bits_is_as_good_and_writes_tunes(
    tmp_path, in_32_bits, precision, compute
):
    rows = train_music_model(
        small_corpus(), tmp_path / "16", precision=precision, **SHORT
    )
    bits, expected = (
        r[-1]["val_bits_per_character"] for r in (rows, in_32_bits)
    )
    assert bits == pytest.approx(expected, rel=0.01) and bits != expected
    model = load_music_model(tmp_path / "16")
    recurrent = model.get_layer("lstm_1")
    assert recurrent.compute_dtype == f"{compute}loat16"
    assert {w.dtype for w in model.trainable_weights} == {"float32"}
    assert model.output.dtype == "float32"
    assert generate_tunes(model, seed=1, unchecked=True).tunes[0].abc
    with pytest.raises(MitseqError, match="`precision` must be as in the tr"):
        train_music_model(small_corpus(), tmp_path / "16", resume=True, **SHORT)
