r"""Which tunes have people written? A network that tells them apart.

Slide: Lecture 2, "Music Generation" (docs/slides.md#music). The checker says
whether the bars of a tune add up, not whether anybody would play it. So a
second network, the discriminator, learns to tell the tunes of people from those
that a model has written (Goodfellow et al., "Generative adversarial networks",
2014), and of several candidates one is drawn that it takes for a person's. What
is drawn that way is nearer to people's tunes than what the model draws (Azadi
et al., "Discriminator rejection sampling", 2019), and the model itself stays as
it is.

Read features.py before: the network sees what is measured of a tune, not its
notes. Letters: N tunes, F features, H units, J networks that are averaged.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import keras
import numpy as np
from keras import ops

from mitseq.arguments import (
    check_kind,
    check_model,
    check_path,
    check_seed,
    check_share,
    check_sizes,
)
from mitseq.errors import MitseqError
from mitseq.progress import follow
from mitseq.tasks.music.choice import FILE
from mitseq.tasks.music.features import COUNTED, features, kinds_of
from mitseq.training.progress import ShowProgress
from mitseq.training.saved import ModelError, load_saved_model
from mitseq.tunes.measures import MEASURES, Measured, measure

BUNDLED = Path(__file__).parents[2] / "pretrained" / "music_discriminator.keras"
MOST_KINDS = 60  # of degree pairs, of intervals and of note lengths
FEWEST = 100  # tunes of each side to learn from
HELD_OUT = 10  # every tenth tune is for measuring
SHARPNESS = 3.0  # of the choice: 0 is none, infinity the best one
SAME = 1e-6  # what deviates less is the same for all tunes
FAR = 4.0  # deviations from the mean: what is further away counts as this


@keras.saving.register_keras_serializable(package="mitseq")
class TuneFeatures(keras.layers.Layer):
    """Brings what is measured of tunes to one scale, and knows what it is.

    Equation: `y = clip((x - mean) / deviation, -4, 4)`.

    Args:
        kinds: What is counted -> its kinds, as for `features`.
        **kwargs: Passed to `keras.layers.Layer`.

    Call arguments:
        x: `(N, F)`, from `features`.

    Returns:
        `(N, F)`.
    """

    def __init__(self, kinds: Mapping[str, Sequence[str]], **kwargs):
        super().__init__(**kwargs)
        self.kinds = {what: list(each) for what, each in kinds.items()}

    @property
    def size(self) -> int:
        """F, how many features there are."""
        return len(MEASURES) + sum(
            len(each) + 1 for each in self.kinds.values()
        )

    def build(self, input_shape) -> None:
        """Creates what `adapt` sets."""
        for name, first in (("mean", "zeros"), ("deviation", "ones")):
            weight = self.add_weight(
                shape=(self.size,),
                initializer=first,
                trainable=False,
                name=name,
            )
            setattr(self, name, weight)

    def adapt(self, x: np.ndarray) -> None:
        """Takes mean and deviation from the features of some tunes.

        Args:
            x: `(N, F)`.
        """
        deviation = x.std(0)
        self.mean.assign(x.mean(0))
        self.deviation.assign(np.where(deviation > SAME, deviation, 1.0))

    def call(self, x):
        """Returns the features on one scale."""
        x = (x - self.mean) / self.deviation
        return ops.clip(x, -FAR, FAR)

    def compute_output_shape(self, input_shape):
        """Returns the same shape."""
        return input_shape

    def get_config(self) -> dict:
        """Returns what `from_config` needs."""
        return {**super().get_config(), "kinds": self.kinds}


def build_discriminator(
    kinds: Mapping[str, Sequence[str]],
    *,
    units: int = 64,
    networks: int = 3,
    dropout: float = 0.4,
) -> keras.Model:
    """Builds the networks that tell people's tunes from a model's.

    Args:
        kinds: What is counted -> its kinds, as for `features`.
        units: Positive int, H, of each of two hidden layers.
        networks: Positive int, J. Each learns by itself; their mean counts.
        dropout: Share of the units dropped in training, [0, 1); half as many
            of the features.

    Returns:
        A `keras.Model`: features `(N, F)` -> logits `(N, J)`, above 0 for
        people.

    Raises:
        MitseqError: if an argument is out of its range.

    Example:

    >>> build_discriminator({"intervals": ["2", "-2"]}, units=4).output.shape
    (None, 3)
    """
    check_sizes(units=units, networks=networks)
    check_share(dropout=dropout)
    scale = TuneFeatures(kinds, name="features")
    x = keras.Input((scale.size,), name="tune")
    scaled = scale(x)
    logits = []
    for j in range(1, networks + 1):
        h = keras.layers.Dropout(dropout / 2, name=f"dropout_{j}")(scaled)
        for k in (1, 2):
            h = keras.layers.Dense(units, "relu", name=f"dense_{j}_{k}")(h)
            h = keras.layers.Dropout(dropout, name=f"dropout_{j}_{k}")(h)
        logits.append(keras.layers.Dense(1, name=f"logit_{j}")(h))
    many = keras.layers.Concatenate(name="logits")
    logit = many(logits) if networks > 1 else logits[0]
    return keras.Model(x, logit, name="discriminator")


def train_discriminator(
    people: Sequence[Measured],
    written: Sequence[Measured],
    *,
    epochs: int = 25,
    batch_size: int = 128,
    learning_rate: float = 2e-3,
    weight_decay: float = 0.01,
    seed: int = 0,
) -> tuple[keras.Model, float]:
    """Trains a discriminator.

    Args:
        people: Measured tunes of people.
        written: Measured tunes that a model has written, at the settings at
            which it will write.
        epochs: Passes over both.
        batch_size: Tunes of a step.
        learning_rate: Of Adam.
        weight_decay: As for `compile_for_tokens`.
        seed: Of weights, order and dropout.

    Returns:
        The model, and how well it tells apart the tunes that it has not
        learned from, a tenth of each side: the share of pairs in the right
        order (AUC).

    Raises:
        MitseqError: if one side has too few tunes or an argument is out of its
            range.
    """
    for side, tunes in (("people", people), ("written", written)):
        check_kind((list, tuple), "be a list", **{side: tunes})
        if len(tunes) < FEWEST:
            raise MitseqError(
                f"`{side}` must have at least {FEWEST} tunes. Received: "
                f"{len(tunes)}."
            )
    check_sizes(epochs=epochs, batch_size=batch_size)
    check_seed(seed)
    keras.utils.set_random_seed(seed)
    kinds = {what: kinds_of(people, what, MOST_KINDS) for what in COUNTED}
    x, _ = features([*people, *written], kinds)
    is_person = np.arange(len(x)) < len(people)
    is_held_out = np.arange(len(x)) % HELD_OUT == 0
    model = build_discriminator(kinds)
    model.get_layer("features").adapt(x[~is_held_out])
    optimizer = keras.optimizers.AdamW(learning_rate, weight_decay)
    model.compile(optimizer, keras.losses.BinaryCrossentropy(from_logits=True))
    y = np.repeat(is_person[:, None], model.output.shape[1], axis=1)
    # both sides count the same, however many tunes each has
    sides = np.array([len(written), len(people)]) * 2 / len(x)
    model.fit(
        x[~is_held_out],
        y[~is_held_out].astype("float32"),
        sample_weight=sides[1 - is_person[~is_held_out].astype(int)],
        batch_size=batch_size,
        epochs=epochs,
        callbacks=[ShowProgress("discriminator")],
        verbose=0,
    )
    found = _scores(model, x[is_held_out])
    return model, _auc(found, is_person[is_held_out])


def score_tunes(model: keras.Model, tunes: Sequence[str]) -> np.ndarray:
    r"""Returns how much a discriminator takes each tune for a person's.

    Args:
        model: From `train_discriminator` or `load_discriminator`.
        tunes: N tunes in ABC that add up.

    Returns:
        `(N,)`: logits, above 0 for people.

    Raises:
        ABCError: if a tune does not add up.

    Example: a jig, and the same notes in no order.

    >>> head = "M:6/8\nL:1/8\nK:D\n|:"
    >>> jig = "dAF DFA|BGB AFA|dAF DFA|BAG FED|" * 2 + "dcB ABc|d3 d3:|\n"
    >>> other = "FBA GdD|AcF BAG|EAB dFd|AAF DGB|" * 2 + "BAc dFD|B3 A3:|\n"
    >>> scores = score_tunes(load_discriminator(), [head + jig, head + other])
    >>> bool(scores[0] > scores[1])
    True
    """
    kinds = kinds_known(model)
    x, _ = features([measure(tune) for tune in tunes], kinds)
    return _scores(model, x)


def choose(
    model: keras.Model, tunes: Sequence[str], count: int, seed: int = 0
) -> list[str]:
    """Draws tunes, one of each of `count` parts in their order.

    Equation: `p_i = exp(3 s_i) / sum_k exp(3 s_k)` over a part, `s` the scores.
    Always to take the best one would leave no strange tunes, and people write
    some.

    Args:
        model: A discriminator.
        tunes: At least `count` tunes in ABC that add up.
        count: How many.
        seed: Of what is drawn.
    """
    rng = np.random.default_rng(seed)
    scores = SHARPNESS * score_tunes(model, tunes)
    scores += rng.gumbel(size=len(scores))  # the largest sum is the draw
    parts = np.array_split(np.arange(len(tunes)), count)
    return [tunes[part[scores[part].argmax()]] for part in parts]


def kinds_known(model: keras.Model) -> dict[str, list[str]]:
    """Returns what a discriminator counts in a tune.

    Raises:
        ModelError: if it is a model of another kind.
    """
    check_model(model, "be a discriminator")
    layers = getattr(model, "layers", [])
    found = [each for each in layers if isinstance(each, TuneFeatures)]
    if not found:
        raise ModelError(
            "`discriminator` must be a model that tells people's tunes from "
            "a model's, as `mitseq music discriminate` writes it. Received: "
            f"one of layers {[each.name for each in layers]}."
        )
    return found[0].kinds


def load_discriminator(path: str | os.PathLike | None = None) -> keras.Model:
    """Loads a discriminator.

    Args:
        path: A `.keras` file, or the folder that holds `discriminator.keras`;
            None for the one of the bundled music model.

    Raises:
        ModelError: if there is no such file, it is damaged, or it holds a
            model of another kind.

    Example:

    >>> sorted(kinds_known(load_discriminator()))
    ['degree_pairs', 'intervals', 'lengths']
    """
    if path is not None:
        check_path(path=path)
    file = BUNDLED if path is None else Path(path)
    if file.is_dir():
        file = file / FILE
    return load_saved_model(
        file, "mitseq music discriminate", kinds_known, compile=False
    )


def discriminator_beside(path: Path | None) -> keras.Model | None:
    """Returns the discriminator of a music model, None where there is none.

    Args:
        path: Of the music model, as for `load_music_model`.
    """
    if path is None:
        return load_discriminator()
    folder = path if path.is_dir() else path.parent
    return load_discriminator(folder) if (folder / FILE).exists() else None


def measure_all(tunes: Sequence[str], what: str) -> list[Measured]:
    """Measures tunes; those that do not add up are left out.

    Args:
        tunes: In ABC.
        what: What they are, for the progress.
    """
    found = []
    for tune in follow(tunes, what):
        try:
            found.append(measure(tune))
        except MitseqError:
            continue
    return found


def _scores(model, x):
    logits = model(x.astype("float32"), training=False)
    return np.asarray(logits, "float64").mean(axis=1)


def _auc(scores, is_person):
    """The share of pairs of a person's and a model's tune in order."""
    from scipy.stats import mannwhitneyu

    people, written = scores[is_person], scores[~is_person]
    pairs = len(people) * len(written)
    return float(mannwhitneyu(people, written).statistic / pairs)
