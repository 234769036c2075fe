"""Training a model of translation: pairs in, `model.keras` and history out.

Notes: "Machine Translation" (docs/slides.md#translation). Read model.py (the
network) and rows.py (its data) first; training/fit.py adds the folder, the
budget and the resuming that every task has.
"""

import os

import keras

from mitseq.arguments import check_positive
from mitseq.output import atomic_write
from mitseq.precision import check_precision
from mitseq.progress import show_progress, way_of
from mitseq.tasks.translate.model import (
    UNITS,
    build_translation_model,
    vocabularies_of,
)
from mitseq.tasks.translate.pairs import Pairs, write_pairs
from mitseq.tasks.translate.rows import PairBatches, encode_pairs
from mitseq.text.words import WordIndex, word_vocabulary
from mitseq.training.budget import Budget
from mitseq.training.callbacks import Schedule
from mitseq.training.fit import fit
from mitseq.training.run import MODEL, TrainingRun, open_run
from mitseq.training.together import tokens_to_predict
from mitseq.training.token_loss import compile_for_tokens

EPOCHS = 10  # of a training that has no other length
TEST = "test.tsv"  # what `evaluate` judges by


def train_translation_model(
    pairs: Pairs,
    out: str | os.PathLike | TrainingRun,
    *,
    cell: str = "lstm",
    attention: str = "additive",
    units: int = UNITS,
    embedding_dim: int = 128,
    dropout: float = 0.2,
    epochs: int | None = None,
    minutes: float | None = None,
    batch_size: int = 64,
    learning_rate: float | None = None,
    patience: int = 4,
    seed: int = 0,
    precision: str = "float32",
    resume: bool = False,
    verbose: int | str = "auto",
) -> list[dict]:
    """Trains a model of translation and writes the best one to a folder.

    Args:
        pairs: From `language_pairs` or `read_split`.
        out: Folder for `model.keras` (the best model so far), `history.csv`
            (a row an epoch) and what `resume` starts from; or a `TrainingRun`
            that is open.
        cell: As for `build_translation_model`, and so are `attention`,
            `units`, `embedding_dim` and `dropout`.
        epochs: Passes over the pairs; 10 if neither this nor `minutes` is
            given.
        minutes: Time budget.
        batch_size: Pairs a step.
        learning_rate: The highest one; None for 0.003, Transformer 0.001.
        patience: Epochs without a better validation loss before it stops.
        seed: Of weights, order and dropout.
        precision: One of `mitseq.precision.PRECISIONS`.
        resume: Go on with the training in `out`.
        verbose: As in `mitseq.training.progress.Progress`.

    Returns:
        The rows of `history.csv`, a dict an epoch; the losses are in nats a
        word.

    Raises:
        MitseqError: if a number is out of its range, `out` already holds a
            training and `resume` is False, or there is nothing to resume.
        LockedError: if another process trains in `out`.
    """
    with open_run(out, resume) as run, show_progress(way_of(verbose)):
        if epochs is None and minutes is None:
            epochs = EPOCHS
        check_positive(
            epochs=epochs,
            minutes=minutes,
            batch_size=batch_size,
            learning_rate=learning_rate,
            patience=patience,
        )
        if learning_rate is None:
            learning_rate = 1e-3 if cell == "transformer" else 3e-3
        settings = {
            "cell": cell,
            "attention": attention,
            "units": units,
            "embedding_dim": embedding_dim,
            "dropout": dropout,
            "batch_size": batch_size,
            "learning_rate": learning_rate,
            "seed": seed,
            "precision": check_precision(precision),
        }
        data = (write_pairs(pairs.train), write_pairs(pairs.validation))
        run.check(settings, data=data, epochs=epochs, minutes=minutes)
        if run.is_finished(epochs, minutes):
            return run.rows()
        keras.utils.set_random_seed(seed)
        sides = [p.source for p in pairs.train], [p.target for p in pairs.train]
        vocabularies = [word_vocabulary(s, pairs.min_count) for s in sides]

        def build():
            return build_translation_model(
                *vocabularies,
                cell=cell,
                attention=attention,
                units=units,
                embedding_dim=embedding_dim,
                dropout=dropout,
            )

        model = run.workers.model(
            build, weigh=tokens_to_predict, precision=precision
        )
        compile_for_tokens(model, learning_rate, jit_compile=False)
        batches, validation = (
            batches_of(model, part, batch_size, seed, is_shuffled)
            for part, is_shuffled in (
                (pairs.train, True),
                (pairs.validation, False),
            )
        )
        budget = Budget(epochs, minutes)
        run.start()
        if run.folder is not None and pairs.test:
            atomic_write(run.path(TEST), write_pairs(pairs.test))
        rows = fit(
            run,
            model,
            batches,
            budget,
            monitor="val_loss",
            patience=patience,
            validation_data=validation.dataset(),
            measures=[Schedule(learning_rate, budget, batches.steps)],
            save=model.save,
            verbose=verbose,
        )
        run.finish(MODEL)
        return rows


def batches_of(
    model: keras.Model,
    pairs,
    batch_size: int,
    seed: int = 0,
    is_shuffled: bool = False,
) -> PairBatches:
    """Returns pairs as a model reads them.

    Args:
        model: From `build_translation_model`.
        pairs: A sequence of `Pair`.
        batch_size: As for `PairBatches`, and so are the others.
    """
    source, target = map(WordIndex, vocabularies_of(model))
    return PairBatches(
        encode_pairs(source, target, pairs),
        batch_size,
        seed=seed,
        is_shuffled=is_shuffled,
    )
