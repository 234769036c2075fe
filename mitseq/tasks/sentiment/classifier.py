"""A classifier of texts: lists of `str` in, labels and probabilities out.

Slide: Lecture 2, "Example Task: Sentiment Classification"
(docs/slides.md#sentiment). `SentimentClassifier` keeps scikit-learn's
conventions (`fit`, `predict`, `predict_proba`, `score`, `get_params`,
`clone`), without needing scikit-learn, and holds a Keras model: `model`.
"""

from __future__ import annotations

import inspect
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mitseq.arguments import check_kind, check_path, check_texts, wrong
from mitseq.errors import MitseqError
from mitseq.output import atomic_path, atomic_write, output_folder
from mitseq.progress import show_progress, way_of
from mitseq.tasks.sentiment.examples import (
    check_for_order,
    check_groups,
    check_labels,
    check_sample_weight,
)

if TYPE_CHECKING:
    from mitseq.tasks.sentiment.explanation import Explanation
    from mitseq.tasks.sentiment.shards import SentimentShards
    from mitseq.training.metrics import Evaluation
    from mitseq.training.run import TrainingRun

# What may be another one when a training is resumed.
_FREE = ("epochs", "minutes", "verbose")


@dataclass(eq=False, repr=False)
class SentimentClassifier:
    """Learns from labeled texts what a writer thinks of it.

    It builds a `build_sentiment_model`, trains it, and answers as a classifier
    of scikit-learn does.

    Args:
        cell: "lstm", "gru", "rnn", "attention", "transformer", or None.
        units: Hidden units of each direction.
        layers: How many are stacked.
        embedding_dim: Size of a word's vector.
        bidirectional: Read each text from its end, too.
        pooling: "max_mean" over all outputs, or "last", the slide's.
        dropout: Share of features dropped in training.
        num_steps: Tokens of a longer text that `cell` reads; the other parts
            read all of it.
        ngrams: Size of the longest n-gram of words with a vote of its own; 0
            for no such part.
        characters: Size of the longest n-gram of characters; 0 for none.
        buckets: How many kinds of n-grams of characters are told apart.
        min_count: How often a word has to stand in the training texts to have
            a vector.
        vectors: A file of word vectors to start from, or None.
        unlabelled: A folder of texts without labels (files that end in .txt),
            or a file with one on each line: the vectors of words are
            learned from them first, for at most 20 minutes beside `minutes`.
        class_weight: "balanced", a dict from class to weight, or None.
        validation_split: Share of the training texts that is held out to stop
            at the right epoch and to weigh the parts.
        epochs: Most passes over the texts; None for as many as help within
            the minutes.
        patience: Passes without a lower held-out loss after which the
            recurrent part stops learning.
        minutes: Time budget, or None. Long texts are read in fewer epochs.
        batch_size: Texts a step; None for as many as suit their number.
        learning_rate: Of the recurrent part; None for what suits the batch.
        precision: Of the part that reads in order, one of
            `mitseq.precision.PRECISIONS`.
        least_known: The share of a text's words that must be known; a text of
            fewer is read as an empty one.
        neutral: The score, from -1 to 1, below which a text is called
            "neutral": neither praise nor blame. 0 for two answers only. It may
            be changed after `fit`.
        seed: Of everything random.
        verbose: 0 for silence, 1 for a line an epoch and a bar, 2 for lines.

    Attributes (after `fit`):
        classes_: The labels, sorted.
        model: The `keras.Model`, strings `(B,)` -> logits `(B, C)`.
        history_: What was measured while training.

    Raises:
        MitseqError: by `fit`, if an argument is out of its range, or the texts
            and labels are not what can be learned from; by the others, if it
            has not been fitted.

    Example:

    >>> texts = ["so good", "good, it is", "so bad", "bad, it is"] * 5
    >>> labels = ["pos", "pos", "neg", "neg"] * 5
    >>> classifier = SentimentClassifier(cell=None, ngrams=1, characters=0)
    >>> classifier.fit(texts, labels).predict(["good", "it is bad"]).tolist()
    ['pos', 'neg']
    """

    cell: str | None = "lstm"
    units: int = 32
    layers: int = 1
    embedding_dim: int = 64
    bidirectional: bool = True
    pooling: str = "max_mean"
    dropout: float = 0.5
    num_steps: int = 256
    ngrams: int = 2
    characters: int = 6
    buckets: int = 2**20
    min_count: int = 1
    vectors: str | os.PathLike | None = None
    unlabelled: str | os.PathLike | None = None
    class_weight: str | dict | None = None
    validation_split: float = 0.1
    epochs: int | None = 8
    patience: int = 2
    minutes: float | None = 15
    batch_size: int | None = None
    learning_rate: float | None = None
    precision: str = "float32"
    least_known: float = 0.0
    neutral: float = 0.0
    seed: int | None = 0
    verbose: int = 0

    def fit(
        self,
        texts: Sequence[str],
        labels: Sequence,
        validation_data: tuple[Sequence[str], Sequence] | None = None,
        *,
        groups: Sequence | None = None,
        sample_weight: Sequence | None = None,
        for_order: Sequence | None = None,
        out: str | os.PathLike | TrainingRun | None = None,
        resume: bool = False,
    ) -> SentimentClassifier:
        """Trains a model.

        Args:
            texts: List of `str`.
            labels: The label of each: strings, ints or bools.
            validation_data: Texts and labels to hold out instead of a share of
                the training texts.
            groups: Which texts belong together, a number or name for each:
                those of one group are held out together or not at all. None
                if each stands for itself.
            sample_weight: What the loss of each text weighs, 0 or more; None
                for 1 each.
            for_order: A bool for each text, whether it teaches order only: the
                linear parts, which could learn chance alone of it, do not
                learn from it. None for no such text.
            out: Folder for the finished classifier (`load` reads it) and for
                what `resume` needs; or a `TrainingRun` that is open, or None.
            resume: Go on with the training in `out` after it was killed. A
                finished one is read.

        Returns:
            The classifier itself.
        """
        self._check_settings()
        texts, labels = _check_both(texts, labels)
        weights = check_sample_weight(sample_weight, len(texts))
        flags = check_for_order(for_order, len(texts), self.cell)
        told = [
            str(values.tolist())
            for values in (weights, flags)
            if values is not None
        ]
        held = []
        if validation_data is not None:
            validation_data = _check_both(*validation_data)
            held = validation_data[0]
        return self._train(
            (texts, labels, validation_data),
            {
                "groups": check_groups(groups, len(texts)),
                "sample_weight": weights,
                "for_order": flags,
            },
            [*texts, *map(str, labels), *held, *told],
            out,
            resume,
        )

    def fit_shards(
        self,
        shards: str | os.PathLike | SentimentShards,
        *,
        out: str | os.PathLike | TrainingRun | None = None,
        resume: bool = False,
    ) -> SentimentClassifier:
        """Trains a model on texts that need not fit into memory.

        The part that reads in order learns from all of them, the linear parts
        from a sample (`mitseq.tasks.sentiment.shards`).

        Args:
            shards: A folder that `mitseq sentiment shard` wrote.
            out: As of `fit`, and so is `resume`.

        Returns:
            The classifier itself.

        Raises:
            MitseqError: if a file is damaged, or `validation_split` is not that
                of the shards.
        """
        from mitseq.tasks.sentiment.shards import SentimentShards

        self._check_settings()
        if not isinstance(shards, SentimentShards):
            shards = SentimentShards(shards)
        shards.check_settings(validation_split=self.validation_split)
        return self._train(
            ([], np.array([]), None),
            {"shards": shards},
            [shards.fingerprint],
            out,
            resume,
        )

    def _check_settings(self):
        from mitseq.tasks.sentiment.settings import check_settings

        check_settings(self.get_params())

    def _train(self, given, more, told, out, resume):
        from mitseq.tasks.sentiment.train import train_sentiment_model
        from mitseq.training.run import TrainingRun, open_run

        if not isinstance(out, (TrainingRun, type(None))):
            check_path(out=out)
        others: list[str] = []
        if self.unlabelled is not None:
            from mitseq.tasks.sentiment.unlabelled import read_unlabelled

            others = read_unlabelled(self.unlabelled)
        with open_run(out, resume) as run, show_progress(way_of(self.verbose)):
            run.check(
                {k: v for k, v in self.get_params().items() if k not in _FREE},
                data=[*told, *others],
                epochs=self.epochs,
                minutes=self.minutes,
            )
            if run.is_finished(self.epochs, self.minutes):
                if run.workers.are_several and not run.writes:
                    return self  # the first worker has it
                done = type(self).load(run.folder)
                return self._take_over(done.model, done.history_)
            model, history = train_sentiment_model(
                run,
                *given,
                unlabelled_texts=others,
                **more,
                **self.get_params(),
            )
            self._take_over(model, history)
            if run.folder is not None:
                self.save(run.folder)
                run.finish("model.keras", "classifier.json")
        return self

    def predict_proba(self, texts: Sequence[str]) -> np.ndarray:
        """Returns the probability of each class, `(N, C)` as in `classes_`.

        About an empty text, or one of unknown signs only, all that is known is
        the classes' shares.
        """
        from scipy import special

        from mitseq.tasks.sentiment.predict import predict_logits

        self._check_fitted()
        logits = predict_logits(self.model, check_texts(texts))
        return special.softmax(logits, axis=1)

    def predict(self, texts: Sequence[str]) -> np.ndarray:
        """Returns the likeliest class of each text, `(N,)`.

        With a threshold `neutral`, it is "neutral" where the text speaks for
        neither side.
        """
        return self.answers(self.predict_proba(texts))

    def answers(self, probs: np.ndarray) -> np.ndarray:
        """Returns what `predict` says where the classes have `probs`, `(N,)`.

        Args:
            probs: `(N, C)`, from `predict_proba`.
        """
        from mitseq.tasks.sentiment.neutral import answers_of, check_neutral

        self._check_fitted()
        check_neutral(self.neutral, self.classes_)
        return answers_of(probs, self.classes_, self.neutral)

    def polarity(self, texts: Sequence[str]) -> np.ndarray:
        """Returns how far each text is praise, `(N,)`: from -1 to 1.

        It is the probability of praise less that of blame.

        Raises:
            MitseqError: if there is no class of praise, or none of blame.
        """
        from mitseq.tasks.sentiment.neutral import scores_of

        found = scores_of(self.predict_proba(texts), self.classes_)
        if found is None:
            raise MitseqError(
                "`polarity` needs one class of praise and one of blame, such "
                f"as positive and negative. Received: {self.classes_.tolist()}."
            )
        return found

    def score(self, texts: Sequence[str], labels: Sequence) -> float:
        """Returns the accuracy on labeled texts."""
        texts, labels = _check_both(texts, labels)
        if not texts:
            raise wrong("texts", "hold at least one text", texts)
        return float((self.predict(texts) == labels).mean())

    def evaluate(self, texts: Sequence[str], labels: Sequence) -> Evaluation:
        """Returns accuracy, macro-F1, calibration and confusion.

        Where no label is "neutral", no answer is: the likeliest class counts.
        """
        from mitseq.tasks.sentiment.neutral import with_neutral
        from mitseq.training.metrics import evaluate_probabilities

        texts, labels = _check_both(texts, labels)
        labels = list(map(str, labels.tolist()))
        probs = self.predict_proba(texts)
        classes = list(map(str, self.classes_.tolist()))
        if self.neutral:
            probs, classes = with_neutral(probs, classes, self.neutral, labels)
        return evaluate_probabilities(labels, probs, classes)

    def explain(self, text: str, **options) -> Explanation:
        """Returns which words spoke for the verdict.

        Args:
            text: One text.
            **options: As of `mitseq.tasks.sentiment.explain.explain`.
        """
        from mitseq.tasks.sentiment.explain import explain

        self._check_fitted()
        check_kind(str, "be one text", text=text)
        found = explain(self.model, text, **options)
        said = self.predict([text]).tolist()[0]
        return found if said == found.label else replace(found, answer=said)

    def save(self, path: str | os.PathLike) -> Path:
        """Writes `model.keras` and `classifier.json` into a folder.

        Returns:
            The path of the model's file.
        """
        self._check_fitted()
        check_path(path=path)
        folder = output_folder(path)
        self.model.layers[-1].neutral = self.neutral
        with atomic_path(folder / "model.keras", sync=True) as temporary:
            self.model.save(temporary)
        settings = {
            name: os.fspath(value) if isinstance(value, os.PathLike) else value
            for name, value in self.get_params().items()
        }
        record = {"settings": settings, "history": self.history_}
        text = json.dumps(record, indent=1) + "\n"
        atomic_write(folder / "classifier.json", text, sync=True)
        return folder / "model.keras"

    @classmethod
    def load(cls, path: str | os.PathLike | None = None) -> SentimentClassifier:
        """Reads a classifier that `save` wrote.

        Args:
            path: The folder, or a `.keras` file of `build_sentiment_model`;
                None for the classifier that comes with the package.

        Raises:
            ModelError: if there is none, or it is damaged.
        """
        from mitseq.tasks.sentiment.model import load_sentiment_model
        from mitseq.training.saved import ModelError

        model = load_sentiment_model(path)
        file = None if path is None else Path(path) / "classifier.json"
        if file is None or not file.exists():
            return cls()._take_over(model, {})
        record: dict[str, Any] = {"settings": {}, "history": {}}
        try:
            record |= json.loads(file.read_text("utf-8"))
            settings = record["settings"]
            if "validation" in settings:  # its name in earlier versions
                settings["validation_split"] = settings.pop("validation")
            classifier = cls(**settings)
        except (ValueError, TypeError, AttributeError) as error:
            raise ModelError(f"{file}: damaged: {error}") from error
        return classifier._take_over(model, record["history"])

    def _take_over(self, model, history: dict) -> SentimentClassifier:
        from mitseq.tasks.sentiment.model import classes_of

        self.model, self.history_ = model, history
        self.classes_ = np.array(classes_of(model))
        self.neutral = model.layers[-1].neutral
        return self

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Returns the constructor's arguments by name."""
        names = list(inspect.signature(type(self).__init__).parameters)[1:]
        return {name: getattr(self, name) for name in names}

    def set_params(self, **params) -> SentimentClassifier:
        """Sets constructor's arguments by name; returns the classifier."""
        for name, value in params.items():
            if name not in self.get_params():
                raise MitseqError(
                    f"`set_params` knows {list(self.get_params())}. "
                    f"Received: {name}={value!r}."
                )
            setattr(self, name, value)
        return self

    def _check_fitted(self):
        if not hasattr(self, "model"):
            raise MitseqError(
                "this SentimentClassifier is not fitted yet: call `fit` first."
            )

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "model")

    def __sklearn_tags__(self):
        from sklearn.utils import ClassifierTags, InputTags, Tags, TargetTags

        return Tags(
            estimator_type="classifier",
            target_tags=TargetTags(required=True),
            classifier_tags=ClassifierTags(),
            input_tags=InputTags(
                one_d_array=True, two_d_array=False, string=True
            ),
            non_deterministic=self.seed is None,
        )

    def __repr__(self) -> str:
        defaults = inspect.signature(type(self).__init__).parameters
        changed = ", ".join(
            f"{name}={value!r}"
            for name, value in self.get_params().items()
            if value != defaults[name].default
        )
        return f"{type(self).__name__}({changed})"


def _check_both(texts, labels) -> tuple[list[str], np.ndarray]:
    texts = check_texts(texts)
    return texts, check_labels(labels, len(texts))
