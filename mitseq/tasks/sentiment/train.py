r"""Train a sentiment model: each part for itself, then how much each counts.

Slide: Lecture 2, "Example Task: Sentiment Classification"
(docs/slides.md#sentiment). A linear layer over n-grams fits its training texts
in a moment. Trained in one sum with it, a recurrence would find nothing left
to learn. So each part learns alone:

1. the recurrence (or attention) by `fit`, until the held-out loss rises;
2. the linear parts by logistic regression (`logistic.py`), as tightly held as
   the held-out texts advise (`strength.py`);
3. the weights of the vote on the held-out texts (`vote.py`). This is the
   calibration, too: they make the probabilities honest;
4. the linear parts once more, now on all texts.

All this happens on indices: what the layers that read strings give for each
text is computed once.

Letters: N texts, T tokens, F features, C classes, P parts.
"""

import hashlib
import json
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from mitseq.errors import MitseqError
from mitseq.tasks.sentiment.loss import CrossEntropy
from mitseq.tasks.sentiment.model import build_sentiment_model
from mitseq.tasks.sentiment.parts import (
    BATCH,
    Batches,
    Part,
    entries,
    parts_of,
    verdicts_of,
)
from mitseq.tasks.sentiment.strength import LinearPart
from mitseq.tasks.sentiment.vote import fit_vote
from mitseq.text.ngrams import count_keys
from mitseq.text.tokens import tokenize
from mitseq.text.vectors import read_vectors
from mitseq.training.best_weights import BestWeights


def fit_recurrence(
    part: Part,
    train: Batches,
    validation: Batches,
    best: BestWeights,
    *,
    epochs: int,
    learning_rate: float = 1e-3,
    resume: bool = False,
    verbose: int | str = 0,
) -> None:
    """Fits the part that reads word by word.

    Args:
        part: The part.
        train: Texts to learn from.
        validation: Texts held out.
        best: Stops the training, and keeps the best weights.
        epochs: Most passes over the texts.
        learning_rate: Of Adam.
        resume: Go on with what `best.path` holds.
        verbose: As in `fit`.
    """
    # the average of the weights over about half an epoch is what is kept
    momentum = 1 - 1 / min(max(len(train) // 2, 2), 200)
    part.model.compile(
        optimizer=keras.optimizers.Adam(
            learning_rate,
            global_clipnorm=1.0,
            use_ema=True,
            ema_momentum=momentum,
        ),
        loss=CrossEntropy(),
        weighted_metrics=["accuracy"],
    )
    if resume:
        best.restore()
        train.start(best.epoch)
    if best.is_over or best.epoch >= epochs:
        if best.best:
            part.model.set_weights(best.best)
        return
    part.model.fit(
        train,
        validation_data=validation,
        initial_epoch=best.epoch,
        epochs=epochs,
        callbacks=[best],
        verbose=verbose,
        shuffle=False,  # `Batches` does, in a way that can be resumed
    )


def words_of(texts: Sequence[list[str]], min_count: int) -> list[str]:
    """The tokens that stand in texts, frequent ones first.

    Args:
        texts: The tokens of each.
        min_count: How often a token has to stand there.

    Returns:
        The tokens, ties in alphabetical order.

    Example:

    >>> words_of([["good", "film"], ["bad", "film"]], min_count=1)
    ['film', 'bad', 'good']
    """
    counts = Counter(token for tokens in texts for token in tokens)
    kept = [w for w, n in counts.items() if n >= min_count and w != "[UNK]"]
    return sorted(kept, key=lambda word: (-counts[word], word))


def train_sentiment_model(
    texts: Sequence[str],
    labels: np.ndarray,
    validation: tuple[Sequence[str], np.ndarray] | None = None,
    *,
    groups: np.ndarray | None = None,
    held_out: float,
    cell: str | None,
    ngrams: int,
    characters: int,
    buckets: int,
    min_count: int,
    vectors: Any,
    class_weight: Any,
    epochs: int,
    patience: int,
    minutes: float | None,
    batch_size: int,
    learning_rate: float,
    seed: int | None,
    verbose: int,
    out: Any = None,
    resume: bool = False,
    **architecture,
) -> tuple[keras.Model, dict]:
    """Builds and trains a model; the arguments are `SentimentClassifier`'s.

    Args:
        texts: The training texts.
        labels: Their labels.
        validation: Texts and labels held out, or None.
        groups: Which texts are held out together, `(N,)` of int, or None.
        held_out: Otherwise, the share of `texts` that is.
        cell: See `SentimentClassifier`, as for all others.

    Returns:
        The model, and the history: a dict of JSON values.

    Raises:
        MitseqError: if there are not two classes, or too few texts.
    """
    started = time.monotonic()
    keras.utils.set_random_seed(0 if seed is None else seed)
    classes, y = np.unique(labels, return_inverse=True)
    if len(classes) < 2:
        raise MitseqError(
            "`labels` must hold at least two classes. "
            f"Received: {classes.tolist()} only."
        )
    if not 0 < held_out < 1:
        raise MitseqError(
            "`validation` must be in (0, 1). "
            f"Received: validation={held_out!r}."
        )
    counts = dict(zip(classes.tolist(), np.bincount(y).tolist(), strict=True))
    rare = [name for name, count in counts.items() if count < 2]
    if validation is None and rare:
        more = f" and {len(rare) - 5} more" if len(rare) > 5 else ""
        raise MitseqError(
            "`texts` must hold at least two texts of each class, one of them "
            "to hold out. Received: one text of "
            f"{', '.join(map(repr, rare[:5]))}{more}."
        )
    if validation is None:
        is_held = (
            hold_out(y, held_out, seed or 0)
            if groups is None
            else hold_out_groups(groups, held_out, seed or 0)
        )
        all_texts, all_y = list(texts), y
    else:
        held_y = indices_of(validation[1], classes)
        all_texts = [*texts, *validation[0]]
        all_y = np.concatenate([y, held_y])
        is_held = np.arange(len(all_y)) >= len(y)
    train, held = np.flatnonzero(~is_held), np.flatnonzero(is_held)

    tokens = [tokenize(all_texts[i]) for i in train]
    words = words_of(tokens, min_count)
    if vectors is not None:
        vectors = read_vectors(vectors, words)
        architecture["embedding_dim"] = vectors.shape[1]
    weights = text_weights(all_y, class_weight, classes)
    keys = keys_of(tokens, words, ngrams) if ngrams else None
    del tokens  # long reviews have millions
    model = build_sentiment_model(
        words,
        classes.tolist(),
        cell=cell,
        vectors=vectors,
        keys=keys,
        ngram_size=max(ngrams, 1),
        buckets=buckets if characters else 0,
        character_sizes=(3, max(characters, 3)),
        **architecture,
    )
    parts = parts_of(model)
    rows = entries(model, parts, all_texts)

    history: dict = {"parts": [part.name for part in parts]}
    linear = [
        LinearPart(part, row, all_y, len(classes), weights)
        for part, row in zip(parts, rows, strict=True)
        if part.is_linear
    ]
    for fitted in linear:
        fitted.fit_and_choose(train, held)
        history[f"strength_{fitted.part.name}"] = fitted.strength
    for part, row in zip(parts, rows, strict=True):
        if part.is_linear:
            continue
        spent = time.monotonic() - started
        best = BestWeights(
            patience=patience,
            # as much again as the linear parts took is left for their second
            seconds=None if minutes is None else 60 * minutes - 2 * spent,
            path=None if out is None else Path(out) / "recurrence.npz",
            key=_key(texts, labels, validation, words, cell, architecture),
        )
        fit_recurrence(
            part,
            Batches(
                [row[i] for i in train],
                all_y[train],
                weights[train],
                batch_size,
                seed or 0,
            ),
            Batches([row[i] for i in held], all_y[held], weights[held], BATCH),
            best,
            epochs=epochs,
            learning_rate=learning_rate,
            resume=resume,
            verbose=verbose,
        )
        history["epochs"] = best.rows
    verdicts = np.stack(
        [
            verdicts_of(part, [row[i] for i in held])
            for part, row in zip(parts, rows, strict=True)
        ]
    )
    a = fit_vote(verdicts, all_y[held])
    model.layers[-1].set_weights([a])
    right = {
        part.name: z.argmax(1) == all_y[held]
        for part, z in zip(parts, verdicts, strict=True)
    }
    right["all"] = np.einsum("p,pnc->nc", a, verdicts).argmax(1) == all_y[held]
    for name, values in right.items():
        history[f"val_{name}"] = float(values.mean())
    if validation is None:
        for fitted in linear:
            fitted.fit(np.arange(len(all_y)))
    history["vote"] = a.tolist()
    history["seconds"] = round(time.monotonic() - started, 1)
    return model, history


def _key(texts, labels, validation, words, *settings) -> str:
    """A fingerprint of data and settings, for `resume`."""
    digest = hashlib.sha256()
    held = [] if validation is None else [*validation[0]]
    for text in [*texts, *map(str, labels), *held, *words]:
        digest.update(text.encode("utf-8", "replace") + b"\0")
    digest.update(json.dumps(settings, default=str, sort_keys=True).encode())
    return digest.hexdigest()


def keys_of(
    texts: Sequence[list[str]], words: Sequence[str], size: int
) -> np.ndarray:
    """The keys of the n-grams in the tokens of texts, for `NGrams`."""
    index = {word: i + 2 for i, word in enumerate(words)}
    ids = [
        np.array([index.get(token, 1) for token in tokens], "int64")
        for tokens in texts
    ]
    return count_keys(ids, len(words) + 2, size)


def hold_out(y: np.ndarray, share: float, seed: int) -> np.ndarray:
    """Draws the texts to hold out, the same share of each class.

    Args:
        y: `(N,)` of int, the classes.
        share: In (0, 1).
        seed: Of the draw.

    Returns:
        `(N,)` of bool; at least one text of each class is left to train on.
    """
    rng = np.random.default_rng(seed)
    held = np.zeros(len(y), bool)
    for c in np.unique(y):
        members = rng.permutation(np.flatnonzero(y == c))
        count = min(max(1, round(share * len(members))), len(members) - 1)
        held[members[:count]] = True
    return held


def hold_out_groups(groups: np.ndarray, share: float, seed: int) -> np.ndarray:
    """Draws whole groups of texts to hold out.

    Args:
        groups: `(N,)` of int, which texts belong together.
        share: Of the groups, in (0, 1).
        seed: Of the draw.

    Returns:
        `(N,)` of bool; at least one group is held out, and one is not.
    """
    names = np.random.default_rng(seed).permutation(np.unique(groups))
    count = min(max(1, round(share * len(names))), len(names) - 1)
    return np.isin(groups, names[:count])


def indices_of(labels: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """The indices of labels among the classes; an unknown one is an error."""
    index = {label: i for i, label in enumerate(classes.tolist())}
    unknown = [x for x in np.asarray(labels).tolist() if x not in index]
    if unknown:
        raise MitseqError(
            f"labels must be among {list(index)}. Received: {unknown[0]!r}."
        )
    return np.array([index[x] for x in np.asarray(labels).tolist()], "int64")


def text_weights(y: np.ndarray, class_weight, classes) -> np.ndarray:
    """What each text's loss weighs, `(N,)`; their mean is 1 if balanced."""
    if class_weight is None:
        return np.ones(len(y), "float32")
    counts = np.bincount(y, minlength=len(classes))
    if class_weight == "balanced":
        each = len(y) / (len(classes) * np.maximum(counts, 1))
    elif isinstance(class_weight, dict):
        each = np.array([class_weight.get(c, 1.0) for c in classes.tolist()])
    else:
        raise MitseqError(
            "`class_weight` must be 'balanced', a dict or None. "
            f"Received: class_weight={class_weight!r}."
        )
    return each[y].astype("float32")
