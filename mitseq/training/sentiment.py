r"""Train a sentiment model: each part for itself, then how much each counts.

Slide: Lecture 2, "Example Task: Sentiment Classification"
(docs/slides.md#sentiment). A linear layer over n-grams fits its training texts
in a moment. Trained in one sum with it, a recurrence would find nothing left
to learn. So each part learns alone:

1. the recurrence (or attention) by `fit`, until the held-out loss rises;
2. the linear parts by logistic regression (`logistic.py`);
3. the weights of the vote on the held-out texts, which no part has seen. This
   is the calibration, too: they make the probabilities honest;
4. the linear parts once more, now on all texts.

All this happens on indices: what the layers that read strings give for each
text is computed once.

Letters: N texts, T tokens, F features, C classes, P parts.
"""

import functools
import math
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from mitseq.data.lengths import bucket_lengths, pad_to_bucket
from mitseq.errors import MitseqError
from mitseq.models.sentiment import build_sentiment_model
from mitseq.sentiment.loss import CrossEntropy
from mitseq.sentiment.ngrams import count_keys
from mitseq.sentiment.parts import PresentFeatures
from mitseq.sentiment.tokens import tokenize
from mitseq.sentiment.vectors import read_vectors
from mitseq.training.logistic import Bags, fit_linear, minimize

BATCH = 256  # texts that are read or predicted at once


class Part:
    """One of the parts that vote, as a model of its own over indices.

    Args:
        model: The sentiment model.
        verdict: The layer whose output is the part's logits.
    """

    def __init__(self, model: keras.Model, verdict: keras.layers.Layer):
        self.verdict = verdict
        self.is_linear = isinstance(verdict, PresentFeatures)
        entry = verdict.input if self.is_linear else _input_of_steps(model)
        self.entry = entry
        self.model = keras.Model(entry, verdict.output, name=verdict.name)

    @property
    def name(self) -> str:
        return self.verdict.name.removesuffix("_logits")


def parts_of(model: keras.Model) -> list[Part]:
    """The parts of a sentiment model, in the order in which they vote."""
    verdicts = model.layers[-1].input
    if not isinstance(verdicts, list):
        verdicts = [verdicts]
    return [Part(model, tensor._keras_history.operation) for tensor in verdicts]


def _input_of_steps(model):
    return model.get_layer("steps").output


def entries(
    model: keras.Model, parts: Sequence[Part], texts: Sequence[str]
) -> list[list[np.ndarray]]:
    """What enters each part, for each text: its indices without padding."""
    reader = tf.function(
        keras.Model(model.input, [part.entry for part in parts]),
        input_signature=[tf.TensorSpec([None], tf.string)],
    )
    found: list[list[np.ndarray]] = [[] for _ in parts]
    for batch in batches_of_texts(texts):
        outputs = reader(strings(batch))
        for rows, output in zip(found, outputs, strict=True):
            rows += [row[row > 0].astype("int32") for row in output.numpy()]
    return found


def strings(texts: Sequence[str]) -> tf.Tensor:
    """A list of `str` as the tensor that a model takes.

    Example:

    >>> strings(["good", "b\ud800d"]).numpy().tolist()
    [b'good', b'b?d']
    """
    return tf.constant(
        [text.encode("utf-8", "replace") for text in texts],
        tf.string,
        shape=[len(texts)],
    )


def batches_of_texts(texts: Sequence[str], most: int = 2_000_000) -> Iterator:
    """Runs of texts that fill no memory when padded to their longest.

    Args:
        texts: In any order.
        most: Characters of a batch, padding counted.

    Yields:
        Slices of `texts`.

    Example:

    >>> list(batches_of_texts(["a", "bb", "ccc"], most=4))
    [['a', 'bb'], ['ccc']]
    """
    start = longest = 0
    for i, text in enumerate(texts):
        longest_now = max(longest, len(text))
        if i > start and (
            i - start == BATCH or longest_now * (i - start + 1) > most
        ):
            yield texts[start:i]
            start, longest_now = i, len(text)
        longest = longest_now
    if len(texts) > start:
        yield texts[start:]


class Batches(keras.utils.PyDataset):
    """Batches of texts of about the same length, shuffled every epoch.

    Args:
        rows: Indices of each text.
        labels: `(N,)` of int.
        weights: `(N,)`, what each text's loss weighs.
        batch_size: Texts a batch.
        seed: Of the order; None for no shuffling.
    """

    def __init__(self, rows, labels, weights, batch_size, seed=None):
        super().__init__()
        self.rows, self.labels, self.weights = rows, labels, weights
        self.batch_size, self.seed, self.epoch = batch_size, seed, 0
        self.lengths = bucket_lengths(max(map(len, rows), default=1) or 1)
        self.order = self._order()

    def __len__(self) -> int:
        return math.ceil(len(self.rows) / self.batch_size)

    def __getitem__(self, index: int):
        chosen = self.order[index]
        rows = [self.rows[i] for i in chosen]
        x = pad_to_bucket(rows, self.lengths)
        return x, self.labels[chosen], self.weights[chosen]

    def on_epoch_end(self):
        self.epoch += 1
        self.order = self._order()

    def _order(self):
        size, number = self.batch_size, len(self.rows)
        rng = np.random.default_rng((self.seed or 0, self.epoch))
        # Chunks of 50 batches, each sorted by length: little padding, and
        # still other neighbors every time.
        order = rng.permutation(number) if self.seed is not None else None
        order = np.arange(number) if order is None else order
        batches = []
        for start in range(0, number, 50 * size):
            chunk = order[start : start + 50 * size]
            chunk = sorted(chunk, key=lambda i: len(self.rows[i]))
            batches += [
                np.array(chunk[i : i + size])
                for i in range(0, len(chunk), size)
            ]
        if self.seed is not None:
            rng.shuffle(batches)
        return batches


def fit_recurrence(
    part: Part,
    train: Batches,
    validation: Batches,
    *,
    epochs: int,
    seconds: float | None = None,
    learning_rate: float = 1e-3,
    patience: int = 2,
    label_smoothing: float = 0.0,
    verbose: int | str = 0,
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> dict[str, list[float]]:
    """Fits the part that reads word by word; its best weights stay.

    Returns:
        The history of `fit`.
    """
    # the average of the weights over about the last epoch is what is kept
    momentum = 1 - 1 / min(max(len(train) // 2, 2), 200)
    part.model.compile(
        optimizer=keras.optimizers.Adam(
            learning_rate,
            global_clipnorm=1.0,
            use_ema=True,
            ema_momentum=momentum,
        ),
        loss=CrossEntropy(label_smoothing),
        weighted_metrics=["accuracy"],
        jit_compile=True,
    )
    stop = keras.callbacks.EarlyStopping(
        "val_loss", patience=patience, restore_best_weights=True
    )
    steps = [keras.callbacks.SwapEMAWeights(swap_on_epoch=True), stop]
    if seconds is not None:
        steps.append(TimeBudget(seconds))
    history = part.model.fit(
        train,
        validation_data=validation,
        epochs=epochs,
        callbacks=[*steps, *callbacks],
        verbose=verbose,
        shuffle=False,
    )
    return history.history


class TimeBudget(keras.callbacks.Callback):
    """Stops the training when an epoch more would not fit in."""

    def __init__(self, seconds: float):
        super().__init__()
        self.seconds, self.start = seconds, time.monotonic()

    def on_epoch_end(self, epoch, logs=None):
        used = time.monotonic() - self.start
        if used * (epoch + 2) / (epoch + 1) > self.seconds:
            self.model.stop_training = True


def fit_vote(
    verdicts: np.ndarray,  # (P, N, C)
    labels: np.ndarray,  # (N,)
    penalty: float = 1e-3,
) -> np.ndarray:  # (P,)
    """Finds what each part's word is worth, on texts that none has seen.

    Args:
        verdicts: The logits of each part.
        labels: The right classes.
        penalty: On the squares of the weights.

    Returns:
        The weights a of `Vote`.
    """
    verdicts = np.asarray(verdicts, "float64")
    classes = verdicts.shape[-1]
    y = np.eye(classes)[labels]

    def loss(a):
        z = np.einsum("p,pnc->nc", a, verdicts)
        z = z - z.max(1, keepdims=True)
        log_p = z - np.log(np.exp(z).sum(1, keepdims=True))
        dz = (np.exp(log_p) - y) / len(y)
        value = -(y * log_p).sum() / len(y) + penalty * (a * a).sum()
        return value, np.einsum("nc,pnc->p", dz, verdicts) + 2 * penalty * a

    return minimize(loss, np.full(len(verdicts), 0.5), tolerance=1e-6)


def verdicts_of(part: Part, rows: Sequence[np.ndarray]) -> np.ndarray:
    """The logits of one part, `(N, C)`."""
    if part.is_linear:
        W, b = part.verdict.get_weights()
        bags = Bags.of(rows)
        return np.stack([bags.sums(w) for w in W.T], 1) + b
    zeros = np.zeros(len(rows), "int32")
    data = Batches(rows, zeros, zeros, BATCH)
    logits = np.empty((len(rows), part.verdict.units), "float32")
    for i in range(len(data)):
        logits[data.order[i]] = part.model(data[i][0], training=False)
    return logits


def predict_logits(model: keras.Model, texts: Sequence[str]) -> np.ndarray:
    """The logits of texts, `(N, C)`, in their order.

    Texts of about the same length are read together, so that one long text
    makes no others long.

    Args:
        model: A sentiment model.
        texts: List of `str`.

    Returns:
        `(N, C)`; a single logit z comes as `[0, z]`.
    """
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    if not hasattr(model, "_mitseq_forward"):
        model._mitseq_forward = tf.function(
            lambda x: model(x, training=False),
            input_signature=[tf.TensorSpec([None], tf.string)],
        )
    found = [
        model._mitseq_forward(strings(batch)).numpy()
        for batch in batches_of_texts([texts[i] for i in order])
    ]
    logits = np.zeros((len(texts), model.output_shape[-1]), "float32")
    if found:
        logits[order] = np.concatenate(found)
    if logits.shape[1] == 1:
        logits = np.concatenate([np.zeros_like(logits), logits], axis=1)
    return logits


def words_of(texts: Sequence[str], min_count: int) -> list[str]:
    """The tokens that stand in texts, frequent ones first.

    Args:
        texts: List of `str`.
        min_count: How often a token has to stand there.

    Returns:
        The tokens, ties in alphabetical order.

    Example:

    >>> words_of(["good film", "bad film"], min_count=1)
    ['film', 'bad', 'good']
    """
    counts = Counter(token for text in texts for token in tokenize(text))
    kept = [w for w, n in counts.items() if n >= min_count and w != "[UNK]"]
    return sorted(kept, key=lambda word: (-counts[word], word))


def train_sentiment_model(
    texts: Sequence[str],
    labels: np.ndarray,
    validation: tuple[Sequence[str], np.ndarray] | None = None,
    *,
    held_out: float,
    cell: str | None,
    ngrams: int,
    characters: int,
    buckets: int,
    min_count: int,
    vectors: Any,
    class_weight: Any,
    epochs: int,
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
    if validation is None:
        chosen = hold_out(y, held_out, seed or 0)
        all_texts, all_y, is_held = list(texts), y, chosen
    else:
        held_y = indices_of(validation[1], classes)
        all_texts = [*texts, *validation[0]]
        all_y = np.concatenate([y, held_y])
        is_held = np.arange(len(all_y)) >= len(y)
    train, held = np.flatnonzero(~is_held), np.flatnonzero(is_held)

    words = words_of([all_texts[i] for i in train], min_count)
    if vectors is not None:
        vectors = read_vectors(vectors, words)
        architecture["embedding_dim"] = vectors.shape[1]
    weights = text_weights(all_y, class_weight, classes)
    model = build_sentiment_model(
        words,
        classes.tolist(),
        cell=cell,
        vectors=vectors,
        keys=None
        if not ngrams
        else keys_of([all_texts[i] for i in train], words, ngrams),
        ngram_size=max(ngrams, 1),
        buckets=buckets if characters else 0,
        character_sizes=(3, max(characters, 3)),
        **architecture,
    )
    parts = parts_of(model)
    rows = entries(model, parts, all_texts)
    history: dict = {"parts": [part.name for part in parts]}
    verdicts = []
    for part, row in zip(parts, rows, strict=True):
        if part.is_linear:
            strength = STRENGTH[part.name]
            fit = functools.partial(
                fit_part, part, row, all_y, weights, len(classes), strength
            )
            fit(train)
            verdicts.append(verdicts_of(part, [row[i] for i in held]))
            if validation is None:
                fit(np.arange(len(all_y)))
            continue
        seconds = None
        if minutes is not None:
            seconds = 60 * minutes - (time.monotonic() - started)
        history |= fit_recurrence(
            part,
            Batches(
                [row[i] for i in train],
                all_y[train],
                weights[train],
                batch_size,
                seed or 0,
            ),
            Batches([row[i] for i in held], all_y[held], weights[held], BATCH),
            epochs=epochs,
            seconds=seconds,
            learning_rate=learning_rate,
            verbose=verbose,
        )
        verdicts.append(verdicts_of(part, [row[i] for i in held]))
    a = fit_vote(np.stack(verdicts), all_y[held])
    model.layers[-1].set_weights([a])
    for part, z in zip(parts, verdicts, strict=True):
        history[f"val_{part.name}"] = float((z.argmax(1) == all_y[held]).mean())
    z = np.einsum("p,pnc->nc", a, np.stack(verdicts))
    history["val_all"] = float((z.argmax(1) == all_y[held]).mean())
    history["vote"] = a.tolist()
    history["seconds"] = round(time.monotonic() - started, 1)
    return model, history


STRENGTH = {"ngrams": 1.0, "characters": 0.1}


def fit_part(part, rows, y, weights, classes, strength, chosen):
    """Fits a linear part on the chosen texts."""
    W, b = fit_linear(
        Bags.of([rows[i] for i in chosen]),
        y[chosen],
        part.verdict.num_features,
        classes,
        strength=strength,
        sample_weight=weights[chosen],
    )
    part.verdict.set_weights([W, b])


def keys_of(
    texts: Sequence[str], words: Sequence[str], size: int
) -> np.ndarray:
    """The keys of the n-grams of words in texts, for `NGrams`."""
    index = {word: i + 2 for i, word in enumerate(words)}
    ids = [
        np.array([index.get(token, 1) for token in tokenize(text)], "int64")
        for text in texts
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
