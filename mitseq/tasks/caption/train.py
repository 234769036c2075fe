"""Training: pictures with captions in, `model.keras` and `history.csv` out.

Slide: Lecture 2, "RNNs for Sequence Modeling" (docs/slides.md#captioning). The
pictures are scenes that are drawn anew in each epoch, or those of a folder.
Read model.py (the network) and rows.py (its data) first.
"""

import os

import keras
import numpy as np

from mitseq.arguments import check_positive
from mitseq.precision import check_precision
from mitseq.progress import show_progress, way_of
from mitseq.tasks.caption.folders import Pictures, write_table
from mitseq.tasks.caption.model import build_caption_model
from mitseq.tasks.caption.rows import (
    VALIDATION,
    PictureBatches,
    SceneBatches,
    encode_captions,
)
from mitseq.tasks.caption.scenes import (
    KINDS,
    all_scenes,
    choose_scenes,
    draw_scenes,
)
from mitseq.text.words import WordIndex, word_vocabulary
from mitseq.training.batches import EpochBatches
from mitseq.training.budget import Budget
from mitseq.training.callbacks import Schedule
from mitseq.training.fit import fit
from mitseq.training.run import MODEL, TrainingRun, open_run
from mitseq.training.together import tokens_to_predict
from mitseq.training.token_loss import compile_for_tokens

EPOCHS = 24  # of a training that has no other length
STEPS = 200  # batches of an epoch of scenes
HELD_OUT = 500  # scenes that are not learned from
TEST = "test.csv"  # what `evaluate` judges by


def train_caption_model(
    out: str | os.PathLike | TrainingRun,
    pictures: Pictures | None = None,
    *,
    decoder: str = "attention",
    cell: str = "lstm",
    units: int = 128,
    dropout: float = 0.3,
    word_dropout: float = 0.4,
    state_dropout: float = 0.5,
    weight_decay: float | None = 0.1,
    epochs: int | None = None,
    minutes: float | None = None,
    steps: int = STEPS,
    batch_size: int = 32,
    learning_rate: float = 3e-3,
    size: int = 64,
    patience: int | None = None,
    seed: int = 0,
    precision: str = "float32",
    resume: bool = False,
    verbose: int | str = "auto",
) -> list[dict]:
    """Trains a model that captions pictures, and writes the best one.

    Args:
        out: Folder for `model.keras` (the best model so far), `history.csv`
            (a row an epoch) and what `resume` starts from; or a `TrainingRun`
            that is open.
        pictures: From `read_pictures`; None for scenes, of which the pairs
            that are "unseen" are left out.
        decoder: As for `build_caption_model`, and so are `cell`, `units`,
            `dropout`, `word_dropout` and `state_dropout`.
        weight_decay: As for `compile_for_tokens`.
        epochs: Passes over the pictures, or how often scenes are drawn; 24 if
            neither this nor `minutes` is given.
        minutes: Time budget.
        steps: Batches of an epoch of scenes.
        batch_size: Pictures of a step.
        learning_rate: The highest one.
        size: Side of a scene in pixels; pictures have theirs.
        patience: Epochs without a better validation loss before it stops;
            None to go on.
        seed: Of weights, order, dropout and scenes.
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
            steps=steps,
            batch_size=batch_size,
            learning_rate=learning_rate,
            weight_decay=weight_decay,
            patience=patience,
        )
        settings = {
            "decoder": decoder,
            "cell": cell,
            "units": units,
            "dropout": dropout,
            "word_dropout": word_dropout,
            "state_dropout": state_dropout,
            "weight_decay": weight_decay,
            "steps": steps,
            "batch_size": batch_size,
            "learning_rate": learning_rate,
            "size": size if pictures is None else pictures.size,
            "channels": 1 if pictures is None else pictures.channels,
            "seed": seed,
            "precision": check_precision(precision),
        }
        told = [] if pictures is None else pictures.as_texts()
        run.check(settings, data=told, epochs=epochs, minutes=minutes)
        if run.is_finished(epochs, minutes):
            return run.rows()
        keras.utils.set_random_seed(seed)
        captions = _captions(pictures)
        vocabulary = word_vocabulary(captions)

        def build():
            return build_caption_model(
                vocabulary,
                decoder=decoder,
                cell=cell,
                units=units,
                size=settings["size"],
                channels=settings["channels"],
                dropout=dropout,
                word_dropout=word_dropout,
                state_dropout=state_dropout,
                together=run.workers.replicas > 1,
            )

        model = run.workers.model(
            build, weigh=tokens_to_predict, precision=precision
        )
        compile_for_tokens(model, learning_rate, weight_decay)
        index = WordIndex(vocabulary)
        num_steps = encode_captions(index, captions)[0].shape[1]
        batches: EpochBatches
        if pictures is None:
            batches = SceneBatches(
                *(index, num_steps, batch_size),
                steps=steps,
                size=size,
                seed=seed,
            )
            held_out = _held_out_scenes(index, num_steps, size)
        else:
            batches = PictureBatches(
                pictures.train.pictures,
                pictures.train.rows,
                *encode_captions(index, pictures.train.captions, num_steps),
                batch_size,
                seed=seed,
            )
            part = pictures.validation
            x, y = encode_captions(index, part.captions)
            held_out = (part.pictures[part.rows], x), y
        budget = Budget(epochs, minutes)
        run.start()
        if run.folder is not None and pictures is not None:
            write_table(run.path(TEST), pictures.test)
        rows = fit(
            run,
            model,
            batches,
            budget,
            monitor="val_loss",
            patience=patience or epochs or 10**6,
            validation_data=held_out,
            measures=[Schedule(learning_rate, budget, batches.steps)],
            save=model.save,
            verbose=verbose,
        )
        run.finish(MODEL)
        return rows


def scene_captions() -> list[str]:
    """Returns the captions of all scenes that a training may see."""
    return [
        scene.caption for kind in KINDS for scene in all_scenes(kind, "seen")
    ]


def _captions(pictures):
    return scene_captions() if pictures is None else pictures.train.captions


def _held_out_scenes(index, num_steps, size):
    rng = np.random.default_rng([VALIDATION])
    scenes = choose_scenes(HELD_OUT, "seen", rng)
    drawn = draw_scenes(scenes, [VALIDATION, 1], size=size, part="validation")
    x, y = encode_captions(index, [s.caption for s in scenes], num_steps)
    return (drawn[..., None], x), y
