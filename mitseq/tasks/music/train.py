"""Train a music model: tunes in, `model.keras` and `history.csv` out.

Slide: Lecture 2, "Example Task: Music Generation" (docs/slides.md#music).
The model is built, compiled and fitted as any Keras model; what this file adds
is the data, the held-out bits per character, a time budget, and a run that
goes on after it was killed.
"""

import json
import os
import sys
from pathlib import Path

import keras
import numpy as np

from mitseq.errors import MitseqError
from mitseq.output import atomic_write, output_folder
from mitseq.tasks.music.model import (
    build_music_model,
    music_defaults,
    vocabulary_of,
)
from mitseq.tasks.music.rows import encode_tunes, training_batches
from mitseq.text.vocabulary import PAD, Vocabulary
from mitseq.training.callbacks import (
    BitsPerCharacter,
    Clock,
    EpochLog,
    KeepBest,
    Schedule,
    ShowSample,
    Snapshot,
)
from mitseq.training.saved import ModelError
from mitseq.tunes.corpus import Corpus

MONITOR = "val_bits_per_character"
SEQUENCE_LENGTH = {"token": 256, "character": 512}
LEARNING_RATE, TRANSFORMER_LEARNING_RATE = 3e-3, 1.5e-3
MOST_EPOCHS = 9999  # of a training that has a time budget only


class Batches(keras.utils.PyDataset):
    """The batches of every epoch, packed anew each time.

    Args:
        encoded: Tunes from `encode_tunes`.
        batch_size: Rows a batch.
        num_steps: Steps a row.
        seed: Of the whole training.
        epoch: The first epoch.
        first_step: Batches of that epoch to leave out.
    """

    def __init__(
        self, encoded, batch_size, num_steps, *, seed, epoch=0, first_step=0
    ):
        super().__init__()
        self.encoded, self.shape = encoded, (batch_size, num_steps)
        self.seed, self.epoch, self.first_step = seed, epoch, first_step
        # The number of batches is that of epoch 0, whatever the packing.
        self.steps = len(self._pack(0)[0])
        self.x, self.y = self._pack(epoch)

    def __len__(self) -> int:
        return self.steps - self.first_step

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        index = (index + self.first_step) % len(self.x)
        return self.x[index], self.y[index]

    def on_epoch_end(self):
        self.epoch += 1
        self.x, self.y = self._pack(self.epoch)

    def _pack(self, epoch):
        return training_batches(
            self.encoded, *self.shape, seed=self.seed, epoch=epoch
        )


def compile_music_model(
    model: keras.Model, learning_rate: float = 2e-3, average_steps: int = 50
) -> None:
    """Compile a music model with the loss and optimizer of the training.

    The loss is the mean cross-entropy in nats over the tokens to predict;
    rows' padding does not count. Adam keeps an average of the weights, which
    is what is evaluated and saved.

    Args:
        model: From `build_music_model`.
        learning_rate: The highest one.
        average_steps: About how many steps the average goes back.
    """
    model.compile(
        optimizer=keras.optimizers.Adam(
            learning_rate,
            global_clipnorm=1.0,
            use_ema=True,
            ema_momentum=1 - 1 / min(max(average_steps, 1), 100),
        ),
        loss=keras.losses.SparseCategoricalCrossentropy(
            from_logits=True, ignore_class=PAD
        ),
        jit_compile=True,
    )


def train_music_model(
    corpus: Corpus,
    out: str | os.PathLike,
    *,
    level: str = "token",
    cell: str = "lstm",
    units: int | None = None,
    layers: int | None = None,
    heads: int = 4,
    dropout: float | None = None,
    epochs: int | None = None,
    minutes: float | None = None,
    batch_size: int = 32,
    sequence_length: int | None = None,
    learning_rate: float | None = None,
    patience: int = 10,
    seed: int = 0,
    resume: bool = False,
    sample: bool = True,
    tensorboard: str | os.PathLike | None = None,
    verbose: int | str = "auto",
) -> list[dict]:
    """Train a music model and write the best one to a folder.

    Args:
        corpus: Tunes, split into train and validation.
        out: Folder for `model.keras` (the best model so far), `history.csv`
            (one row an epoch) and the snapshots that `resume` starts from.
        level: "token" or "character".
        cell: "rnn", "lstm", "gru" or "transformer".
        units: Hidden units of a layer, or the width of the Transformer. What
            is None is as `build_music_model` sets it for the cell.
        layers: Number of recurrent layers or Transformer blocks.
        heads: Heads of a Transformer block.
        dropout: Share of features dropped in front of each layer.
        epochs: Passes over the tunes; 30 if neither this nor `minutes` is
            given.
        minutes: Time budget. Training ends and the learning rate falls with
            whichever of both is used up first.
        batch_size: Rows a step.
        sequence_length: Tokens or characters a row; whole tunes are packed into
            it, and a longer tune is cut off. None for the one of the level in
            `SEQUENCE_LENGTH`, which few tunes exceed.
        learning_rate: The highest one; None for one that suits the cell.
        patience: Epochs without a better validation value before it stops.
        seed: Of weights, order and dropout.
        resume: Go on from the last snapshot in `out`. A training that has
            come to the end of the same `epochs` and `minutes` is left as it is.
        sample: Print a sample tune each epoch.
        tensorboard: Folder for TensorBoard logs, or None.
        verbose: As in `fit`.

    Returns:
        The rows of `history.csv`, a dict an epoch.

    Raises:
        MitseqError: if the corpus has no training or validation tune, a number
            is out of its range, `out` already holds a training and `resume` is
            False, or there is nothing to resume.
    """
    chosen = music_defaults(cell, units=units, layers=layers, dropout=dropout)
    if learning_rate is None:
        learning_rate = (
            TRANSFORMER_LEARNING_RATE
            if cell == "transformer"
            else LEARNING_RATE
        )
    _check_positive(
        batch_size=batch_size,
        sequence_length=sequence_length,
        epochs=epochs,
        minutes=minutes,
        learning_rate=learning_rate,
        patience=patience,
    )
    for name in ("train", "validation"):
        if not getattr(corpus, name):
            raise MitseqError(
                f"the corpus must have at least one {name} tune. Received: "
                f"{len(corpus.train)} train, {len(corpus.validation)} "
                "validation tunes."
            )
    if epochs is None and minutes is None:
        epochs = 30
    if sequence_length is None:
        sequence_length = SEQUENCE_LENGTH.get(level)
    out = output_folder(out)
    settings = {
        "level": level,
        "cell": cell,
        **chosen,
        "heads": heads,
        "batch_size": batch_size,
        "sequence_length": sequence_length,
        "learning_rate": learning_rate,
        "seed": seed,
        "train_tunes": len(corpus.train),
    }
    rows: list[dict] = []
    epoch = first_step = 0
    before = 0.0
    keras.utils.set_random_seed(seed)
    if resume:
        record = _read_snapshot(out, settings)
        if record.get("finished") == [epochs, minutes]:
            return EpochLog.read(out / "history.csv")
        model = keras.saving.load_model(out / record["model"])
        epoch, first_step = record["epoch"], record["step"]
        before = record["seconds"]
        if (out / "history.csv").exists():
            rows = EpochLog.read(out / "history.csv")[:epoch]
        vocabulary = vocabulary_of(model)
    else:
        for name in ("model.keras", "history.csv", "snapshot.json"):
            if (out / name).exists():
                raise MitseqError(
                    f"{out / name} exists. Pass `resume` (--resume) to go on "
                    "with that training, or another output folder."
                )
        vocabulary = Vocabulary.from_tunes(corpus.train, level)
        model = build_music_model(vocabulary, cell=cell, heads=heads, **chosen)

    encoded = encode_tunes(vocabulary, corpus.train)
    held_out = encode_tunes(vocabulary, corpus.validation)

    def batches(epoch, first_step=0):
        return Batches(
            encoded,
            batch_size,
            sequence_length,
            seed=seed,
            epoch=epoch,
            first_step=first_step,
        )

    data = batches(epoch, first_step)
    if not resume:
        compile_music_model(model, learning_rate, data.steps)
    clock = Clock(before)
    total_epochs = epochs or MOST_EPOCHS
    schedule = Schedule(
        learning_rate,
        epochs * data.steps if epochs else None,
        minutes,
        clock,
        first_step=epoch * data.steps + first_step,
    )
    callbacks = [
        schedule,
        # from here to the next epoch's begin the weights are the averages
        keras.callbacks.SwapEMAWeights(swap_on_epoch=True),
        Snapshot(
            out, clock, settings | {"length": [epochs, minutes]}, first_step
        ),
        BitsPerCharacter(held_out, sum(map(len, corpus.validation))),
        KeepBest(
            out / "model.keras",
            MONITOR,
            patience,
            [row[MONITOR] for row in rows],
        ),
        EpochLog(out / "history.csv", clock, rows),
    ]
    if sample:
        callbacks.append(ShowSample(sample_tune))
    if tensorboard is not None:
        callbacks.append(_tensorboard(tensorboard))
    if verbose == "auto":
        verbose = 1 if sys.stderr.isatty() else 2
    if first_step and epoch < total_epochs:
        # the rest of the epoch that a snapshot stands in the middle of
        model.fit(
            data,
            initial_epoch=epoch,
            epochs=epoch + 1,
            callbacks=callbacks,
            verbose=verbose,
            shuffle=False,  # `Batches` does, in a way that can be resumed
        )
        epoch += 1
        data = batches(epoch)
    if epoch < total_epochs and not model.stop_training:
        model.fit(
            data,
            initial_epoch=epoch,
            epochs=total_epochs,
            callbacks=callbacks,
            verbose=verbose,
            shuffle=False,  # `Batches` does, in a way that can be resumed
        )
    _mark_finished(out, epochs, minutes)
    return EpochLog.read(out / "history.csv")


def sample_tune(model: keras.Model, seed: int = 0) -> str:
    """Return one unfiltered sample of a model as text.

    Args:
        model: A music model.
        seed: Of the sample.

    Returns:
        The ABC text, or what came instead of it.
    """
    from mitseq.tasks.music.generate import generate_tunes

    result = generate_tunes(model, count=1, seed=seed, unchecked=True)
    return result.tunes[0].abc


def _mark_finished(
    out: Path, epochs: int | None, minutes: float | None
) -> None:
    path = out / "snapshot.json"
    if not path.exists():  # not one step was made
        return
    record = json.loads(path.read_text(encoding="utf-8"))
    record["finished"] = [epochs, minutes]
    atomic_write(path, json.dumps(record, indent=1))


def _read_snapshot(out: Path, settings: dict) -> dict:
    path = out / "snapshot.json"
    if not path.exists():
        raise MitseqError(
            f"{out} has no snapshot to resume from. Expected snapshot.json, "
            "as a training without --resume writes it."
        )
    record = json.loads(path.read_text(encoding="utf-8"))
    for name, value in settings.items():
        if record.get(name, value) != value:
            raise MitseqError(
                f"`{name}` must be as in the training that is resumed "
                f"({record[name]!r}). Received: {name}={value!r}."
            )
    if not (out / record["model"]).exists():
        raise ModelError(f"{out / record['model']}: the snapshot is missing.")
    return record


def _check_positive(**numbers) -> None:
    for name, value in numbers.items():
        if value is not None and not value > 0:
            raise MitseqError(
                f"`{name}` must be positive. Received: {name}={value!r}."
            )


def _tensorboard(directory):
    return keras.callbacks.TensorBoard(log_dir=os.fspath(directory))
