"""How many captions are exactly right, and on pairs never seen together?

Slide: Lecture 2, "RNNs for Sequence Modeling" (docs/slides.md#captioning). A
caption counts if all its words are right and in their order. The scenes that
are asked about are drawn for the question: other places, sizes and noise than
in any training, digits of images that none has learned from.
"""

import dataclasses
from collections.abc import Iterable, Sequence

import keras
import numpy as np

from mitseq.progress import follow
from mitseq.tasks.caption.folders import Captioned
from mitseq.tasks.caption.model import picture_shape
from mitseq.tasks.caption.outside import KINDS as OUTSIDE
from mitseq.tasks.caption.outside import outside_pictures
from mitseq.tasks.caption.predict import Caption, caption_pictures
from mitseq.tasks.caption.rows import TEST
from mitseq.tasks.caption.scenes import (
    KINDS,
    all_scenes,
    choose_scenes,
    draw_scenes,
)
from mitseq.text.words import cut_words
from mitseq.training.metrics import share_interval


@dataclasses.dataclass(frozen=True)
class Score:
    """How many captions are exactly right.

    Args:
        right: So many.
        count: Of so many.
    """

    right: int
    count: int

    @property
    def share(self) -> float:
        """Of the right ones."""
        return self.right / self.count

    def as_dict(self) -> dict:
        """Returns counts, the share and its interval, for `--json`."""
        return {
            "right": self.right,
            "count": self.count,
            "share": self.share,
            "interval": list(share_interval(self.right, self.count)),
        }

    def __str__(self) -> str:
        """Returns all of it in one line.

        Example:

        >>> str(Score(9, 10))
        '90.0 % (9 of 10; 95 % interval 59.6 to 98.2)'
        """
        low, high = share_interval(self.right, self.count)
        return (
            f"{self.share:.1%}".replace("%", " %")
            + f" ({self.right} of {self.count}; 95 % interval "
            f"{100 * low:.1f} to {100 * high:.1f})"
        )


def is_right(caption: str, right: Iterable[str]) -> bool:
    """Tells whether a caption has the words of a right one, in their order.

    Example:

    >>> is_right("A child kicks a ball.", ["a child kicks a ball ."])
    True
    """
    return _words(caption) in map(_words, right)


def score(
    captions: Sequence[str], right: Sequence[str | Sequence[str]]
) -> Score:
    """Returns how many captions are right.

    Args:
        captions: One a picture.
        right: The right one, or several, of each picture.
    """
    several = [(r,) if isinstance(r, str) else r for r in right]
    pairs = zip(captions, several, strict=True)
    return Score(sum(is_right(said, r) for said, r in pairs), len(captions))


def fresh_scenes(
    kind: str, pairs: str, count: int, draw: int = 0, size: int = 64
) -> tuple[np.ndarray, list[str]]:
    """Returns pictures that no training has seen, and their captions.

    Args:
        kind: "digits" or "people".
        pairs: "unseen" (never together in a training) or "seen".
        count: How many.
        draw: Another number, other pictures.
        size: Pixels of a side.

    Returns:
        `(count, size, size, 1)` of uint8, and the texts.
    """
    seed = [TEST, draw, KINDS.index(kind)]
    rng = np.random.default_rng(seed)
    scenes = choose_scenes(count, pairs, rng, (kind,))
    pictures = draw_scenes(scenes, [*seed, 1], size=size, part="test")
    return pictures[..., None], [scene.caption for scene in scenes]


def evaluate_caption_model(
    model: keras.Model, count: int = 500, draw: int = 0
) -> dict[str, dict[str, Score]]:
    """Measures a model on scenes, beside captions that are drawn by chance.

    Args:
        model: Of scenes.
        count: Scenes of each kind, with pairs seen and with unseen ones.
        draw: Another number, other scenes.

    Returns:
        "the model" and "by chance" -> "digits, unseen", "people, unseen", both
        kinds together as "unseen", and the same for "seen" -> the score.
    """
    size, _ = picture_shape(model)
    rng = np.random.default_rng([TEST, draw])
    guesses = [s.caption for kind in KINDS for s in all_scenes(kind)]
    found: dict[str, dict[str, Score]] = {"the model": {}, "by chance": {}}
    for pairs in follow(("unseen", "seen"), "measuring"):
        for kind in KINDS:
            pictures, right = fresh_scenes(kind, pairs, count, draw, size)
            told = [c.text for c in _captions(model, pictures)]
            chance = rng.choice(guesses, count).tolist()
            for name, captions in (("the model", told), ("by chance", chance)):
                found[name][f"{kind}, {pairs}"] = score(captions, right)
    for scores in found.values():
        for pairs in ("unseen", "seen"):
            both = [scores[f"{kind}, {pairs}"] for kind in KINDS]
            scores[pairs] = together(both)
    return found


def evaluate_on_pictures(
    model: keras.Model, parts: Sequence[Captioned], draw: int = 0
) -> dict[str, dict[str, Score]]:
    """Measures a model on pictures of files, beside captions by chance.

    Args:
        model: Of any pictures.
        parts: From `read_captioned`.
        draw: Another number, others by chance.

    Returns:
        "the model" and "by chance" -> "pictures" -> the score. By chance is a
        caption of these pictures.
    """
    pictures = np.concatenate([part.pictures for part in parts])
    right = [texts for part in parts for texts in part.right_captions()]
    told = [c.text for c in caption_pictures(model, pictures)]
    guesses = [caption for part in parts for caption in part.captions]
    rng = np.random.default_rng([TEST, draw])
    chance = rng.choice(guesses, len(right)).tolist()
    return {
        "the model": {"pictures": score(told, right)},
        "by chance": {"pictures": score(chance, right)},
    }


def together(scores: Iterable[Score]) -> Score:
    """Returns several scores as one.

    Example:

    >>> together([Score(1, 2), Score(3, 4)])
    Score(right=4, count=6)
    """
    scores = list(scores)
    return Score(sum(s.right for s in scores), sum(s.count for s in scores))


def probabilities(
    model: keras.Model, count: int = 300, draw: int = 0
) -> dict[str, np.ndarray]:
    """Returns the probabilities of captions, in the model's world and outside.

    Args:
        model: Of scenes.
        count: Pictures of each kind.
        draw: Another number, other pictures.

    Returns:
        "digits, unseen", "people, unseen" and the kinds of `outside_pictures`
        -> `(count,)`.
    """
    size, _ = picture_shape(model)
    pictures = {
        f"{kind}, unseen": fresh_scenes(kind, "unseen", count, draw, size)[0]
        for kind in KINDS
    }
    for kind in OUTSIDE:
        pictures[kind] = outside_pictures(kind, count, draw, size)[..., None]
    return {
        name: np.array([c.probability for c in _captions(model, each)])
        for name, each in follow(pictures.items(), "probabilities")
    }


def _captions(model, pictures) -> list[Caption]:
    _, channels = picture_shape(model)
    return caption_pictures(model, np.repeat(pictures, channels, axis=-1))


def _words(text: str) -> list[str]:
    return [word.casefold() for word in cut_words(text)]
