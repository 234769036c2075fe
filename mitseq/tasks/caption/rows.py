"""Batches to train from: scenes that are drawn anew, or pictures with captions.

Slide: Lecture 2, "RNNs for Sequence Modeling" (docs/slides.md#captioning).
At each word of a caption the target is the next one; the picture is the same
for all of them.

Letters: B batch, T steps, S side of a picture, C its channels.
"""

from collections.abc import Sequence

import numpy as np

from mitseq.tasks.caption.scenes import choose_scenes, draw_scenes
from mitseq.text.vocabulary import END, PAD, START
from mitseq.text.words import WordIndex, cut_words
from mitseq.training.batches import EpochBatches

MIX = ("people", "digits", "digits")  # digits take longer to learn
# What a seed is for, so that no scene is in two of them.
TRAIN, VALIDATION, TEST = 1, 2, 3


def encode_captions(
    index: WordIndex, captions: Sequence[str], num_steps: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Returns what is read and what is to be predicted.

    Args:
        index: Of a `word_vocabulary`.
        captions: Texts.
        num_steps: T; None for as many as the longest one needs.

    Returns:
        `x`, from `START` on, and `y`, up to `END`, both `(captions, T)` of
        int32 with `PAD` behind.

    Example:

    >>> from mitseq.text.words import word_vocabulary
    >>> vocabulary = word_vocabulary(["A ball."])
    >>> x, y = encode_captions(WordIndex(vocabulary), ["A ball.", "A"])
    >>> x[0, 1:].tolist() == y[0, :-1].tolist(), y[1, 1:].tolist()
    (True, [2, 0, 0])
    """
    encoded = [[START, *index.encode(cut_words(t)), END] for t in captions]
    if num_steps is None:
        num_steps = max(map(len, encoded), default=1) - 1
    x = np.full((len(encoded), num_steps), PAD, "int32")
    y = np.full((len(encoded), num_steps), PAD, "int32")
    for i, ids in enumerate(encoded):
        x[i, : len(ids) - 1], y[i, : len(ids) - 1] = ids[:-1], ids[1:]
    return x, y


class SceneBatches(EpochBatches):
    """Scenes of the pairs that a training may see, drawn anew in each epoch.

    Args:
        index: Of the vocabulary.
        num_steps: T.
        batch_size: B.
        steps: Batches of an epoch.
        size: S.
        seed: Another seed, other scenes.
    """

    def __init__(
        self,
        index: WordIndex,
        num_steps: int,
        batch_size: int,
        *,
        steps: int,
        size: int = 64,
        seed: int = 0,
    ):
        self.index, self.num_steps = index, num_steps
        self.batch_size, self.per_epoch = batch_size, steps
        self.size, self.seed = size, seed
        super().__init__()

    def draw(self, epoch: int) -> int:
        self.drawn = epoch
        return self.per_epoch

    def batch(self, index: int):
        seed = [TRAIN, self.seed, self.drawn, index]
        rng = np.random.default_rng(seed)
        scenes = choose_scenes(self.batch_size, "seen", rng, MIX)
        pictures = draw_scenes(scenes, [*seed, 1], size=self.size)
        captions = [scene.caption for scene in scenes]
        x, y = encode_captions(self.index, captions, self.num_steps)
        return (pictures[..., None], x), y


class PictureBatches(EpochBatches):
    """Pictures with captions, in an order that the number of the epoch decides.

    Each is shifted a little, another way in each epoch. The last batch is
    filled up with rows of the first, so that all have one shape.

    Args:
        pictures: `(N, S, S, C)` of uint8.
        rows: `(captions,)`, the picture of each caption.
        x: From `encode_captions`, as is `y`.
        batch_size: B.
        seed: Another seed, another order.
    """

    def __init__(self, pictures, rows, x, y, batch_size: int, *, seed: int):
        self.pictures, self.rows = pictures, np.asarray(rows)
        self.x, self.y = x, y
        self.batch_size, self.seed = batch_size, seed
        super().__init__()

    def draw(self, epoch: int) -> int:
        rng = np.random.default_rng([self.seed, epoch])
        order = rng.permutation(len(self.x))
        missing = -len(order) % self.batch_size
        self.order = np.resize(order, len(order) + missing)
        most = max(1, self.pictures.shape[1] // 16)
        self.shifts = rng.integers(-most, most + 1, (len(self.order), 2))
        return len(self.order) // self.batch_size

    def batch(self, index: int):
        at = slice(index * self.batch_size, (index + 1) * self.batch_size)
        chosen = self.order[at]
        pictures = [
            shifted(self.pictures[self.rows[i]], *shift)
            for i, shift in zip(chosen, self.shifts[at], strict=True)
        ]
        return (np.array(pictures), self.x[chosen]), self.y[chosen]


def shifted(picture: np.ndarray, down: int, right: int) -> np.ndarray:
    """Returns a picture that is moved; its edge fills what becomes free.

    Args:
        picture: `(S, S, C)`.
        down: Pixels, up if below 0.
        right: Pixels, left if below 0.

    Example:

    >>> shifted(np.array([[[1], [2]], [[3], [4]]]), 0, 1)[..., 0].tolist()
    [[1, 1], [3, 3]]
    """
    height, width, _ = picture.shape
    rows = (np.arange(height) - down).clip(0, height - 1)
    columns = (np.arange(width) - right).clip(0, width - 1)
    return picture[rows][:, columns]
