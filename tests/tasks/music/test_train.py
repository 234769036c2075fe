"""Training learns, is repeatable, and goes on after it was killed."""

import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from mitseq.errors import MitseqError
from mitseq.tasks.music.model import load_music_model
from mitseq.tasks.music.train import Batches, train_music_model
from mitseq.training.callbacks import EpochLog
from mitseq.tunes.corpus import Corpus

SMALL = {
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
        small_corpus(), tmp_path, epochs=15, learning_rate=0.05, **SMALL
    )
    values = [row["val_bits_per_character"] for row in rows]
    assert len(rows) == 15
    assert values[-1] < 0.6 * values[0]
    assert [row["epoch"] for row in rows] == list(range(1, 16))
    assert EpochLog.read(tmp_path / "history.csv") == rows
    load_music_model(tmp_path)


def test_a_resumed_run_equals_one_that_was_never_stopped(tmp_path):
    settings = {**SMALL, "dropout": 0.0, "epochs": 4}
    whole = train_music_model(small_corpus(), tmp_path / "whole", **settings)

    class Stop(Exception):
        pass

    def stop_after_two(model, seed=0):
        if len(EpochLog.read(tmp_path / "parts" / "history.csv")) == 2:
            raise Stop
        return ""

    import mitseq.tasks.music.train as module

    original = module.sample_tune
    module.sample_tune = stop_after_two
    try:
        with pytest.raises(Stop):
            train_music_model(
                small_corpus(),
                tmp_path / "parts",
                **{**settings, "sample": True},
            )
    finally:
        module.sample_tune = original
    parts = train_music_model(
        small_corpus(), tmp_path / "parts", resume=True, **settings
    )
    assert len(parts) == 4
    for a, b in zip(whole, parts, strict=True):
        assert a["epoch"] == b["epoch"]
        np.testing.assert_allclose(a["loss"], b["loss"], rtol=1e-4)
        np.testing.assert_allclose(
            a["val_bits_per_character"], b["val_bits_per_character"], rtol=1e-4
        )


SCRIPT = """
import sys
sys.path.insert(0, sys.argv[2])
from mitseq.training import callbacks
from tests.training.test_music import SMALL, small_corpus
from mitseq.tasks.music.train import train_music_model
callbacks.Snapshot.SECONDS = 0.0  # due after every step
train_music_model(small_corpus(200), sys.argv[1], epochs=500, **SMALL)
"""


def test_a_killed_run_resumes(tmp_path, request):
    root = str(request.config.rootpath)
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(tmp_path), root],
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    history = tmp_path / "history.csv"
    deadline = time.monotonic() + 120
    while not history.exists() and time.monotonic() < deadline:
        assert process.poll() is None
        time.sleep(0.1)
    time.sleep(0.3)
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = EpochLog.read(history)
    rows = train_music_model(
        small_corpus(200),
        tmp_path,
        epochs=len(before) + 1,
        resume=True,
        **SMALL,
    )
    assert len(rows) >= len(before)
    assert [row["epoch"] for row in rows] == list(range(1, len(rows) + 1))
    load_music_model(tmp_path)


def test_batches_leave_out_what_is_done():
    tunes = [np.arange(3, 3 + n, dtype="int32") for n in (30, 31, 32, 33, 34)]
    whole = Batches(tunes, 1, 40, seed=0, epoch=2)
    rest = Batches(tunes, 1, 40, seed=0, epoch=2, first_step=3)
    assert (len(whole), len(rest)) == (5, 2)
    np.testing.assert_array_equal(rest[0][0], whole[3][0])
    np.testing.assert_array_equal(rest[1][1], whole[4][1])
    whole.on_epoch_end()
    again = Batches(tunes, 1, 40, seed=0, epoch=3)
    np.testing.assert_array_equal(whole[0][0], again[0][0])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"batch_size": 0}, "`batch_size` must be positive"),
        ({"epochs": -1}, "`epochs` must be positive"),
        ({"minutes": 0}, "`minutes` must be positive"),
        ({"level": "word"}, "`level` must be one of"),
        ({"cell": "cnn"}, "`cell` must be one of"),
        ({"resume": True}, "no snapshot to resume from"),
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


def test_a_corpus_without_validation_is_an_error(tmp_path):
    corpus = small_corpus()
    empty = Corpus(corpus.train, [], [], {})
    with pytest.raises(MitseqError, match="at least one validation tune"):
        train_music_model(empty, tmp_path, **SMALL)
