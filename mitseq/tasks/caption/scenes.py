"""Scenes with their captions: two digits on a page, people with balls.

Slides: Lecture 2, "RNNs for Sequence Modeling" (docs/slides.md#captioning): "A
baseball player throws a ball."

    A three to the left of a seven.       the lower digit is named first, of
    A four above a four.                  two equal ones the left or upper one
    A child kicks two balls.

Some pairs are never drawn for a training: who does what, and which digit is
beside which. In them one sees whether a model puts known parts together anew.
"""

import dataclasses
import functools
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mitseq.errors import MitseqError
from mitseq.tasks.caption.digits import digit_images
from mitseq.tasks.caption.folders import write_rows
from mitseq.tasks.caption.people import (
    HEIGHT,
    LEFT,
    PEOPLE,
    POSES,
    RIGHT,
    Pen,
    draw_person,
)
from mitseq.tasks.caption.pictures import pillow, write_picture

NUMBERS = "zero one two three four five six seven eight nine".split()
RELATIONS = ("to the left of", "to the right of", "above", "below")
BALLS = {1: "a ball", 2: "two balls"}
KINDS = ("digits", "people")
PAIRS = ("seen", "unseen", "all")
# Pairs that no training sees; what they are made of it sees in other pairs.
UNSEEN_DIGITS = frozenset(
    (low, low + apart) for apart in (4, 7) for low in range(10 - apart)
)
UNSEEN_PEOPLE = frozenset(
    {
        ("baseball player", "throws"),
        ("child", "bounces"),
        ("cowboy", "catches"),
        ("king", "heads"),
        ("witch", "throws"),
        ("woman", "kicks"),
    }
)
FINE = 2  # pixels drawn for one of the picture
FILES = 4  # in a seed: no scene is one of a training (see rows.py)


@dataclasses.dataclass(frozen=True)
class Digits:
    """Two digits, the first one named first.

    Args:
        first: The lower one.
        second: The other one.
        relation: One of `RELATIONS`: where the first one is.
    """

    first: int
    second: int
    relation: str

    @property
    def caption(self) -> str:
        """What is to be seen.

        Example:

        >>> Digits(3, 7, "to the left of").caption
        'A three to the left of a seven.'
        """
        first, second = (_with_article(NUMBERS[i]) for i in self.pair)
        return f"{first.capitalize()} {self.relation} {second}."

    @property
    def pair(self) -> tuple[int, int]:
        """Which two are beside each other."""
        return self.first, self.second


@dataclasses.dataclass(frozen=True)
class Person:
    """A person who does something.

    Args:
        person: One of `PEOPLE`.
        action: One of `POSES`.
        balls: 1 or 2.
    """

    person: str
    action: str
    balls: int = 1

    @property
    def caption(self) -> str:
        """What is to be seen.

        Example:

        >>> Person("baseball player", "throws").caption
        'A baseball player throws a ball.'
        """
        return f"A {self.person} {self.action} {BALLS[self.balls]}."

    @property
    def pair(self) -> tuple[str, str]:
        """Who does what."""
        return self.person, self.action


Scene = Digits | Person


@functools.cache
def all_scenes(kind: str, pairs: str = "all") -> tuple[Scene, ...]:
    """Returns every scene of a kind.

    Args:
        kind: "digits" or "people".
        pairs: "seen" (those of a training), "unseen" or "all".

    Raises:
        MitseqError: if a word is none of these.

    Example:

    >>> len(all_scenes("people")), len(all_scenes("digits"))
    (120, 200)
    >>> Person("baseball player", "throws") in all_scenes("people", "unseen")
    True
    """
    _check("kind", kind, KINDS)
    _check("pairs", pairs, PAIRS)
    scenes: list[Scene]
    if kind == "people":
        scenes = [
            Person(person, action, balls)
            for person in PEOPLE
            for action in POSES
            for balls in BALLS
        ]
    else:
        scenes = [
            Digits(first, second, relation)
            for first in range(10)
            for second in range(first, 10)
            # of two equal ones the left or upper one is named first
            for relation in RELATIONS[:: 1 + (first == second)]
        ]
    if pairs == "all":
        return tuple(scenes)
    unseen = pairs == "unseen"
    return tuple(each for each in scenes if is_unseen(each) == unseen)


def is_unseen(scene: Scene) -> bool:
    """Tells whether a scene is of a pair that no training sees."""
    return scene.pair in UNSEEN_DIGITS | UNSEEN_PEOPLE


def choose_scenes(
    count: int, pairs: str, rng: np.random.Generator, kinds=KINDS
) -> list[Scene]:
    """Returns scenes, drawn with the same chance within each kind.

    Args:
        count: How many; the kinds take turns.
        pairs: As for `all_scenes`.
        rng: What to draw with.
        kinds: Some of `KINDS`.
    """
    chosen = []
    for i in range(count):
        scenes = all_scenes(kinds[i % len(kinds)], pairs)
        chosen.append(scenes[rng.integers(len(scenes))])
    return chosen


def draw_scene(
    scene: Scene,
    rng: np.random.Generator,
    *,
    size: int = 64,
    part: str = "train",
) -> np.ndarray:
    """Draws a scene, at another place and of another size each time.

    Args:
        scene: From `all_scenes`.
        rng: Decides places, sizes, greys and noise.
        size: Pixels of a side.
        part: Of the images of digits, see `digit_images`.

    Returns:
        `(size, size)` of uint8, 0 black to 255 white.

    Example:

    >>> picture = draw_scene(Digits(3, 7, "above"), np.random.default_rng(0))
    >>> picture.shape, picture.dtype
    ((64, 64), dtype('uint8'))
    """
    image, draw = pillow()
    paper, ink = int(rng.integers(205, 256)), int(rng.integers(0, 90))
    side = FINE * size
    canvas = image.new("L", (side, side), paper)
    if isinstance(scene, Person):
        height = side * rng.uniform(0.58, 0.76)
        facing = 1 if rng.random() < 0.5 else -1
        before, behind = (LEFT, RIGHT)[::facing]
        pen = Pen(
            draw.Draw(canvas),
            x=_between(rng, before * height, side - behind * height),
            y=_between(rng, HEIGHT * height, side - 0.03 * side),
            height=height,
            side=facing,
            width=max(1, round(height * rng.uniform(0.032, 0.05))),
            ink=ink,
            paper=paper,
        )
        draw_person(pen, scene.person, scene.action, scene.balls, rng)
    else:
        _draw_digits(canvas, image, scene, rng, ink, part)
    picture = np.asarray(canvas.reduce(FINE), "float32")
    picture += rng.normal(0, rng.uniform(0, 12), picture.shape)
    return picture.clip(0, 255).round().astype("uint8")


def draw_scenes(
    scenes, seed, *, size: int = 64, part: str = "train"
) -> np.ndarray:
    """Returns pictures of scenes, `(scenes, size, size)` of uint8.

    Args:
        scenes: As for `draw_scene`, and so are `size` and `part`.
        seed: Int or list of ints: the same one, the same pictures.
    """
    rng = np.random.default_rng(seed)
    drawn = [draw_scene(each, rng, size=size, part=part) for each in scenes]
    return np.array(drawn, "uint8").reshape(-1, size, size)


def scene_files(
    files: Sequence[Path],
    table: Path,
    pairs: str = "all",
    kinds: Sequence[str] = KINDS,
    seed: int = 0,
    size: int = 256,
) -> list[str]:
    """Writes pictures of scenes, and a table of their captions.

    The digits are of images that no training learns from.

    Args:
        files: Where the pictures are written, as PNG.
        table: Where files and captions are written, as CSV.
        pairs: As for `all_scenes`.
        kinds: Some of `KINDS`.
        seed: Another seed, other scenes.
        size: Pixels of a side.

    Returns:
        The captions.
    """
    rng = np.random.default_rng([FILES, seed])
    scenes = choose_scenes(len(files), pairs, rng, kinds)
    for file, scene in zip(files, scenes, strict=True):
        write_picture(file, draw_scene(scene, rng, size=size, part="test"))
    captions = [scene.caption for scene in scenes]
    names = [os.path.relpath(file, table.parent) for file in files]
    write_rows(table, zip(names, captions, strict=True))
    return captions


def _draw_digits(canvas, image, scene, rng, ink, part):
    side = canvas.size[0]
    sizes = side * rng.uniform(0.28, 0.42, 2)
    apart = sizes.mean() * rng.uniform(0.95, 1.3)
    shift = apart * rng.uniform(-0.3, 0.3)
    step = np.array([apart, shift])  # from the first to the second
    at = RELATIONS.index(scene.relation)
    if at >= 2:
        step = step[::-1]
    step = step * (-1 if at % 2 else 1)
    centers = np.array([-step / 2, step / 2])
    low = (centers - sizes[:, None] / 2).min(axis=0)
    high = (centers + sizes[:, None] / 2).max(axis=0)
    centers += [
        _between(rng, -a, side - b) for a, b in zip(low, high, strict=True)
    ]
    for digit, center, length in zip(scene.pair, centers, sizes, strict=True):
        images = digit_images(part)[digit]
        # a margin, so that nothing is cut off when it is turned
        written = np.pad(images[rng.integers(len(images))], 1)
        length *= len(written) / images.shape[1]
        written = image.fromarray(written)
        written = written.rotate(
            rng.uniform(-8, 8), resample=image.Resampling.BICUBIC
        )
        length = round(length)
        mask = written.resize((length, length), image.Resampling.BICUBIC)
        corner = tuple(np.round(center - length / 2).astype(int).tolist())
        canvas.paste(ink, corner, mask)


def _between(rng, low, high):
    """A number between two; in their middle if they have changed sides."""
    return rng.uniform(low, high) if low < high else (low + high) / 2


def _with_article(number: str) -> str:
    return f"{'an' if number == 'eight' else 'a'} {number}"


def _check(name, value, known):
    if value not in known:
        raise MitseqError(
            f"`{name}` must be one of {known}. Received: {name}={value!r}."
        )
