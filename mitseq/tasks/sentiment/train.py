r"""Train a sentiment model: each part for itself, then how much each counts.

Slide: Lecture 2, "Example Task: Sentiment Classification"
(docs/slides.md#sentiment). A linear layer over n-grams fits its training texts
in a moment. Trained in one sum with it, a recurrence would find nothing left
to learn. So each part learns alone:

1. the linear parts by logistic regression (`logistic.py`), as tightly held as
   the held-out texts advise (`strength.py`). What they say of these is kept,
   and they are fitted once more, on all texts;
2. the recurrence (or attention) by `fit`, until the held-out loss rises;
3. the weights of the vote on the held-out texts (`vote.py`). This is the
   calibration, too: they make the probabilities honest.

What enters the linear parts is most of what a training has in memory, so it
goes before the recurrence comes.

With texts that have no labels, the words of the recurrence begin where their
language model has put them (`language_model.py`).

All this happens on indices: what the layers that read strings give for each
text is computed once.

Letters: N texts, T tokens, F features, C classes, P parts.
"""

import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from scipy import special

from mitseq.errors import MitseqError
from mitseq.precision import scaled_for
from mitseq.progress import Work
from mitseq.tasks.sentiment.examples import Examples, choose_examples
from mitseq.tasks.sentiment.language_model import learn_language, pieces_of
from mitseq.tasks.sentiment.loss import CrossEntropy
from mitseq.tasks.sentiment.model import build_sentiment_model
from mitseq.tasks.sentiment.parts import (
    BATCH,
    EntryReader,
    Part,
    TextBatches,
    parts_of,
    read_entries,
    verdicts_of,
)
from mitseq.tasks.sentiment.shards import SentimentShards, ShardedTexts
from mitseq.tasks.sentiment.strength import LinearPart
from mitseq.tasks.sentiment.unlabelled import more_words
from mitseq.tasks.sentiment.vote import fit_vote
from mitseq.text.cutting import Cutter
from mitseq.text.ngrams import count_keys
from mitseq.text.rows import Rows
from mitseq.text.vectors import read_vectors
from mitseq.training.batches import EpochBatches
from mitseq.training.budget import Budget
from mitseq.training.fit import fit
from mitseq.training.metrics import evaluate_probabilities
from mitseq.training.run import TrainingRun

# Texts of a batch, and the learning rate of the smallest. A few hundred texts
# need many steps; of thousands each step takes little longer with more of them.
SMALLEST, LARGEST = 64, 256
STEPS = 32  # of an epoch, at least
RATE, HIGHEST_RATE = 1e-3, 3e-3

# What the history has of the texts held out, beside the accuracy.
COMPARED = ("n", "accuracy_interval", "majority", "majority_class", "macro_f1")


def train_sentiment_model(
    run: TrainingRun,
    texts: Sequence[str],
    labels: np.ndarray,
    validation_data: tuple[Sequence[str], np.ndarray] | None = None,
    *,
    groups: np.ndarray | None = None,
    sample_weight: np.ndarray | None = None,
    for_order: np.ndarray | None = None,
    shards: SentimentShards | None = None,
    unlabelled_texts: Sequence[str] = (),
    validation_split: float,
    class_weight: Any,
    epochs: int | None,
    patience: int,
    minutes: float | None,
    batch_size: int | None,
    learning_rate: float | None,
    seed: int | None,
    verbose: int,
    **architecture,
) -> tuple[keras.Model, dict]:
    """Builds and trains a model; the arguments are `SentimentClassifier`'s.

    With `shards` there are no texts: the part that reads in order learns from
    all that the shards have, the others from their sample. `unlabelled_texts`
    are what `unlabelled` names.

    Returns:
        The model, and the history: a dict of JSON values.

    Raises:
        MitseqError: if there are not two classes, or too few texts.
    """
    started = time.monotonic()
    seed = seed or 0
    keras.utils.set_random_seed(seed)
    if shards is not None:
        examples = shards.examples(class_weight)
    else:
        examples = choose_examples(
            texts,
            labels,
            validation_data,
            validation_split=validation_split,
            groups=groups,
            class_weight=class_weight,
            seed=seed,
            sample_weight=sample_weight,
            for_order=for_order,
        )
    examples = examples.in_runs()
    number = len(examples.train if shards is None else shards)
    batch_size, learning_rate = pace(number, batch_size, learning_rate)
    words = None
    if shards is not None:
        words = shards.words(architecture["min_count"])
    model = build_model_for(examples, words, unlabelled_texts, **architecture)
    run.start()
    parts = parts_of(model)
    rows = read_entries(model, parts, examples.texts)
    entered = dict(zip(parts, rows, strict=True))
    del rows
    history: dict = {"parts": [part.name for part in parts]}
    if unlabelled_texts:
        began = time.monotonic()
        history["unlabelled"] = _learn_language(
            run, model, parts, examples, unlabelled_texts, seed, verbose
        )
        started += time.monotonic() - began  # that is beside `minutes`

    verdicts: dict[Part, np.ndarray] = {}
    for part in filter(lambda part: part.is_linear, parts):
        fitted: list[np.ndarray] = []
        entries = entered.pop(part)
        if run.workers.is_first:
            fitted = fit_linear_part(
                part, entries, examples, history, validation_data is None
            )
        del entries
        verdicts[part], *weights = run.workers.hand_on_arrays(fitted)
        part.verdict.set_weights(weights)
    history = run.workers.hand_on_json(history)
    for part, entries in entered.items():
        if minutes is not None:
            spent = run.workers.number_of_first(time.monotonic() - started)
            minutes -= spent / 60
        batches = None
        if shards is not None:
            batches = ShardedTexts(
                shards,
                EntryReader(model, [part]),
                batch_size,
                seed=seed,
                class_weight=class_weight,
                longest=architecture["num_steps"],
            )
        history["epochs"] = fit_recurrence(
            run,
            part,
            entries,
            examples,
            Budget(epochs, minutes, whole_epochs=True),
            patience=patience,
            batch_size=batch_size,
            learning_rate=learning_rate,
            seed=seed,
            verbose=verbose,
            train=batches,
        )
        verdicts[part] = verdicts_of(part, entries.take(examples.held))
    weigh_parts(model, [verdicts[part] for part in parts], examples, history)
    a = run.workers.hand_on_arrays(model.layers[-1].get_weights())
    model.layers[-1].set_weights(a)
    history["seconds"] = round(time.monotonic() - started, 1)
    return model, history


def pace(
    number: int, batch_size: int | None, learning_rate: float | None
) -> tuple[int, float]:
    """Returns texts a step and the learning rate, for so many texts.

    Those that are given stay. The rate grows with the batch, whose slope is
    less noisy; a rate that is given is one of small batches.

    Example:

    >>> pace(300, None, None), pace(5000, None, None), pace(25_000, None, None)
    ((64, 0.001), (156, 0.0024375), (256, 0.003))
    """
    if batch_size is None and learning_rate is not None:
        batch_size = SMALLEST
    elif batch_size is None:
        batch_size = min(max(number // STEPS, SMALLEST), LARGEST)
    if learning_rate is None:
        rate = RATE * batch_size / SMALLEST
        learning_rate = min(max(rate, RATE), HIGHEST_RATE)
    return batch_size, learning_rate


def _learn_language(run, model, parts, examples, texts, seed, verbose):
    """Lets words begin as those of a language model; returns its history."""
    part = next(part for part in parts if not part.is_linear)
    found: dict = {}
    if run.workers.is_first and run.snapshot is None:
        embedding = part.model.get_layer("embedding")
        learned = [examples.texts[i] for i in examples.train]
        cut = EntryReader(model, [part]).cut
        pieces = pieces_of(cut, [*learned, *texts], embedding.input_dim)
        found = learn_language(
            run, part.model, pieces, seed=seed, verbose=verbose
        )
    if run.snapshot is None:  # which has the weights
        weights = part.model.get_weights()
        part.model.set_weights(run.workers.hand_on_arrays(weights))
    return {"texts": len(texts)} | run.workers.hand_on_json(found)


def build_model_for(
    examples: Examples,
    words: list[str] | None = None,
    unlabelled_texts: Sequence[str] = (),
    *,
    cell: str | None,
    ngrams: int,
    characters: int,
    buckets: int,
    min_count: int,
    vectors: Any,
    unlabelled: Any = None,  # what was read of it are `unlabelled_texts`
    **architecture,
) -> keras.Model:
    """Returns a model whose words and n-grams are those of the texts.

    Texts that are held out are not looked at. `words` are given where the texts
    are but a sample. Words of texts without labels get a vector, too.
    """
    cut = Cutter()  # a word that stands often is kept once
    tokens = [cut.tokens(examples.texts[i]) for i in examples.train]
    words = words_of(tokens, min_count) if words is None else words
    if not words:
        raise MitseqError(
            f"no word stands {min_count} times (`min_count`) in the texts to "
            "learn from."
            if any(tokens)
            else "no text to learn from has a word."
        )
    words = more_words(words, unlabelled_texts) if unlabelled_texts else words
    if vectors is not None:
        vectors = read_vectors(vectors, words)
        architecture["embedding_dim"] = vectors.shape[1]
    return build_sentiment_model(
        words,
        examples.classes.tolist(),
        cell=cell,
        vectors=vectors,
        keys=keys_of(tokens, words, ngrams) if ngrams else None,
        ngram_size=max(ngrams, 1),
        buckets=buckets if characters else 0,
        character_sizes=(3, max(characters, 3)),
        **architecture,
    )


def fit_linear_part(
    part: Part,
    entries: Rows,
    examples: Examples,
    history: dict,
    on_all: bool,
) -> list[np.ndarray]:
    """Fits a linear part, as tightly held as suits it.

    `entries` is what enters it, for each text; `history` is told the strength;
    `on_all` says whether it learns at last from the texts held out, too.

    Returns:
        The logits of the texts held out, by what it learned from the others,
        `(N, C)`, and the weights that it has in the end.
    """
    linear = LinearPart(
        part, entries, examples.y, len(examples.classes), examples.weights
    )
    linear.fit_and_choose(
        examples.without_order(examples.train),
        examples.without_order(examples.held),
    )
    history[f"strength_{part.name}"] = linear.strength
    verdicts = verdicts_of(part, entries.take(examples.held))
    if on_all:
        with Work(f"fitting {part.name} on all texts"):
            linear.fit(examples.without_order(np.arange(len(examples.y))))
    return [verdicts, *part.verdict.get_weights()]


def fit_recurrence(
    run: TrainingRun,
    part: Part,
    entries: Rows,
    examples: Examples,
    budget: Budget,
    *,
    patience: int,
    batch_size: int,
    learning_rate: float,
    seed: int,
    verbose: int | str = 0,
    train: EpochBatches | None = None,
) -> list[dict]:
    """Fits the part that reads word by word, until the held-out loss rises.

    `entries` is what enters it, for each text. `train` is what it learns from;
    None for those of the texts that are not held out.

    Returns:
        What was measured, a dict an epoch.
    """

    def batches(chosen, size, seed=None):
        return TextBatches(
            entries.take(chosen),
            examples.y[chosen],
            examples.weights[chosen],
            size,
            seed,
        )

    if train is None:
        train = batches(examples.train, batch_size, seed)
    # the average of the weights over about half an epoch is what is kept
    momentum = 1 - 1 / min(max(len(train) // 2, 2), 200)
    optimizer = keras.optimizers.Adam(
        learning_rate,
        global_clipnorm=1.0,
        use_ema=True,
        ema_momentum=momentum,
    )
    model = part.model
    if run.workers.replicas > 1:
        model = run.workers.model(lambda: keras.models.clone_model(part.model))
        model.inner.set_weights(part.model.get_weights())
    model.compile(
        optimizer=scaled_for(part.model, optimizer),
        auto_scale_loss=False,
        loss=CrossEntropy(),
        # made here, as by its name it is made within the first step, which
        # TensorFlow then traces twice
        weighted_metrics=[keras.metrics.SparseCategoricalAccuracy("accuracy")],
    )
    rows = fit(
        run,
        model,
        train,
        budget,
        monitor="val_loss",
        patience=patience,
        validation_data=batches(examples.held, BATCH),
        verbose=verbose,
    )
    if model is not part.model:
        part.model.set_weights(model.get_weights())
    return rows


def weigh_parts(
    model: keras.Model,
    verdicts: Sequence[np.ndarray],
    examples: Examples,
    history: dict,
) -> None:
    """Sets the weights of the vote by the texts that are held out.

    `verdicts` are each part's logits of these, `(N, C)`. `history` is told the
    vote, how often each part is right, and what there is to compare it with.
    """
    verdicts = np.stack(verdicts)
    y = examples.y[examples.held]
    a = fit_vote(verdicts, y)
    model.layers[-1].set_weights([a])
    names = [*history["parts"], "all"]
    together = np.einsum("p,pnc->nc", a, verdicts)
    for name, z in zip(names, [*verdicts, together], strict=True):
        history[f"val_{name}"] = float((z.argmax(1) == y).mean())
    history["vote"] = a.tolist()
    judged = evaluate_probabilities(
        [str(examples.classes[label]) for label in y],
        special.softmax(together, axis=1),
        list(map(str, examples.classes)),
    ).as_dict()
    for name in COMPARED:
        history[f"val_{name}"] = judged[name]


def words_of(texts: Sequence[list[str]], min_count: int) -> list[str]:
    """Returns the tokens that stand `min_count` times, frequent ones first.

    Example: ties are in alphabetical order.

    >>> words_of([["good", "film"], ["bad", "film"]], min_count=1)
    ['film', 'bad', 'good']
    """
    counts = Counter(token for tokens in texts for token in tokens)
    kept = [w for w, n in counts.items() if n >= min_count and w != "[UNK]"]
    return sorted(kept, key=lambda word: (-counts[word], word))


def keys_of(
    texts: Sequence[list[str]], words: Sequence[str], size: int
) -> np.ndarray:
    """Returns the keys of the n-grams in the tokens of texts."""
    index = {word: i + 2 for i, word in enumerate(words)}
    ids = [
        np.array([index.get(token, 1) for token in tokens], "int64")
        for tokens in texts
    ]
    return count_keys(ids, len(words) + 2, size)
