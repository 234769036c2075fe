"""Training a music model: tunes in, `model.keras` and `history.csv` out.

Slide: Lecture 2, "Example Task: Music Generation" (docs/slides.md#music).
The model is built, compiled and fitted as any Keras model. Read model.py (the
network) and rows.py (its data) first; training/fit.py adds the folder, the
budget and the resuming that every task has.
"""

import os
import sys
from collections.abc import Sequence

import keras

from mitseq.arguments import check_positive
from mitseq.errors import MitseqError
from mitseq.precision import check_precision, scaled_for, suits_xla
from mitseq.progress import show_progress, way_of
from mitseq.tasks.music.generate import generate_tunes
from mitseq.tasks.music.model import (
    build_music_model,
    music_defaults,
    tune_vocabulary,
    vocabulary_of,
)
from mitseq.tasks.music.rows import PackedTunes, encode_tunes
from mitseq.tasks.music.shards import MusicShards, ShardedRows
from mitseq.text.vocabulary import PAD
from mitseq.training.batches import EpochBatches
from mitseq.training.budget import Budget
from mitseq.training.callbacks import Schedule, ShowSample
from mitseq.training.code_length import BitsPerCharacter
from mitseq.training.fit import fit
from mitseq.training.run import MODEL, TrainingRun, open_run
from mitseq.training.together import tokens_to_predict
from mitseq.training.workers import Alone
from mitseq.tunes.corpus import Corpus

MONITOR = "val_bits_per_character"
SEQUENCE_LENGTH = {"token": 256, "character": 512}
LEARNING_RATE, TRANSFORMER_LEARNING_RATE = 3e-3, 1.5e-3
EPOCHS = 30  # of a training that has no other length


def train_music_model(
    corpus: Corpus | MusicShards,
    out: str | os.PathLike | TrainingRun,
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
    precision: str = "float32",
    resume: bool = False,
    sample: bool = True,
    tensorboard: str | os.PathLike | None = None,
    verbose: int | str = "auto",
) -> list[dict]:
    """Trains a music model and writes the best one to a folder.

    Args:
        corpus: Tunes, split into train and validation; or shards of them, which
            are read as a stream.
        out: Folder for `model.keras` (the best model so far), `history.csv`
            (one row an epoch) and what `resume` starts from; or a
            `TrainingRun` that is open.
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
        precision: One of `mitseq.precision.PRECISIONS`.
        resume: Go on with the training in `out`. One that has come to the end
            of the same `epochs` and `minutes` is left as it is.
        sample: Print a sample tune each epoch.
        tensorboard: Folder for TensorBoard logs, or None.
        verbose: As in `mitseq.training.progress.Progress`.

    Returns:
        The rows of `history.csv`, a dict an epoch.

    Raises:
        MitseqError: if the corpus has no training or validation tune, a number
            is out of its range, `out` already holds a training and `resume` is
            False, or there is nothing to resume.
        LockedError: if another process trains in `out`.
    """
    with open_run(out, resume) as run, show_progress(way_of(verbose)):
        if epochs is None and minutes is None:
            epochs = EPOCHS
        _check(
            corpus,
            batch_size=batch_size,
            sequence_length=sequence_length,
            epochs=epochs,
            minutes=minutes,
            learning_rate=learning_rate,
            patience=patience,
        )
        is_transformer = cell == "transformer"
        settings = {
            "level": level,
            "cell": cell,
            "heads": heads,
            **music_defaults(cell, units=units, layers=layers, dropout=dropout),
            "batch_size": batch_size,
            "sequence_length": sequence_length or SEQUENCE_LENGTH.get(level),
            "learning_rate": learning_rate
            or (TRANSFORMER_LEARNING_RATE if is_transformer else LEARNING_RATE),
            "seed": seed,
            "precision": check_precision(precision),
        }
        if isinstance(corpus, MusicShards):
            corpus.check_settings(level=level, sequence_length=sequence_length)
            made = corpus.settings["sequence_length"]
            settings["sequence_length"] = made
            tunes, learned = [corpus.fingerprint], corpus
        else:
            tunes = [*corpus.train, *corpus.validation]
            learned = corpus.train
        run.check(settings, data=tunes, epochs=epochs, minutes=minutes)
        if run.is_finished(epochs, minutes):
            return run.rows()
        model, batches = prepare(learned, **settings, workers=run.workers)
        run.start()
        for note in corpus.notes if verbose else ():
            print(note, file=sys.stderr, flush=True)
        rows = fit_on_tunes(
            run,
            model,
            batches,
            corpus.validation,
            Budget(epochs, minutes),
            learning_rate=settings["learning_rate"],
            patience=patience,
            callbacks=_watchers(sample, tensorboard),
            verbose=verbose,
        )
        run.finish(MODEL)
        return rows


def prepare(
    tunes: Sequence[str] | MusicShards,
    *,
    level: str,
    batch_size: int,
    sequence_length: int,
    learning_rate: float,
    seed: int,
    precision: str = "float32",
    workers: Alone | None = None,
    **architecture,
) -> tuple[keras.Model, EpochBatches]:
    """Builds and compiles a model of tunes, and packs them into batches.

    Args:
        tunes: Normalized tunes to learn from, or shards of them.
        level: See `train_music_model`, as for all others.

    Returns:
        The model, and the batches of every epoch.
    """
    keras.utils.set_random_seed(seed)
    is_sharded = isinstance(tunes, MusicShards)
    vocabulary = (
        tunes.vocabulary
        if is_sharded
        else tune_vocabulary(tunes, level, every_key=True)
    )

    def build():
        return build_music_model(vocabulary, **architecture)

    model = (workers or Alone()).model(
        build, weigh=tokens_to_predict, precision=precision
    )
    batches: EpochBatches
    if is_sharded:
        batches = ShardedRows(tunes, batch_size, seed=seed)
    else:
        encoded = encode_tunes(vocabulary, tunes)
        batches = PackedTunes(encoded, batch_size, sequence_length, seed=seed)
    compile_music_model(model, learning_rate, batches.steps)
    return model, batches


def fit_on_tunes(
    run: TrainingRun,
    model: keras.Model,
    batches: EpochBatches,
    held_out: Sequence[str],
    budget: Budget,
    *,
    learning_rate: float,
    patience: int,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    verbose: int | str = 0,
) -> list[dict]:
    """Fits a model, judged by the bits per character of tunes held out.

    Args:
        run: Where the training is kept; its `model.keras` is the best so far.
        model: From `prepare`, as are `batches`.
        held_out: Tunes to judge by.
        budget: How long it may take.
        learning_rate: See `train_music_model`, as for all others.

    Returns:
        What was measured, a dict an epoch.
    """
    encoded = encode_tunes(vocabulary_of(model), held_out)
    return fit(
        run,
        model,
        batches,
        budget,
        monitor=MONITOR,
        patience=patience,
        measures=[
            Schedule(learning_rate, budget, batches.steps),
            BitsPerCharacter(encoded, sum(map(len, held_out))),
        ],
        callbacks=callbacks,
        save=model.save,
        verbose=verbose,
    )


def compile_music_model(
    model: keras.Model, learning_rate: float = 2e-3, average_steps: int = 50
) -> None:
    """Compiles a music model with the loss and optimizer of the training.

    The loss is the mean cross-entropy in nats over the tokens to predict;
    rows' padding does not count. Adam keeps an average of the weights, which
    is what is evaluated and saved.

    Args:
        model: From `build_music_model`.
        learning_rate: The highest one.
        average_steps: About how many steps the average goes back.
    """
    optimizer = keras.optimizers.Adam(
        learning_rate,
        global_clipnorm=1.0,
        use_ema=True,
        ema_momentum=1 - 1 / min(max(average_steps, 1), 100),
    )
    model.compile(
        optimizer=scaled_for(model, optimizer),
        auto_scale_loss=False,
        loss=keras.losses.SparseCategoricalCrossentropy(
            from_logits=True, ignore_class=PAD
        ),
        jit_compile=suits_xla(model),
    )


def sample_tune(model: keras.Model, seed: int = 0) -> str:
    """Returns one unfiltered sample of a model, ABC or what came instead."""
    result = generate_tunes(model, count=1, seed=seed, unchecked=True)
    return result.tunes[0].abc


def _check(corpus: Corpus | MusicShards, **numbers) -> None:
    check_positive(**numbers)
    if isinstance(corpus, MusicShards):
        return
    for name in ("train", "validation"):
        if not getattr(corpus, name):
            raise MitseqError(
                f"the corpus must have at least one {name} tune. Received: "
                f"{len(corpus.train)} train, {len(corpus.validation)} "
                "validation tunes."
            )


def _watchers(sample, tensorboard) -> list[keras.callbacks.Callback]:
    watchers = [ShowSample(sample_tune)] if sample else []
    if tensorboard is not None:
        folder = os.fspath(tensorboard)
        watchers.append(keras.callbacks.TensorBoard(log_dir=folder))
    return watchers
