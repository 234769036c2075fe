"""What a model knows of order and memory: its accuracy on the grammar.

Slide: Lecture 2, "Capture Differences in Sequence Order" and "Model Long-Term
Dependencies" (docs/slides.md#order). Any model of texts is asked, whatever it
was trained on; the figures say which structure it can read, not how good it is
on real reviews. A model for which the order of words does not matter is right
on exactly half of each order family (read grammar.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from mitseq.errors import MitseqError
from mitseq.tasks.sentiment.grammar import (
    FAMILIES,
    ORDER_FAMILIES,
    TEST_DISTANCES,
    write_reviews,
)
from mitseq.tasks.sentiment.labels import meaning_of


class Predictor(Protocol):
    """Anything that gives labels to texts, such as `SentimentClassifier`."""

    def predict(self, texts: list[str]) -> Sequence: ...


@dataclass(frozen=True)
class Diagnosis:
    """How often a model was right."""

    # (right, asked) of each family and distance
    cells: dict[tuple[str, int], tuple[int, int]]

    @property
    def families(self) -> dict[str, float]:
        """The accuracy on each family."""
        names = dict.fromkeys(family for family, _ in self.cells)
        return {name: self.accuracy([name]) for name in names}

    @property
    def distances(self) -> dict[int, float]:
        """The accuracy at each distance."""
        numbers = dict.fromkeys(distance for _, distance in self.cells)
        return {d: self.accuracy(distances=[d]) for d in numbers}

    @property
    def guessing(self) -> float:
        """The accuracy of a guess: in each cell half of the texts praise."""
        return 0.5

    @property
    def order(self) -> float | None:
        """The accuracy on the order families, where guessing gives 0.5."""
        asked = [f for f in self.families if f in ORDER_FAMILIES]
        return self.accuracy(asked) if asked else None

    def accuracy(
        self,
        families: Iterable[str] | None = None,
        distances: Iterable[int] | None = None,
    ) -> float:
        """Returns the share of right answers, 0 to 1.

        Args:
            families: Of these only; None for all.
            distances: Of these only; None for all.
        """
        families = None if families is None else set(families)
        distances = None if distances is None else set(distances)
        chosen = [
            counts
            for (family, distance), counts in self.cells.items()
            if (families is None or family in families)
            and (distances is None or distance in distances)
        ]
        right, asked = map(sum, zip(*chosen, strict=True))
        return right / asked

    def as_dict(self) -> dict:
        """Returns the figures as JSON can hold them."""
        return {
            "accuracy": self.accuracy(),
            "order": self.order,
            "guessing": self.guessing,
            "n": sum(asked for _, asked in self.cells.values()),
            "families": self.families,
            "distances": self.distances,
            "cells": [
                {
                    "family": family,
                    "distance": distance,
                    "order": family in ORDER_FAMILIES,
                    "accuracy": right / asked,
                    "n": asked,
                }
                for (family, distance), (right, asked) in self.cells.items()
            ],
        }

    def table(self) -> str:
        """Returns families in rows, distances in columns, percent in cells.

        The last row is what a guess reaches.
        """
        distances = list(self.distances)
        width = max(map(len, [*self.families, "all families"]))
        head = f"{'family':{width}}  order  {'all':>5}"
        lines = [head + "".join(f"{f'd={d}':>6}" for d in distances)]
        rows = {family: [family] for family in self.families}
        for name, families in (rows | {"all families": None}).items():
            order = "order" if name in ORDER_FAMILIES else ""
            line = f"{name:{width}}  {order:5}"
            line += f"  {100 * self.accuracy(families):5.1f}"
            for d in distances:
                line += f"{100 * self.accuracy(families, [d]):6.1f}"
            lines.append(line)
        half = 100 * self.guessing
        line = f"{'guessing':{width}}  {'':5}  {half:5.1f}"
        lines.append(line + f"{half:6.1f}" * len(distances))
        return "\n".join(lines)


def diagnose(
    model: Predictor,
    *,
    groups: int = 20,
    distances: Iterable[int] = TEST_DISTANCES,
    families: Iterable[str] = tuple(FAMILIES),
    seed: int = 0,
) -> Diagnosis:
    """Asks a model about reviews of the grammar that it was not trained on.

    Args:
        model: Anything with `predict(list of texts)` that returns a label for
            each: "pos" and "neg", or words or numbers with that meaning.
        groups: As for `write_reviews`, like the next three.
        distances: How many sentences are put in.
        families: Keys of `FAMILIES`.
        seed: Another seed, other reviews.

    Raises:
        MitseqError: if the labels have no such meaning, or an argument is
            wrong.

    Example:

    >>> class Optimist:
    ...     def predict(self, texts):
    ...         return ["positive"] * len(texts)
    >>> diagnose(Optimist(), groups=2, distances=[0, 4]).order
    0.5
    """
    reviews = write_reviews(
        groups, split="test", distances=distances, families=families, seed=seed
    )
    classes = getattr(model, "classes_", None)
    if classes is not None:
        _meaning(classes)  # a model of other classes need not be asked
    answers = list(map(str, model.predict([r.text for r in reviews])))
    if len(answers) != len(reviews):
        raise MitseqError(
            "`model.predict` must give a label for each text. Received: "
            f"{len(answers)} labels for {len(reviews)} texts."
        )
    meaning = _meaning({*answers, *(() if classes is None else classes)})
    cells: dict[tuple[str, int], tuple[int, int]] = {}
    for review, answer in zip(reviews, answers, strict=True):
        right, asked = cells.get((review.family, review.distance), (0, 0))
        right += meaning[answer] == review.label
        cells[review.family, review.distance] = right, asked + 1
    return Diagnosis(cells)


def _meaning(classes: Iterable) -> dict[str, str | None]:
    meaning = meaning_of(classes)
    if not any(meaning.values()):
        raise MitseqError(
            "the classes of the model must be called positive and negative, "
            "pos and neg, or 1 and 0, to be asked about the grammar. "
            f"Received: {', '.join(meaning)}."
        )
    return meaning
