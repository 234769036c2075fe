"""Training a model of words: texts in, `model.keras` and `history.csv` out.

Slide: Lecture 2, "A Sequence Modeling Problem: Predict the Next Word"
(docs/slides.md#next-word). Read model.py (the network) and rows.py (its data)
first; training/fit.py adds the folder, the budget and the resuming that every
task has.
"""

import os

import keras

from mitseq.arguments import check_positive
from mitseq.output import atomic_write
from mitseq.precision import check_precision
from mitseq.progress import show_progress, way_of
from mitseq.tasks.words.model import UNITS, build_words_model, embedding_of
from mitseq.tasks.words.rows import RowBatches, encode_texts, rows_of
from mitseq.tasks.words.texts import Texts
from mitseq.text.words import WordIndex, word_vocabulary
from mitseq.training.budget import Budget
from mitseq.training.callbacks import Schedule
from mitseq.training.fit import fit
from mitseq.training.run import MODEL, TrainingRun, open_run
from mitseq.training.together import tokens_to_predict
from mitseq.training.token_loss import compile_for_tokens

EPOCHS = 16  # of a training that has no other length
TEST = "test.txt"  # what `evaluate` judges by


def train_words_model(
    texts: Texts,
    out: str | os.PathLike | TrainingRun,
    *,
    cell: str = "lstm",
    units: int = UNITS,
    layers: int | None = None,
    embedding_dim: int = 64,
    dropout: float = 0.2,
    epochs: int | None = None,
    minutes: float | None = None,
    batch_size: int = 32,
    sequence_length: int = 48,
    learning_rate: float = 4e-3,
    patience: int = 4,
    seed: int = 0,
    precision: str = "float32",
    resume: bool = False,
    verbose: int | str = "auto",
) -> list[dict]:
    """Trains a model of words and writes the best one to a folder.

    Args:
        texts: From `grammar_texts` or `read_split`.
        out: Folder for `model.keras` (the best model so far), `history.csv`
            (a row an epoch) and what `resume` starts from; or a `TrainingRun`
            that is open.
        cell: As for `build_words_model`, and so are `units`, `layers`,
            `embedding_dim` and `dropout`.
        epochs: Passes over the texts; 16 if neither this nor `minutes` is
            given.
        minutes: Time budget.
        batch_size: Rows a step.
        sequence_length: The most words of a row.
        learning_rate: The highest one.
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
            sequence_length=sequence_length,
            learning_rate=learning_rate,
            patience=patience,
        )
        settings = {
            "cell": cell,
            "units": units,
            "layers": layers,
            "embedding_dim": embedding_dim,
            "dropout": dropout,
            "batch_size": batch_size,
            "sequence_length": sequence_length,
            "learning_rate": learning_rate,
            "seed": seed,
            "precision": check_precision(precision),
        }
        data = (*texts.train, *texts.validation)
        run.check(settings, data=data, epochs=epochs, minutes=minutes)
        if run.is_finished(epochs, minutes):
            return run.rows()
        keras.utils.set_random_seed(seed)
        vocabulary = word_vocabulary(texts.train, texts.min_count)

        def build():
            return build_words_model(
                vocabulary,
                cell=cell,
                units=units,
                layers=layers,
                embedding_dim=embedding_dim,
                dropout=dropout,
            )

        model = run.workers.model(
            build, weigh=tokens_to_predict, precision=precision
        )
        compile_for_tokens(model, learning_rate)
        index = WordIndex(embedding_of(model).vocabulary)
        x, y = rows_of(encode_texts(index, texts.train), sequence_length)
        batches = RowBatches(x, y, batch_size, seed=seed)
        budget = Budget(epochs, minutes)
        run.start()
        if run.folder is not None and texts.test:
            atomic_write(run.path(TEST), "\n\n".join(texts.test) + "\n")
        rows = fit(
            run,
            model,
            batches,
            budget,
            monitor="val_loss",
            patience=patience,
            validation_data=rows_of(
                encode_texts(index, texts.validation), sequence_length
            ),
            measures=[Schedule(learning_rate, budget, batches.steps)],
            save=model.save,
            verbose=verbose,
        )
        run.finish(MODEL)
        return rows
