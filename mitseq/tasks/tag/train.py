"""Training a tagger: sentences in, `model.keras` and `history.csv` out.

Read model.py (the network) and rows.py (its data) first; training/fit.py adds
the folder, the budget and the resuming that every task has.
"""

import json
import os
from collections.abc import Sequence

import keras
import numpy as np
from keras import ops

from mitseq.arguments import check_positive
from mitseq.errors import MitseqError
from mitseq.output import atomic_write
from mitseq.precision import check_precision, scaled_for
from mitseq.progress import show_progress, way_of
from mitseq.tasks.tag.baseline import MostFrequentTag
from mitseq.tasks.tag.conllu import write_conllu
from mitseq.tasks.tag.features import tag_vocabularies
from mitseq.tasks.tag.model import build_tag_model, features_of, tags_of_model
from mitseq.tasks.tag.predict import tag_probs
from mitseq.tasks.tag.rows import NO_TAG, SentenceBatches, encode_tags
from mitseq.tasks.tag.sentences import Sentence, Treebank, tags_of
from mitseq.training.budget import Budget
from mitseq.training.callbacks import Schedule
from mitseq.training.fit import fit
from mitseq.training.run import MODEL, TrainingRun, open_run

EPOCHS = 8  # of a training that has no other length
TEST = "test.conllu"  # what `evaluate` judges by
COUNTED = "most_frequent.json"  # the tag of each word, for its peer


def train_tag_model(
    treebank: Treebank,
    out: str | os.PathLike | TrainingRun,
    *,
    cell: str = "lstm",
    units: int = 128,
    layers: int = 1,
    embedding_dim: int = 96,
    affix_dim: int = 24,
    dropout: float = 0.4,
    word_dropout: float = 0.25,
    directions: int = 2,
    epochs: int | None = None,
    minutes: float | None = None,
    batch_size: int = 32,
    learning_rate: float = 3e-3,
    patience: int = 4,
    seed: int = 0,
    precision: str = "float32",
    resume: bool = False,
    verbose: int | str = "auto",
) -> list[dict]:
    """Trains a tagger and writes the best one to a folder.

    Args:
        treebank: From `grammar_treebank` or `read_treebank`.
        out: Folder for `model.keras` (the best model so far), `history.csv`
            (a row an epoch) and what `resume` starts from; or a `TrainingRun`
            that is open.
        cell: As for `build_tag_model`, and so are `units`, `layers`,
            `embedding_dim`, `affix_dim`, `dropout` and `directions`.
        word_dropout: How often a rare word is read as unknown, as in
            `SentenceBatches`.
        epochs: Passes over the sentences; 8 if neither this nor `minutes` is
            given.
        minutes: Time budget.
        batch_size: Sentences a step.
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
            learning_rate=learning_rate,
            patience=patience,
        )
        if not word_dropout >= 0:
            raise MitseqError(
                "`word_dropout` must be 0 or more. Received: "
                f"word_dropout={word_dropout!r}."
            )
        settings = {
            "cell": cell,
            "units": units,
            "layers": layers,
            "embedding_dim": embedding_dim,
            "affix_dim": affix_dim,
            "dropout": dropout,
            "directions": directions,
        }
        others = {
            "word_dropout": word_dropout,
            "batch_size": batch_size,
            "learning_rate": learning_rate,
            "seed": seed,
            "precision": check_precision(precision),
        }
        data = map(str, (*treebank.train, *treebank.validation))
        run.check(settings | others, data=data, epochs=epochs, minutes=minutes)
        if run.is_finished(epochs, minutes):
            return run.rows()
        keras.utils.set_random_seed(seed)
        tags = tags_of(treebank.train)
        vocabularies = tag_vocabularies([s.words for s in treebank.train])

        def build():
            return build_tag_model(*vocabularies, tags, **settings)

        model = run.workers.model(
            build, weigh=words_to_tag, precision=precision
        )
        features = features_of(model)
        batches = SentenceBatches(
            treebank.train,
            features,
            tags,
            batch_size,
            word_dropout=word_dropout,
            seed=seed,
        )
        compile_tag_model(model, learning_rate, batches.steps)
        budget = Budget(epochs, minutes)
        run.start()
        if run.folder is not None:
            counted = MostFrequentTag.count(treebank.train).to_config()
            atomic_write(run.path(COUNTED), json.dumps(counted))
            if treebank.test:
                atomic_write(run.path(TEST), write_conllu(treebank.test))
        rows = fit(
            run,
            model,
            batches,
            budget,
            monitor="val_loss",
            patience=patience,
            measures=[
                Schedule(learning_rate, budget, batches.steps),
                HeldOut(treebank.validation),
            ],
            save=model.save,
            verbose=verbose,
        )
        run.finish(MODEL)
        return rows


def words_to_tag(x, y, sample_weight):
    """Returns how many words have a tag: by that a device's share counts."""
    return ops.sum(ops.cast(y != NO_TAG, "int32"))


class HeldOut(keras.callbacks.Callback):
    """Adds to the logs of an epoch what the model makes of other sentences.

    `val_loss` in nats a word, and `val_accuracy`: each word counts once.
    """

    def __init__(self, sentences: Sequence[Sentence]):
        super().__init__()
        self.sentences = sentences

    def on_epoch_end(self, epoch, logs=None):
        if logs is not None:
            logs.update(self._measured())

    def _measured(self):
        tags = tags_of_model(self.model)
        nats, hits, words = 0.0, 0, 0
        probs = tag_probs(self.model, [s.words for s in self.sentences])
        for sentence, p in zip(self.sentences, probs, strict=True):
            y = encode_tags([sentence], tags, len(p))[0]
            known = y != NO_TAG  # a tag that no training sentence has
            of_truth = p[np.arange(len(y)), np.maximum(y, 0)]
            of_truth = np.where(known, of_truth, 0.0)
            nats -= float(np.log(np.maximum(of_truth, 1e-9)).sum())
            hits += int((p.argmax(axis=1) == y).sum())
            words += len(y)
        return {"val_loss": nats / words, "val_accuracy": hits / words}


def compile_tag_model(
    model: keras.Model, learning_rate: float, average_steps: int = 100
) -> None:
    """Compiles a tagger: the mean cross-entropy over words, in nats.

    Adam keeps an average of the weights, which is what is measured and saved.

    Args:
        model: From `build_tag_model`.
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
            from_logits=True, ignore_class=NO_TAG
        ),
    )
