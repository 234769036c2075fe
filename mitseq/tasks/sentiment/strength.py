"""How tightly the linear parts of a sentiment model are held.

Slide: Lecture 2, "Example Task: Sentiment Classification"
(docs/slides.md#sentiment). What the losses of the texts weigh against the
penalty on the weights decides between learning too little and learning texts
by heart, and how much is right depends on how many texts there are, how long,
and of how many classes. So it is tried, on texts held out.

Letters: N texts held out, F features, C classes.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mitseq.progress import Work
from mitseq.tasks.sentiment.logistic import Bags, feature_scales, fit_linear
from mitseq.tasks.sentiment.parts import Part, verdicts_of
from mitseq.tasks.sentiment.vote import fit_vote, vote_losses
from mitseq.text.rows import Rows

# Where the search begins.
FIRST = {"ngrams": 0.3, "characters": 0.1}
FACTOR, MOST = 3.0, 6  # from one strength to the next, and how many are tried


def choose_strength(
    losses_of: Callable[[float], np.ndarray],
    first: float,
    factor: float = FACTOR,
    most: int = MOST,
) -> float:
    """Returns the strength, found by climbing while the loss falls.

    Upwards first; downwards if the first step up does not help. A step counts
    only if the losses fall by more than the standard error of their mean
    difference: on few texts the first strength stays. `losses_of` is a function
    of a strength that returns the loss of each text held out, `(N,)`.

    Example: texts that agree.

    >>> choose_strength(lambda s: np.full(9, (np.log(s) - 2) ** 2), 1.0, 3.0)
    9.0
    """
    best, best_losses, tried = first, losses_of(first), 1
    for step in (factor, 1 / factor):
        while tried < most:
            strength = float(f"{best * step:.6g}")
            losses = losses_of(strength)
            tried += 1
            gain = best_losses - losses
            error = (
                gain.std(ddof=1) / len(gain) ** 0.5 if len(gain) > 1 else np.inf
            )
            if gain.mean() <= error:
                break
            best, best_losses = strength, losses
        if best != first:
            break
    return best


@dataclass
class LinearPart:
    """Fits a linear part of a sentiment model, again where it left off."""

    part: Part  # its verdict's weights are set
    rows: Rows  # the features of all texts
    labels: np.ndarray  # (N,) of int
    classes: int  # C
    sample_weight: np.ndarray  # (N,), what each text's loss weighs

    def __post_init__(self):
        self.strength = FIRST[self.part.name]

    def fit(self, chosen: np.ndarray) -> None:
        """Fits the part on the texts of the chosen indices."""
        self._fit(*self._scaled(chosen), chosen)

    def fit_and_choose(self, train: np.ndarray, held: np.ndarray) -> None:
        """Fits it on some texts, and chooses the strength by others."""
        X, scales = self._scaled(train)
        weights = {}
        held_rows = self.rows.take(held)

        def losses_of(strength):
            self.strength = strength
            self._fit(X, scales, train)
            weights[strength] = self.part.verdict.get_weights()
            work.update(len(weights), f"strength {strength:g}")
            verdicts = verdicts_of(self.part, held_rows)[None]
            # Scaled to be honest first, as the vote will do.
            a = fit_vote(verdicts, self.labels[held])
            return vote_losses(verdicts, self.labels[held], a)

        with Work(f"fitting {self.part.name}", MOST) as work:
            self.strength = choose_strength(losses_of, self.strength)
        self.part.verdict.set_weights(weights[self.strength])

    def _scaled(self, chosen):
        """The features of the chosen texts, and how far each may go."""
        X = Bags(self.rows.take(chosen), self.part.verdict.num_features)
        return X, feature_scales(X, self.labels[chosen], self.classes)

    def _fit(self, X, scales, chosen):
        W, b = fit_linear(
            X,
            self.labels[chosen],
            self.classes,
            strength=self.strength,
            sample_weight=self.sample_weight[chosen],
            start=self.part.verdict.get_weights(),
            scales=scales,
        )
        self.part.verdict.set_weights([W, b])
